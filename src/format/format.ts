/**
 * From lines to events: what a format gives, and what a reader of a stream gives.
 *
 *   line ──recognise──▶ format's reader ──assemble──▶ vendor record ──derive──▶ Event ──▶ sink.event
 *                                                   └──cannot be read──▶ Reject ──▶ sink.reject
 *
 * A reader never throws on input: each line ends in an event, in a record that waits for its other lines, or in a
 * reject. Lines that are no events by design (`type=EOE`, blank lines) end in nothing and count as read.
 */
import type { Event, Origin, Teaching } from '../event/event.ts';
import type { Format } from './format-reader.ts';
import type { ProcessNote } from './process-note.ts';

/** One line without its line end, with its place. The bytes may be reused after the call returns: copy to keep. */
export interface InputLine {
  readonly bytes: Uint8Array;
  readonly origin: Origin;
}

export interface Reject {
  readonly origin: Origin;
  /** Stable, for counting: `not-json`, `unknown-format`, `too-long`, … */
  readonly code: string;
  /** One sentence for people. */
  readonly reason: string;
  readonly bytes: Uint8Array;
}

export interface EventSink {
  event(event: Event): void;
  reject(reject: Reject): void;
  /**
   * Of an event that was put together of several lines, written as one line of JSON that the format reads, before it is made:
   * whether it is taken so. It is counted then, and made by `make` if somebody asks for it before this returns.
   */
  isTaken?(line: InputLine, format: Format, make: () => Event): boolean;
  /** A line that the filter of the stream passed over, instead of its event. */
  passed?(line: PassedLine): void;
  /** A line of which the filter of the stream knows which rules hold, instead of its event; without this, the event. */
  sieved?(line: SievedLine): void;
}

/**
 * Says of a line, before it is read, that nobody needs its event, or which rules may hold of it. What is said of a line is true:
 * that reading it gives one event, of this format; but for the time in it, which is known to be one and no more.
 */
export interface LineFilter {
  /**
   * Of lines in a row, those at the start of which it is told at once that they are passed over: each is given to `take`, as `look` would.
   * @param from of the bytes, where the first line begins
   * @returns where the first one begins that it is not told of so; no line is told of whose end is not there
   */
  passOver?(block: LineBlock, from: number, take: (passed: PassedLine) => void): number;
  /** Undefined where the line has to be read. */
  look(line: InputLine): PassedLine | SievedLine | undefined;
  /** As `look`, of a line of JSON of that format, that was made of what `make` makes the event of. */
  lookAs(line: InputLine, format: Format, make: () => Event): PassedLine | SievedLine | undefined;
}

/** Bytes that stay as they are as long as lines are read of them; another for other bytes. */
export interface LineBlock {
  readonly bytes: Uint8Array;
}

/** What is known of a line's event without making it. */
export interface LineOutcome {
  readonly format: string;
  /** Whether the event is of no known data stream. */
  readonly isUnrouted: boolean;
}

/** Good until the next line comes. */
export interface SievedLine extends LineOutcome {
  /** What it tells the table of processes; where that is absent, the event does if `isNeeded`. */
  readonly note: ProcessNote | undefined;
  /** Whether the event is needed whatever the rules say, for what `note` does not tell. */
  readonly isNeeded: boolean;
  /** What earlier events know of the event, asked for when that is made. */
  teach(lesson: Lesson): void;
  /** The numbers of the rules that hold, in order, by the filter's numbers. Asked when it was taught. */
  matching(): readonly number[];
  /** When its event happened, in epoch milliseconds, and which one it is (`eventIdentity`); no more of the line is read for it. */
  time(): number;
  identity(): string;
  /** Made when it is first asked for: few ask of a line that no rule, or only one that alerted enough, matches. */
  event(): Event;
}

/** What earlier events know of the event of a line. */
export interface Lesson {
  /** Fields that it may teach, told without making it. */
  names(): ReadonlySet<string>;
  /** Makes it. */
  teaching(): Teaching;
}

/** Good until the next line comes. */
export interface PassedLine extends LineOutcome {
  /** What it tells the table of processes, which takes it in the place of the event. */
  readonly note?: ProcessNote | undefined;
  /** Whether its event is needed nevertheless: told to who reads such lines anew, and to nobody else. */
  readonly isNeeded?: true;
}

/** Settings of a source that decide what its events say. */
export interface FormatSettings {
  /** Host name for events that do not name their host; without one `host.name` is left out. */
  readonly hostName?: string;
  readonly hostId?: string;
  /** Linux audit and procfs executions also count as `logs-endpoint.events.process-vedette`. Default true. */
  readonly standsInForEndpoint: boolean;
  /** When the event was received, epoch ms, for `event.ingested`; injected so that tests are repeatable. */
  readonly now: () => number;
  /** Names for numeric user ids of this machine, for live sources. */
  readonly userName?: (uid: string) => string | undefined;
}

/** Reads one stream of lines; what is recognised may change from line to line (mixed files). */
export interface StreamReader {
  line(line: InputLine): void;
  /**
   * Passes over lines that need not be handed to `line`, as if they had been: some of those that are whole and end in a newline, from
   * `from` on, without a gap. @returns where the first one begins that has to be
   */
  passOver(block: LineBlock, from: number): number;
  /** How many lines were passed over so, of all blocks. */
  readonly passedOver: number;
  /** A line that the source could not hand over (it was too long), instead of `line`: it goes to the sink. */
  missed(reject: Reject): void;
  /**
   * Called now and then (live), `now` being the present in epoch ms: releases what waits for lines that should have
   * come by now. How long that is, each format knows.
   */
  settle(now: number): void;
  /** The stream ended: releases everything that waits. */
  end(): void;
  /**
   * The earliest place that still waits to become an event, `undefined` when nothing does. A read position must not
   * be moved past it, so that a crash loses nothing.
   */
  readonly waiting: Origin | undefined;
  /** The formats seen so far with the number of events each gave. */
  readonly formats: ReadonlyMap<string, number>;
  /** Events released before all their lines were known to be there, because too many waited at once. */
  readonly forced: number;
}
