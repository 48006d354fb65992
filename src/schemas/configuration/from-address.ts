import { domainToASCII } from 'node:url';
import * as z from 'zod';

const MAX_ADDRESS_LENGTH = 320;
const MAX_DOMAIN_LENGTH = 253;
/** Each level of a domain is a record in the transaction that publishes. */
const MAX_DOMAIN_LEVELS = 5;
const MAX_NAME_LENGTH = 128;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}$/;
const IN_BRACKETS = /^([^<>]*)<([^<>]*)>$/;
/** In quotes, or of words that need none. Many mail programs show only the name, so an "@" in it could look like the sender's address. */
const NAME = /^(?:"[^"\\@\p{Cc}]*" ?|[^"\\@,;:()[\]\p{Cc}]*)$/u;

/** The domain of a From address as in DNS: lower case, and IDN as punycode. Undefined if it is not such an address. */
export function fromDomain(address: string): string | undefined {
  if (address.length > MAX_ADDRESS_LENGTH) return undefined;
  const [, name = '', inBrackets] = IN_BRACKETS.exec(address) ?? [];
  const bare = inBrackets ?? address;
  const at = bare.lastIndexOf('@');
  const local = bare.slice(0, Math.max(at, 0));
  if (name.length > MAX_NAME_LENGTH || !NAME.test(name)) return undefined;
  if (!LOCAL_PART.test(local) || local.startsWith('.') || local.endsWith('.')) return undefined;
  return canonicalDomain(bare.slice(at + 1));
}

function canonicalDomain(written: string): string | undefined {
  if (written.length > MAX_DOMAIN_LENGTH || /\s/u.test(written)) return undefined;
  const domain = domainToASCII(written).toLowerCase();
  const labels = domain.split('.');
  const isDomain = labels.length >= 2 && labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '');
  return isDomain && labels.length <= MAX_DOMAIN_LEVELS ? domain : undefined;
}

export const FromAddress = z
  .string()
  .refine(
    (text) => fromDomain(text) !== undefined,
    `an address such as "Aurora <care@aurora.example>", at a domain of two to ${MAX_DOMAIN_LEVELS} levels`,
  );
