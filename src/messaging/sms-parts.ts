/**
 * `characters` as the network counts them: septets in GSM-7, UTF-16 units in UCS-2. `forcedBy` is the first character that GSM-7 lacks: it
 * makes the whole text UCS-2. No carrier takes a text that is `tooLong`.
 */
export type SmsCount = { characters: number; parts: number; encoding: 'GSM-7' | 'UCS-2'; forcedBy?: string; tooLong: boolean };

// 3GPP TS 23.038, sections 6.2.1 and 6.2.1.1. A character of the extension table is sent as an escape and a septet.
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const EXTENSION = new Set('\f^{}\\[~]|€');

/** `longest` is Amazon SNS's limit. In joined parts, a header takes six octets of each. */
const LIMITS = {
  'GSM-7': { alone: 160, joined: 153, longest: 1530 },
  'UCS-2': { alone: 70, joined: 67, longest: 630 },
};

/**
 * Counts a text as SNS and the networks do: 160 or 70 characters in one part, 153 or 67 in each of several.
 *
 * No library, because libraries count other things: `sms-segments-calculator` keeps whole graphemes together and counts them as characters,
 * which no network does.
 */
export function countSms(text: string): SmsCount {
  const characters = [...text];
  const forcedBy = characters.find((character) => !BASIC.has(character) && !EXTENSION.has(character));
  const encoding = forcedBy === undefined ? 'GSM-7' : 'UCS-2';
  const { alone, joined, longest } = LIMITS[encoding];
  const sizes = characters.map((character) => (encoding === 'UCS-2' ? character.length : septets(character)));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return {
    characters: total,
    parts: total <= alone ? 1 : countParts(sizes, joined),
    encoding,
    ...(forcedBy === undefined ? {} : { forcedBy }),
    tooLong: total > longest,
  };
}

function septets(character: string): number {
  return EXTENSION.has(character) ? 2 : 1;
}

/** No part ends within an escaped character or a surrogate pair: one that does not fit whole starts the next part. */
function countParts(sizes: number[], capacity: number): number {
  let parts = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > capacity) {
      parts += 1;
      used = 0;
    }
    used += size;
  }
  return parts;
}
