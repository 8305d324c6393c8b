/**
 * Whether bytes are a JSON string that is a time as nearly all sources write it: `"2026-01-31T23:59:59.123Z"`, a space for the
 * `T`, the fraction and the `Z` left out. Each of these is a time for whoever reads times (`event/time.ts`).
 */
const [ZERO, QUOTE, MINUS, COLON, POINT] = [0x30, 0x22, 0x2d, 0x3a, 0x2e];
const [LETTER_T, LETTER_Z, SPACE] = [0x54, 0x5a, 0x20];
/** Quotes around a day and a time of day. */
const SHORTEST = 21;
/** With a fraction of eleven digits. */
const LONGEST = 34;

export function isPlainTime(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length < SHORTEST || length > LONGEST || bytes[start] !== QUOTE || bytes[start + 5] !== MINUS) return false;
  const at = start + 1;
  const between = bytes[at + 10];
  if (bytes[at + 7] !== MINUS || (between !== LETTER_T && between !== SPACE)) return false;
  if (bytes[at + 13] !== COLON || bytes[at + 16] !== COLON) return false;
  const year = twoDigits(bytes, at) * 100 + twoDigits(bytes, at + 2);
  const month = twoDigits(bytes, at + 5);
  if (!(year >= 0 && month >= 1 && month <= 12)) return false;
  const day = twoDigits(bytes, at + 8);
  if (!(day >= 1 && day <= daysOf(year, month))) return false;
  if (!(twoDigits(bytes, at + 11) < 24 && twoDigits(bytes, at + 14) < 60 && twoDigits(bytes, at + 17) < 60))
    return false;
  let next = at + 19;
  if (bytes[next] === POINT) {
    next += 1;
    const first = next;
    while (isDigit(bytes[next] as number)) next += 1;
    if (next === first || next - first > 11) return false;
  }
  if (bytes[next] === LETTER_Z) next += 1;
  return next === end - 1;
}

function daysOf(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** NaN where they are none. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const [tens, ones] = [bytes[at] as number, bytes[at + 1] as number];
  return isDigit(tens) && isDigit(ones) ? (tens - ZERO) * 10 + ones - ZERO : Number.NaN;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39;
}
