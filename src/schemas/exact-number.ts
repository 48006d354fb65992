/** Any decimal number of so many digits is one double of its own, in every range that has no exponent. */
const MAX_SURE_DIGITS = 15;

/** So many numbers of one event are compared with their text, digit by digit; one with more is refused. */
export const MAX_UNSURE_NUMBERS = 1_000;

/** Longer text of a number is taken for text. */
export const MAX_NUMBER_CHARACTERS = 1_000;

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?$/i;

/** Whether text is a number as people and JSON write it. */
export function isNumericText(text: string): boolean {
  return text.length <= MAX_NUMBER_CHARACTERS && NUMBER.test(text);
}

/** Whether it is plain from its length that the double of a number says the same. */
export function isSurelyExact(literal: string): boolean {
  return literal.length <= MAX_SURE_DIGITS && !literal.includes('e') && !literal.includes('E');
}

/** Whether the double that a number becomes says less, or something else, than its text. */
export function losesDigits(literal: string): boolean {
  if (isSurelyExact(literal)) return false;
  return decimalOf(literal) !== decimalOf(String(Number(literal)));
}

/** One form for all texts of one number: its digits without zeros at either end, then the exponent of the last. */
export function decimalOf(literal: string): string {
  const [mantissa = '', exponent = '0'] = literal.toLowerCase().split('e', 2);
  const unsigned = mantissa.startsWith('-') || mantissa.startsWith('+') ? mantissa.slice(1) : mantissa;
  const [whole = '', fraction = ''] = unsigned.split('.', 2);
  const digits = `${whole}${fraction}`;
  const first = firstOtherThanZero(digits);
  if (first === digits.length) return '0';
  const end = endOfOtherThanZero(digits);
  const power = Number(exponent) - fraction.length + (digits.length - end);
  return `${mantissa.startsWith('-') ? '-' : ''}${digits.slice(first, end)}e${power}`;
}

function firstOtherThanZero(digits: string): number {
  let index = 0;
  while (index < digits.length && digits[index] === '0') index += 1;
  return index;
}

/** A pattern such as `0+$` would begin again at each zero. */
function endOfOtherThanZero(digits: string): number {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === '0') end -= 1;
  return end;
}
