import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  type PhoneNumber as ParsedNumber,
  parseDigits,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import * as z from 'zod';

/** In canonical form: "+" and digits (ITU-T E.164). `isCorrected` means that digits were removed or added. */
export type ParsedPhone = { phone: string; isCorrected: boolean };

const MAX_TEXT_LENGTH = 64;
/** E.164 allows 15; an international prefix and a trunk prefix may precede them. */
const MAX_DIGITS = 20;
const MAX_E164_DIGITS = 15;
/** An IMSI usually has 15 digits, and an IMEI always. No network gives subscribers phone numbers of that length. */
const IMSI_DIGITS = 15;
/** Bare digits this short may also be a national number of any country. */
const MAX_NATIONAL_DIGITS = 10;
const MAX_TRUNK_DIGITS = 2;
/** What North Americans dial before a country code. Elsewhere, national numbers start with it. */
const NORTH_AMERICA_IDD = '011';

/**
 * Numbers reserved for fiction that the metadata do not call valid.
 * https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama (07700 900000 to 900999), https://www.arcep.fr (06 39 98),
 * https://www.comreg.ie (020 91x), and 555-01xx of any area code of North America.
 */
const RESERVED_FOR_FICTION = /^\+(?:447700900\d{3}|3363998\d{4}|3532091\d{5}|1[2-9]\d{2}55501\d{2})$/;
const TEXTABLE_TYPES = new Set<string | undefined>(['MOBILE', 'FIXED_LINE_OR_MOBILE']);

/** Full-width forms of ASCII, as East Asian keyboards type them. */
const FULL_WIDTH = /[\uFF01-\uFF5E]/g;
const FULL_WIDTH_OFFSET = 0xfe_e0;
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
const OTHER_DIGIT = /(?![0-9])\p{Nd}/gu;
/** What people write between digits. A slash is not included: an extension or a second number may follow it. */
const SEPARATORS = /[\t\p{Zs}\p{Pd}\u2212.()]/gu;

/**
 * Parses a number that is written with its country: after "+" or "00", or as `tel:`, `sip:` or `msisdn-`. Without a country it could belong
 * to several people, and is refused.
 *
 * @returns undefined if it is not a number, has an extension, or has digits that no country accepts.
 */
export function parseContactPhone(text: string): ParsedPhone | undefined {
  const written = parseWritten(text);
  return written?.isInternational ? resolve(written.digits, isPossible) : undefined;
}

/**
 * Parses a number that a machine wrote: a device ID, or a property of Totogi's account. Accepts only numbers that are known to be assigned
 * or reserved for fiction. Bare digits are, in this order: a mobile number of the tenant's country with its country code; a national one of
 * that country; another country's with its code, if it is too long to be a national number. An IMSI or IMEI is none of these.
 *
 * @param country the tenant's (ISO 3166-1).
 */
export function parseMachinePhone(text: string, country: string | undefined): ParsedPhone | undefined {
  const written = parseWritten(text);
  if (!written) return undefined;
  const { digits, isInternational } = written;
  if (isInternational) return resolve(digits, isAssigned);
  const home = country !== undefined && isSupportedCountry(country) ? country : undefined;
  if (home !== undefined && getCountryCallingCode(home) === '1' && digits.startsWith(NORTH_AMERICA_IDD))
    return resolve(digits.slice(NORTH_AMERICA_IDD.length), isAssigned);
  if (digits.length === IMSI_DIGITS) return undefined;
  const withCode = digits.startsWith('0') ? undefined : unchanged(resolve(digits, isTextable));
  if (home !== undefined && digits.startsWith(getCountryCallingCode(home)) && withCode) return withCode;
  const national = home === undefined ? undefined : resolveNational(digits, home);
  return national ?? (digits.length > MAX_NATIONAL_DIGITS ? withCode : undefined);
}

/** A text that is no phone number stays as it is: an opt-out counts from whatever sender it comes. */
export function canonicalPhone(phone: string): string {
  return parseContactPhone(phone)?.phone ?? phone;
}

/**
 * What two spellings of one number share: it is only for matching, never for sending. Some of Brazil's old numbers without a ninth digit
 * could also be landlines: they are dialled as they are, and still match the number that their owners answer from.
 */
export function phoneMatchKey(phone: string): string {
  return canonicalPhone(phone).replace(/^\+55(\d{2})(\d{8})$/, '+55$19$2');
}

export function isSamePhone(one: string, other: string): boolean {
  return phoneMatchKey(one) === phoneMatchKey(other);
}

const E164_EXPECTED = 'a phone number in E.164 form, such as "+14155550123"';

/** As networks take it: "+", country code and number, 15 digits at most (ITU-T E.164). */
export const E164Number = z.string().regex(/^\+[1-9]\d{6,14}$/, E164_EXPECTED);

export const PhoneNumber = z
  .string()
  .transform((text, context) => {
    const parsed = parseContactPhone(text);
    if (parsed) return parsed.phone;
    context.issues.push({ code: 'custom', message: E164_EXPECTED, input: undefined });
    return z.NEVER;
  })
  .pipe(E164Number);

function parseWritten(text: string): { digits: string; isInternational: boolean } | undefined {
  if (text.length > MAX_TEXT_LENGTH) return undefined;
  const plain = text
    .replace(FULL_WIDTH, (character) => String.fromCharCode(character.charCodeAt(0) - FULL_WIDTH_OFFSET))
    .replace(INVISIBLE, '')
    .replace(OTHER_DIGIT, (digit) => parseDigits(digit));
  const uri = /^\s*(?:(tel:)|(msisdn[-:])|sips?:(?=\+))/i.exec(plain);
  const rest = plain.slice(uri?.[0].length ?? 0);
  const body = uri && !uri[1] && !uri[2] ? rest.replace(/@[\w.-]+(;user=phone)?$/i, '') : rest;
  const number = body.replace(SEPARATORS, '');
  const [, plus, idd, digits = ''] = /^(\+)?(00(?=[1-9]))?(\d+)$/.exec(number) ?? [];
  if (digits === '' || digits.length > MAX_DIGITS || (plus && idd)) return undefined;
  return { digits, isInternational: plus !== undefined || idd !== undefined || uri?.[2] !== undefined };
}

type Test = (number: ParsedNumber) => boolean;

function resolve(written: string, isTaken: Test): ParsedPhone | undefined {
  // Mexico's mobile numbers had a 1 after the country code until 2019.
  const digits = written.replace(/^521(?=\d{10}$)/, '52');
  const number = parsePhoneNumberFromString(`+${digits}`, { extract: false });
  if (!number || number.ext !== undefined || number.number.length - 1 > MAX_E164_DIGITS) return undefined;
  const isWhole = number.number === `+${digits}`;
  if (!isWhole && !(isWithoutTrunk(number, digits) && isAssigned(number))) return undefined;
  const mobile = asMobile(number);
  return isTaken(mobile) ? { phone: mobile.number, isCorrected: mobile.number !== `+${written}` } : undefined;
}

function resolveNational(digits: string, country: CountryCode): ParsedPhone | undefined {
  const number = parsePhoneNumberFromString(digits, { defaultCountry: country, extract: false });
  if (!number || number.ext !== undefined || number.countryCallingCode !== getCountryCallingCode(country)) return undefined;
  const prefix = digits.slice(0, digits.length - number.nationalNumber.length);
  if (!digits.endsWith(number.nationalNumber) || prefix.length > MAX_TRUNK_DIGITS) return undefined;
  const mobile = asMobile(number);
  return isTextable(mobile) ? { phone: mobile.number, isCorrected: false } : undefined;
}

function unchanged(parsed: ParsedPhone | undefined): ParsedPhone | undefined {
  // Mexico and Argentina have two forms of one number. Elsewhere, a trunk prefix within bare digits shows that they are not a number.
  return parsed && (!parsed.isCorrected || /^\+(52|54)/.test(parsed.phone)) ? parsed : undefined;
}

/** Whether what the parser dropped is a trunk prefix, such as the 0 in "+44 (0)20 …", and not digits that it took for something else. */
function isWithoutTrunk({ countryCallingCode, nationalNumber, country }: ParsedNumber, digits: string): boolean {
  const within = digits.slice(countryCallingCode.length);
  const trunk = within.slice(0, within.length - nationalNumber.length);
  // Argentina's 15 for mobile numbers stands within the number, and becomes the 9 before it.
  return country === 'AR' || (within.endsWith(nationalNumber) && trunk.length <= MAX_TRUNK_DIGITS);
}

/** Argentina's mobile numbers have a 9 in international form, and Brazil's a ninth digit since 2016. Many stored numbers lack it. */
function asMobile(number: ParsedNumber): ParsedNumber {
  const longer = number.number.replace(/^\+54(?=[1-8]\d{9}$)/, '+549').replace(/^(\+55\d{2})(?=[6-9]\d{7}$)/, '$19');
  const mobile = longer === number.number ? undefined : parsePhoneNumberFromString(longer, { extract: false });
  const isFreeOrShared = number.isValid() && number.getType() !== 'FIXED_LINE';
  return mobile?.getType() === 'MOBILE' && !isFreeOrShared ? mobile : number;
}

/** The length must fit the country. A number of 15 digits must be assigned: it may be an IMSI after a "+". */
function isPossible(number: ParsedNumber): boolean {
  const digits = number.number.length - 1;
  return isAssigned(number) || (digits < IMSI_DIGITS && number.isPossible());
}

function isAssigned(number: ParsedNumber): boolean {
  return RESERVED_FOR_FICTION.test(number.number) || number.isValid();
}

function isTextable(number: ParsedNumber): boolean {
  return RESERVED_FOR_FICTION.test(number.number) || TEXTABLE_TYPES.has(number.getType());
}

/** ISO 3166-1; undefined if several countries share the prefix and the number fits more than one. */
export function countryOfPhone(phone: string): string | undefined {
  return parsePhoneNumberFromString(phone)?.country;
}
