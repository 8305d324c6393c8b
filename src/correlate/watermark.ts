/**
 * Up to when all events have come, as far as can be told: the watermark.
 *
 *   events of each source ──newest time, going on with the clock──▶ the source that is furthest behind, less the lateness
 *
 * A source is a log and a host that writes to it: hosts that share a collector have clocks and delays of their own. A
 * source's time goes on with the clock after its last event, so a quiet one holds nobody up, and what waits for an hour
 * without an event is decided after that hour; one that has been quiet for long is passed over, whatever its time was.
 * A time beyond the present is the present: one wrong clock must not make all other events late. Time in which nobody read
 * (`standStill`) does not go on: what waits unread in a log is not late because its reader was.
 *
 * The watermark never goes back. Where the clock does, it stands until the clock has caught up, and what comes
 * meanwhile is late: which of the two hours an event belongs to cannot be told.
 */
import { compareTimes, type EventTime } from '../event/time.ts';
import { after } from './placed-event.ts';

interface Source {
  /** The newest event's. */
  time: EventTime;
  /** When an event of it came last, by the clock. */
  arrived: number;
}

/** How long a source counts without an event, in milliseconds. */
const QUIET_MS = 30_000;
/** More than this many sources are not told apart. */
const MOST_SOURCES = 10_000;

export class Watermark {
  private readonly lateness: number;
  private readonly sources = new Map<string, Source>();
  private reached: EventTime | undefined;
  /** The newest time of all, and when it came. */
  private newest: Source | undefined;
  /** How long nobody read, in milliseconds; arrivals are told in the time that is left. */
  private stoodStill = 0;

  /** @param lateness how much later than its time an event may come, in milliseconds */
  constructor(lateness: number) {
    this.lateness = lateness;
  }

  get time(): EventTime | undefined {
    return this.reached;
  }

  /** @param now by the clock, in milliseconds since the epoch */
  see(name: string, given: EventTime, now: number): void {
    const time = given.ms > now ? { ms: now, ticks: 0 } : given;
    const arrived = now - this.stoodStill;
    const known = this.sources.get(name) ?? this.add(name, time, arrived);
    if (compareTimes(known.time, time) < 0) known.time = time;
    known.arrived = arrived;
    if (this.newest === undefined || compareTimes(this.newest.time, time) <= 0) this.newest = { time, arrived };
  }

  /** So many milliseconds of the clock passed in which no source was read. */
  standStill(ms: number): void {
    this.stoodStill += ms;
  }

  /** The watermark as of now, epoch milliseconds by the clock; `undefined` before the first event. */
  advance(clock: number): EventTime | undefined {
    const now = clock - this.stoodStill;
    let least: EventTime | undefined;
    for (const [name, source] of this.sources) {
      source.arrived = Math.min(source.arrived, now);
      if (now - source.arrived > QUIET_MS) {
        this.sources.delete(name);
        continue;
      }
      const time = goneOn(source, now);
      if (least === undefined || compareTimes(time, least) < 0) least = time;
    }
    // After a restart time goes on from where it was, whether or not anything comes.
    if (this.newest === undefined && this.reached !== undefined) {
      this.newest = { time: after(this.reached, this.lateness), arrived: now };
    }
    if (this.newest !== undefined) this.newest.arrived = Math.min(this.newest.arrived, now);
    least ??= this.newest === undefined ? undefined : goneOn(this.newest, now);
    if (least !== undefined) this.reach({ ms: Math.min(least.ms, clock) - this.lateness, ticks: least.ticks });
    return this.reached;
  }

  /** Whatever comes before this time from now on is late. */
  reach(time: EventTime): void {
    if (this.reached === undefined || compareTimes(this.reached, time) < 0) this.reached = time;
  }

  private add(name: string, time: EventTime, arrived: number): Source {
    const key = this.sources.size < MOST_SOURCES ? name : '';
    const source = this.sources.get(key) ?? { time, arrived };
    this.sources.set(key, source);
    return source;
  }
}

function goneOn({ time, arrived }: Source, now: number): EventTime {
  return { ms: time.ms + now - arrived, ticks: time.ticks };
}
