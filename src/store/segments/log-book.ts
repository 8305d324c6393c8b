/**
 * What the log files hold that are in no segment yet: the identities in them, and what decides when they are moved.
 */
import { readFileSync, statSync } from 'node:fs';
import type { EventFiles } from './event-files.ts';
import type { EventLine } from './event-line.ts';
import { unevenColumns } from './uneven-columns.ts';
import { cutTornLine } from './wal.ts';

export interface LogFacts {
  readonly number: number;
  readonly beganMs: number;
  readonly rows: number;
  readonly bytes: number;
  /** In bytes. */
  readonly longestLine: number;
  /** Event times, epoch milliseconds. */
  readonly minMs: number;
  readonly maxMs: number;
  readonly sample: number;
  /** Columns that are uneven (`uneven-columns.ts`). */
  readonly uneven: ReadonlySet<string>;
}

type Counted = { -readonly [name in keyof Omit<LogFacts, 'uneven'>]: LogFacts[name] } & {
  readonly uneven: Set<string>;
  readonly ids: Set<string>;
};

export class LogBook {
  private readonly books: Counted[] = [];
  private isLastOpen = false;
  private arrival = 0;

  /** Looks through log files that an earlier process wrote; a torn last line is cut off. */
  static read(files: EventFiles, numbers: readonly number[]): LogBook {
    const logs = new LogBook();
    for (const number of numbers) {
      const path = files.log(number);
      cutTornLine(path);
      logs.begin(number, statSync(path).mtimeMs);
      for (const text of readFileSync(path, 'utf8').split('\n')) {
        const line = text === '' ? undefined : parse(text);
        const bytes = Buffer.byteLength(text) + 1;
        if (line !== undefined) logs.add([line], bytes, bytes, unevenColumns(line, text));
      }
    }
    logs.finish();
    return logs;
  }

  begin(number: number, beganMs: number): void {
    const nothing = { rows: 0, bytes: 0, longestLine: 0, minMs: Infinity, maxMs: -Infinity, sample: 0 };
    this.books.push({ number, beganMs, ...nothing, uneven: new Set(), ids: new Set() });
    this.isLastOpen = true;
  }

  /**
   * To the file that was begun last.
   * @param uneven columns of the lines that are uneven
   */
  add(lines: readonly EventLine[], bytes: number, longestLine: number, uneven: readonly string[]): void {
    const book = this.books.at(-1) as Counted;
    for (const column of uneven) book.uneven.add(column);
    book.bytes += bytes;
    book.rows += lines.length;
    book.longestLine = Math.max(book.longestLine, longestLine);
    for (const { id, time_ms, sample, arrival } of lines) {
      book.ids.add(id);
      book.minMs = Math.min(book.minMs, time_ms);
      book.maxMs = Math.max(book.maxMs, time_ms);
      if (sample) book.sample += 1;
      this.arrival = Math.max(this.arrival, arrival);
    }
  }

  /** Nothing more comes to any of them. */
  finish(): void {
    this.isLastOpen = false;
  }

  forget(numbers: readonly number[]): void {
    for (const number of numbers) {
      const at = this.books.findIndex((book) => book.number === number);
      if (at !== -1) this.books.splice(at, 1);
    }
  }

  has(id: string): boolean {
    return this.books.some(({ ids }) => ids.has(id));
  }

  get lastArrival(): number {
    return this.arrival;
  }

  get bytes(): number {
    return this.books.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get all(): readonly LogFacts[] {
    return this.books;
  }

  /** The one that takes events. */
  get current(): LogFacts | undefined {
    return this.isLastOpen ? this.books.at(-1) : undefined;
  }

  get finished(): readonly LogFacts[] {
    return this.isLastOpen ? this.books.slice(0, -1) : [...this.books];
  }

  /** The oldest finished ones that fit into so many bytes; at least one. */
  atOnce(bytes: number): readonly LogFacts[] {
    let sum = 0;
    return this.finished.filter((log, at) => {
      sum += log.bytes;
      return at === 0 || sum <= bytes;
    });
  }
}

function parse(text: string): EventLine | undefined {
  try {
    const line = JSON.parse(text) as EventLine;
    return typeof line.id === 'string' ? line : undefined;
  } catch {
    return undefined;
  }
}
