/**
 * When an exception holds: windows of the week or from a cron pattern's times, in the wall-clock time of a zone.
 *
 *   event time ──zone──▶ wall clock ──▶ within the week's window?
 *   event time − lasts ──next time of the pattern──▶ begun by then?
 *
 * Daylight saving: a weekly window is what clocks in the zone show. An hour that is skipped is not there; one that
 * comes twice is in it twice. A cron window begins when the pattern says and lasts so many hours of real time; a time of
 * the pattern that is skipped begins as croner (its library) has it, with the clock's jump.
 */
import { Cron } from 'croner';
import { parseInterval } from '../../rule/schedule.ts';
import type { TimeWindow } from '../exception.ts';

/** What is wrong with a window: the key, and the end of a sentence. */
export interface WindowFault {
  readonly key: 'days' | 'from' | 'to' | 'zone' | 'pattern' | 'lasts';
  readonly message: string;
  readonly hint: string;
}

/** Cron windows may last a year, so that looking back from an event stays short. */
const LONGEST = 366 * 86_400_000;
const LONGEST_PATTERN = 100;
/** 1970 to 2200: a time outside of it is a clock gone wrong, and holds in no window. */
const LATEST = Date.UTC(2200, 0, 1);

export function checkWindow(window: TimeWindow): WindowFault | undefined {
  if (zoneFormat(window.zone) === undefined) {
    const hint = 'Write an IANA name like Europe/Berlin or UTC.';
    return { key: 'zone', message: `“${short(window.zone)}” is no time zone`, hint };
  }
  return window.kind === 'weekly' ? checkWeekly(window) : checkCron(window);
}

/**
 * Whether a time (epoch milliseconds) lies in the window.
 * @throws {Error} for a window in which `checkWindow` finds a fault: that is a bug of the caller.
 */
export function compileWindow(window: TimeWindow): (time: number) => boolean {
  const fault = checkWindow(window);
  if (fault !== undefined) throw new Error(`${fault.key}: ${fault.message}`);
  const holds = window.kind === 'weekly' ? compileWeekly(window) : compileCron(window);
  return (time) => time >= 0 && time < LATEST && holds(time);
}

/**
 * The next times (epoch milliseconds) at which the window begins, after `time`; fewer where fewer are to come.
 * @throws {Error} for a window in which `checkWindow` finds a fault.
 */
export function nextBeginnings(window: TimeWindow, time: number, count: number): readonly number[] {
  const cron = openCron(window.kind === 'cron' ? window.pattern : patternOf(window), window.zone);
  return cron.nextRuns(count, new Date(time)).map((begin) => begin.getTime());
}

function patternOf({ from, days }: Weekly): string {
  const minutes = minutesOf(from) as number;
  return `${minutes % 60} ${Math.floor(minutes / 60)} * * ${[...new Set(days)].join(',')}`;
}

type Weekly = Extract<TimeWindow, { kind: 'weekly' }>;
type CronWindow = Extract<TimeWindow, { kind: 'cron' }>;

function checkWeekly({ days, from, to }: Weekly): WindowFault | undefined {
  if (days.length === 0 || days.some((day) => !Number.isInteger(day) || day < 1 || day > 7)) {
    return { key: 'days', message: 'a window needs days of the week', hint: 'Give 1 (Monday) to 7 (Sunday).' };
  }
  for (const [key, text] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (minutesOf(text) === undefined && !(key === 'to' && text === '24:00')) {
      return { key, message: `“${short(text)}” is no time of day`, hint: 'Write HH:MM, 00:00 to 23:59.' };
    }
  }
  return undefined;
}

function checkCron({ pattern, lasts, zone }: CronWindow): WindowFault | undefined {
  const length = parseInterval(lasts);
  if (length === undefined || length > LONGEST) {
    const hint = 'Write a number and s, m, h or d, like 2h; a year (366d) at most.';
    return { key: 'lasts', message: `“${short(lasts)}” is no length of time`, hint };
  }
  const hint = 'Write minute, hour, day, month and weekday, like 0 9 * * MON-FRI.';
  if (pattern.length > LONGEST_PATTERN) return { key: 'pattern', message: 'the pattern is too long', hint };
  try {
    if (openCron(pattern, zone).nextRun(new Date(0)) !== null) return undefined;
    return { key: 'pattern', message: 'the pattern names no time that ever comes', hint };
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
    return { key: 'pattern', message: `the pattern cannot be read: ${short(reason)}`, hint };
  }
}

function compileWeekly({ days, from, to, zone }: Weekly): (time: number) => boolean {
  const format = zoneFormat(zone) as Intl.DateTimeFormat;
  const start = minutesOf(from) as number;
  const end = to === '24:00' ? 24 * 60 : (minutesOf(to) as number);
  const chosen = new Set(days);
  return (time) => {
    const { day, minute } = wallClock(format, time);
    if (start < end) return chosen.has(day) && minute >= start && minute < end;
    const before = day === 1 ? 7 : day - 1;
    return (chosen.has(day) && minute >= start) || (chosen.has(before) && minute < end);
  };
}

function compileCron({ pattern, lasts, zone }: CronWindow): (time: number) => boolean {
  const cron = openCron(pattern, zone);
  const length = parseInterval(lasts) as number;
  return (time) => {
    // A window that begins at B holds in [B, B + length): some B is after time - length, and not after time.
    const after = Math.floor((time - length) / 1000) * 1000;
    for (let begin = cron.nextRun(new Date(after)); begin !== null; begin = cron.nextRun(begin)) {
      if (begin.getTime() > time) return false;
      if (begin.getTime() + length > time) return true;
    }
    return false;
  };
}

/** Never started: only asked for its times. */
function openCron(pattern: string, zone: string): Cron {
  return new Cron(pattern, { timezone: zone, paused: true });
}

const WEEKDAYS: Readonly<Record<string, number>> = { Mon: 1, Tue: 2, Wed: 3, Thu: 4, Fri: 5, Sat: 6, Sun: 7 };

function wallClock(format: Intl.DateTimeFormat, time: number): { readonly day: number; readonly minute: number } {
  const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]));
  return {
    day: WEEKDAYS[parts.get('weekday') ?? ''] ?? 0,
    minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  };
}

/** `undefined` where there is no such zone. */
function zoneFormat(zone: string): Intl.DateTimeFormat | undefined {
  if (zone === '' || zone.length > 64) return undefined;
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  } catch {
    return undefined;
  }
}

function minutesOf(text: string): number | undefined {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
