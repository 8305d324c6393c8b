/**
 * The events that are in no segment yet, read from the log files into memory as they grow.
 *
 *   log/*.ndjson ──bytes after those read──▶ lines ──▶ filtered in place, sorted when asked
 *
 * Holds some tens of megabytes at most: the log is moved into segments as it grows. Documents stay text until an event is
 * handed out.
 */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { comparePlaces, type EventPlace } from '../event-cursor.ts';
import type { EventFilter } from '../event-store.ts';
import type { EventFiles } from './event-files.ts';
import { CATEGORY_COLUMN, type EventLine, moreOf } from './event-line.ts';
import { addFilled } from './filled-columns.ts';
import type { PlaceBounds } from './segment-sql.ts';
import { unevenColumns } from './uneven-columns.ts';

const NEWLINE = 10;
const PIECE_BYTES = 1024 * 1024;

interface Log {
  /** Bytes of whole lines read. */
  read: number;
  /** Bytes of the longest of them. */
  longest: number;
  readonly lines: EventLine[];
  /** Columns that are uneven (`uneven-columns.ts`). */
  readonly uneven: Set<string>;
  /** Columns of fields that some line has (`filled-columns.ts`). */
  readonly filled: Set<string>;
}

export class EventTail {
  private readonly files: EventFiles;
  private logs = new Map<number, Log>();
  private sorted: readonly EventLine[] | undefined;

  constructor(files: EventFiles) {
    this.files = files;
  }

  /**
   * Reads what was added to these files, and forgets others.
   */
  refresh(numbers: readonly number[]): void {
    const logs = new Map(
      numbers.map((number) => [
        number,
        this.logs.get(number) ?? {
          read: 0,
          longest: 0,
          lines: [],
          uneven: new Set<string>(),
          filled: new Set<string>(),
        },
      ]),
    );
    if (logs.size !== this.logs.size || numbers.some((number) => !this.logs.has(number))) this.sorted = undefined;
    for (const [number, log] of logs) {
      if (readOn(this.files.log(number), log)) this.sorted = undefined;
    }
    this.logs = logs;
  }

  get count(): number {
    let count = 0;
    for (const { lines } of this.logs.values()) count += lines.length;
    return count;
  }

  /** Bytes of the log files. */
  get bytes(): number {
    let bytes = 0;
    for (const { read } of this.logs.values()) bytes += read;
    return bytes;
  }

  /** In bytes. */
  get longestLine(): number {
    let longest = 0;
    for (const log of this.logs.values()) longest = Math.max(longest, log.longest);
    return longest;
  }

  /** Columns that are uneven. */
  get uneven(): ReadonlySet<string> {
    return new Set([...this.logs.values()].flatMap(({ uneven }) => [...uneven]));
  }

  /** Columns of fields that some line has. */
  get filled(): ReadonlySet<string> {
    return new Set([...this.logs.values()].flatMap(({ filled }) => [...filled]));
  }

  /** In the order of time. */
  get all(): readonly EventLine[] {
    this.sorted ??= [...this.logs.values()]
      .flatMap(({ lines }) => lines)
      .sort((a, b) => comparePlaces(placeOf(a), placeOf(b)));
    return this.sorted;
  }

  /** In the order asked for, `limit` at most. */
  select(filter: EventFilter, bounds: PlaceBounds, order: 'newest' | 'oldest', limit: number): EventLine[] {
    const found: EventLine[] = [];
    const all = this.all;
    for (let at = 0; at < all.length && found.length < limit; at += 1) {
      const line = all[order === 'oldest' ? at : all.length - 1 - at] as EventLine;
      if (holds(line, filter) && isWithin(line, bounds)) found.push(line);
    }
    return found;
  }

  find(id: string): EventLine | undefined {
    return this.all.find((line) => line.id === id);
  }
}

export function placeOf({ time_ms, ticks, arrival }: Pick<EventLine, 'time_ms' | 'ticks' | 'arrival'>): EventPlace {
  return { timeMs: time_ms, ticks, arrival };
}

function isWithin(line: EventLine, { after, before }: PlaceBounds): boolean {
  if (after !== undefined && comparePlaces(placeOf(line), after) <= 0) return false;
  return before === undefined || comparePlaces(placeOf(line), before) < 0;
}

/** As `conditionOf` says it in SQL. */
function holds(line: EventLine, { from, to, where, category, arrivedAfter, ingestedFrom }: EventFilter): boolean {
  if (from !== undefined && !(line.time_ms >= from)) return false;
  if (to !== undefined && !(line.time_ms < to)) return false;
  if (arrivedAfter !== undefined && !(line.arrival > arrivedAfter)) return false;
  if (ingestedFrom !== undefined && !(line.ingested_ms >= ingestedFrom)) return false;
  for (const [field, value] of Object.entries(where ?? {})) {
    const isFirst = line[field as keyof typeof where] === value.toWellFormed();
    if (!isFirst && line.more?.includes(moreOf(field, value)) !== true) return false;
  }
  return category === undefined || line[CATEGORY_COLUMN]?.includes(category.toWellFormed()) === true;
}

/** Whether there was more. A file that became shorter, because a write failed, is read anew. */
function readOn(path: string, log: Log): boolean {
  // Whoever took it away took its events: the others are there.
  if (!existsSync(path)) return false;
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    if (size === log.read) return false;
    if (size < log.read) {
      log.read = 0;
      log.lines.length = 0;
      log.uneven.clear();
      log.filled.clear();
    }
    let rest: Buffer = Buffer.alloc(0);
    for (let at = log.read; at < size; ) {
      const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, size - at));
      const bytes = readSync(file, piece, 0, piece.length, at);
      if (bytes === 0) break;
      at += bytes;
      rest = takeLines(Buffer.concat([rest, piece.subarray(0, bytes)]), log);
    }
    return true;
  } finally {
    closeSync(file);
  }
}

/** Gives what follows the last whole line. */
function takeLines(bytes: Buffer, log: Log): Buffer {
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    const text = bytes.toString('utf8', start, end);
    const line = lineOf(text);
    if (line !== undefined) {
      log.lines.push(line);
      for (const column of unevenColumns(line, text)) log.uneven.add(column);
      addFilled(log.filled, line);
    }
    log.longest = Math.max(log.longest, end - start);
    start = end + 1;
  }
  log.read += start;
  return bytes.subarray(start);
}

/** Nothing for what a failing disk made of a line: the segment leaves it out, too. */
function lineOf(text: string): EventLine | undefined {
  try {
    const line = JSON.parse(text) as EventLine;
    return typeof line.id === 'string' ? line : undefined;
  } catch {
    return undefined;
  }
}
