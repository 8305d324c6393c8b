/**
 * How a value of JSON writes a time, if it is written as one: as sources write their times, and nothing else, nearly always.
 *
 *   "2026-01-31T23:59:59.123Z", a space for the `T`, the fraction and the `Z` left out; a time for whoever reads times
 *   1769903999 · 1769903999.123 · 1769903999123 · 1769903999123456 · 1769903999123456789   since 1970, from 2001 to 2033
 *   134143775991234567   Windows' ticks, from 2012 to 2044
 *   "1769903999.123:42"   the audit log's time with its serial number
 *
 * Numbers may stand in quotes. Two values of one form are read alike by all who read such a value for a time; who reads it for
 * anything else, a number that looks like one of these means little to, which is found out (`line-sieve.ts`).
 */
import type { Json } from '../event/json.ts';

const [ZERO, ONE, THREE, FIVE, NINE] = [0x30, 0x31, 0x33, 0x35, 0x39];
const [QUOTE, MINUS, COLON, POINT] = [0x22, 0x2d, 0x3a, 0x2e];
const [LETTER_T, LETTER_Z, SPACE] = [0x54, 0x5a, 0x20];
/** Quotes around a day and a time of day. */
const SHORTEST = 21;
/** With a fraction of eleven digits. */
const LONGEST = 34;

/** Forms of times; numbers have their count of digits, and more where they stand in quotes. */
const [ISO, FRACTION, AUDIT, QUOTED] = [1, 32, 64, 128];
const MOST_FRACTION = 9;
const MOST_SERIAL = 20;

/** The form that the value has as a time; 0 where it is none. */
export function timeForm(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== QUOTE) return bytes[start] === ONE ? epochForm(bytes, start, end) : 0;
  if (isPlainTime(bytes, start, end)) return ISO;
  const form = bytes[start + 1] === ONE ? epochForm(bytes, start + 1, end - 1) : 0;
  return form === 0 ? 0 : form + QUOTED;
}

/**
 * Of a time's bytes the most and the least that each may be beside, so that another within these is one of the same form: the hour stays
 * the same, and of a number the digits that tell what it is.
 */
export function timesLike(time: Uint8Array): { readonly least: Uint8Array; readonly most: Uint8Array } {
  const [least, most] = [time.slice(), time.slice()];
  const isQuoted = time[0] === QUOTE;
  const isIso = isQuoted && isPlainTime(time, 0, time.length);
  for (let at = isIso ? MINUTES : isQuoted ? 3 : 2; at < time.length; at += 1) {
    if (!isDigit(time[at] as number)) continue;
    least[at] = ZERO;
    most[at] = isIso && (at === MINUTES || at === SECONDS) ? FIVE : NINE;
  }
  return { least, most };
}

/** Where they stand in a time in quotes. */
const [MINUTES, SECONDS] = [15, 18];

/** Another time, written in the same form. */
export function otherTime(value: Json): Json {
  const text = String(value);
  if (text.includes('-')) {
    const minute = text.startsWith('03:04', 11) ? '03:05' : '03:04';
    return `1999-05-17${text.charAt(10)}${minute}:05${text.slice(19)}`;
  }
  const [whole = '', rest = ''] = text.split(/(?=\D)(.*)/s);
  const digits = OTHER_DIGITS[whole.length === 18 ? 'ticks' : 'epoch'].slice(0, whole.length);
  const other = (digits === whole ? digits.replace(/4/, '5') : digits) + rest.replace(/\d/g, '7');
  return typeof value === 'number' ? Number(other) : other;
}

const OTHER_DIGITS = { epoch: '1434567890123456789', ticks: '134567890123456789' };

function epochForm(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (isDigit(bytes[at] as number)) at += 1;
  const length = at - start;
  if (length === 18) return at === end && bytes[start + 1] === THREE ? length : 0;
  if (length !== 10) return at === end && (length === 13 || length === 16 || length === 19) ? length : 0;
  if (at === end) return length;
  if (bytes[at] !== POINT) return 0;
  const point = at;
  for (at += 1; isDigit(bytes[at] as number); ) at += 1;
  if (at === point + 1 || at - point - 1 > MOST_FRACTION) return 0;
  if (at === end) return length + FRACTION;
  if (bytes[at] !== COLON) return 0;
  const colon = at;
  for (at += 1; isDigit(bytes[at] as number); ) at += 1;
  return at === end && at > colon + 1 && at - colon - 1 <= MOST_SERIAL ? length + FRACTION + AUDIT : 0;
}

const NO_NUMBER = 100_000;

function isPlainTime(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length < SHORTEST || length > LONGEST || bytes[start] !== QUOTE || bytes[start + 5] !== MINUS) return false;
  const at = start + 1;
  const between = bytes[at + 10];
  if (bytes[at + 7] !== MINUS || (between !== LETTER_T && between !== SPACE)) return false;
  if (bytes[at + 13] !== COLON || bytes[at + 16] !== COLON) return false;
  const year = twoDigits(bytes, at) * 100 + twoDigits(bytes, at + 2);
  const month = twoDigits(bytes, at + 5);
  if (!(year <= 9999 && month >= 1 && month <= 12)) return false;
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

/** Where they are none, more than any part of a time: whole, as all the others are. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const [tens, ones] = [bytes[at] as number, bytes[at + 1] as number];
  return isDigit(tens) && isDigit(ones) ? (tens - ZERO) * 10 + ones - ZERO : NO_NUMBER;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}
