/**
 * What one format is to the stream reader. Adding a format is one file that exports a `Format`, and one line in
 * formats.ts.
 */
import type { Origin } from '../event/event.ts';
import type { JsonObject } from '../event/json.ts';
import type { EventSink, FormatSettings, InputLine } from './format.ts';

export interface Format {
  /** What `Event.format` says. */
  readonly name: string;
  /** Cheap: the first characters, or a few keys. Exactly one format should claim a line. */
  recognises(line: ReadLine): boolean;
  /** Of a format of JSON: no object without one of these members is of it. Absent where nothing is said. */
  readonly names?: readonly string[];
  /** Claims also what is another format's: each line is offered to the formats before it in the list first. */
  readonly broad?: boolean;
  /**
   * Each line, or each whose object it says it of, is an event, or a reject, by itself, made of nothing but its JSON, and of no
   * value's place in the text.
   */
  readonly isAlone?: true | ((json: JsonObject) => boolean);
  open(settings: FormatSettings, sink: EventSink): FormatReader;
}

/** A line decoded (invalid UTF-8 replaced) and, where it is a JSON object, parsed. */
export interface ReadLine extends InputLine {
  readonly text: string;
  readonly json: JsonObject | undefined;
}

/** Reads the lines of one format; events come in the order in which they are complete. */
export interface FormatReader {
  line(line: ReadLine): void;
  /**
   * Instead of `line`, offered to the reader that had the line before, of a line that is not decoded yet.
   * @returns whether it was taken: it is of this format, whatever others there are
   */
  takes?(line: InputLine): boolean;
  /** Instead of `line`: one too long to be read, of which the bytes are the start. It is rejected already. */
  missed?(line: InputLine): void;
  settle?(now: number): void;
  end?(): void;
  /** The earliest line that still waits for others. */
  readonly waiting?: Origin | undefined;
  /**
   * Asked of the reader that had the line before: whether this one belongs to what is being read, whatever it looks like.
   * It is then given as it stands, blank or not. A reader that says no has ended what was open.
   */
  continues?(line: InputLine): boolean;
  /**
   * Taken after each line: lines that were kept for a record which turned out to be none, without its first. Those that
   * another format recognises are read; the others are in the reject that was given.
   */
  takeBack?(): readonly InputLine[];
  /** Events released before all their lines were known to be there, to bound memory. */
  readonly forced?: number;
}

export function rejectLine(sink: EventSink, line: InputLine, code: string, reason: string): void {
  sink.reject({ origin: line.origin, code, reason, bytes: line.bytes });
}
