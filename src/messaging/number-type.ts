import { type NumberType, parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** From the world's numbering plans. `country` is undefined for numbers of no country or an unknown one. */
export type NumberLocation = { country: string | undefined; type: NumberType };

export type NumberDenyReason = 'no-countries' | 'country-not-allowed' | 'number-type-not-allowed';

/** The types that a person's phone may have. Some countries, such as the United States, do not separate the first two. */
const PERSONS: ReadonlySet<NumberType> = new Set(['MOBILE', 'FIXED_LINE', 'FIXED_LINE_OR_MOBILE']);

/** Replace the digits that are left out to find a number's neighbours. */
const FILLERS = [...'0123456789'].flatMap((digit) => [digit.repeat(15), `${digit}23456789012345`]);

/**
 * Whether a tenant's texts of any class may go to a number: the country must be on the tenant's list, and the number must be of a type that
 * a person's phone has. Premium, shared-cost, toll-free, personal, pager, voicemail, VoIP and company-wide numbers get none, nor do numbers
 * of no country, such as satellite phones (+870, +881) and international networks (+882, +883, +979): their owners may earn from each text.
 *
 * @param countries ISO 3166 codes; an empty list allows nothing.
 */
export function judgeNumber(phone: string, countries: readonly string[]): NumberDenyReason | undefined {
  if (countries.length === 0) return 'no-countries';
  const { country, type } = locateNumber(phone);
  if (country === undefined) return 'number-type-not-allowed';
  if (!countries.includes(country)) return 'country-not-allowed';
  return PERSONS.has(type) ? undefined : 'number-type-not-allowed';
}

/**
 * The country and type of a number. A number that no plan has assigned, such as one reserved for films or in a range newer than the
 * metadata, counts as what its nearest neighbours are.
 */
export function locateNumber(phone: string): NumberLocation {
  const parsed = parsePhoneNumberFromString(phone);
  if (parsed === undefined || parsed.isNonGeographic()) return { country: undefined, type: undefined };
  const type = parsed.getType();
  if (parsed.country !== undefined && type !== undefined) return { country: parsed.country, type };
  return nearestLocation(parsed.countryCallingCode, parsed.nationalNumber);
}

/** The more leading digits two numbers share, the nearer they are. Among equally near ones, the majority decides. */
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
