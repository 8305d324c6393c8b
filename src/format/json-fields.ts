/**
 * Values of a vendor's JSON record as ECS wants them; a value of another kind reads as missing, never as a crash.
 *
 * Vendors write numbers as text as often as not. An integer beyond 2^53 stays decimal text.
 */
import { isIP } from 'node:net';
import type { Json, JsonObject } from '../event/json.ts';
import { type EventTime, formatTime, parseTime, timeFromMs, timeFromSeconds } from '../event/time.ts';

/** The scalar under a name as text; missing, null, empty and nested values are `undefined`. */
export function textAt(record: JsonObject, name: string): string | undefined {
  return asText(Object.hasOwn(record, name) ? record[name] : undefined);
}

export function asText(value: Json | undefined): string | undefined {
  if (value === undefined || value === null || value === '' || typeof value === 'object') return undefined;
  return String(value);
}

/** A whole number, exact: as a number where that holds it, else as decimal text. */
export function integerAt(record: JsonObject, name: string): number | string | undefined {
  return asInteger(textAt(record, name));
}

export function asInteger(text: string | undefined): number | string | undefined {
  if (text === undefined || !/^-?\d{1,20}$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value + 0 : text;
}

/** An IPv6 address with IPv4 in it and a zone. */
const MAX_ADDRESS = 64;

/** The address where the text is one, without a zone (`%eth0`) and not as IPv4 written as IPv6. */
export function asIp(text: string | undefined): string | undefined {
  if (text === undefined || text.length > MAX_ADDRESS) return undefined;
  const plain = text.replace(/%.*$/s, '').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
  return isIP(plain) === 0 ? undefined : plain;
}

/** Decimal seconds since 1970 as a time. */
export function secondsAsTime(text: string | undefined): EventTime | undefined {
  return text === undefined ? undefined : timeFromSeconds(text);
}

/** Milliseconds since 1970 or ISO 8601, as a time. */
export function millisecondsAsTime(text: string | undefined): EventTime | undefined {
  if (text === undefined) return undefined;
  if (!/^-?\d{1,15}(?:\.\d{1,9})?$/.test(text)) return parseTime(text);
  const ms = Number(text);
  return Math.abs(ms) < 8.64e15 ? timeFromMs(ms) : undefined;
}

/** 100-ns ticks since 1601 (Windows FILETIME), decimal, as a time; `undefined` before 1970 and after 9999. */
export function ticksAsTime(text: string | undefined): EventTime | undefined {
  if (text === undefined || !/^\d{17,19}$/.test(text)) return undefined;
  const ticks = BigInt(text) - 116_444_736_000_000_000n;
  const ms = Number(ticks / 10_000n);
  return ticks < 0n || ms > 253_402_300_799_999 ? undefined : { ms, ticks: Number(ticks % 10_000n) };
}

/** ISO 8601, `undefined` for no time. */
export function isoTime(time: EventTime | undefined): string | undefined {
  return time === undefined ? undefined : formatTime(time);
}

/** The values that are there, each once, in order; `undefined` instead of an empty list. */
export function distinct(values: Iterable<Json | undefined>): Json[] | undefined {
  const found = new Set<Json>();
  for (const value of values) if (value !== undefined) found.add(value);
  return found.size === 0 ? undefined : [...found];
}
