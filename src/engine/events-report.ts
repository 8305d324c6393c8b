/**
 * What is in files of logs: which formats, hosts, times, kinds of events and data streams, and what could not be read.
 *
 * Nothing is decided. Memory does not grow with the input: names are counted up to a limit each, times in buckets that
 * widen.
 */
import type { Event } from '../event/event.ts';
import { formatTime, timeFromMs } from '../event/time.ts';
import { BoundedCount, type Counts } from './bounded-count.ts';
import { type FieldReport, FieldTally } from './field-report.ts';
import { type EventsRead, readEvents } from './read-events.ts';
import { TimeCounter, type TimeHistogram } from './time-histogram.ts';

export interface EventsReportOptions {
  /** Files, folders, or `-` for standard input. */
  readonly logs: readonly string[];
  /** Whether fields are reported, too. */
  readonly fields?: boolean;
  /** Columns of the histogram at most. */
  readonly columns?: number;
  /** Names listed of each sort at most. */
  readonly top?: number;
}

export interface EventsReport extends EventsRead {
  readonly milliseconds: number;
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
  readonly fields?: FieldReport;
}

const MOST_NAMES = 10_000;
const TOP = 10;
const COLUMNS = 60;

/** Reads everything; `take` gets each event in order, after it was counted. */
export async function reportEvents(
  options: EventsReportOptions,
  take: (event: Event) => void = () => {},
): Promise<EventsReport> {
  const started = performance.now();
  const [formats, hosts, kinds, streams] = [0, 0, 0, 0].map(() => new BoundedCount(MOST_NAMES)) as [
    BoundedCount,
    BoundedCount,
    BoundedCount,
    BoundedCount,
  ];
  const times = new TimeCounter();
  const fields = options.fields === true ? new FieldTally() : undefined;
  let unrouted = 0;
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const read = await readEvents(options.logs, (event) => {
    const { ms } = event.time;
    first = Math.min(first, ms);
    last = Math.max(last, ms);
    times.add(ms);
    formats.add(event.format);
    hosts.add(event.text('host.name') ?? event.text('host.hostname') ?? '-');
    kinds.add(kindOf(event));
    for (const stream of event.dataStreams) streams.add(stream);
    if (event.dataStreams.length === 0) unrouted += 1;
    fields?.add(event);
    take(event);
    return true;
  });
  const top = options.top ?? TOP;
  const histogram = times.summary(options.columns ?? COLUMNS);
  return {
    ...read,
    milliseconds: performance.now() - started,
    ...(read.events === 0 ? {} : { first: formatTime(timeFromMs(first)), last: formatTime(timeFromMs(last)) }),
    ...(histogram === undefined ? {} : { histogram }),
    formats: formats.summary(top),
    hosts: hosts.summary(top),
    kinds: kinds.summary(top),
    dataStreams: streams.summary(top),
    unrouted,
    ...(fields === undefined ? {} : { fields: fields.summary() }),
  };
}

/** Where an event is looked for: the first of all, or the one at a byte of its (decompressed) file. */
export type Wanted = 'first' | { readonly offset: number; readonly file?: string };

/** The event with its bytes as received; reading ends with it. */
export async function findEvent(
  logs: readonly string[],
  wanted: Wanted,
): Promise<{
  readonly found: { readonly event: Event; readonly raw: Uint8Array } | undefined;
  readonly read: EventsRead;
}> {
  let found: { readonly event: Event; readonly raw: Uint8Array } | undefined;
  const read = await readEvents(logs, (event) => {
    // The bytes may lie in a buffer that is read into again.
    if (wanted === 'first' || isAt(event, wanted)) found = { event, raw: new Uint8Array(event.raw) };
    return found === undefined;
  });
  return { found, read };
}

function isAt({ origin }: Event, { offset, file }: Exclude<Wanted, 'first'>): boolean {
  return origin?.offset === offset && (file === undefined || origin.path === file);
}

function kindOf(event: Event): string {
  const parts = ['event.category', 'event.type', 'event.action'].map((field) => event.values(field).join(', '));
  const said = parts.filter((part) => part !== '').join(' · ');
  return said === '' ? '-' : said;
}
