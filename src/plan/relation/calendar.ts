/**
 * Ticks as years, months, days and weeks of the proleptic Gregorian calendar in UTC, and back.
 */
import { datetimeOf, floorDivide, TICKS_PER_DAY } from './time-text.ts';

export interface CalendarDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

export function calendarDate(ticks: bigint): CalendarDate {
  const date = new Date(Number(floorDivide(ticks, TICKS_PER_DAY)) * 86_400_000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** Days since 1970; months and days beyond theirs carry over. */
export function daysOf(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return Math.round(date.getTime() / 86_400_000);
}

/** The start of that day; null outside the calendar. */
export function dayStart(year: number, month: number, day: number): bigint | null {
  const days = daysOf(year, month, day);
  return Number.isFinite(days) ? datetimeOf(BigInt(days) * TICKS_PER_DAY) : null;
}

export function timeOfDay(ticks: bigint): bigint {
  return ticks - floorDivide(ticks, TICKS_PER_DAY) * TICKS_PER_DAY;
}

/** 0 is Sunday, with which Kusto's weeks begin. */
export function weekday(ticks: bigint): number {
  return Number((((floorDivide(ticks, TICKS_PER_DAY) + 4n) % 7n) + 7n) % 7n);
}

export function dayOfYear(ticks: bigint): number {
  const { year, month, day } = calendarDate(ticks);
  return daysOf(year, month, day) - daysOf(year, 1, 1) + 1;
}

/** ISO 8601: weeks begin on Monday and belong to the year of their Thursday. */
export function isoWeek(ticks: bigint): number {
  const days = Number(floorDivide(ticks, TICKS_PER_DAY));
  const thursday = days + 4 - (((weekday(ticks) + 6) % 7) + 1);
  const { year } = calendarDate(BigInt(thursday) * TICKS_PER_DAY);
  return 1 + Math.floor((thursday - daysOf(year, 1, 1)) / 7);
}

/** Keeps the time of day; a day that the month does not have becomes its last. */
export function addMonths(ticks: bigint, months: number): bigint | null {
  const { year, month, day } = calendarDate(ticks);
  const at = year * 12 + month - 1 + months;
  if (!Number.isSafeInteger(at) || Math.abs(at) > 200_000) return null;
  const [newYear, newMonth] = [Math.floor(at / 12), (at % 12) + 1];
  const lastDay = daysOf(newYear, newMonth + 1, 1) - daysOf(newYear, newMonth, 1);
  const start = dayStart(newYear, newMonth, Math.min(day, lastDay));
  return start === null ? null : start + timeOfDay(ticks);
}
