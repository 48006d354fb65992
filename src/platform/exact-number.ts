/** Without an exponent, every decimal number of this many digits has its own double. */
const MAX_SURE_DIGITS = 15;

/** An event with more such numbers is invalid, because each is compared with its text digit by digit. */
export const MAX_UNSURE_NUMBERS = 1_000;

/** Longer text does not count as a number. */
export const MAX_NUMBER_CHARACTERS = 1_000;

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?$/i;

export function isNumericText(text: string): boolean {
  return text.length <= MAX_NUMBER_CHARACTERS && NUMBER.test(text);
}

/** Whether the length alone proves that the double is exact. */
export function isSurelyExact(literal: string): boolean {
  return literal.length <= MAX_SURE_DIGITS && !literal.includes('e') && !literal.includes('E');
}

export function losesDigits(literal: string): boolean {
  if (isSurelyExact(literal)) return false;
  return decimalOf(literal) !== decimalOf(String(Number(literal)));
}

/** One form for all texts of a number: its digits without zeros at either end, then the exponent of the last digit. */
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

/** A pattern such as `0+$` would start again at each zero. */
function endOfOtherThanZero(digits: string): number {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === '0') end -= 1;
  return end;
}
