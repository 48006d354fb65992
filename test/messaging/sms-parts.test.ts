import { expect, test } from 'vitest';
import { countSms } from '../../src/messaging/sms-parts.ts';

const GSM_7 = 'GSM-7';
const UCS_2 = 'UCS-2';

test.each<[string, string, number, number, string, boolean]>([
  ['nothing', '', 0, 1, GSM_7, false],
  ['160 characters', 'a'.repeat(160), 160, 1, GSM_7, false],
  ['161 characters', 'a'.repeat(161), 161, 2, GSM_7, false],
  ['306 characters', 'a'.repeat(306), 306, 2, GSM_7, false],
  ['307 characters', 'a'.repeat(307), 307, 3, GSM_7, false],
  ['80 euro signs', '€'.repeat(80), 160, 1, GSM_7, false],
  ['81 euro signs', '€'.repeat(81), 162, 2, GSM_7, false],
  // 153 is odd: an escaped character never spans two parts, so each holds 76 of them.
  ['152 euro signs', '€'.repeat(152), 304, 2, GSM_7, false],
  ['153 euro signs', '€'.repeat(153), 306, 3, GSM_7, false],
  ['an escape at the end of a part', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 306, 3, GSM_7, false],
  ['what GSM-7 has beyond letters and digits', '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¡ÄÖÑÜ§¿äöñüà^{}\\[~]|€\f', 63, 1, GSM_7, false],
  ['1,530 characters', 'a'.repeat(1530), 1530, 10, GSM_7, false],
  ['1,531 characters', 'a'.repeat(1531), 1531, 11, GSM_7, true],
  ['70 Cyrillic letters', 'я'.repeat(70), 70, 1, UCS_2, false],
  ['71 Cyrillic letters', 'я'.repeat(71), 71, 2, UCS_2, false],
  ['134 Cyrillic letters', 'я'.repeat(134), 134, 2, UCS_2, false],
  ['135 Cyrillic letters', 'я'.repeat(135), 135, 3, UCS_2, false],
  ['35 emoji', '😀'.repeat(35), 70, 1, UCS_2, false],
  // 67 is odd: a surrogate pair never spans two parts, so each holds 33 emoji.
  ['66 emoji', '😀'.repeat(66), 132, 2, UCS_2, false],
  ['67 emoji', '😀'.repeat(67), 134, 3, UCS_2, false],
  ['escaped characters count once in UCS-2', `я${'€'.repeat(69)}`, 70, 1, UCS_2, false],
  ['630 Cyrillic letters', 'я'.repeat(630), 630, 10, UCS_2, false],
  ['631 Cyrillic letters', 'я'.repeat(631), 631, 10, UCS_2, true],
])('%s', (_name, text, characters, parts, encoding, tooLong) => {
  expect(countSms(text)).toMatchObject({ characters, parts, encoding, tooLong });
});

test.each([
  ['Tienes 5 € de crédito más', 'á'],
  ['Don’t wait “now”', '’'],
  ['no-break\u00a0space', '\u00a0'],
  ['ç is not Ç', 'ç'],
  ['a `backtick`', '`'],
  ['tab\tbed', '\t'],
  ['first 😀, then я', '😀'],
])('in "%s" the character "%s" forces UCS-2', (text, forcedBy) => {
  expect(countSms(text).forcedBy).toBe(forcedBy);
});

test('a text in GSM-7 names no character', () => {
  expect(countSms('Señal: ¡quedan 5 € [aviso]!')).not.toHaveProperty('forcedBy');
});
