/**
 * What events are, counted: formats, hosts, times, kinds, data streams. For files as for a live source.
 *
 * Memory does not grow with the events: names are counted up to a limit each and by their beginnings, times in buckets
 * that widen.
 */
import type { Event } from '../event/event.ts';
import { formatTime, timeFromMs } from '../event/time.ts';
import { BoundedCount, type Counts } from './bounded-count.ts';
import { TimeCounter, type TimeHistogram } from './time-histogram.ts';

export interface EventCounts {
  /** ISO 8601, of the earliest and the latest event. */
  readonly first?: string;
  readonly last?: string;
  readonly histogram?: TimeHistogram;
  readonly formats: Counts;
  /** Events that name no host are `-`. */
  readonly hosts: Counts;
  /** `category · type · action`, as far as the event says. */
  readonly kinds: Counts;
  readonly dataStreams: Counts;
  /** Events of no known data stream, which every rule reads. */
  readonly unrouted: number;
}

const LONGEST_NAME = 300;

export class EventTally {
  private readonly formats: BoundedCount;
  private readonly hosts: BoundedCount;
  private readonly kinds: BoundedCount;
  private readonly streams: BoundedCount;
  private readonly times = new TimeCounter();
  private unrouted = 0;
  private first = Number.POSITIVE_INFINITY;
  private last = Number.NEGATIVE_INFINITY;

  /** `mostNames`: how many names of each sort are counted each. */
  constructor(mostNames: number) {
    this.formats = new BoundedCount(mostNames);
    this.hosts = new BoundedCount(mostNames);
    this.kinds = new BoundedCount(mostNames);
    this.streams = new BoundedCount(mostNames);
  }

  add(event: Event): void {
    const { ms } = event.time;
    this.first = Math.min(this.first, ms);
    this.last = Math.max(this.last, ms);
    this.times.add(ms);
    this.formats.add(event.format);
    this.hosts.add((event.text('host.name') ?? event.text('host.hostname') ?? '-').slice(0, LONGEST_NAME));
    this.kinds.add(kindOf(event).slice(0, LONGEST_NAME));
    for (const stream of event.dataStreams) this.streams.add(stream.slice(0, LONGEST_NAME));
    if (event.dataStreams.length === 0) this.unrouted += 1;
  }

  /** `top`: names listed of each sort at most; `columns`: those of the histogram. */
  summary(top: number, columns: number): EventCounts {
    const { first, last } = this;
    const histogram = this.times.summary(columns);
    return {
      ...(first > last ? {} : { first: formatTime(timeFromMs(first)), last: formatTime(timeFromMs(last)) }),
      ...(histogram === undefined ? {} : { histogram }),
      formats: this.formats.summary(top),
      hosts: this.hosts.summary(top),
      kinds: this.kinds.summary(top),
      dataStreams: this.streams.summary(top),
      unrouted: this.unrouted,
    };
  }
}

/** `category · type · action`, as far as the event says; `-` where it says nothing. */
export function kindOf(event: Event): string {
  const parts = ['event.category', 'event.type', 'event.action'].map((field) => event.values(field).join(', '));
  const said = parts.filter((part) => part !== '').join(' · ');
  return said === '' ? '-' : said;
}
