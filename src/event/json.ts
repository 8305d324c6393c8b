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
  if (!hasLongRun(text)) {
    const value: Json = JSON.parse(text);
    return hasExtreme(value, 0) && LONG_NUMBER.test(text) ? JSON.parse(text, keepExactNumber) : value;
  }
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  return parseQuoted(text) ?? JSON.parse(text, keepExactNumber);
}

/** Digits and points in a row from which on a double may not hold them all. */
const LONG_RUN = 16;

/** Looks at every sixteenth character: a run of so many has one of them. */
function hasLongRun(text: string): boolean {
  const { length } = text;
  for (let at = LONG_RUN - 1; at < length; at += LONG_RUN) {
    if (!isDigitOrPoint(text.charCodeAt(at))) continue;
    let start = at;
    let end = at + 1;
    while (start > 0 && isDigitOrPoint(text.charCodeAt(start - 1))) start -= 1;
    while (end < length && isDigitOrPoint(text.charCodeAt(end))) end += 1;
    if (end - start >= LONG_RUN) return true;
  }
  return false;
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

// A member's value that is a long integer. Within a string its quote would have a backslash before it; where something
// else stands before the quote than what names end in, it may open a string, and the slow way is taken.
const LONG_MEMBER = /": ?-?\d{16,}(?=[,}])/g;
const ENDS_NAME = /\w/;

/** With long integers made text before parsing, which is many times faster than asking of each value; if that is all. */
function parseQuoted(text: string): Json | undefined {
  const quoted = text.replace(LONG_MEMBER, (member, at: number) => {
    const digits = member.slice(member.indexOf(':') + 1).trim();
    if (Number.isSafeInteger(Number(digits)) || !ENDS_NAME.test(text[at - 1] ?? '')) return member;
    return `":"${digits}"`;
  });
  if (LONG_NUMBER.test(quoted)) return undefined;
  try {
    return JSON.parse(quoted);
  } catch {
    // What is wrong is told of the text as it came.
    return undefined;
  }
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
