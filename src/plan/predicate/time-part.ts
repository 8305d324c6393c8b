/**
 * The minute, hour, day, week, month or year of a point in time, in UTC.
 */
import type { Scalar } from '../../event/field-path.ts';
import type { TimePart, TimePartTest } from './node.ts';
import { toTime } from './scalar.ts';

const DAY = 86_400_000;

export function compileTimePart({ part, operator, bound }: TimePartTest): (value: Scalar) => boolean {
  const read = PARTS[part];
  const holds = OPERATORS[operator];
  return (value) => {
    const time = typeof value === 'boolean' ? undefined : toTime(value);
    if (time === undefined) return false;
    const date = new Date(time.ms);
    return !Number.isNaN(date.getTime()) && holds(read(date), bound);
  };
}

const OPERATORS: Readonly<Record<TimePartTest['operator'], (value: number, bound: number) => boolean>> = {
  '==': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

const PARTS: Readonly<Record<TimePart, (date: Date) => number>> = {
  minute: (date) => date.getUTCMinutes(),
  hour: (date) => date.getUTCHours(),
  day: (date) => date.getUTCDate(),
  week: isoWeek,
  month: (date) => date.getUTCMonth() + 1,
  year: (date) => date.getUTCFullYear(),
};

/** Weeks begin on Monday and belong to the year in which their Thursday lies. */
function isoWeek(date: Date): number {
  const weekday = (date.getUTCDay() + 6) % 7;
  const thursday = new Date(date.getTime() + (3 - weekday) * DAY);
  return 1 + Math.floor((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / (7 * DAY));
}
