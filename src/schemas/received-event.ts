import type * as z from 'zod';
import { type DetailContent, type ReadDetail, readDetail } from './detail.ts';
import { detailAsSent } from './detail-as-sent.ts';
import { EventEnvelope } from './event-envelope.ts';
import { eventId } from './event-id.ts';
import { type Fault, kindOf } from './fault.ts';
import { fieldFaults } from './field-faults.ts';
import { isObject } from './json-object.ts';
import { asRecorded, MOMENT_EXPECTED, type Moment, readMoment } from './moment.ts';
import { Notification, normalParts, TenantId } from './notification.ts';
import { notificationType } from './notification-type.ts';
import type { OriginalPart } from './quarantined-event.ts';

/** A notification that holds, with its id. `original` is there only where the normal form loses something of it. */
export type ValidEvent = { valid: true; id: string; notification: Notification; original: string | undefined; envelope: EventEnvelope };

/** What a queue message held that is no notification: every fault, whom it seems to concern, and its own words. */
export type InvalidEvent = {
  valid: false;
  tenant: string | undefined;
  faults: Fault[];
  /** The detail as JSON text, the body from the detail on, or the whole body where no detail could be read. */
  original: string;
  originalIs: OriginalPart;
  envelope: Envelope;
};

/** What an event's envelope says of it: its time in milliseconds since the epoch and its id, where it has them. */
export type Envelope = { time: number | undefined; id: string | undefined };

/**
 * Reads the body of a queue message: an EventBridge event with a Totogi notification in any of its spellings.
 * Never throws: what does not hold comes back with every fault, its path and what was expected there.
 */
export function readEvent(body: string): ValidEvent | InvalidEvent {
  const parsed = parseJson(body);
  const envelope = EventEnvelope.safeParse(parsed);
  if (!envelope.success) return invalidEnvelope(body, parsed, envelope.error);
  const keepingFaults = fieldFaults(envelope.data.detail, 'detail');
  return keepingFaults.length > 0 ? unkeepable(body, envelope.data, keepingFaults) : readContent(body, envelope.data);
}

/** What the envelope of an event says of it. Only one that is put aside needs to know. */
export function readEnvelope({ time, id }: EventEnvelope): Envelope {
  return { time: readMoment(time)?.milliseconds, id: typeof id === 'string' ? id : undefined };
}

function readContent(body: string, envelope: EventEnvelope): ValidEvent | InvalidEvent {
  const detail = readDetail(envelope.detail);
  const occurred = occurrence(detail, envelope.time);
  const { fields, faults: fieldsAtFault } = allFields(detail);
  const before = [...detail.faults, ...occurred.faults, ...fieldsAtFault];
  const result = Notification.safeParse(candidate(detail.content, fieldsAtFault.length === 0 ? fields : {}, occurred.time));
  const faults = [...before, ...(result.success ? [] : contentFaults(result.error, detail, fields))];
  if (result.success && occurred.moment && faults.length === 0) {
    const isLossy = losesSomething(detail.content, fields, occurred.moment);
    return {
      valid: true,
      id: eventId(result.data),
      notification: result.data,
      original: isLossy ? detailAsSent(body) : undefined,
      envelope,
    };
  }
  const tenant = TenantId.safeParse(detail.content.tenant);
  return {
    valid: false,
    tenant: tenant.success ? tenant.data : undefined,
    faults,
    original: detailAsSent(body),
    originalIs: 'detail',
    envelope: readEnvelope(envelope),
  };
}

/** Content that cannot be hashed or stored as JSON is kept as the text it came in. */
function unkeepable(body: string, envelope: EventEnvelope, faults: Fault[]): InvalidEvent {
  const tenant = TenantId.safeParse(readDetail(envelope.detail).content.tenant);
  const original = fromDetailOn(body);
  const originalIs = original === body ? 'message' : 'detail-onwards';
  return {
    valid: false,
    tenant: tenant.success ? tenant.data : undefined,
    faults,
    original,
    originalIs,
    envelope: readEnvelope(envelope),
  };
}

/** EventBridge puts the detail last: from there on a body is the same in every envelope, so that repeats of it are known as such. */
function fromDetailOn(body: string): string {
  return body.slice(Math.max(0, body.indexOf('"detail":')));
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Not JSON is one more kind of invalid input: the envelope's schema says so with a fault.
    return undefined;
  }
}

function invalidEnvelope(body: string, parsed: unknown, error: z.ZodError): InvalidEvent {
  const faults = error.issues.map((issue) => ({
    path: issue.path.join('.') || 'event',
    expected: issue.message,
    received: parsed === undefined ? 'text that is no JSON' : kindOf(at(parsed, issue.path)),
  }));
  const time = isObject(parsed) ? readMoment(parsed.time)?.milliseconds : undefined;
  return { valid: false, tenant: undefined, faults, original: body, originalIs: 'message', envelope: { time, id: undefined } };
}

/** When a notification occurred, as a moment and as records have it (empty where nobody can tell). */
type Occurrence = { moment: Moment | undefined; time: string; faults: Fault[] };

/** The time of the charging request where the detail names one, else the envelope's. Present but unreadable is a fault. */
function occurrence(detail: ReadDetail, envelopeTime: unknown): Occurrence {
  const invokedAt = detail.content.invokedAt;
  const given = invokedAt !== undefined && invokedAt !== null && invokedAt !== '';
  const sent = given ? invokedAt : envelopeTime;
  const moment = readMoment(sent);
  if (moment) return { moment, time: asRecorded(sent, moment), faults: [] };
  const fault = { path: given ? detail.paths.invokedAt : 'time', expected: MOMENT_EXPECTED, received: unreadable(sent) };
  return { moment, time: '', faults: [fault] };
}

function unreadable(value: unknown): string {
  return typeof value === 'string' && value !== '' ? 'text that is none' : kindOf(value);
}

function candidate(content: DetailContent, fields: unknown, occurredAt: string): Record<string, unknown> {
  return {
    ...normalParts(content),
    type: notificationType(content.name, content.threshold !== undefined),
    name: content.name,
    state: content.state,
    fields,
    occurredAt,
  };
}

/**
 * The notification's own fields together with every key nobody documented: nothing that was sent is dropped. Such a key has its own name
 * where that is free, else its path, whatever order the keys came in.
 */
function allFields(detail: ReadDetail): { fields: unknown; faults: Fault[] } {
  const own = ownFields(detail.content.notificationFields);
  const faults = typeof detail.content.notificationFields === 'string' ? fieldFaults(own, detail.paths.notificationFields) : [];
  if (detail.unknown.length === 0 || !isObject(own) || faults.length > 0) return { fields: own, faults };
  const taken = new Set(Object.keys(own).map((key) => key.toLowerCase()));
  const fields = new Map(Object.entries(own));
  for (const { path, key, value } of detail.unknown) {
    const isFree = !taken.has(key.toLowerCase()) && detail.unknown.every((other) => other.path === path || other.key !== key);
    const name = isFree ? key : path;
    if (fields.has(name)) faults.push({ path, expected: 'a key that no other field has', received: 'two of one name' });
    else fields.set(name, value);
  }
  return { fields: Object.fromEntries(fields), faults };
}

function ownFields(sent: unknown): unknown {
  if (sent === undefined || sent === null || sent === '') return {};
  return typeof sent === 'string' ? parseJson(sent) : sent;
}

/** One fault per place is enough, and none inside an object that is not there. */
function contentFaults(error: z.ZodError, detail: ReadDetail, fields: unknown): Fault[] {
  const faults = error.issues.map((issue) => contentFault(issue, detail, fields));
  const known = detail.faults.map(({ path }) => path);
  return faults.filter(
    ({ path }, index) =>
      faults.findIndex((fault) => fault.path === path) === index && !known.some((outer) => path === outer || path.startsWith(`${outer}.`)),
  );
}

function contentFault(issue: z.core.$ZodIssue, detail: ReadDetail, fields: unknown): Fault {
  const [part, ...rest] = issue.path;
  if (part === 'fields') {
    const received = fields === undefined ? 'text that is no JSON' : kindOf(at(fields, rest));
    return { path: [detail.paths.notificationFields, ...rest].join('.'), expected: issue.message, received };
  }
  const key = part as keyof DetailContent;
  return { path: detail.paths[key] ?? String(part), expected: issue.message, received: kindOf(detail.content[key]) };
}

function at(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined), value);
}

/** Whether the normal form does not say all that was sent. */
function losesSomething(content: DetailContent, fields: unknown, moment: Moment): boolean {
  return !moment.exact || !datesAgree(content, moment) || losesDigits(content.threshold) || losesDigits(fields);
}

/** Day, month and year say nothing new when they are the date of the occurrence. */
function datesAgree(content: DetailContent, moment: Moment): boolean {
  const date = new Date(moment.milliseconds);
  const same = (part: unknown, expected: number) =>
    part === undefined || part === null || (typeof part !== 'object' && Number(part) === expected);
  return same(content.day, date.getUTCDate()) && same(content.month, date.getUTCMonth() + 1) && same(content.year, date.getUTCFullYear());
}

/** Whole numbers beyond 2^53, as numbers or as text that may become one. */
function losesDigits(value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value);
  if (typeof value === 'string') return /^[+-]?\d{16,}(\.\d+)?$/.test(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(losesDigits);
}
