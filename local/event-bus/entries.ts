import * as z from 'zod';
import { isObject } from '../../src/platform/json-object.ts';

const entriesMaximum = 10;
/**
 * 1 MB for all entries together since January 2026, 256 KB before
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html).
 */
const requestBytesMaximum = 1_048_576;
const timeBytes = 14;
const charactersMaximum = { Source: 256, DetailType: 128, EventBusName: 1_600, Resources: 2_048 };
/** The default of Jackson, the parser of event-ruler; shallow enough for any stack. */
const levelsMaximum = 1_000;
/** The range of Date, in seconds on either side of the epoch. */
const secondsMaximum = 8_640_000_000_000;

const entry = z.object({
  Time: z.number().min(-secondsMaximum).max(secondsMaximum).nullish(),
  Source: z.string().nullish(),
  Resources: z.array(z.string()).nullish(),
  DetailType: z.string().nullish(),
  Detail: z.string().nullish(),
  EventBusName: z.string().nullish(),
});
const request = z.object({ Entries: z.array(entry).nullish() });

/** AWS JSON 1.1: `Time` in seconds since the epoch, possibly with a fraction. */
export type PutEventsEntry = z.infer<typeof entry>;

export type AcceptedEntry = {
  source: string;
  detailType: string;
  detail: Record<string, unknown>;
  detailText: string;
  timeSeconds: number | undefined;
  resources: string[];
  busName: string | undefined;
};

export type EntryError = { ErrorCode: string; ErrorMessage: string };

/** AWS rejects the whole request. */
export class RequestRejected extends Error {
  override readonly name = 'RequestRejected';
  readonly code: 'ValidationException' | 'SerializationException';

  constructor(code: RequestRejected['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** @throws RequestRejected for wrong types, no entries, more than 10 entries, or over 1 MB. */
export function parsePutEvents(body: unknown): PutEventsEntry[] {
  const parsed = request.safeParse(body);
  if (!parsed.success) throw new RequestRejected('SerializationException', z.prettifyError(parsed.error), { cause: parsed.error });

  const entries = parsed.data.Entries ?? undefined;
  if (entries === undefined) throw entriesInvalid('null', 'not be null');
  if (entries.length === 0) throw entriesInvalid("'[]'", 'have length greater than or equal to 1');
  if (entries.length > entriesMaximum) {
    throw entriesInvalid(`'[${entries.length} entries]'`, `have length less than or equal to ${entriesMaximum}`);
  }
  if (entries.reduce((bytes, each) => bytes + entryBytes(each), 0) > requestBytesMaximum) {
    throw new RequestRejected('ValidationException', 'Total size of the entries in the request is over the limit.');
  }
  return entries;
}

/** Returns the error when AWS would reject the entry alone. Empty text counts as missing, as on AWS. */
export function acceptEntry({ Time, Source, DetailType, Detail, Resources, EventBusName }: PutEventsEntry): AcceptedEntry | EntryError {
  if (!Source) return missing('Source');
  if (!DetailType) return missing('DetailType');
  if (!Detail) return missing('Detail');
  const resources = Resources ?? [];
  const busName = EventBusName ?? undefined;
  const overlong = firstOverlong({ Source: [Source], DetailType: [DetailType], EventBusName: [busName ?? ''], Resources: resources });
  if (overlong !== undefined) return overlong;

  const detail = parseJsonObject(Detail);
  if (detail === undefined || isDeeperThan(detail, levelsMaximum))
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  return { source: Source, detailType: DetailType, detail, detailText: Detail, timeSeconds: Time ?? undefined, resources, busName };
}

function missing(parameter: string): EntryError {
  return invalidArgument(parameter, `${parameter} is a required argument.`);
}

function firstOverlong(values: Record<keyof typeof charactersMaximum, string[]>): EntryError | undefined {
  const limits = Object.entries(charactersMaximum) as [keyof typeof charactersMaximum, number][];
  const over = limits.find(([name, maximum]) => values[name].some((value) => value.length > maximum));
  return over && invalidArgument(over[0], `${over[0]} is longer than ${over[1]} characters.`);
}

function entriesInvalid(value: string, constraint: string): RequestRejected {
  const message = `1 validation error detected: Value ${value} at 'entries' failed to satisfy constraint: Member must ${constraint}`;
  return new RequestRejected('ValidationException', message);
}

function invalidArgument(parameter: string, reason: string): EntryError {
  return { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter ${parameter} is not valid. Reason: ${reason}` };
}

/** As AWS documents: 14 bytes for a time, and the UTF-8 of source, detail type, detail and resources. */
function entryBytes({ Time, Source, DetailType, Detail, Resources }: PutEventsEntry): number {
  const texts = [Source, DetailType, Detail, ...(Resources ?? [])];
  const textBytes = texts.reduce((bytes, each) => bytes + Buffer.byteLength(each ?? ''), 0);
  return textBytes + (typeof Time === 'number' ? timeBytes : 0);
}

function parseJsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Level by level, because recursion would overflow the stack. */
function isDeeperThan(value: object, levels: number): boolean {
  let level: object[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= levels) return true;
    level = level.flatMap((each) => Object.values(each).filter((inner) => typeof inner === 'object' && inner !== null));
  }
  return false;
}
