/**
 * `format_datetime`, `format_timespan` and `format_bytes`.
 *
 * A format is a run of letters and delimiters; a longer run of a letter than Kusto knows is read from the left in the
 * longest pieces (`dddd` is twice `dd`). Source: Microsoft's pages, and recorded answers.
 */
import { calendarDate, timeOfDay } from '../calendar.ts';
import type { Cell, ScalarType } from '../cell.ts';
import { convertCell } from '../cell-number.ts';
import type { ScalarFunction } from '../function.ts';
import { TICKS_PER_DAY, TICKS_PER_SECOND } from '../time-text.ts';
import { countAt, realAt, textAt, typeAt } from './arguments.ts';

const DATETIME_PIECES = /yyyy|yy|y|MM|M|dd|d|HH|H|hh|h|mm|m|ss|s|f{1,7}|F{1,7}|tt|[ /\-:,._[\]]|[\s\S]/g;
const TIMESPAN_PIECES = /d{1,8}|HH|H|hh|h|mm|m|ss|s|f{1,7}|F{1,7}|[ /\-:,._[\]]|[\s\S]/g;
const DELIMITERS = ' /-:,._[]';

export const FORMAT_TIME_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  format_datetime: (args, signature) => {
    const ticks = ticksOf(args[0] ?? null, typeAt(signature, 0), 'datetime');
    if (ticks === null) return '';
    const { year, month, day } = calendarDate(ticks);
    const clock = clockOf(timeOfDay(ticks));
    const twelve = clock.h % 12 === 0 ? 12 : clock.h % 12;
    return formatted(textAt(args, signature, 1), DATETIME_PIECES, {
      ...clock.pieces,
      yyyy: padded(year, 4),
      yy: padded(year % 100, 2),
      y: String(year % 100),
      MM: padded(month, 2),
      M: String(month),
      dd: padded(day, 2),
      d: String(day),
      hh: padded(twelve, 2),
      h: String(twelve),
      tt: clock.h < 12 ? 'AM' : 'PM',
    });
  },
  format_timespan: (args, signature) => {
    const ticks = ticksOf(args[0] ?? null, typeAt(signature, 0), 'timespan');
    if (ticks === null) return '';
    const length = ticks < 0n ? -ticks : ticks;
    const days = Number(length / TICKS_PER_DAY);
    const { h, pieces } = clockOf(length % TICKS_PER_DAY);
    const ofDays = Array.from({ length: 8 }, (_, at) => ['d'.repeat(at + 1), padded(days, at + 1)] as const);
    const made = formatted(textAt(args, signature, 1), TIMESPAN_PIECES, {
      ...pieces,
      ...Object.fromEntries(ofDays),
      hh: padded(h, 2),
      h: String(h),
    });
    return ticks < 0n && made !== '' ? `-${made}` : made;
  },
  format_bytes: (args, signature) => {
    const value = realAt(args, signature, 0);
    if (value === null) return '';
    const digits = args.length > 1 ? Math.min(10, Math.max(0, countAt(args, signature, 1) ?? 0)) : 0;
    const wanted = args.length > 2 ? textAt(args, signature, 2).toUpperCase() : '';
    const asked = UNITS.findIndex((unit) => unit.toUpperCase() === wanted);
    if (wanted !== '' && asked === -1) return '';
    const fitting = Math.floor(Math.log2(Math.max(1, Math.abs(value))) / 10);
    const at = asked === -1 ? Math.min(UNITS.length - 1, fitting) : asked;
    const scaled = value / 1024 ** at;
    return `${Number(scaled.toFixed(digits))} ${UNITS[at]}`;
  },
};

const UNITS = ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'];

function ticksOf(cell: Cell, from: ScalarType, to: 'datetime' | 'timespan'): bigint | null {
  const ticks = convertCell(cell, from, to);
  return typeof ticks === 'bigint' ? ticks : null;
}

function padded(value: number, length: number): string {
  return String(value).padStart(length, '0');
}

/** The pieces that formats of both kinds have. */
function clockOf(ticks: bigint): { readonly h: number; readonly pieces: Readonly<Record<string, string>> } {
  const seconds = Number(ticks / TICKS_PER_SECOND);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const fraction = padded(Number(ticks % TICKS_PER_SECOND), 7);
  const fractions = Array.from({ length: 7 }, (_, at) => {
    const digits = fraction.slice(0, at + 1);
    return [
      ['f'.repeat(at + 1), digits],
      ['F'.repeat(at + 1), digits.replace(/0+$/, '')],
    ] as const;
  });
  const pieces = {
    HH: padded(h, 2),
    H: String(h),
    mm: padded(m, 2),
    m: String(m),
    ss: padded(s, 2),
    s: String(s),
    ...Object.fromEntries(fractions.flat()),
  };
  return { h, pieces };
}

/** '' where the format has something that Kusto does not know. */
function formatted(format: string, pattern: RegExp, pieces: Readonly<Record<string, string>>): string {
  let made = '';
  for (const [piece] of format.matchAll(pattern)) {
    const text = DELIMITERS.includes(piece) ? piece : pieces[piece];
    if (text === undefined) return '';
    made += text;
  }
  return made;
}
