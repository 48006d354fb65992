import { defineCommand, type Values } from '../../tooling/command-line/command.ts';
import { UsageError } from '../../tooling/command-line/failures.ts';
import { flag, value } from '../../tooling/command-line/options.ts';
import { anyText, oneOf, wholeNumber } from '../../tooling/command-line/value-forms.ts';
import { MUTATION_DESCRIPTIONS, MUTATIONS, type MutationName } from './mutations.ts';
import { OUTAGE_DESCRIPTIONS, OUTAGES, type OutageName } from './outage.ts';

export type ProveArguments = {
  events: number;
  seed: number;
  ingestOnly: boolean;
  withFaults: boolean;
  mutation: MutationName | undefined;
  outage: OutageName | undefined;
  hours: number;
  /** The state stays on disk for inspection. */
  keep: boolean;
  json: string | undefined;
  markdown: string | undefined;
};

const EVENTS = { proof: 5_000, drill: 500 };

export const proveCommand = defineCommand({
  name: 'npm run prove',
  about:
    'Sends notifications through the whole service under fault injection, then compares three ledgers: what was sent in, what was recorded, and what left through the outboxes. They must match. Starts everything it needs. docs/proof.md explains it.',
  options: {
    events: value(wholeNumber(20, 5_000_000), {
      placeholder: 'N',
      about: 'Distinct notifications',
      defaultText: `${EVENTS.proof}; ${EVENTS.drill} with --outage`,
    }),
    seed: value(wholeNumber(0, 100_000_000), { placeholder: 'N', about: 'Seed of everything that is generated', default: 1 }),
    ingestOnly: flag('Ingest notifications and record what they start, but run no workflows'),
    noFaults: flag('Inject no faults'),
    selfTest: value(oneOf(MUTATIONS, MUTATION_DESCRIPTIONS), {
      placeholder: 'NAME',
      about: 'Break a stand-in for AWS: the proof must fail and name the ledger that differs',
    }),
    outage: value(oneOf(OUTAGES, OUTAGE_DESCRIPTIONS), {
      placeholder: 'NAME',
      about: 'Outage drill: a dependency is unavailable for hours, and no process dies',
    }),
    hours: value(wholeNumber(1, 6), { placeholder: 'N', about: 'Length of the outage in hours', default: 6 }),
    keep: flag('Keep the state of the service on disk and print where it is'),
    json: value(anyText, { placeholder: 'FILE', about: 'Write the report as JSON, with every difference' }),
    markdown: value(anyText, { placeholder: 'FILE', about: 'Write the report as Markdown; it is printed too' }),
  },
  examples: [
    'npm run prove -- --events 500 --seed 2',
    'npm run prove -- --self-test conditions --no-faults --events 60',
    'npm run prove -- --outage totogi --hours 3',
  ],
  exitCodes: { 0: 'the ledgers match', 1: 'they differ', 130: 'interrupted' },
});

/** @throws UsageError for combinations of options that would otherwise be ignored. */
export function proveArguments(values: Values<typeof proveCommand.options>): ProveArguments {
  const { events, noFaults, selfTest: mutation, ...others } = values;
  const { outage, ingestOnly } = others;
  if (outage !== undefined && (mutation !== undefined || ingestOnly || noFaults))
    throw new UsageError('--outage cannot be combined with --self-test, --ingest-only or --no-faults: a drill has its own faults');
  if (ingestOnly && mutation !== undefined && mutation !== 'conditions')
    throw new UsageError(`--self-test ${mutation} needs workflows, and --ingest-only runs none`);
  return { ...others, events: events ?? (outage === undefined ? EVENTS.proof : EVENTS.drill), withFaults: !noFaults, mutation };
}
