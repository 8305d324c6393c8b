/**
 * Numbers in dynamic values that JavaScript's own do not tell apart from others: a real that is whole (`5.0`, which Kusto
 * writes so) and a long beyond 2^53. They are objects with one member that nothing else has, and survive a thread's message.
 *
 *   text ──parseDynamic──▶ value with exact numbers ──dynamicText──▶ the same text
 *                                                  └──plainJson──▶ numbers, of longs beyond 2^53 the decimal text
 */
import { isJsonObject, type Json, parseJson } from '../../event/json.ts';
import { realText } from './real-text.ts';

const MEMBER = '\u0000number';
const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/;
/** How JSON writes the object around the text. */
const WRITTEN = /\{"\\u0000number":"(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)"\}/g;
/**
 * A number that a plain reading may change: whole and with a point, with an exponent, or of many digits. Such words in texts
 * (hashes, times) mostly do not stand as numbers do.
 */
const INEXACT = /(?:^|[:,[\s])-?(?:\d+\.0+|\d+(?:\.\d+)?[eE][+-]?\d+|\d{16,})(?=[\s,\]}]|$)/;

/** The number's text, `5.0` or `9223372036854775807`; `undefined` of what is none of these. */
export function exactText(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const text = (value as Readonly<Record<string, unknown>>)[MEMBER];
  return typeof text === 'string' && NUMBER.test(text) && Object.keys(value).length === 1 ? text : undefined;
}

export function exactReal(value: number): Json {
  return Number.isInteger(value) ? { [MEMBER]: realText(value) } : value;
}

export function exactLong(value: bigint): Json {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : { [MEMBER]: String(value) };
}

/** Whether a number of a dynamic value is a long; `undefined` of what is no number. */
export function isLong(value: Json): boolean | undefined {
  if (typeof value === 'number') return Number.isInteger(value);
  const text = exactText(value);
  return text === undefined ? undefined : !/[.e]/.test(text);
}

/**
 * Reads JSON as Kusto does: an integer is a long, every other number a real.
 * @throws {SyntaxError} when the text is not JSON.
 */
export function parseDynamic(text: string): Json {
  if (!INEXACT.test(text)) return parseJson(text);
  return JSON.parse(text, (_name, value: Json, context?: { readonly source?: string }) =>
    typeof value === 'number' && context?.source !== undefined ? numberOf(context.source, value) : value,
  ) as Json;
}

/** Integers keep their digits also beyond 64 bits; beyond the doubles a number is its text, as for `parseJson`. */
function numberOf(source: string, value: number): Json {
  if (/^-?\d{1,400}$/.test(source)) return exactLong(BigInt(source));
  return Number.isFinite(value) ? exactReal(value) : source;
}

/** The value as JSON without blanks, for what reads it with `parseDynamic`. */
export function dynamicText(value: unknown): string {
  const text = JSON.stringify(value);
  return text.includes(MEMBER_WRITTEN) ? text.replace(WRITTEN, '$1') : text;
}

const MEMBER_WRITTEN = JSON.stringify(MEMBER);

/** For what knows JavaScript's numbers only. */
export function plainJson(value: Json): Json {
  const text = exactText(value);
  if (text !== undefined) return /[.e]/.test(text) ? Number(text) : text;
  if (Array.isArray(value)) return value.some((item) => typeof item === 'object') ? value.map(plainJson) : value;
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plainJson(item)]));
}
