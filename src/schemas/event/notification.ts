import * as z from 'zod';
import { isNumericText } from '../../platform/exact-number.ts';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
/** Parsed JSON needs no second check, which would take longer than parsing. */
const Json = z.custom<Json>((value) => value !== undefined, 'a value of JSON');

/** A sort key has room for two of these besides its own prefix. */
export const MAX_NAME_BYTES = 256;
const MAX_SESSION_BYTES = 1_024;
const FIELDS_EXPECTED = { error: 'an object, or JSON text of one' };

const TenantText = z
  .string({ error: 'text, or a whole number' })
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, '1 to 64 of letters, digits, ".", "_" and "-", a letter or digit first');

/** Narrow, because it is also the first part of every key. */
export const TenantId = z
  .preprocess(wholeNumberAsText, TenantText)
  .meta({ description: 'The telecom operator (Totogi calls it a provider).' });

const Text = z
  .string({ error: 'non-empty text' })
  .min(1, 'non-empty text')
  .refine(atMost(MAX_NAME_BYTES), `at most ${MAX_NAME_BYTES} bytes`)
  .refine(isWellFormed, 'text without broken Unicode');

const AccountText = z
  .string({ error: 'text, or a whole number below 2^53' })
  .min(1, 'non-empty text')
  .refine(atMost(MAX_NAME_BYTES), `at most ${MAX_NAME_BYTES} bytes`)
  .refine((id) => !hasSeparator(id), 'an id without "#", "/" and "\\"')
  .refine(isWellFormed, 'text without broken Unicode');

/** `#` separates the parts of our keys, `/` and `\` those of paths, so an ID cannot contain them. */
export const AccountId = z.preprocess(wholeNumberAsText, AccountText);

const SessionId = z
  .string({ error: 'text' })
  .refine(atMost(MAX_SESSION_BYTES), `at most ${MAX_SESSION_BYTES} bytes`)
  .refine(isWellFormed, 'text without broken Unicode');

/** Documented keys match in any letter case. Every other key stays as sent. */
const fieldsWith = <T extends z.ZodRawShape>(documented: T) =>
  z.preprocess((fields, context) => spellAsDocumented(fields, documented, context), z.looseObject(documented, FIELDS_EXPECTED));
const NoFields = z.looseObject({}, FIELDS_EXPECTED);

/**
 * Plain texts and numbers only, which zod compiles to one function: `normalParts` has already normalised other spellings. A preprocessing
 * schema for each part took twice as long.
 */
const common = {
  tenant: TenantText,
  account: AccountText,
  device: AccountText.optional(),
  name: Text,
  /** Free text: a documented name keeps its type in any state. */
  state: Text,
  previousState: Text.optional(),
  /** In base units: voice in seconds, data in bytes, messages one by one, money in the main unit. */
  threshold: z.number({ error: 'a number' }).optional(),
  session: SessionId.optional(),
  /** When the charging request was submitted, else the envelope's time: RFC 3339 in UTC with milliseconds. */
  occurredAt: z.string(),
};

function documented<Name extends string, Fields extends z.ZodType>(name: Name, fields: Fields) {
  return z.object({ ...common, type: z.literal(name), name: z.literal(name), fields });
}

/** "All data types and the quantity rolled over": a number, a text or a structure. */
const RolloverFields = fieldsWith({
  rolloveramount: z.preprocess(numericTextAsNumber, Json).optional(),
  rollovergraceperiod: Json.optional(),
});
const PlanFields = fieldsWith({
  planid: z.preprocess((value) => unlessEmpty(wholeNumberAsText(value)), z.string({ error: 'text, or a whole number' }).optional()),
});

export const PlanExpiryWarning = documented('PlanExpiryWarning', NoFields);
export type PlanExpiryWarning = z.infer<typeof PlanExpiryWarning>;
export const PlanExpired = documented('PlanExpired', NoFields);
export type PlanExpired = z.infer<typeof PlanExpired>;
export const PlanCancelled = documented('PlanCancelled', NoFields);
export type PlanCancelled = z.infer<typeof PlanCancelled>;
export const PlanRollover = documented('PlanRollover', RolloverFields);
export type PlanRollover = z.infer<typeof PlanRollover>;
export const OutOfCredit = documented('OutOfCredit', NoFields);
export type OutOfCredit = z.infer<typeof OutOfCredit>;
export const AccountCreditWarning = documented('AccountCreditWarning', NoFields);
export type AccountCreditWarning = z.infer<typeof AccountCreditWarning>;
export const AutoRenewSuccess = documented('AutoRenewSuccess', NoFields);
export type AutoRenewSuccess = z.infer<typeof AutoRenewSuccess>;
export const AutoRenewFailure = documented('AutoRenewFailure', NoFields);
export type AutoRenewFailure = z.infer<typeof AutoRenewFailure>;
export const UnitAllowanceThreshold = documented('UnitAllowanceThreshold', NoFields);
export type UnitAllowanceThreshold = z.infer<typeof UnitAllowanceThreshold>;
export const NewPlanActivated = documented('NewPlanActivated', PlanFields);
export type NewPlanActivated = z.infer<typeof NewPlanActivated>;
export const CounterThreshold = z.object({ ...common, type: z.literal('CounterThreshold'), fields: NoFields });
export type CounterThreshold = z.infer<typeof CounterThreshold>;
/** Neither documented nor a counter: stored and shown, and starts nothing. */
export const Unrecognised = z.object({ ...common, type: z.literal('Unrecognised'), fields: NoFields });
export type Unrecognised = z.infer<typeof Unrecognised>;

/** The normal form, whatever spelling it came in. */
export const Notification = z.discriminatedUnion('type', [
  PlanExpiryWarning,
  PlanExpired,
  PlanCancelled,
  PlanRollover,
  OutOfCredit,
  AccountCreditWarning,
  AutoRenewSuccess,
  AutoRenewFailure,
  UnitAllowanceThreshold,
  NewPlanActivated,
  CounterThreshold,
  Unrecognised,
]);
export type Notification = z.infer<typeof Notification>;

type Parts = Partial<Record<'tenant' | 'account' | 'device' | 'previousState' | 'threshold' | 'session', unknown>>;

/** IDs become text, numeric text becomes numbers, and empty optional parts are dropped. Anything else stays as sent. */
export function normalParts({ tenant, account, device, previousState, threshold, session }: Parts) {
  return {
    tenant: wholeNumberAsText(tenant),
    account: wholeNumberAsText(account),
    device: unlessEmpty(wholeNumberAsText(device)),
    previousState: unlessEmpty(previousState),
    threshold: unlessEmpty(numericTextAsNumber(threshold)),
    session: unlessEmpty(wholeNumberAsText(session)),
  };
}

function unlessEmpty(value: unknown): unknown {
  return value === null || value === '' ? undefined : value;
}

function wholeNumberAsText(value: unknown): unknown {
  return Number.isSafeInteger(value) ? String(value) : value;
}

function numericTextAsNumber(value: unknown): unknown {
  return typeof value === 'string' && isNumericText(value) ? Number(value) : value;
}

/** A text never has fewer bytes than characters, so a long one needs no encoding. */
function atMost(bytes: number): (text: string) => boolean {
  return (text) => text.length <= bytes && Buffer.byteLength(text) <= bytes;
}

function hasSeparator(id: string): boolean {
  return id.includes('#') || id.includes('/') || id.includes('\\');
}

function isWellFormed(text: string): boolean {
  return text.isWellFormed();
}

/** One documented key in two letter cases is harmless if both have the same value. */
function spellAsDocumented(fields: unknown, documentedFields: z.ZodRawShape, context: z.RefinementCtx): unknown {
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return fields;
  const spelled = new Map<string, unknown>();
  for (const [key, value] of Object.entries(fields)) {
    const name = Object.hasOwn(documentedFields, key.toLowerCase()) ? key.toLowerCase() : key;
    if (spelled.has(name) && JSON.stringify(spelled.get(name)) !== JSON.stringify(value)) {
      context.addIssue({ code: 'custom', message: 'one value under one key', path: [name], input: value });
    }
    spelled.set(name, value);
  }
  return Object.fromEntries(spelled);
}
