/**
 * Event time to 100 nanoseconds: epoch milliseconds and the 100-ns ticks that remain (0 to 9,999).
 *
 * 100 ns is the unit of Windows and of Kusto; finer digits (Go and auditd can print nanoseconds) are cut, not rounded,
 * so that order is kept.
 */
export interface EventTime {
  /** Milliseconds since 1970-01-01T00:00:00Z; negative before. */
  readonly ms: number;
  /** 100-ns ticks after `ms`, 0 to 9,999. */
  readonly ticks: number;
}

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,12}))?)?)?\s*(Z|z|UTC|[+-]\d{2}(?::?\d{2})?)?$/;

export function timeFromMs(ms: number): EventTime {
  const whole = Math.floor(ms);
  return { ms: whole, ticks: Math.min(9_999, Math.floor((ms - whole) * 10_000)) };
}

/** From decimal seconds as text (`1604994496.155`, as auditd and Zeek write them), without rounding through a float. */
export function timeFromSeconds(text: string): EventTime | undefined {
  const match = /^(\d{1,12})(?:\.(\d{1,12}))?$/.exec(text);
  if (match === null) return undefined;
  const digits = (match[2] ?? '').padEnd(7, '0');
  return { ms: Number(match[1]) * 1000 + Number(digits.slice(0, 3)), ticks: Number(digits.slice(3, 7)) };
}

/** `Date.UTC` takes the years 0 to 99 for 1900 and later; the calendar repeats every 400 years. */
function epochOf([year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0]: readonly number[]): number {
  const isEarly = year < 100;
  const epoch = Date.UTC(isEarly ? year + 400 : year, month - 1, day, hour, minute, second);
  return isEarly ? epoch - DAYS_OF_400_YEARS * 86_400_000 : epoch;
}

const DAYS_OF_400_YEARS = 146_097;

/** ISO 8601 as endpoints write it; a time without a zone is UTC. `undefined` where the text is no time. */
export function parseTime(text: string): EventTime | undefined {
  return parsePlainTime(text) ?? parseAnyTime(text);
}

/** Starts of days read before, in epoch milliseconds: events come day by day. */
const DAYS = new Map<string, number>();
const DAYS_KEPT = 1_000;

/** `2026-01-31T23:59:59.1234567Z`, a space for the `T`, the fraction and `Z` left out: what nearly all times look like. */
function parsePlainTime(text: string): EventTime | undefined {
  const { length } = text;
  const separator = text.charCodeAt(10);
  if (length < 19 || (separator !== 0x54 && separator !== 0x20)) return undefined;
  if (text.charCodeAt(13) !== 0x3a || text.charCodeAt(16) !== 0x3a) return undefined;
  const [hour, minute, second] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)];
  if (!(hour < 24 && minute < 60 && second < 60)) return undefined;
  let ticks = 0;
  let end = 19;
  if (text.charCodeAt(19) === 0x2e) {
    let unit = 1_000_000;
    for (end = 20; end < length && end < 32 && isDigit(text.charCodeAt(end)); end += 1) {
      ticks += Math.floor(unit) * (text.charCodeAt(end) - 0x30);
      unit /= 10;
    }
    if (end === 20) return undefined;
  }
  if (end < length && !(end === length - 1 && text.charCodeAt(end) === 0x5a)) return undefined;
  const day = startOfDay(text);
  if (day === undefined) return undefined;
  const fraction = Math.floor(ticks / 10_000);
  return { ms: day + ((hour * 60 + minute) * 60 + second) * 1000 + fraction, ticks: ticks - fraction * 10_000 };
}

function startOfDay(text: string): number | undefined {
  const day = text.slice(0, 10);
  let ms = DAYS.get(day);
  if (ms === undefined) {
    ms = parseAnyTime(day)?.ms;
    if (ms === undefined) return undefined;
    if (DAYS.size >= DAYS_KEPT) DAYS.clear();
    DAYS.set(day, ms);
  }
  return ms;
}

/** NaN where they are none. */
function twoDigits(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at), text.charCodeAt(at + 1)];
  return isDigit(tens) && isDigit(ones) ? (tens - 0x30) * 10 + ones - 0x30 : Number.NaN;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function parseAnyTime(text: string): EventTime | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  const base = epochOf([year, month, day, hour, minute, second].map(Number));
  const check = new Date(base);
  if (check.getUTCMonth() !== Number(month) - 1 || check.getUTCDate() !== Number(day) || Number(hour) > 23) {
    return undefined;
  }
  const digits = fraction.padEnd(7, '0');
  return { ms: base - zoneOffset(zone) + Number(digits.slice(0, 3)), ticks: Number(digits.slice(3, 7)) };
}

/** ISO 8601 in UTC: milliseconds always, seven digits where there are ticks. */
export function formatTime(time: EventTime): string {
  const text = new Date(time.ms).toISOString();
  return time.ticks === 0 ? text : `${text.slice(0, -1)}${String(time.ticks).padStart(4, '0')}Z`;
}

export function compareTimes(a: EventTime, b: EventTime): number {
  return a.ms - b.ms || a.ticks - b.ticks;
}

function zoneOffset(zone: string): number {
  if (zone === 'Z' || zone === 'z' || zone === 'UTC') return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4));
  return (zone[0] === '-' ? -minutes : minutes) * 60_000;
}
