import { defineCommand, type Values } from '../../tooling/command-line/command.ts';
import { flag, value } from '../../tooling/command-line/options.ts';
import { anyText, decimal, httpUrl, isoTime, matching, percentage, wholeNumber } from '../../tooling/command-line/value-forms.ts';
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

const AWS = 'aws';
const endpoint = { accepts: `an http or https URL, or "${AWS}"`, parse: (text: string) => (text === AWS ? text : httpUrl.parse(text)) };

export const emulateCommand = defineCommand({
  name: 'npm run emulate',
  about:
    'Sends realistic charging notifications through EventBridge PutEvents. The same seed and start time produce the same notifications. ' +
    'Sends rate x seconds entries in all, including duplicates and invalid ones.',
  options: {
    tenant: value(matching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, '1 to 64 letters, digits, ".", "_" or "-"'), {
      placeholder: 'ID',
      about: 'Tenant (providerid) of the notifications',
      default: 'mvno-aurora',
    }),
    accounts: value(wholeNumber(1, 100_000), { placeholder: 'N', about: 'Accounts to simulate', default: 200 }),
    rate: value(decimal(0.1, 5_000), { placeholder: 'N', about: 'Entries per second', default: 20 }),
    seconds: value(decimal(1, 604_800), { placeholder: 'N', about: 'Duration in seconds', default: 30 }),
    seed: value(wholeNumber(0, 4_294_967_295), { placeholder: 'N', about: 'Seed of everything that is generated', default: 1 }),
    duplicates: value(percentage, {
      placeholder: 'P%',
      about: 'Repeats of earlier entries, as a share of the distinct notifications',
      default: 0,
      defaultText: '0%',
    }),
    invalid: value(percentage, {
      placeholder: 'P%',
      about: 'Invalid notifications, as a share of the distinct notifications',
      default: 0,
      defaultText: '0%',
    }),
    unusableTenants: flag("Let some invalid notifications name no usable tenant: they appear in no tenant's quarantine"),
    hostile: flag('Fill half of the invalid notifications with values that try to harm their reader: long, deep, or with many keys'),
    shuffle: flag('Deliver out of order, within a window of 50 entries'),
    record: value(anyText, { placeholder: 'FILE', about: 'Write each accepted entry to this file, one JSON object per line' }),
    endpoint: value(endpoint, {
      placeholder: 'URL',
      about: `Address of PutEvents, or "${AWS}" for AWS itself`,
      default: localEndpoint(),
      defaultText: `${localEndpoint()}, from AWS_ENDPOINT_URL, AWS_PORT or PORT`,
    }),
    bus: value(matching(/^[A-Za-z0-9:/._-]{1,1600}$/, 'the name or ARN of an event bus'), {
      placeholder: 'NAME',
      about: 'Name or ARN of the event bus',
      default: 'totogi-notifications',
    }),
    start: value(isoTime, { placeholder: 'TIME', about: 'Time of the first notification, in ISO 8601', defaultText: 'now' }),
  },
  notes: [
    'A line of --record is {seq, kind: "valid" | "invalid", duplicateOf?, type, time, source, detailType, eventId, detail}. duplicateOf is the seq of the line with the same content, so the lines without it are the distinct notifications.',
  ],
  examples: [
    'npm run emulate -- --tenant mvno-aurora --accounts 20 --rate 5 --seconds 10',
    'npm run emulate -- --duplicates 5% --invalid 2% --shuffle --record sent.jsonl',
    'npm run emulate -- --endpoint aws --bus totogi-notifications --rate 1',
  ],
  exitCodes: { 0: 'all entries were accepted', 1: 'some were rejected, or the endpoint cannot be reached', 130: 'interrupted' },
});

export function emulateArguments(values: Values<typeof emulateCommand.options>): EmulateArguments {
  const { duplicates, invalid, unusableTenants, hostile, endpoint, start, ...others } = values;
  return {
    ...others,
    duplicateShare: duplicates,
    invalidShare: invalid,
    withUnusableTenants: unusableTenants,
    withHostileValues: hostile,
    endpoint: endpoint === AWS ? undefined : endpoint,
    startsAt: start,
  };
}
