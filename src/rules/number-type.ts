import { type NumberType, parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** Where a number is and what it is, as far as the world's numbering plans say. Without a country it belongs to none, or to none we know. */
export type NumberLocation = { country: string | undefined; type: NumberType };

export type NumberDenyReason = 'no-countries' | 'country-not-allowed' | 'number-type-not-allowed';

/** What a person's phone may be. In some countries, such as the United States, nothing tells the first two apart. */
const PERSONS: ReadonlySet<NumberType> = new Set(['MOBILE', 'FIXED_LINE', 'FIXED_LINE_OR_MOBILE']);

/** What stands for the digits that are left out when a number's neighbours are looked at. */
const FILLERS = [...'0123456789'].flatMap((digit) => [digit.repeat(15), `${digit}23456789012345`]);

/**
 * Whether a tenant's texts may go to a number, of whatever class they are: to a country of the tenant's list, and to a phone that a person
 * may have there. Premium, shared-cost, toll-free, personal, pager, voicemail, VoIP and company-wide numbers get none, nor does what
 * belongs to no country, such as satellite phones (+870, +881) and international networks (+882, +883, +979): whoever chooses such a number
 * may be earning by what is sent there.
 *
 * @param countries ISO 3166 codes; none lets nothing go.
 */
export function judgeNumber(phone: string, countries: readonly string[]): NumberDenyReason | undefined {
  if (countries.length === 0) return 'no-countries';
  const { country, type } = locateNumber(phone);
  if (country === undefined) return 'number-type-not-allowed';
  if (!countries.includes(country)) return 'country-not-allowed';
  return PERSONS.has(type) ? undefined : 'number-type-not-allowed';
}

/**
 * The country and type of a number. A number that no plan has given out, such as one of those that are kept for films, or one of a range
 * newer than the plans that we know, is taken for what the numbers nearest to it are.
 */
export function locateNumber(phone: string): NumberLocation {
  const parsed = parsePhoneNumberFromString(phone);
  if (parsed === undefined || parsed.isNonGeographic()) return { country: undefined, type: undefined };
  const type = parsed.getType();
  if (parsed.country !== undefined && type !== undefined) return { country: parsed.country, type };
  return nearestLocation(parsed.countryCallingCode, parsed.nationalNumber);
}

/** The longer the digits that two numbers share, the nearer they are. Among those that are equally near, the most decide. */
function nearestLocation(callingCode: string, national: string): NumberLocation {
  for (let shared = national.length - 1; shared > 0; shared -= 1) {
    const locations = FILLERS.flatMap((filler) => {
      const neighbour = parsePhoneNumberFromString(`+${callingCode}${`${national.slice(0, shared)}${filler}`.slice(0, national.length)}`);
      const type = neighbour?.getType();
      return neighbour?.country === undefined || type === undefined ? [] : [{ country: neighbour.country, type }];
    });
    const persons = locations.filter(({ type }) => PERSONS.has(type));
    const others = locations.filter(({ type }) => !PERSONS.has(type));
    const nearest = persons.length > others.length ? persons[0] : others[0];
    if (nearest !== undefined) return nearest;
  }
  return { country: undefined, type: undefined };
}
