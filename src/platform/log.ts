import { Logger } from '@aws-lambda-powertools/logger';

/** Lines may contain tenant and event id, never personal data. */
export function createLogger(serviceName: string): Logger {
  return new Logger({ serviceName });
}

/** The error's kind and origin, without its message, which may quote input. */
export type SafeError = { name: string; status?: number; at?: string; cause?: SafeError };

export function describeError(error: unknown): SafeError {
  if (!(error instanceof Error)) return { name: typeof error };
  const { $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  const at = error.stack
    ?.split('\n')
    .find((line) => line.trimStart().startsWith('at '))
    ?.trim();
  return {
    name: error.name,
    ...($metadata?.httpStatusCode === undefined ? {} : { status: $metadata.httpStatusCode }),
    ...(at === undefined ? {} : { at }),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}
