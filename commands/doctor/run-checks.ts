import { CannotCheck, type Check, type Finding, type Setup } from './check.ts';

/** What a check found, or why it could not look. */
export type Reported = { check: string; why: string } & (Finding | { state: 'unchecked'; about: string; says: string });

/** Runs checks beside each other. What stands in the way of one is told as its finding and stops no other. */
export async function runChecks(checks: readonly Check[], setup: Setup): Promise<Reported[]> {
  const found = await Promise.all(
    checks.map(async ({ name, why, run }) => {
      const findings = await run(setup).catch((error) => [unchecked(error)]);
      return findings.map((finding) => ({ check: name, why, ...finding }));
    }),
  );
  return found.flat();
}

function unchecked(error: unknown) {
  return { state: 'unchecked' as const, about: 'not checked', says: reasonOf(error) };
}

const NOT_SERVED = /^(UnknownOperation|UnsupportedOperation|InvalidAction|UnknownError|NotImplemented|NotYetImplemented|404|501)/;
const REFUSED = /AccessDenied|NotAuthorized|Unauthorized|AuthorizationError/;

/** Why a call of AWS came to nothing, in words. */
export function reasonOf(error: unknown): string {
  if (error instanceof CannotCheck) return error.message;
  if (!(error instanceof Error)) return String(error);
  // What is no answer of AWS cannot be read as one.
  if (error.message.includes('Deserialization error')) return 'the endpoint does not serve this';
  const said = error.message === '' || error.message === error.name ? '' : `: ${error.message}`;
  if (NOT_SERVED.test(error.name) || statusOf(error) === 501) return `the endpoint does not serve this${said}`;
  if (REFUSED.test(error.name)) return `AWS does not let these credentials look${said}`;
  return `${error.name}${said}`;
}

function statusOf(error: Error): number | undefined {
  const { $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode;
}
