import type * as z from 'zod';
import { isObject } from '../platform/json-object.ts';
import { parseJson } from '../platform/parse-json.ts';
import { asRecorded, type ParsedTime, parseTime, TIME_EXPECTED } from '../platform/time.ts';
import { EventEnvelope } from '../schemas/event/event-envelope.ts';
import { type ExactDigits, eventId } from '../schemas/event/event-id.ts';
import { type Fault, kindOf, shortFaults } from '../schemas/event/fault.ts';
import { Notification, normalParts } from '../schemas/event/notification.ts';
import { notificationType } from '../schemas/event/notification-type.ts';
import type { OriginalPart } from '../schemas/operations/quarantined-event.ts';
import { type DetailContent, type ParsedDetail, parseDetail, tenantOf, usableTenant } from './parsing/detail.ts';
import { detailAsSent, markOf, parseMarked } from './parsing/detail-as-sent.ts';
import { allFields, textLosesDigits } from './parsing/event-fields.ts';
import { fieldFaults, MAX_LEVELS } from './parsing/field-faults.ts';
import { boundFaults, MAX_BODY_BYTES } from './parsing/json-bounds.ts';
import type { Work } from './parsing/json-scan.ts';
import { type JsonScan, scanJson } from './parsing/json-scan.ts';
import { parseOutline } from './parsing/outline.ts';
import { countMembers, repeatedKeys } from './parsing/repeated-keys.ts';

const MAX_ENVELOPE_ID = 200;

/** `original` is present only if the normal form loses something of it. */
export type ValidEvent = { valid: true; id: string; notification: Notification; original: string | undefined; envelope: EventEnvelope };

/** A queue message that is no valid notification: all its faults, its tenant if one is found, and its original text. */
export type InvalidEvent = {
  valid: false;
  tenant: string | undefined;
  faults: Fault[];
  /** The detail as JSON text, the body from the detail on, or the whole body if it has no readable detail. */
  original: string;
  originalIs: OriginalPart;
  envelope: Envelope;
};

export type Envelope = { time: number | undefined; id: string | undefined };

/**
 * Parses the body of a queue message: an EventBridge event with a Totogi notification in any of its spellings. Never throws: invalid
 * content is returned with its faults. The work is linear in the size of the body, because bytes, levels and keys are limited first.
 *
 * @param work is counted up, for tests.
 */
export function parseEvent(body: string, work: Work = { steps: 0 }): ValidEvent | InvalidEvent {
  const read = parseWithin(body, work);
  return read.valid ? read : { ...read, faults: shortFaults(read.faults) };
}

/** Only quarantined events need it. */
export function parseEnvelope({ time, id }: Pick<EventEnvelope, 'time' | 'id'>): Envelope {
  return { time: parseTime(time)?.milliseconds, id: typeof id === 'string' && id.length <= MAX_ENVELOPE_ID ? id : undefined };
}

function parseWithin(body: string, work: Work): ValidEvent | InvalidEvent {
  if (Buffer.byteLength(body) > MAX_BODY_BYTES) return tooLong(body);
  const scan = scanJson(body, work);
  const tooMuch = boundFaults(scan, 'event', MAX_LEVELS + 1);
  if (tooMuch.length > 0) return unparsed(body, tooMuch, work);
  const parsed = parseJson(body);
  const envelope = EventEnvelope.safeParse(parsed);
  if (!envelope.success) return invalidEnvelope(body, parsed, envelope.error);
  const sent = { body, scan, envelope: envelope.data };
  const keepingFaults = fieldFaults(envelope.data.detail, 'detail', work);
  if (keepingFaults.length > 0) return unkeepable(sent, keepingFaults);
  if (countMembers(parsed, work) !== scan.members) return unkeepable(sent, repeatedKeys(body, '', work));
  return parseContent(sent, work);
}

type ReceivedFields = { body: string; scan: JsonScan; envelope: EventEnvelope };

function parseContent({ body, scan, envelope }: ReceivedFields, work: Work): ValidEvent | InvalidEvent {
  const detail = parseDetail(envelope.detail, work);
  const occurred = occurrence(detail, envelope.time);
  const { fields, faults: fieldsAtFault, losesDigits } = allFields(detail, work);
  const marked = markedDetailOf(body);
  const inexactIds = scan.losesDigits ? idsOfMoreDigits(detail, marked) : [];
  const before = [...detail.faults, ...inexactIds, ...occurred.faults, ...fieldsAtFault];
  const result = Notification.safeParse(candidate(detail.content, fieldsAtFault.length === 0 ? fields : {}, occurred.time));
  const faults = [...before, ...(result.success ? [] : contentFaults(result.error, detail, fields))];
  if (result.success && occurred.parsed && faults.length === 0) {
    const hasMoreDigits = scan.losesDigits || losesDigits || textLosesDigits(detail.content.threshold);
    const digits = hasMoreDigits ? exactDigits(marked, result.data, occurred.time) : undefined;
    const isLossy = hasMoreDigits || !occurred.parsed.exact || !datesAgree(detail.content, occurred.parsed);
    return {
      valid: true,
      id: eventId(result.data, digits),
      notification: result.data,
      original: isLossy ? detailAsSent(body) : undefined,
      envelope,
    };
  }
  return {
    valid: false,
    tenant: inexactIds.some(({ path }) => path === detail.paths.tenant) ? undefined : usableTenant(detail.content.tenant),
    faults,
    original: detailAsSent(body),
    originalIs: 'detail',
    envelope: parseEnvelope(envelope),
  };
}

/** The detail with a mark in the place of each number that a double does not hold. It is parsed when it is first needed, once. */
type MarkedDetail = () => ParsedDetail | undefined;

function markedDetailOf(body: string): MarkedDetail {
  let known: { detail: ParsedDetail | undefined } | undefined;
  const parse = () => {
    const { data } = EventEnvelope.safeParse(parseMarked(body));
    return { detail: data && parseDetail(data.detail, { steps: 0 }) };
  };
  return () => {
    known ??= parse();
    return known.detail;
  };
}

/** A number that a double cannot hold is ambiguous as an ID. */
function idsOfMoreDigits({ content, paths }: ParsedDetail, marked: MarkedDetail): Fault[] {
  const numbers = (['tenant', 'account', 'device'] as const).filter((part) => Number.isSafeInteger(content[part]));
  const exact = numbers.length > 0 ? marked()?.content : undefined;
  if (!exact) return [];
  return numbers
    .filter((part) => exact[part] !== content[part])
    .map((part) => ({ path: paths[part], expected: 'text, or a whole number below 2^53', received: 'a number of more digits' }));
}

/**
 * The values beyond a double that become part of the notification; undefined if there are none, also when only a time or an unused part has
 * more digits.
 */
function exactDigits(marked: MarkedDetail, notification: Notification, occurredAt: string): ExactDigits | undefined {
  const detail = marked();
  if (!detail) return undefined;
  const { fields } = allFields(detail, { steps: 0 }, parseMarked);
  const result = Notification.safeParse({ ...notification, fields, occurredAt });
  if (!result.success) return undefined;
  const threshold = markedThreshold(detail.content.threshold);
  const isInFields = JSON.stringify(result.data.fields) !== JSON.stringify(notification.fields);
  return threshold !== null || isInFields ? { threshold, fields: result.data.fields } : undefined;
}

function markedThreshold(sent: unknown): string | null {
  if (typeof sent !== 'string') return null;
  return textLosesDigits(sent) ? markOf(sent) : sent.startsWith('=') ? sent : null;
}

/** Content over the limits is not parsed: the tenant is read from the text. */
function unparsed(body: string, faults: Fault[], work: Work): InvalidEvent {
  const { tenant, id, time } = parseOutline(body, work);
  return { valid: false, tenant: usableTenant(tenant), faults, ...originalOf(body), envelope: parseEnvelope({ id, time }) };
}

/** Content that cannot be hashed or stored as JSON is kept as the original text. */
function unkeepable({ body, scan, envelope }: ReceivedFields, faults: Fault[]): InvalidEvent {
  const tenantIsClear = scan.detail !== undefined && !faults.some(({ path }) => /^detail\.provider(id)?$/i.test(path));
  const tenant = tenantIsClear ? tenantOf(envelope.detail) : undefined;
  return { valid: false, tenant, faults, ...originalOf(body), envelope: parseEnvelope(envelope) };
}

function originalOf(body: string): Pick<InvalidEvent, 'original' | 'originalIs'> {
  const original = fromDetailOn(body);
  return { original, originalIs: original === body ? 'message' : 'detail-onwards' };
}

function tooLong(body: string): InvalidEvent {
  const faults = [{ path: 'event', expected: `at most ${MAX_BODY_BYTES} bytes`, received: 'more' }];
  return { valid: false, tenant: undefined, faults, original: body, originalIs: 'message', envelope: { time: undefined, id: undefined } };
}

/** EventBridge writes the detail last. From there on the text is the same in every envelope, so repeats are recognised. */
function fromDetailOn(body: string): string {
  return body.slice(Math.max(0, body.indexOf('"detail":')));
}

function invalidEnvelope(body: string, parsed: unknown, error: z.ZodError): InvalidEvent {
  const faults = error.issues.map((issue) => ({
    path: issue.path.join('.') || 'event',
    expected: issue.message,
    received: parsed === undefined ? 'text that is no JSON' : kindOf(at(parsed, issue.path)),
  }));
  const time = isObject(parsed) ? parseTime(parsed.time)?.milliseconds : undefined;
  return { valid: false, tenant: undefined, faults, original: body, originalIs: 'message', envelope: { time, id: undefined } };
}

/** `time` is empty if it is unknown. */
type Occurrence = { parsed: ParsedTime | undefined; time: string; faults: Fault[] };

/** The time of the charging request if the detail has one, else the envelope's. An unreadable one is a fault. */
function occurrence(detail: ParsedDetail, envelopeTime: unknown): Occurrence {
  const invokedAt = detail.content.invokedAt;
  const given = invokedAt !== undefined && invokedAt !== null && invokedAt !== '';
  const sent = given ? invokedAt : envelopeTime;
  const parsed = parseTime(sent);
  if (parsed) return { parsed, time: asRecorded(sent, parsed), faults: [] };
  const fault = { path: given ? detail.paths.invokedAt : 'time', expected: TIME_EXPECTED, received: unreadable(sent) };
  return { parsed, time: '', faults: [fault] };
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

/** One fault per path is enough, and none inside an object that is missing. */
function contentFaults(error: z.ZodError, detail: ParsedDetail, fields: unknown): Fault[] {
  const faults = error.issues.map((issue) => contentFault(issue, detail, fields));
  const known = [...new Set(detail.faults.map(({ path }) => path))];
  const first = new Map(faults.toReversed().map((fault) => [fault.path, fault]));
  return [...first.values()].toReversed().filter(({ path }) => !known.some((outer) => path === outer || path.startsWith(`${outer}.`)));
}

function contentFault(issue: z.core.$ZodIssue, detail: ParsedDetail, fields: unknown): Fault {
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

/** Day, month and year add nothing if they are the date of the occurrence. */
function datesAgree(content: DetailContent, parsed: ParsedTime): boolean {
  const date = new Date(parsed.milliseconds);
  const same = (part: unknown, expected: number) =>
    part === undefined || part === null || (typeof part !== 'object' && Number(part) === expected);
  return same(content.day, date.getUTCDate()) && same(content.month, date.getUTCMonth() + 1) && same(content.year, date.getUTCFullYear());
}
