import { Logger } from '@aws-lambda-powertools/logger';

/** The logger of a function; its service name is the function's own. Lines carry tenant and event id, never a person's data. */
export function createLogger(serviceName: string): Logger {
  return new Logger({ serviceName });
}

/** What a log line may say of an error: its kind and where it came from, not its message, which may quote what was sent. */
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
