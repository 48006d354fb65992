import { LOCAL_STAGE } from '../local-endpoint.ts';
import { isNotServed, reasonOf } from './aws-errors.ts';
import type { Check, Finding, Setup } from './check.ts';

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
