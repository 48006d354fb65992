import type { Check } from './checks/check.ts';
import type { Coverage } from './coverage.ts';
import { FAULT_DESCRIPTIONS, FAULT_KINDS } from './injection/fault-kinds.ts';
import type { SeamCount } from './injection/fault-plan.ts';
import type { LedgerLine } from './ledgers.ts';
import type { MutationName } from './mutations.ts';
import { type CatchingUp, OUTAGE_DESCRIPTIONS } from './outage.ts';

export type Proof = {
  options: { events: number; seed: number; ingestOnly: boolean; withFaults: boolean; mutation: MutationName | undefined };
  checks: Check[];
  seams: SeamCount[];
  ledgers: LedgerLine[];
  coverage: Coverage;
  /** Redemptions that operations must decide. */
  stuck: string[];
  /** Messages of unknown outcome. */
  unknown: string[];
  redelivered: number;
  seconds: number;
  /** Of an outage drill. */
  caughtUp?: CatchingUp;
};

const MAX_EXAMPLES = 5;
const MAX_LISTED = 50;

export function closes({ checks }: Proof): boolean {
  return checks.every(({ wrong }) => wrong.length === 0);
}

export function asJson(proof: Proof): string {
  const failed = proof.checks.filter(({ wrong }) => wrong.length > 0);
  const summary = {
    closes: closes(proof),
    brokenLedgers: [...new Set(failed.map(({ ledgers }) => ledgers))],
    checks: { passed: proof.checks.length - failed.length, failed: failed.length, looked: sum(proof.checks.map(({ looked }) => looked)) },
  };
  return `${JSON.stringify({ ...summary, ...proof.options, seconds: round(proof.seconds), ledgers: proof.ledgers, comparisons: proof.checks, stuck: proof.stuck, unknown: proof.unknown, ...proof.coverage, redelivered: proof.redelivered, seams: proof.seams, caughtUp: proof.caughtUp }, undefined, 2)}\n`;
}

export function asMarkdown(proof: Proof): string {
  const title = closes(proof) ? 'The ledgers close to zero' : `The ledgers do not close: ${brokenLedgers(proof)}`;
  return [
    `# ${title}`,
    proof.caughtUp === undefined ? effortOf(proof) : drillOf(proof, proof.caughtUp),
    '## The three ledgers',
    table(
      ['', 'sent in', 'on record', 'sent out'],
      proof.ledgers.map(({ name: of, sentIn, onRecord, sentOut }) => [of, ...[sentIn, onRecord, sentOut].map(cell)]),
    ),
    '## What was compared',
    table(
      ['', 'ledgers', 'looked at', 'wrong'],
      proof.checks.map(({ claim, ledgers, looked, wrong }) => [claim, ledgers, grouped(looked), grouped(wrong.length)]),
    ),
    ...differences(proof),
    ...listed('Redemptions left to operations', proof.stuck),
    ...listed('Messages of unknown outcome', proof.unknown),
    ...(proof.options.withFaults ? faultTables(proof) : []),
  ].join('\n\n');
}

function effortOf({ options: { events, seed, ingestOnly, mutation }, seams, seconds }: Proof): string {
  const requests = sum(seams.map((seam) => seam.requests));
  const faults = sum(seams.flatMap((seam) => Object.values(seam.faults)));
  const what = `${grouped(events)} notifications, seed ${seed}${ingestOnly ? ', taken in only' : ''}${mutation ? `, with the mutation ${mutation}` : ''}`;
  const met = requests === 0 ? 'nothing went wrong' : `${grouped(requests)} requests to AWS, ${grouped(faults)} of them met with a fault`;
  return `${what}: ${met}, in ${grouped(Math.round(seconds))} seconds (${grouped(Math.round(events / seconds))} notifications a second).`;
}

function drillOf({ options: { events, seed }, seconds }: Proof, caughtUp: CatchingUp): string {
  const { outage, hours, rejectedRequests, messages, runs, stillWaiting, clockMinutes } = caughtUp;
  const asked = rejectedRequests === 0 ? '' : ` It was asked ${grouped(rejectedRequests)} times meanwhile.`;
  const rate = grouped(Math.round((messages + runs) / caughtUp.seconds));
  return [
    `${grouped(events)} notifications, seed ${seed}, over ${hours + 2} hours of the clock; for ${hours} of them ${OUTAGE_DESCRIPTIONS[outage]}.${asked}`,
    `When it ended, ${grouped(messages)} messages of the queues and ${grouped(runs)} runs waited. ${stillWaiting === 0 ? `All were through` : `${grouped(stillWaiting)} wait still`} after ${clockMinutes} minutes of the clock, in which this machine worked ${round(caughtUp.seconds)} seconds: ${rate} for each of these. The whole drill took ${grouped(Math.round(seconds))} seconds.`,
  ].join('\n\n');
}

function differences({ checks }: Proof): string[] {
  return checks
    .filter(({ wrong }) => wrong.length > 0)
    .map(
      ({ claim, wrong }) =>
        `Not so: ${claim}\n\n${wrong
          .slice(0, MAX_EXAMPLES)
          .map((one) => `- ${one}`)
          .join('\n')}${wrong.length > MAX_EXAMPLES ? `\n- and ${wrong.length - MAX_EXAMPLES} more` : ''}`,
    );
}

function listed(title: string, all: string[]): string[] {
  const lines = all.slice(0, MAX_LISTED).map((one) => `- ${one}`);
  const more = all.length > MAX_LISTED ? [`- and ${grouped(all.length - MAX_LISTED)} more, which the JSON has`] : [];
  return all.length === 0 ? [] : [`## ${title}\n\n${[...lines, ...more].join('\n')}`];
}

function faultTables({ seams, coverage, redelivered }: Proof): string[] {
  const total = (kind: (typeof FAULT_KINDS)[number]) => sum(seams.map(({ faults }) => faults[kind] ?? 0));
  return [
    '## What was done to it',
    table(
      ['', 'times'],
      coverage.covered.map(({ what, times }) => [what, grouped(times)]),
    ),
    'Each step of the workflows, and how often it was hit by a throw or a kill before its effect and after it:',
    table(
      ['step', 'started', 'before', 'after'],
      coverage.steps.map(({ step, started, before, after }) => [step, ...[started, before, after].map(grouped)]),
    ),
    'Each kind of fault:',
    table(
      ['fault', '', 'times'],
      FAULT_KINDS.map((kind) => [kind, FAULT_DESCRIPTIONS[kind], cell(kind === 'redelivered' ? redelivered : total(kind))]),
    ),
    '## Where',
    table(
      ['seam', 'requests', ...FAULT_KINDS],
      seams.map(({ seam, requests, faults }) => [seam, grouped(requests), ...FAULT_KINDS.map((kind) => cell(faults[kind]))]),
    ),
  ];
}

function brokenLedgers({ checks }: Proof): string {
  return [...new Set(checks.filter(({ wrong }) => wrong.length > 0).map(({ ledgers }) => ledgers))].join('; ');
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map((_, column) => (column === 0 ? '---' : '--:')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function cell(value: number | undefined): string {
  return value === undefined ? '' : grouped(value);
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}

function sum(values: number[]): number {
  return values.reduce((all, one) => all + one, 0);
}
