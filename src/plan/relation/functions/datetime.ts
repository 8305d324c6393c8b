/**
 * Points in time: their parts, the ends of their day, week, month and year, differences, and making them.
 *
 * All in UTC, weeks begin on Sunday; what lies outside the years 1 to 9999 is null. Source: Microsoft's page on each
 * function, and recorded answers (`datetime_diff` counts boundaries passed, `week_of_year` is ISO's).
 */
import { addMonths, calendarDate, dayOfYear, dayStart, isoWeek, timeOfDay, weekday } from '../calendar.ts';
import type { Cell } from '../cell.ts';
import { convertCell } from '../cell-number.ts';
import type { ScalarFunction, Signature } from '../function.ts';
import {
  datetimeOf,
  FIRST_TICK,
  floorDivide,
  LAST_TICK,
  TICKS_PER_DAY,
  TICKS_PER_SECOND,
  timespanOf,
} from '../time-text.ts';
import { countAt, longAt, realAt, textAt, typeAt } from './arguments.ts';

const HOUR = 3600n * TICKS_PER_SECOND;
const MINUTE = 60n * TICKS_PER_SECOND;

/** Ticks of the units that have a fixed length. */
const UNITS: Readonly<Record<string, bigint>> = {
  week: 7n * TICKS_PER_DAY,
  day: TICKS_PER_DAY,
  hour: HOUR,
  minute: MINUTE,
  second: TICKS_PER_SECOND,
  millisecond: 10_000n,
  microsecond: 10n,
};

const MONTHS: Readonly<Record<string, number>> = { year: 12, quarter: 3, month: 1 };

const PARTS: Readonly<Record<string, (ticks: bigint) => bigint>> = {
  year: (ticks) => BigInt(calendarDate(ticks).year),
  quarter: (ticks) => BigInt(Math.ceil(calendarDate(ticks).month / 3)),
  month: (ticks) => BigInt(calendarDate(ticks).month),
  week_of_year: (ticks) => BigInt(isoWeek(ticks)),
  weekofyear: (ticks) => BigInt(isoWeek(ticks)),
  day: (ticks) => BigInt(calendarDate(ticks).day),
  dayofyear: (ticks) => BigInt(dayOfYear(ticks)),
  hour: (ticks) => timeOfDay(ticks) / HOUR,
  minute: (ticks) => (timeOfDay(ticks) / MINUTE) % 60n,
  second: (ticks) => (timeOfDay(ticks) / TICKS_PER_SECOND) % 60n,
  millisecond: (ticks) => (timeOfDay(ticks) / 10_000n) % 1000n,
  microsecond: (ticks) => (timeOfDay(ticks) / 10n) % 1_000_000n,
  nanosecond: (ticks) => (timeOfDay(ticks) % TICKS_PER_SECOND) * 100n,
};

type Start = (ticks: bigint, offset: number) => bigint | null;

const STARTS: Readonly<Record<'day' | 'week' | 'month' | 'year', Start>> = {
  day: (ticks, offset) => datetimeOf((floorDivide(ticks, TICKS_PER_DAY) + BigInt(offset)) * TICKS_PER_DAY),
  week: (ticks, offset) =>
    datetimeOf((floorDivide(ticks, TICKS_PER_DAY) - BigInt(weekday(ticks)) + 7n * BigInt(offset)) * TICKS_PER_DAY),
  month: (ticks, offset) => {
    const { year, month } = calendarDate(ticks);
    return dayStart(year, month + offset, 1);
  },
  year: (ticks, offset) => dayStart(calendarDate(ticks).year + offset, 1, 1),
};

export const DATETIME_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  startofday: startOf(STARTS.day),
  startofweek: startOf(STARTS.week),
  startofmonth: startOf(STARTS.month),
  startofyear: startOf(STARTS.year),
  endofday: endOf(STARTS.day),
  endofweek: endOf(STARTS.week),
  endofmonth: endOf(STARTS.month),
  endofyear: endOf(STARTS.year),
  // The engine adds a day before it looks at the weekday, and so has none for the last day of the calendar.
  dayofweek: ofTime((ticks) => (ticks > LAST_TICK - TICKS_PER_DAY ? null : BigInt(weekday(ticks)) * TICKS_PER_DAY)),
  dayofmonth: ofTime(PARTS.day),
  dayofyear: ofTime(PARTS.dayofyear),
  hourofday: ofTime(PARTS.hour),
  monthofyear: ofTime(PARTS.month),
  getyear: ofTime(PARTS.year),
  week_of_year: ofTime(PARTS.week_of_year),
  datetime_part: (args, signature) => {
    const part = PARTS[textAt(args, signature, 0).toLowerCase()];
    const ticks = timeAt(args, signature, 1);
    return part === undefined || ticks === null ? null : part(ticks);
  },
  datetime_add: (args, signature) => {
    const unit = textAt(args, signature, 0).toLowerCase();
    const [amount, ticks] = [longAt(args, signature, 1), timeAt(args, signature, 2)];
    if (amount === null || ticks === null) return null;
    const months = MONTHS[unit];
    if (months !== undefined) return addMonths(ticks, months * Number(amount));
    if (unit === 'nanosecond') return datetimeOf(ticks + amount / 100n);
    const length = UNITS[unit];
    return length === undefined ? null : datetimeOf(ticks + amount * length);
  },
  datetime_diff: (args, signature) => {
    const [later, earlier] = [timeAt(args, signature, 1), timeAt(args, signature, 2)];
    if (later === null || earlier === null) return null;
    const passed = boundaries(textAt(args, signature, 0).toLowerCase(), later, earlier);
    return passed === null ? null : convertCell(passed, 'long', signature.result);
  },
  make_datetime: (args, signature) => {
    if (args.includes(null)) return null;
    const [year = 1, month = 1, day = 1, hour = 0, minute = 0] = args
      .slice(0, 5)
      .map((_, at) => countAt(args, signature, at) ?? -1);
    const second = args.length > 5 ? (realAt(args, signature, 5) ?? -1) : 0;
    const start = dayStart(year, month, day);
    if (start === null || month < 1 || month > 12 || calendarDate(start).day !== day) return null;
    const time = clockTicks(hour, minute, second);
    return time === null ? null : datetimeOf(start + time);
  },
  make_timespan: (args, signature) => {
    if (args.includes(null)) return null;
    const hasDays = args.length > 3;
    const counts = args.slice(0, hasDays ? 3 : 2).map((_, at) => countAt(args, signature, at) ?? -1);
    const [days = 0, hour = 0, minute = 0] = hasDays ? counts : [0, ...counts];
    const secondAt = hasDays ? 3 : 2;
    const time = clockTicks(hour, minute, args.length > secondAt ? (realAt(args, signature, secondAt) ?? -1) : 0);
    return time === null || days < 0 ? null : timespanOf(BigInt(days) * TICKS_PER_DAY + time);
  },
  unixtime_seconds_todatetime: sinceEpoch(1e7),
  unixtime_milliseconds_todatetime: sinceEpoch(1e4),
  unixtime_microseconds_todatetime: sinceEpoch(10),
  unixtime_nanoseconds_todatetime: sinceEpoch(0.01),
  datetime_utc_to_local: (args, signature) => {
    const [ticks, zone] = [timeAt(args, signature, 0), zoneOf(textAt(args, signature, 1))];
    return ticks === null || zone === undefined ? null : datetimeOf(ticks + offsetAt(ticks, zone));
  },
  datetime_local_to_utc: (args, signature) => {
    const [local, zone] = [timeAt(args, signature, 0), zoneOf(textAt(args, signature, 1))];
    if (local === null || zone === undefined) return null;
    const guess = local - offsetAt(local, zone);
    return datetimeOf(local - offsetAt(guess, zone));
  },
};

function timeAt(args: readonly Cell[], signature: Signature, at: number): bigint | null {
  const ticks = convertCell(args[at] ?? null, typeAt(signature, at), 'datetime');
  return typeof ticks === 'bigint' ? ticks : null;
}

function ofTime(read: ((ticks: bigint) => bigint | null) | undefined): ScalarFunction {
  return (args, signature) => {
    const ticks = timeAt(args, signature, 0);
    return ticks === null || read === undefined ? null : read(ticks);
  };
}

function offsetArgument(args: readonly Cell[], signature: Signature): number | null {
  const offset = args.length > 1 ? countAt(args, signature, 1) : 0;
  return offset === null || Math.abs(offset) > 10_000_000 ? null : offset;
}

function startOf(start: Start): ScalarFunction {
  return (args, signature) => {
    const [ticks, offset] = [timeAt(args, signature, 0), offsetArgument(args, signature)];
    return ticks === null || offset === null ? null : start(ticks, offset);
  };
}

/** The tick before the next one starts. */
function endOf(start: Start): ScalarFunction {
  return (args, signature) => {
    const [ticks, offset] = [timeAt(args, signature, 0), offsetArgument(args, signature)];
    if (ticks === null || offset === null) return null;
    const next = start(ticks, offset + 1);
    // The last of the calendar has no next.
    if (next === null) return offset === 0 && start !== STARTS.week ? LAST_TICK : null;
    return datetimeOf(next - 1n);
  };
}

function boundaries(unit: string, later: bigint, earlier: bigint): bigint | null {
  const months = MONTHS[unit];
  if (months !== undefined) {
    const index = (ticks: bigint) => {
      const { year, month } = calendarDate(ticks);
      return Math.floor((year * 12 + month - 1) / months);
    };
    return BigInt(index(later) - index(earlier));
  }
  if (unit === 'nanosecond') return (later - earlier) * 100n;
  const length = UNITS[unit];
  if (length === undefined) return null;
  // Weeks are counted by their Sundays; year 1 begins on a Monday.
  const origin = FIRST_TICK - (unit === 'week' ? TICKS_PER_DAY : 0n);
  return floorDivide(later - origin, length) - floorDivide(earlier - origin, length);
}

function clockTicks(hour: number, minute: number, second: number): bigint | null {
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second >= 60) return null;
  return BigInt(hour) * HOUR + BigInt(minute) * MINUTE + BigInt(Math.round(second * 1e7));
}

function sinceEpoch(ticksPerUnit: number): ScalarFunction {
  return (args, signature) => {
    const long = typeAt(signature, 0) === 'real' ? null : longAt(args, signature, 0);
    if (long !== null) return datetimeOf(ticksPerUnit < 1 ? floorDivide(long, 100n) : long * BigInt(ticksPerUnit));
    // Finite seconds may be too many ticks for a number.
    const ticks = (realAt(args, signature, 0) ?? Number.NaN) * ticksPerUnit;
    return Number.isFinite(ticks) ? datetimeOf(BigInt(Math.round(ticks))) : null;
  };
}

const ZONES = new Map<string, Intl.DateTimeFormat | undefined>();

function zoneOf(name: string): Intl.DateTimeFormat | undefined {
  if (!ZONES.has(name)) {
    if (ZONES.size > 1_000) ZONES.clear();
    ZONES.set(name, formatOf(name));
  }
  return ZONES.get(name);
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  // Names as the tz database has them; a bare offset is none of Kusto's.
  if (!/^[A-Za-z][\w+/-]*$/.test(timeZone)) return undefined;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset', year: 'numeric' });
  } catch {
    return undefined;
  }
}

function offsetAt(ticks: bigint, zone: Intl.DateTimeFormat): bigint {
  const name = zone.formatToParts(Number(ticks / 10_000n)).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ?? [];
  const offset = BigInt(hours) * HOUR + BigInt(minutes) * MINUTE + BigInt(seconds) * TICKS_PER_SECOND;
  return sign === '-' ? -offset : offset;
}
