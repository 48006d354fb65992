import type * as z from 'zod';
import { type DetailContent, isObject, type ReadDetail, readDetail } from './detail.ts';
import { detailAsSent } from './detail-as-sent.ts';
import { EventEnvelope } from './event-envelope.ts';
import { eventId } from './event-id.ts';
import { type Fault, kindOf } from './fault.ts';
import { fieldFaults } from './field-faults.ts';
import { MOMENT_EXPECTED, type Moment, readMoment } from './moment.ts';
import { Notification, notificationType, TenantId } from './notification.ts';
import type { OriginalPart } from './quarantined-event.ts';

/** A notification that holds, with its id. `original` is there only where the normal form loses something of it. */
export type ValidEvent = { valid: true; id: string; notification: Notification; original: string | undefined; envelope: Envelope };

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
  const told = { time: readMoment(envelope.data.time)?.milliseconds, id: envelope.data.id };
  const contentFaults = fieldFaults(envelope.data.detail, 'detail');
  if (contentFaults.length > 0) return unkeepable(body, envelope.data.detail, contentFaults, told);
  return readContent(body, readDetail(envelope.data.detail), envelope.data.time, told);
}

function readContent(body: string, detail: ReadDetail, envelopeTime: unknown, envelope: Envelope): ValidEvent | InvalidEvent {
  const occurred = occurrence(detail, envelopeTime);
  const { fields, faults: fieldsAtFault } = allFields(detail);
  const before = [...detail.faults, ...occurred.faults, ...fieldsAtFault];
  const result = Notification.safeParse(candidate(detail.content, fieldsAtFault.length === 0 ? fields : {}, occurred.moment));
  const faults = [...before, ...(result.success ? [] : contentFaults(result.error, detail, fields))];
  if (result.success && occurred.moment && faults.length === 0) {
    const lossy =
      !occurred.moment.exact ||
      !datesAgree(detail.content, occurred.moment) ||
      losesDigits(detail.content.threshold) ||
      losesDigits(fields);
    return { valid: true, id: eventId(result.data), notification: result.data, original: lossy ? detailAsSent(body) : undefined, envelope };
  }
  const tenant = TenantId.safeParse(detail.content.tenant);
  return {
    valid: false,
    tenant: tenant.success ? tenant.data : undefined,
    faults,
    original: detailAsSent(body),
    originalIs: 'detail',
    envelope,
  };
}

/** Content that cannot be hashed or stored as JSON is kept as the text it came in. */
function unkeepable(body: string, detail: Record<string, unknown>, faults: Fault[], envelope: Envelope): InvalidEvent {
  const tenant = TenantId.safeParse(readDetail(detail).content.tenant);
  const original = fromDetailOn(body);
  const originalIs = original === body ? 'message' : 'detail-onwards';
  return { valid: false, tenant: tenant.success ? tenant.data : undefined, faults, original, originalIs, envelope };
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

/** The time of the charging request where the detail names one, else the envelope's. Present but unreadable is a fault. */
function occurrence(detail: ReadDetail, envelopeTime: unknown): { moment: Moment | undefined; faults: Fault[] } {
  const invokedAt = detail.content.invokedAt;
  const given = invokedAt !== undefined && invokedAt !== null && invokedAt !== '';
  const moment = readMoment(given ? invokedAt : envelopeTime);
  if (moment) return { moment, faults: [] };
  const received = given ? unreadable(invokedAt) : unreadable(envelopeTime);
  return { moment, faults: [{ path: given ? detail.paths.invokedAt : 'time', expected: MOMENT_EXPECTED, received }] };
}

function unreadable(value: unknown): string {
  return typeof value === 'string' && value !== '' ? 'text that is none' : kindOf(value);
}

function candidate(content: DetailContent, fields: unknown, moment: Moment | undefined): Record<string, unknown> {
  return {
    type: notificationType(content.name, content.threshold !== undefined),
    tenant: content.tenant,
    account: content.account,
    device: content.device,
    name: content.name,
    state: content.state,
    previousState: content.previousState,
    threshold: content.threshold,
    session: content.session,
    fields,
    occurredAt: moment ? new Date(moment.milliseconds).toISOString() : '',
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
