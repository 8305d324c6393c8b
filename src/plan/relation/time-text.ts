/**
 * Points in time and spans of time in ticks of 100 ns, and how Kusto writes and reads them.
 *
 * A datetime counts from 1970 in UTC and lies in the years 1 to 9999, a timespan fits 64 bits; what lies outside is null.
 * Source: Microsoft's pages on the two types, and recorded answers of the engine.
 */
import { parseTime } from '../../event/time.ts';

export const TICKS_PER_MS = 10_000n;
export const TICKS_PER_SECOND = 10_000_000n;
export const TICKS_PER_DAY = 864_000_000_000n;

/** Of 0001-01-01, from which Kusto itself counts. */
export const FIRST_TICK = -621_355_968_000_000_000n;
/** Of 9999-12-31T23:59:59.9999999. */
export const LAST_TICK = 2_534_023_007_999_999_999n;

/** Ticks of a unit, by each of the names that Kusto has for it. */
export const TICKS_PER_UNIT: Readonly<Record<string, number>> = {
  d: 864e9,
  day: 864e9,
  days: 864e9,
  h: 36e9,
  hr: 36e9,
  hrs: 36e9,
  hour: 36e9,
  hours: 36e9,
  m: 6e8,
  min: 6e8,
  minute: 6e8,
  minutes: 6e8,
  s: 1e7,
  sec: 1e7,
  second: 1e7,
  seconds: 1e7,
  ms: 1e4,
  milli: 1e4,
  millis: 1e4,
  millisec: 1e4,
  millisecond: 1e4,
  milliseconds: 1e4,
  micro: 10,
  micros: 10,
  microsec: 10,
  microsecond: 10,
  microseconds: 10,
  tick: 1,
  ticks: 1,
};

/** The point in time, null where no calendar of four-digit years has it. */
export function datetimeOf(ticks: bigint): bigint | null {
  return ticks >= FIRST_TICK && ticks <= LAST_TICK ? ticks : null;
}

/** The span of time, null where 64 bits do not hold it. */
export function timespanOf(ticks: bigint): bigint | null {
  return BigInt.asIntN(64, ticks) === ticks ? ticks : null;
}

/** ISO 8601 with seven digits: `2020-01-01T00:00:00.0000000Z`. */
export function datetimeText(ticks: bigint): string {
  const ms = floorDivide(ticks, TICKS_PER_MS);
  const rest = ticks - ms * TICKS_PER_MS;
  return new Date(Number(ms)).toISOString().replace('Z', `${String(rest).padStart(4, '0')}Z`);
}

/** `1.02:03:04.5000000`: days and fraction only where there are any. */
export function timespanText(ticks: bigint): string {
  const length = ticks < 0n ? -ticks : ticks;
  const two = (value: bigint) => String(value).padStart(2, '0');
  const seconds = length / TICKS_PER_SECOND;
  const fraction = length % TICKS_PER_SECOND;
  const days = seconds / 86_400n;
  const clock = `${two((seconds / 3600n) % 24n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
  const shownDays = days === 0n ? '' : `${days}.`;
  const shownFraction = fraction === 0n ? '' : `.${String(fraction).padStart(7, '0')}`;
  return `${ticks < 0n ? '-' : ''}${shownDays}${clock}${shownFraction}`;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** ISO 8601 and what is close to it, a year and a month, and the forms of RFC 822 and RFC 850. */
export function readDatetime(text: string): bigint | null {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > 64) return null;
  const iso = /^(\d{4})(?:-(\d{1,2}))?$/.exec(trimmed);
  const time = parseTime(iso === null ? padded(trimmed) : `${iso[1]}-${(iso[2] ?? '01').padStart(2, '0')}-01`);
  return time === undefined ? null : datetimeOf(BigInt(time.ms) * TICKS_PER_MS + BigInt(time.ticks));
}

/** The text as ISO 8601 with two digits of month, day and hour. */
function padded(text: string): string {
  const two = (part = '') => part.padStart(2, '0');
  const dashed = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2})(:.*))?$/i.exec(text);
  if (dashed !== null) {
    const [, year, month, day, hour, rest] = dashed;
    const zone = rest?.replace(/\s*(?:GMT|UTC)$/i, 'Z');
    return `${year}-${two(month)}-${two(day)}${hour === undefined ? '' : `T${two(hour)}${zone}`}`;
  }
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?(?: ([AP])M)?)?$/i.exec(
    text,
  );
  if (american !== null) {
    const [, month, day, year, hour = '0', minute = '00', second = '00', half] = american;
    const shift = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toUpperCase() === 'P' ? 12 : 0);
    return `${year}-${two(month)}-${two(day)}T${two(String(shift))}:${minute}:${second}`;
  }
  const named =
    /^(?:[a-z]{3,9},? )?(\d{1,2})[ -]([a-z]{3})[a-z]*[ -](\d{4}|\d{2})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?(?: (?:GMT|UTC|Z|([+-]\d{4})))?$/i.exec(
      text,
    );
  if (named === null) return text;
  const [, day, month = '', year = '', hour = '0', minute = '00', second = '00', zone = 'Z'] = named;
  const at = MONTHS.indexOf(month.toLowerCase()) + 1;
  const full = year.length === 2 ? `${Number(year) < 50 ? '20' : '19'}${year}` : year;
  return at === 0 ? text : `${full}-${two(String(at))}-${two(day)}T${two(hour)}:${minute}:${second}${zone}`;
}

/** `1.02:03:04.5`, `00:30`, `1.5h`, `3 days`, and a number of days without a unit. */
export function readTimespan(text: string): bigint | null {
  const trimmed = text.trim();
  const [, sign = '', number = '', unit = ''] = /^(-?)\s*(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(trimmed) ?? [];
  if (number !== '') {
    const perUnit = unit === '' && !number.includes('.') ? TICKS_PER_UNIT.d : TICKS_PER_UNIT[unit.toLowerCase()];
    if (perUnit === undefined || number.length > 20) return null;
    const ticks = number.includes('.')
      ? BigInt(Math.round(Number(number) * perUnit))
      : BigInt(number) * BigInt(perUnit);
    return timespanOf(sign === '' ? ticks : -ticks);
  }
  const clock = /^(-?)(?:(\d{1,8})\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?$/.exec(trimmed);
  if (clock === null) return null;
  const [, minus, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = clock;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null;
  const whole = ((BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  const ticks = whole * TICKS_PER_SECOND + BigInt(fraction.padEnd(7, '0'));
  return timespanOf(minus === '' ? ticks : -ticks);
}

/** Towards minus infinity. */
export function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}
