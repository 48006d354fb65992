import type { Reported } from './run-checks.ts';

export type Looked = { stage: string; region: string; account: string; endpoint: string | undefined };

const MARKS: Record<Reported['state'], string> = { fine: 'fine      ', fault: 'FAULT     ', unchecked: 'unchecked ', absent: 'absent    ' };
const STATES = ['fine', 'fault', 'unchecked', 'absent'] as const;

/** 1 if there is a fault, 2 if a check could not run, else 0. */
export function exitCodeOf(findings: readonly Reported[]): 0 | 1 | 2 {
  if (findings.some(({ state }) => state === 'fault')) return 1;
  return findings.some(({ state }) => state === 'unchecked') ? 2 : 0;
}

/** One line per finding; each fault has a reason and the command that fixes it. */
export function asText(findings: readonly Reported[], { stage, region, account, endpoint }: Looked): string {
  const where = endpoint === undefined ? `${region}, account ${account}` : `${region}, account ${account}, at ${endpoint}`;
  const counts = STATES.map((state) => ({ state, count: findings.filter((finding) => finding.state === state).length }));
  const total = counts.filter(({ state, count }) => state !== 'absent' || count > 0).map(({ state, count }) => `${count} ${state}`);
  const listed = findings.flatMap((finding) => lines(finding, findings.find((one) => isFaultOf(one, finding.check)) === finding));
  return [`Stage ${stage}, ${where}`, '', ...listed, '', total.join(', ')].join('\n');
}

function isFaultOf({ state, check }: Reported, name: string): boolean {
  return state === 'fault' && check === name;
}

/** The reason is printed once, at the first fault of a check. */
function lines(finding: Reported, isFirstFault: boolean): string[] {
  const line = `${MARKS[finding.state]}${finding.check}: ${finding.about}: ${finding.detail}`;
  if (finding.state !== 'fault') return [line];
  return [line, ...(isFirstFault ? [`            why:  ${finding.why}`] : []), `            fix: ${finding.remedy}`];
}

export function asJson(findings: readonly Reported[], looked: Looked): string {
  const counts = Object.fromEntries(STATES.map((state) => [state, findings.filter((finding) => finding.state === state).length]));
  return JSON.stringify({ ...looked, counts, findings }, null, 2);
}
