/**
 * JSON values, read without losing a digit.
 *
 * `JSON.parse` rounds integers beyond 2^53 (the `Keywords` of every Windows event, 64-bit process ids of CrowdStrike).
 * Such an integer is carried as its decimal text instead; fields of ECS type `long` compare it exactly.
 * A cheap look for 16 digits in a row decides whether the exact, slower way is needed at all.
 */
export type JsonScalar = string | number | boolean | null;
export type Json = JsonScalar | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

// A number follows one of these or starts the text; long digits within a string mostly follow its quote.
const LONG_DIGITS = /(?:^|[:,[\s])-?\d{16}/;

/**
 * Parses JSON text.
 * @throws {SyntaxError} when the text is not JSON.
 */
export function parseJson(text: string): Json {
  return LONG_DIGITS.test(text) ? JSON.parse(text, keepExactInteger) : JSON.parse(text);
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// The third argument (the source text of a primitive) is in V8 since 11.4; the DOM typings do not know it yet.
function keepExactInteger(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? source : value;
}
