import { CannotCheck, type Check, type Finding, LOCAL_STAGE, type Setup } from './check.ts';

/** `absent` means that the local service has no stand-in for what the check needs. */
export type Reported = { check: string; why: string } & (Finding | { state: 'absent'; about: string; detail: string });

/** Runs all checks in parallel. A check that throws becomes a finding and stops no other. */
export async function runChecks(checks: readonly Check[], setup: Setup): Promise<Reported[]> {
  const found = await Promise.all(
    checks.map(async ({ name, why, run }) => {
      const findings = await run(setup).catch((error) => [unchecked(error, setup)]);
      return findings.map((finding) => ({ check: name, why, ...finding }));
    }),
  );
  return found.flat();
}

function unchecked(error: unknown, { stage }: Setup) {
  const isAbsent = stage === LOCAL_STAGE && isNotServed(error);
  if (isAbsent) return { state: 'absent' as const, about: 'not checked', detail: 'the local service has none' };
  return { state: 'unchecked' as const, about: 'not checked', detail: reasonOf(error) };
}

const NOT_SERVED = /^(UnknownOperation|UnsupportedOperation|InvalidAction|UnknownError|NotImplemented|NotYetImplemented|404|501)/;
const REFUSED = /AccessDenied|NotAuthorized|Unauthorized|AuthorizationError/;

/** Why an AWS call failed, in words. */
export function reasonOf(error: unknown): string {
  if (error instanceof CannotCheck) return error.message;
  if (!(error instanceof Error)) return String(error);
  if (isNoAnswerOfAws(error)) return 'the endpoint does not serve this';
  const reason = error.message === '' || error.message === error.name ? '' : `: ${error.message}`;
  if (isNotServed(error)) return `the endpoint does not serve this${reason}`;
  if (REFUSED.test(error.name)) return `AWS does not let these credentials look${reason}`;
  return `${error.name}${reason}`;
}

function isNotServed(error: unknown): boolean {
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
