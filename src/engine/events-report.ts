/**
 * What is in files of logs: which formats, hosts, times, kinds of events and data streams, and what could not be read.
 *
 * Nothing is decided. Memory does not grow with the input: names are counted up to a limit each, times in buckets that
 * widen.
 */
import type { Event } from '../event/event.ts';
import { type EventCounts, EventTally } from './event-tally.ts';
import { type FieldReport, FieldTally } from './field-report.ts';
import { type EventsRead, readEvents } from './read-events.ts';

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

export interface EventsReport extends EventsRead, EventCounts {
  readonly milliseconds: number;
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
  const tally = new EventTally(MOST_NAMES);
  const fields = options.fields === true ? new FieldTally() : undefined;
  const read = await readEvents(options.logs, (event) => {
    tally.add(event);
    fields?.add(event);
    take(event);
    return true;
  });
  return {
    ...read,
    milliseconds: performance.now() - started,
    ...tally.summary(options.top ?? TOP, options.columns ?? COLUMNS),
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
