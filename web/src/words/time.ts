/**
 * Times as people say them. Everything is in the reader's own time zone except `exactTime`, which also states UTC, as
 * logs do. `now` is a parameter (epoch milliseconds), so that the clock ticks in one place.
 */
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Kept: making one takes as long as formatting a hundred times. */
const MONTHS = new Intl.DateTimeFormat('en', { month: 'short' });

/** For a column: `now`, `3 min`, `2 h`, `5 d`; a time ahead of the clock (a skewed host) says so. */
export function shortAge(time: string, now: number): string {
  const age = now - Date.parse(time);
  if (Number.isNaN(age)) return '';
  if (age < -MINUTE) return 'ahead of the clock';
  if (age < MINUTE) return 'now';
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h`;
  return `${Math.floor(age / DAY)} d`;
}

/** For a sentence: `just now`, `3 minutes ago`, `1 hour ago`. */
export function longAge(time: string, now: number): string {
  const age = now - Date.parse(time);
  if (Number.isNaN(age)) return '';
  if (age < -MINUTE) return 'ahead of this clock';
  if (age < MINUTE) return 'just now';
  if (age < HOUR) return ago(Math.floor(age / MINUTE), 'minute');
  if (age < DAY) return ago(Math.floor(age / HOUR), 'hour');
  return ago(Math.floor(age / DAY), 'day');
}

/** `today 14:02:11`, `yesterday 23:10:00`, `18 Nov 09:15:42`, with the year where it is not this one. */
export function dayAndTime(time: string, now: number): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return time;
  return `${dayOf(at, new Date(now))} ${clock(at, true)}`;
}

/** For an axis: `15:00`, `15:00 yesterday`, `15:00 18 Nov`. */
export function axisTime(time: string, now: number): string {
  const at = new Date(time);
  const day = dayOf(at, new Date(now));
  return day === 'today' ? clock(at, false) : `${clock(at, false)} ${day}`;
}

/** For hovering: local time with its offset, and as the log has it. */
export function exactTime(time: string): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return time;
  const minutes = -at.getTimezoneOffset();
  const offset = `${minutes < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(minutes) / 60))}:${pad(Math.abs(minutes) % 60)}`;
  const local = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())} ${clock(at, true)} ${offset}`;
  return `${local} (${time})`;
}

/** How long: `12 s`, `3 min`, `2 h 5 min`, `4 d`. */
export function duration(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.round(ms / SECOND))} s`;
  if (ms < HOUR) return `${Math.round(ms / MINUTE)} min`;
  if (ms >= 2 * DAY) return `${Math.floor(ms / DAY)} d`;
  const minutes = Math.floor((ms % HOUR) / MINUTE);
  return `${Math.floor(ms / HOUR)} h${minutes === 0 ? '' : ` ${minutes} min`}`;
}

/** As a field for local times takes it: `2026-11-22T14:02:11`. */
export function inputTime(time: string): string {
  const at = new Date(time);
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}T${clock(at, true)}`;
}

/** For a line among those of the same day or night: `14:02:11`. */
export function clockTime(time: string): string {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? time : clock(at, true);
}

/** How far from another time: `2 min before`, `5 s after`, `at the same time`. */
export function distance(time: string, other: string): string {
  const ms = Date.parse(time) - Date.parse(other);
  if (Number.isNaN(ms)) return '';
  if (Math.abs(ms) < SECOND) return 'at the same time';
  return `${duration(Math.abs(ms))} ${ms < 0 ? 'before' : 'after'}`;
}

function ago(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}

function dayOf(at: Date, now: Date): string {
  const days = Math.round((midnight(now) - midnight(at)) / DAY);
  if (days === 0) return 'today';
  if (days === 1) return 'yesterday';
  const day = `${at.getDate()} ${MONTHS.format(at)}`;
  return at.getFullYear() === now.getFullYear() ? day : `${day} ${at.getFullYear()}`;
}

function midnight(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

function clock(at: Date, withSeconds: boolean): string {
  const minutes = `${pad(at.getHours())}:${pad(at.getMinutes())}`;
  return withSeconds ? `${minutes}:${pad(at.getSeconds())}` : minutes;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
