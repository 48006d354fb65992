import { parseArgs } from 'node:util';
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

export const usage = `npm run prove -- [options]

The three-ledger proof: sends notifications through the whole service while everything that can go wrong does, and then compares what was
sent in, what is on record, and what left through the outboxes. It must close to zero.

  --events N       distinct notifications, 20 to 5000000                 default 5000; 500 in a drill
  --seed K         whole number from 0 to 100000000                      default 1
  --ingest-only    ingest notifications and record what they start; run no workflows
  --no-faults      inject no faults
  --self-test NAME break a stand-in for AWS; the proof must then fail and name the ledger that broke:
${MUTATIONS.map((name) => `                     ${name.padEnd(12)} ${MUTATION_DESCRIPTIONS[name]}`).join('\n')}
  --outage NAME    the outage drill instead: something is dead for hours of the clock, and nobody dies
${OUTAGES.map((name) => `                     ${name.padEnd(12)} ${OUTAGE_DESCRIPTIONS[name]}`).join('\n')}
  --hours N        how long, 1 to 6                                      default 6
  --keep           leave the state of the service on disk, and say where
  --json FILE      write the report as JSON, with every difference
  --markdown FILE  write the report as Markdown, which is also printed
  --help           this text

It needs nothing that runs already, and without --keep it leaves nothing behind. docs/proof.md tells how it works, and what it found.
Exit codes: 0 the ledgers close to zero, 1 they do not, 2 wrong options, 130 interrupted.`;

/** The message names the option and its allowed values. */
export class ProveUsageError extends Error {
  override readonly name = 'ProveUsageError';
}

/** Throws ProveUsageError. */
export function parseProveArguments(argv: string[]): ProveArguments | 'help' {
  const values = parseOptions(argv);
  if (values.help) return 'help';
  return fitting({
    events: wholeNumber('--events', values.events ?? (values.outage === undefined ? '5000' : '500'), [20, 5_000_000]),
    seed: wholeNumber('--seed', values.seed, [0, 100_000_000]),
    ingestOnly: values['ingest-only'],
    withFaults: !values['no-faults'],
    mutation: oneOf('--self-test', values['self-test'], MUTATIONS),
    outage: oneOf('--outage', values.outage, OUTAGES),
    keep: values.keep,
    hours: wholeNumber('--hours', values.hours, [1, 6]),
    json: values.json,
    markdown: values.markdown,
  });
}

/** Refuses combinations of options that would otherwise be ignored. */
function fitting(options: ProveArguments): ProveArguments {
  const { outage, mutation, ingestOnly, withFaults } = options;
  if (outage !== undefined && (mutation !== undefined || ingestOnly || !withFaults))
    throw new ProveUsageError(
      '--outage goes with none of --self-test, --ingest-only and --no-faults: a drill has its own faults and no mutation',
    );
  if (ingestOnly && mutation !== undefined && mutation !== 'conditions')
    throw new ProveUsageError(`--self-test ${mutation} is about workflows, and --ingest-only runs none`);
  return options;
}

function parseOptions(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      options: {
        events: { type: 'string' },
        seed: { type: 'string', default: '1' },
        'ingest-only': { type: 'boolean', default: false },
        'no-faults': { type: 'boolean', default: false },
        'self-test': { type: 'string' },
        outage: { type: 'string' },
        hours: { type: 'string', default: '6' },
        keep: { type: 'boolean', default: false },
        json: { type: 'string' },
        markdown: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new ProveUsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function wholeNumber(option: string, text: string, [least, most]: [number, number]): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw new ProveUsageError(`${option} takes a whole number from ${least} to ${most}, not "${text}"`);
  return value;
}

function oneOf<Name extends string>(option: string, text: string | undefined, names: readonly Name[]): Name | undefined {
  const found = names.find((name) => name === text);
  if (found === undefined && text !== undefined) throw new ProveUsageError(`${option} takes one of ${names.join(', ')}, not "${text}"`);
  return found;
}
