/**
 * Texts that dates are compared with, read as Elasticsearch's range queries read them: ISO 8601, as much of it as is
 * written (`2024-05` is the whole month), epoch milliseconds, and date math: `now-1d/d`, `2024-05-01||+1M/d`.
 *
 *   text ──anchor──▶ first and last instant ──`+1d`, `-2h`──▶ moved ──`/d`──▶ the whole unit
 *
 * `>` and `<=` take the last instant, `<` and `>=` the first, `==` all between.
 */
import { parseTime } from '../event/time.ts';

export interface DateRange {
  /** ISO 8601 in UTC. */
  readonly first: string;
  readonly last: string;
  /** Read from `now`. */
  readonly moving: boolean;
}

interface Instants {
  readonly first: number;
  readonly last: number;
}

const PARTIAL = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[Tt ](\d{2})(?::(\d{2})(?::(\d{2}))?)?)?)?)?(Z|z|[+-]\d{2}:?\d{2})?$/;
/** Milliseconds; four digits are a year. */
const EPOCH = /^-?\d{1,15}$/;
const STEP = /([+-])(\d{1,6})([yMwdhHms])|\/([yMwdhHms])/y;
/** A date with its math is short; what is longer is none. */
const LONGEST = 200;
const DAY = 86_400_000;

/** @param now epoch milliseconds; `undefined` for what is no date */
export function readDate(text: string, now: number): DateRange | undefined {
  if (text.length > LONGEST) return undefined;
  const moving = text.startsWith('now');
  const split = text.indexOf('||');
  if (!moving && split === -1) {
    const exact = parseTime(text);
    if (exact !== undefined && /[.,]\d/.test(text)) return { first: text, last: text, moving };
  }
  const anchor = moving ? { first: now, last: now } : wholeUnit(split === -1 ? text : text.slice(0, split));
  const math = moving ? text.slice(3) : split === -1 ? '' : text.slice(split + 2);
  const range = anchor === undefined ? undefined : calculate(anchor, math);
  if (range === undefined || !isRepresentable(range)) return undefined;
  return { first: new Date(range.first).toISOString(), last: lastTick(range), moving };
}

/** Dates as ISO texts have four digits for the year. */
function isRepresentable({ first, last }: Instants): boolean {
  return first >= Date.UTC(0, 0, 1) - 62_167_219_200_000 && last < Date.UTC(10_000, 0, 1) && first <= last;
}

/** A range that is more than an instant ends just before the next millisecond. */
function lastTick({ first, last }: Instants): string {
  const text = new Date(last).toISOString();
  return first === last ? text : `${text.slice(0, -1)}9999Z`;
}

function wholeUnit(text: string): Instants | undefined {
  const match = PARTIAL.exec(text);
  if (match === null) {
    if (EPOCH.test(text)) return { first: Number(text), last: Number(text) };
    const exact = parseTime(text);
    return exact === undefined ? undefined : { first: exact.ms, last: exact.ms };
  }
  const [, year = '', month, day, hour, minute, second, zone = 'Z'] = match;
  const full = `${year}-${month ?? '01'}-${day ?? '01'}T${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}${zone}`;
  const first = parseTime(full)?.ms;
  if (first === undefined) return undefined;
  const unit = second ? 's' : minute ? 'm' : hour ? 'h' : day ? 'd' : month ? 'M' : 'y';
  return { first, last: move(first, 1, unit) - 1 };
}

function calculate(anchor: Instants, math: string): Instants | undefined {
  let range = anchor;
  STEP.lastIndex = 0;
  while (STEP.lastIndex < math.length) {
    const match = STEP.exec(math);
    if (match === null) return undefined;
    const [, sign, count, unit = '', rounding] = match;
    if (rounding !== undefined) {
      const end = startOf(range.last, rounding);
      range = { first: startOf(range.first, rounding), last: move(end, 1, rounding) - 1 };
    } else {
      const steps = sign === '-' ? -Number(count) : Number(count);
      range = { first: move(range.first, steps, unit), last: move(range.last, steps, unit) };
    }
    if (Number.isNaN(range.first) || Number.isNaN(range.last)) return undefined;
  }
  return range;
}

const LENGTHS: Readonly<Record<string, number>> = {
  w: 7 * DAY,
  d: DAY,
  h: 3_600_000,
  H: 3_600_000,
  m: 60_000,
  s: 1_000,
};

/** Months and years keep the day of the month, or the last one that there is. */
function move(time: number, steps: number, unit: string): number {
  const length = LENGTHS[unit];
  if (length !== undefined) return time + steps * length;
  const date = new Date(time);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + (unit === 'y' ? 12 * steps : steps));
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  return date.getTime();
}

/** Weeks begin on Monday. */
function startOf(time: number, unit: string): number {
  const date = new Date(time);
  if (unit === 'y') return Date.UTC(date.getUTCFullYear(), 0, 1);
  if (unit === 'M') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  if (unit === 'w') return Math.floor(time / DAY) * DAY - ((date.getUTCDay() + 6) % 7) * DAY;
  const length = LENGTHS[unit] as number;
  return Math.floor(time / length) * length;
}
