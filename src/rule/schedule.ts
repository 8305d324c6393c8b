/**
 * When a rule runs and how far back it looks, as Elastic writes it: `interval = "5m"`, `from = "now-9m"`, `to = "now"`.
 * What is left out means every 5 minutes over the last 6.
 */
import type { Schedule } from './rule.ts';

export interface ScheduleWindow {
  /** Milliseconds between two runs. */
  readonly interval: number;
  /** How far before the run the window starts, in milliseconds. */
  readonly from: number;
  /** How far before the run it ends. */
  readonly to: number;
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DEFAULT: ScheduleWindow = { interval: 5 * 60_000, from: 6 * 60_000, to: 0 };

/** `5m` → 300,000; `undefined` where it has no such form or is zero. Nine digits keep every result an exact integer. */
export function parseInterval(text: string): number | undefined {
  const ms = parseDuration(text);
  return ms === 0 ? undefined : ms;
}

/** `now-9m` → 540,000 and `now` → 0: milliseconds before now. */
export function parseLookBack(text: string): number | undefined {
  if (text === 'now') return 0;
  return text.startsWith('now-') ? parseDuration(text.slice(4)) : undefined;
}

/** The window with defaults filled in; parts that cannot be read count as left out (checking reports them). */
export function scheduleWindow(schedule: Schedule): ScheduleWindow {
  const read = (text: string | undefined, parse: (text: string) => number | undefined, otherwise: number): number =>
    (text === undefined ? undefined : parse(text)) ?? otherwise;
  return {
    interval: read(schedule.interval, parseInterval, DEFAULT.interval),
    from: read(schedule.from, parseLookBack, DEFAULT.from),
    to: read(schedule.to, parseLookBack, DEFAULT.to),
  };
}

function parseDuration(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  return digits === undefined || unit === undefined ? undefined : Number(digits) * (UNIT_MS[unit] as number);
}
