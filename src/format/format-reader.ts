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
  settle?(now: number): void;
  end?(): void;
  /** The earliest line that still waits for others. */
  readonly waiting?: Origin | undefined;
  /** The next line belongs to what is being read, whatever it looks like: it is given as it stands, blank or not. */
  readonly continues?: boolean;
  /** Events released before all their lines were known to be there, to bound memory. */
  readonly forced?: number;
}

export function rejectLine(sink: EventSink, line: InputLine, code: string, reason: string): void {
  sink.reject({ origin: line.origin, code, reason, bytes: line.bytes });
}
