/**
 * Looks through lines of a file ahead of the scan, in a thread of its own, and says which of them the scan has to read.
 *
 *   batch of lines ──format──▶ events ──matcher──▶ needed: what a rule matches, what starts or ends a process, what cannot be read
 *
 * Why that is sound: of an event, a rule sees what its line says and what is known of processes from lines before, and the
 * second only where the event starts a process. So whether any other event matches hangs on its line alone. The scan reads
 * needed lines as ever, in their order; of the rest it takes the count.
 *
 * That a line stands alone is seen, not assumed: each has to give one event or reject at once, and all of a file are of one
 * format. Where one is not, the batch is not plain, and the scan reads it and all behind it by itself.
 */
import type { Event } from '../event/event.ts';
import type { FormatSettings, StreamReader } from '../format/format.ts';
import { endsProcess, startsProcess } from '../format/known-process.ts';
import { openStream } from '../format/stream.ts';
import { compileMatcher, type Matcher } from '../match/matcher.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import { compileIndexPatterns, type ReadsDataStreams } from '../rule/index-pattern.ts';

/** What a thread is told once. */
export interface ScoutTask {
  /** Of rules over one event. */
  readonly rules: readonly { readonly predicate: Predicate; readonly indexPatterns: readonly string[] }[];
  readonly settings: Omit<FormatSettings, 'now' | 'userName'>;
}

export interface ScoutBatch {
  /** Another for each file. */
  readonly file: number;
  readonly path: string;
  /** Whether the file begins here: its first event is needed, so that who reads on knows the format as if from reading all. */
  readonly isFirst: boolean;
  /** All lines one after the other, without line ends. */
  readonly bytes: Uint8Array;
  /** Of each line: where it ends in `bytes`, its place in the file and its number there. */
  readonly ends: Uint32Array;
  readonly offsets: Float64Array;
  readonly numbers: Float64Array;
}

export interface ScoutReport {
  readonly isPlain: boolean;
  /** Of all events; absent where there are none. */
  readonly format?: string;
  /** By line, 1 where the scan has to read it. */
  readonly needed: Uint8Array;
  /** Of lines that are not needed. */
  readonly events: number;
  readonly unrouted: number;
}

export class Scout {
  private readonly matcher: Matcher;
  private readonly settings: FormatSettings;
  private file: number | undefined;
  private reader: StreamReader | undefined;
  private readonly given: Event[] = [];
  private rejects = 0;

  constructor({ rules, settings }: ScoutTask) {
    const reads = new Map<string, ReadsDataStreams>();
    this.matcher = compileMatcher(
      rules.map(({ predicate, indexPatterns }) => {
        const key = indexPatterns.join('\n');
        const known = reads.get(key) ?? compileIndexPatterns(indexPatterns);
        reads.set(key, known);
        return { predicate, reads: known };
      }),
    );
    this.settings = { ...settings, now: Date.now };
  }

  look({ file, path, isFirst, bytes, ends, offsets, numbers }: ScoutBatch): ScoutReport {
    const reader = this.readerOf(file);
    const needed = new Uint8Array(ends.length);
    let [isPlain, events, unrouted, start] = [true, 0, 0, 0];
    let format: string | undefined;
    for (let at = 0; at < ends.length && isPlain; at += 1) {
      const end = ends[at] as number;
      const line = bytes.subarray(start, end);
      start = end;
      if (line.length === 0) continue;
      const origin = { path, offset: offsets[at] as number, line: numbers[at] as number };
      this.given.length = 0;
      this.rejects = 0;
      reader.line({ bytes: line, origin });
      const [event] = this.given;
      if (this.given.length + this.rejects !== 1 || (event !== undefined && event.origin !== origin)) isPlain = false;
      if (event === undefined) {
        needed[at] = 1;
        continue;
      }
      const isFirstEvent = isFirst && format === undefined;
      format ??= event.format;
      if (event.format !== format) isPlain = false;
      if (isFirstEvent || this.isNeeded(event)) needed[at] = 1;
      else {
        events += 1;
        if (event.dataStreams.length === 0) unrouted += 1;
      }
    }
    return { isPlain, ...(format === undefined ? {} : { format }), needed, events, unrouted };
  }

  private isNeeded(event: Event): boolean {
    if (startsProcess(event) || endsProcess(event) || event.text('auditd.message_type') === 'login') return true;
    let isMatched = false;
    this.matcher.match(event, () => {
      isMatched = true;
    });
    return isMatched;
  }

  private readerOf(file: number): StreamReader {
    if (this.reader === undefined || this.file !== file) {
      this.file = file;
      this.reader = openStream(this.settings, {
        event: (event) => void this.given.push(event),
        reject: () => {
          this.rejects += 1;
        },
      });
    }
    return this.reader;
  }
}
