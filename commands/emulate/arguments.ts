import { parseArgs } from 'node:util';
import { localEndpoint } from '../local-endpoint.ts';

export type EmulateArguments = {
  tenant: string;
  accounts: number;
  rate: number;
  seconds: number;
  seed: number;
  duplicateShare: number;
  invalidShare: number;
  withUnusableTenants: boolean;
  withHostileValues: boolean;
  shuffle: boolean;
  record: string | undefined;
  /** undefined: AWS itself, with the credentials and region of the environment. */
  endpoint: string | undefined;
  bus: string;
  startsAt: number | undefined;
};

export const usage = `npm run emulate -- [options]

Sends realistic charging notifications through EventBridge PutEvents, the same ones for the same seed and start.

  --tenant T          tenant (providerid) of the notifications             default mvno-aurora
  --accounts N        accounts to simulate, 1 to 100000                    default 200
  --rate R            PutEvents entries per second in all, 0.1 to 5000     default 20
  --seconds S         how long, 1 to 604800                                default 30
  --seed K            whole number from 0 to 4294967295                    default 1
  --duplicates P%     repeats of earlier entries, as a share of the        default 0%
                      distinct notifications, 0% to 100%
  --invalid P%        invalid notifications, as a share of the             default 0%
                      distinct notifications, 0% to 100%
  --unusable-tenants  let some of the invalid ones name no usable tenant; those are in no tenant's quarantine
  --hostile           let half of the invalid ones hold values made to harm their reader: long, deep, or of many keys
  --shuffle           deliver out of order, within a window of 50 entries
  --record FILE       write each entry that was accepted, one JSON object per line:
                      {seq, kind: "valid" | "invalid", duplicateOf?, type, time, source, detailType, eventId, detail};
                      duplicateOf is the seq of the line with the same content, so lines without it are the distinct ones
  --endpoint URL      where PutEvents is, or "aws" for AWS itself          default npm start's, also
                      where AWS_ENDPOINT_URL, AWS_PORT or PORT have moved it
  --bus NAME          name or ARN of the event bus                         default totogi-notifications
  --start ISO         time that the notifications begin at                 default now
  --help              this text

rate x seconds entries are sent in all; repeats and invalid ones are among them.
Exit codes: 0 all accepted, 1 some refused or the endpoint unreachable, 2 wrong options, 130 interrupted.`;

/** The message names the option and its allowed values. */
export class EmulateUsageError extends Error {
  override readonly name = 'EmulateUsageError';
}

/** Throws EmulateUsageError. */
export function parseEmulateArguments(argv: string[]): EmulateArguments | 'help' {
  const values = parseOptions(argv);
  if (values.help) return 'help';
  return {
    tenant: matching('--tenant', values.tenant, /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, '1 to 64 letters, digits, ".", "_" or "-"'),
    accounts: wholeNumber('--accounts', values.accounts, [1, 100_000]),
    rate: number('--rate', values.rate, [0.1, 5_000]),
    seconds: number('--seconds', values.seconds, [1, 604_800]),
    seed: wholeNumber('--seed', values.seed, [0, 4_294_967_295]),
    duplicateShare: share('--duplicates', values.duplicates),
    invalidShare: share('--invalid', values.invalid),
    withUnusableTenants: values['unusable-tenants'],
    withHostileValues: values.hostile,
    shuffle: values.shuffle,
    record: values.record,
    endpoint: endpoint(values.endpoint),
    bus: matching('--bus', values.bus, /^[A-Za-z0-9:/._-]{1,1600}$/, 'the name or ARN of an event bus'),
    startsAt: values.start === undefined ? undefined : time('--start', values.start),
  };
}

function parseOptions(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      options: {
        tenant: { type: 'string', default: 'mvno-aurora' },
        accounts: { type: 'string', default: '200' },
        rate: { type: 'string', default: '20' },
        seconds: { type: 'string', default: '30' },
        seed: { type: 'string', default: '1' },
        duplicates: { type: 'string', default: '0%' },
        invalid: { type: 'string', default: '0%' },
        'unusable-tenants': { type: 'boolean', default: false },
        hostile: { type: 'boolean', default: false },
        shuffle: { type: 'boolean', default: false },
        record: { type: 'string' },
        endpoint: { type: 'string', default: localEndpoint() },
        bus: { type: 'string', default: 'totogi-notifications' },
        start: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new EmulateUsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function number(option: string, text: string, [least, most]: [number, number]): number {
  const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw new EmulateUsageError(`${option} takes a number from ${least} to ${most}, not "${text}"`);
  return value;
}

function wholeNumber(option: string, text: string, [least, most]: [number, number]): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw new EmulateUsageError(`${option} takes a whole number from ${least} to ${most}, not "${text}"`);
  return value;
}

function share(option: string, text: string): number {
  const percent = /^\d+(\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) : Number.NaN;
  if (!(percent <= 100)) throw new EmulateUsageError(`${option} takes a percentage from 0% to 100%, such as 5%, not "${text}"`);
  return percent / 100;
}

function matching(option: string, text: string, form: RegExp, description: string): string {
  if (!form.test(text)) throw new EmulateUsageError(`${option} takes ${description}, not "${text}"`);
  return text;
}

function endpoint(text: string): string | undefined {
  if (text === 'aws') return undefined;
  if (!/^https?:/.test(text) || !URL.canParse(text))
    throw new EmulateUsageError(`--endpoint takes an http or https URL, or "aws", not "${text}"`);
  return text;
}

function time(option: string, text: string): number {
  const parsed = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
  const isWithinRange = parsed >= Date.UTC(2000, 0, 1) && parsed < Date.UTC(2100, 0, 1);
  if (!isWithinRange) throw new EmulateUsageError(`${option} takes an ISO 8601 time from 2000 to 2099 with Z or an offset, not "${text}"`);
  return parsed;
}
