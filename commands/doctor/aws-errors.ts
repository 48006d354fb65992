/** A check that cannot run: its result is neither fine nor a fault. */
export class CannotCheck extends Error {
  override readonly name = 'CannotCheck';
}

/** Returns undefined if AWS says that the resource does not exist; every other error is thrown. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (/^(ResourceNotFound|NotFound|QueueDoesNotExist|AWS\.SimpleQueueService\.NonExistentQueue)/.test(name)) return undefined;
    throw error;
  }
}

const NOT_SERVED = /^(UnknownOperation|UnsupportedOperation|InvalidAction|UnknownError|NotImplemented|NotYetImplemented|404|501)/;
const REFUSED = /AccessDenied|NotAuthorized|Unauthorized|AuthorizationError/;

/** Why an AWS call failed, in words. */
export function reasonOf(error: unknown): string {
  if (error instanceof CannotCheck) return error.message;
  if (!(error instanceof Error)) return String(error);
  if (isNoAnswerOfAws(error)) return 'the endpoint does not support this';
  const reason = error.message === '' || error.message === error.name ? '' : `: ${error.message}`;
  if (isNotServed(error)) return `the endpoint does not support this${reason}`;
  if (REFUSED.test(error.name)) return `AWS denies these credentials access${reason}`;
  return `${error.name}${reason}`;
}

/** Also a local service or an emulator that has no such operation. */
export function isNotServed(error: unknown): boolean {
  return error instanceof Error && (isNoAnswerOfAws(error) || NOT_SERVED.test(error.name) || statusOf(error) === 501);
}

/** A response that is not AWS's cannot be parsed as one. */
function isNoAnswerOfAws({ message }: Error): boolean {
  return message.includes('Deserialization error');
}

function statusOf(error: Error): number | undefined {
  const { $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode;
}
