/**
 * JSON values, read without losing a digit.
 *
 * `JSON.parse` rounds integers beyond 2^53 (the `Keywords` of every Windows event, 64-bit process ids of CrowdStrike), cuts
 * long decimals, and makes infinity of what is too large. Such a number is carried as its text instead; comparing takes
 * it for the number it is, an integer in a field of ECS type `long` exactly.
 * A cheap look for many digits in a row, or a large exponent, decides whether the exact, slower way is needed at all.
 */
export type JsonScalar = string | number | boolean | null;
export type Json = JsonScalar | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

// A number follows one of these or starts the text; long digits within a string mostly follow its quote. After two digits a
// fraction needs more of them: the seconds of times in text have up to nine. Costs as much as `JSON.parse`, so that a
// cheaper look comes first.
const LONG_NUMBER = /(?:^|[:,[\s])-?\d(?:\d{15}|(?:\d{2,})?\.\d{8}|\d\.\d{10}|(?:\.\d)?[eE][+-]?\d{3})/;

/**
 * Parses JSON text.
 * @throws {SyntaxError} when the text is not JSON.
 */
export function parseJson(text: string): Json {
  const plain = quoteLongIntegers(text);
  if (plain === undefined) return LONG_NUMBER.test(text) ? JSON.parse(text, keepExactNumber) : JSON.parse(text);
  let value: Json;
  try {
    value = JSON.parse(plain);
  } catch {
    // What is wrong is told of the text as it came.
    return JSON.parse(text);
  }
  return hasExtreme(value, 0) && LARGE_EXPONENT.test(plain) ? JSON.parse(text, keepExactNumber) : value;
}

// In a place where a number may stand, since ids in text look alike.
const LARGE_EXPONENT = /(?:^|[:,[\s])-?\d[\d.]*[eE][+-]?\d{3}/;

/** Digits and points in a row from which on a double may not hold them all. */
const LONG_RUN = 16;

/**
 * The text with long integers that are values of members made text, which is many times faster than asking of each value
 * whether it is exact; `undefined` where a long number may stand elsewhere.
 *
 * Looks at every sixteenth character: a long run has one of them. What is a member's value has `":` before it, and before
 * that what names end in: within a string there would be a backslash, and a quote that opens a string follows something else.
 */
function quoteLongIntegers(text: string): string | undefined {
  const { length } = text;
  let quoted = '';
  let done = 0;
  for (let at = LONG_RUN - 1; at < length; at += LONG_RUN) {
    if (!isDigitOrPoint(text.charCodeAt(at))) continue;
    let start = at;
    let end = at + 1;
    while (start > done && isDigitOrPoint(text.charCodeAt(start - 1))) start -= 1;
    while (end < length && isDigitOrPoint(text.charCodeAt(end))) end += 1;
    at += Math.floor((end - 1 - at) / LONG_RUN) * LONG_RUN;
    if (end - start < LONG_RUN) continue;
    if (text.charCodeAt(start - 1) === MINUS) start -= 1;
    if (!mayPrecedeNumber(text.charCodeAt(start - 1)) && start > 0) continue;
    const digits = text.slice(start, end);
    if (!INTEGER.test(digits) || !isMember(text, start, end)) return undefined;
    if (Number.isSafeInteger(Number(digits))) continue;
    quoted += `${text.slice(done, start)}"${digits}"`;
    done = end;
  }
  return done === 0 ? text : quoted + text.slice(done);
}

const MINUS = 0x2d;
const INTEGER = /^-?\d+$/;

/** As in `LONG_NUMBER`. */
function mayPrecedeNumber(code: number): boolean {
  return (
    code === 0x3a || code === 0x2c || code === 0x5b || code === 0x20 || (code >= 0x09 && code <= 0x0d) || code > 0x7f
  );
}

function isMember(text: string, start: number, end: number): boolean {
  const after = text.charCodeAt(end);
  if (after !== 0x2c && after !== 0x7d) return false;
  return text.charCodeAt(start - 1) === 0x3a && text.charCodeAt(start - 2) === 0x22 && /\w/.test(text[start - 3] ?? '');
}

function isDigitOrPoint(code: number): boolean {
  return code <= 0x39 && code >= 0x2e && code !== 0x2f;
}

/** Deeper than anybody nests; what is deeper is read the slow way. */
const DEEPEST = 500;

/** Whether a large exponent may have made a number infinite, or zero. */
function hasExtreme(value: Json, depth: number): boolean {
  if (typeof value === 'number') return value === 0 || !Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return false;
  if (depth > DEEPEST) return true;
  if (Array.isArray(value)) {
    for (const item of value) if (hasExtreme(item, depth + 1)) return true;
    return false;
  }
  const object = value as JsonObject;
  for (const name in object) if (hasExtreme(object[name] as Json, depth + 1)) return true;
  return false;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// The third argument (the source text of a primitive) is in V8 since 11.4; the DOM typings do not know it yet.
function keepExactNumber(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value;
  return isExact(value, context.source) ? value : context.source;
}

/** Programs write a double with up to 17 digits, which read back as that double; whoever writes more means more. */
function isExact(value: number, source: string): boolean {
  if (!Number.isFinite(value)) return false;
  if (/^-?\d+$/.test(source)) return Number.isSafeInteger(value);
  const [mantissa = ''] = source.split(/[eE]/, 1);
  const digits = mantissa.replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '').length;
  return value === 0 ? digits === 0 : digits <= 17;
}
