/**
 * The event store of a data folder, as its one writer: what comes is in the write-ahead log before it counts, and moves
 * from there into segments.
 *
 *   append ──(known? left out)──▶ log file ──full or old──▶ segment ──several small ones──▶ a larger one ──old──▶ gone
 *             all that wait, one fsync      └────── one job at a time, in a thread of its own ──────┘
 *
 * Invariants: an event is in exactly one live part; parts change places in one transaction of the manifest; whatever the
 * instant of a crash, opening finds whole parts and removes what nobody listed. An identity is known as long as its event
 * is stored, looked for in the log, in segments of its time and in those that are younger than `RECENT_MS`.
 */
import { renameSync, rmSync, statSync } from 'node:fs';
import type { EventLimits } from '../event-limits.ts';
import type {
  EventFilter,
  EventPage,
  EventQuery,
  EventStore,
  EventStoreStatus,
  IndexedField,
  NewEvent,
  StoredEvent,
} from '../event-store.ts';
import { RetryPause } from '../retry-pause.ts';
import { asStoreErrors, asStoreErrorsLater } from '../store-error.ts';
import type { EventFiles } from './event-files.ts';
import { type EventLine, lineOf } from './event-line.ts';
import { pass } from './failure-point.ts';
import type { LogBook, LogFacts } from './log-book.ts';
import { LogLines } from './log-lines.ts';
import type { Manifest, Segment } from './manifest.ts';
import { compactable, oldestOf } from './segment-choice.ts';
import type { SegmentJob } from './segment-job.ts';
import { KeyShelf, keyOf } from './segment-keys.ts';
import { type RangeAction, SegmentReader } from './segment-reader.ts';
import { statusOf } from './segment-status.ts';
import { SegmentFailure, SegmentThread } from './segment-thread.ts';
import { unevenColumns, unevenOfAll } from './uneven-columns.ts';
import { syncFolder, WalFile } from './wal.ts';

/** A log file is finished when it is so large, or so old: what is in the log is read into memory by every reader. */
const LOG_BYTES = 16 * 1024 * 1024;
const LOG_AGE_MS = 30 * 60_000;
/** Of a line: about so many bytes. */
const BESIDE_DOCUMENT = 2_048;
/** Of the limit; the rest is for what is being made. */
const USED_SHARE = 7 / 8;
/** Segments younger than this are asked for an identity whatever its event's time. */
const RECENT_MS = 3_600_000;
/** A job that failed is tried again after this. */
const RETRY_MS = 10_000;
/** A segment has some 200 MB of documents: sorting more than this goes to the disk. */
const JOB_MEGABYTES = 256;

export interface SegmentStoreOptions {
  readonly limits: EventLimits;
  /** Epoch milliseconds; when an event is stored, and for the age of files. */
  readonly now?: () => number;
  /** Events are removed when they are so much older than they have to be: then fewer segments are written again. */
  readonly grainMs?: number;
  readonly logBytes?: number;
  /** Of memory for making segments. */
  readonly jobMegabytes?: number;
}

interface Waiting {
  readonly events: readonly NewEvent[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

export class SegmentEventStore implements EventStore {
  private readonly files: EventFiles;
  private readonly manifest: Manifest;
  private readonly limits: EventLimits;
  private readonly now: () => number;
  private readonly grainMs: number;
  private readonly logBytes: number;
  private readonly logs: LogBook;
  private readonly shelf: KeyShelf;
  private readonly reader: SegmentReader;
  private readonly thread: SegmentThread;
  private segments: readonly Segment[] = [];
  private generation = -1;
  private log: WalFile | undefined;
  private arrival: number;
  private waiting: Waiting[] = [];
  private writing: Promise<void> | undefined;
  /** The end of the jobs so far. */
  private jobs: Promise<unknown> = Promise.resolve();
  private readonly pause: RetryPause;
  private problem: string | undefined;
  private pruned = 0;
  private isClosed = false;

  /**
   * @param manifest of the folder, whose files were looked through (`recoverEvents`); closed by `close`
   * @param logs what its log files hold
   */
  constructor(dataFolder: string, files: EventFiles, manifest: Manifest, logs: LogBook, options: SegmentStoreOptions) {
    this.files = files;
    this.manifest = manifest;
    this.logs = logs;
    this.limits = options.limits;
    this.now = options.now ?? Date.now;
    this.pause = new RetryPause(this.now);
    this.grainMs = options.grainMs ?? options.limits.keepMs / 50;
    this.logBytes = options.logBytes ?? Math.min(LOG_BYTES, options.limits.maxBytes / 16);
    this.shelf = new KeyShelf(files);
    this.reader = new SegmentReader(files, manifest, false);
    this.thread = new SegmentThread({
      dataFolder,
      limits: { threads: 1, memoryMb: options.jobMegabytes ?? JOB_MEGABYTES },
    });
    this.refresh();
    this.arrival = Math.max(manifest.lastArrival, logs.lastArrival);
  }

  append(events: readonly NewEvent[]): Promise<void> {
    if (events.length === 0) return Promise.resolve();
    return new Promise((done, failed) => {
      if (this.isClosed) throw new Error('the event store is closed');
      this.waiting.push({ events, done, failed });
      this.writing ??= this.writeAll().finally(() => {
        this.writing = undefined;
      });
    });
  }

  async known(ids: readonly string[]): Promise<ReadonlySet<string>> {
    return asStoreErrors(this.files.folder, () => {
      const isKnown = (id: string) => {
        if (this.logs.has(id.toWellFormed())) return true;
        const key = keyOf(id);
        return this.segments.some((segment) => typeof this.shelf.placeOf(key, segment) === 'number');
      };
      return new Set(ids.filter(isKnown));
    });
  }

  event(id: string): Promise<StoredEvent | undefined> {
    return this.reader.event(id);
  }

  query(query: EventQuery): Promise<EventPage> {
    return this.reader.query(query);
  }

  scan(filter: EventFilter): AsyncIterable<StoredEvent> {
    return this.reader.scan(filter);
  }

  count(filter: EventFilter, upTo?: number): Promise<number> {
    return this.reader.count(filter, upTo);
  }

  hostsWith(field: IndexedField, value: string): Promise<number> {
    return this.reader.hostsWith(field, value);
  }

  hosts(): Promise<number> {
    return this.reader.hosts();
  }

  withRange<T>(range: Pick<EventFilter, 'from' | 'to'>, action: RangeAction<T>, signal?: AbortSignal): Promise<T> {
    return this.reader.withRange(range, action, signal);
  }

  /** One step of whatever is to be done; a step takes seconds at most, most of it in another thread. */
  get lastArrival(): number {
    return this.arrival;
  }

  prune(nowMs: number): Promise<boolean> {
    return this.inTurn(async () => {
      this.tidy();
      try {
        const isMore = this.removeExpired(nowMs) || this.removeOldest() || (await this.nextJob(nowMs));
        if (isMore) this.problem = undefined;
        return isMore;
      } catch (error) {
        if (!(error instanceof SegmentFailure)) throw error;
        this.pause.begin(RETRY_MS);
        this.problem = `The events of the log could not be moved into a segment: ${error.message}`;
        return false;
      }
    });
  }

  removeSample(): Promise<number> {
    return this.inTurn(async () => {
      await this.finishLog();
      const logs = this.logs.finished.filter(({ sample }) => sample > 0);
      const segments = this.segments.filter(({ sample }) => sample > 0);
      const parts = [...logs, ...segments];
      if (logs.length > 0) await this.make({ logs, segments: [], withoutSample: true });
      for (const segment of segments) await this.make({ logs: [], segments: [segment], withoutSample: true });
      return parts.reduce((sum, { sample }) => sum + sample, 0);
    });
  }

  async status(): Promise<EventStoreStatus> {
    this.refresh();
    return {
      ...statusOf(this.manifest, [...this.segments, ...this.logs.all]),
      pruned: this.pruned,
      arrival: this.arrival,
      ...(this.problem === undefined ? {} : { problem: this.problem }),
    };
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    await this.writing;
    this.isClosed = true;
    await this.jobs.catch(() => {});
    await this.thread.end();
    await this.log?.close();
    await this.reader.close();
    this.manifest.close();
  }

  private inTurn<T>(action: () => Promise<T>): Promise<T> {
    const done = this.jobs.then(() => {
      if (this.isClosed) throw new Error('the event store is closed');
      return action();
    });
    this.jobs = done.catch(() => {});
    return done;
  }

  /** Writes what waits, and what comes meanwhile, each time all of it at once. */
  private async writeAll(): Promise<void> {
    // What is appended in the same turn comes into the same write.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const group = this.waiting;
      this.waiting = [];
      try {
        await asStoreErrorsLater(this.files.logs, () => this.writeGroup(group));
      } catch (error) {
        for (const { failed } of group) failed(error);
      }
    }
  }

  private async writeGroup(group: readonly Waiting[]): Promise<void> {
    const lines: EventLine[] = [];
    const ids = new Set<string>();
    const written: Waiting[] = [];
    const ingestedMs = this.now();
    this.refresh();
    for (const one of group) {
      try {
        const fresh = one.events.filter((event) => !ids.has(event.id.toWellFormed()) && !this.knows(event));
        const own = this.linesOf(fresh, ids, lines.length, ingestedMs);
        for (const line of own) lines.push(line);
        written.push(one);
      } catch (error) {
        one.failed(error);
      }
    }
    if (lines.length > 0) {
      const uneven = new Set<string>();
      const texts = new LogLines(lines.reduce((sum, { document }) => sum + 2 * document.length + BESIDE_DOCUMENT, 0));
      for (const line of lines) {
        const text = JSON.stringify(line);
        for (const column of unevenColumns(line, text)) uneven.add(column);
        texts.add(text);
      }
      await this.write(lines, texts.bytes, texts.longest, [...uneven]);
    }
    for (const { done } of written) done();
  }

  /** All or none; an event that comes twice is taken once. */
  private linesOf(events: readonly NewEvent[], ids: Set<string>, before: number, ingestedMs: number): EventLine[] {
    const own = new Set<string>();
    const lines: EventLine[] = [];
    for (const event of events) {
      const line = lineOf(event, this.arrival + before + lines.length + 1, ingestedMs);
      if (own.has(line.id)) continue;
      own.add(line.id);
      lines.push(line);
    }
    for (const id of own) ids.add(id);
    return lines;
  }

  private async write(
    lines: readonly EventLine[],
    bytes: Buffer,
    longest: number,
    uneven: readonly string[],
  ): Promise<void> {
    if (this.log !== undefined && this.log.bytes >= this.logBytes) await this.finishLog();
    this.log ??= await this.beginLog();
    await this.log.write(bytes);
    this.logs.add(lines, bytes.length, longest, uneven);
    this.arrival += lines.length;
  }

  private async beginLog(): Promise<WalFile> {
    const number = this.manifest.plan('log');
    const log = await WalFile.begin(this.files.log(number));
    this.manifest.begin(number);
    this.logs.begin(number, this.now());
    return log;
  }

  private async finishLog(): Promise<void> {
    const { log } = this;
    this.log = undefined;
    this.logs.finish();
    await log?.close();
  }

  private knows({ id, timeMs }: NewEvent): boolean {
    if (this.logs.has(id.toWellFormed())) return true;
    let key: Buffer | undefined;
    const recent = this.now() - RECENT_MS;
    for (const segment of this.segments) {
      const isNear = segment.minMs <= timeMs && timeMs <= segment.maxMs;
      if (!isNear && segment.lastIngestedMs < recent) continue;
      key ??= keyOf(id);
      if (typeof this.shelf.placeOf(key, segment) === 'number') return true;
    }
    return false;
  }

  /** Deletes the files that nobody reads any more, and moves away those that cannot be read. */
  private tidy(): void {
    asStoreErrors(this.files.folder, () => {
      const parts = this.manifest.unread(this.now(), isAlive);
      for (const { number, kind } of parts) {
        const paths = kind === 'log' ? [this.files.log(number)] : [this.files.segment(number), this.files.keys(number)];
        for (const path of paths) rmSync(path, { force: true });
        pass('part-removed');
      }
      if (parts.length > 0) {
        syncFolder(this.files.logs);
        syncFolder(this.files.segments);
        this.manifest.forget(parts.map(({ number }) => number));
      }
      for (const number of this.manifest.damaged()) this.moveAway(number);
      this.refresh();
    });
  }

  private moveAway(number: number): void {
    for (const path of [this.files.segment(number), this.files.keys(number)]) {
      if (statSync(path, { throwIfNoEntry: false }) === undefined) continue;
      renameSync(path, this.files.damagedPart(path));
    }
  }

  /** A reader, too, sets aside what it cannot read. */
  private refresh(): void {
    if (this.manifest.generation === this.generation) return;
    const { generation, segments } = this.manifest.parts();
    this.generation = generation;
    this.segments = segments;
    this.shelf.keep(this.segments);
  }

  private removeExpired(nowMs: number): boolean {
    const expired = this.segments.filter(({ maxMs }) => maxMs < nowMs - this.limits.keepMs);
    return this.remove(expired);
  }

  private removeOldest(): boolean {
    const bytes = this.segments.reduce((sum, segment) => sum + segment.bytes, this.logs.bytes);
    if (bytes <= this.limits.maxBytes * USED_SHARE) return false;
    const oldest = oldestOf(this.segments);
    if (oldest !== undefined) return this.remove([oldest]);
    const [log] = this.logs.finished;
    if (log === undefined || this.pause.isOver) return false;
    // Segments cannot be made, and the log alone is too much.
    this.pruned += log.rows;
    this.manifest.replace([log.number]);
    this.logs.forget([log.number]);
    return true;
  }

  private remove(segments: readonly Segment[]): boolean {
    if (segments.length === 0) return false;
    this.manifest.replace(segments.map(({ number }) => number));
    this.pruned += segments.reduce((sum, { rows }) => sum + rows, 0);
    this.refresh();
    return true;
  }

  /** Whether there was one. */
  private async nextJob(nowMs: number): Promise<boolean> {
    if (!this.pause.isOver) return false;
    const keepFrom = nowMs - this.limits.keepMs;
    const isExpired = ({ minMs }: { readonly minMs: number }): boolean => minMs < keepFrom - this.grainMs;
    const current = this.logs.current;
    if (current !== undefined && current.rows > 0) {
      const isDue = current.beganMs < this.now() - LOG_AGE_MS || current.bytes >= this.logBytes || isExpired(current);
      if (isDue) await this.finishLog();
    }
    const finished = this.logs.finished;
    const isOld = finished.some(({ beganMs }) => beganMs < this.now() - LOG_AGE_MS);
    const bytes = finished.reduce((sum, log) => sum + log.bytes, 0);
    if (isOld || bytes >= this.logBytes / 2 || finished.some(isExpired)) {
      const logs = this.logs.atOnce(2 * LOG_BYTES);
      await this.make({ logs, segments: [], keepFrom });
      return true;
    }
    // Written again, a segment has its keys again.
    const single = this.segments.find((segment) => isExpired(segment) || this.shelf.lacks(segment));
    const segments = single === undefined ? compactable(this.segments) : [single];
    if (segments.length === 0) return false;
    await this.make({ logs: [], segments, keepFrom });
    return true;
  }

  private async make(wanted: {
    readonly logs: readonly LogFacts[];
    readonly segments: readonly Segment[];
    readonly keepFrom?: number;
    readonly withoutSample?: boolean;
  }): Promise<void> {
    const { logs, segments, ...how } = wanted;
    const number = this.manifest.plan('segment');
    const uneven = unevenOfAll([...logs, ...segments]);
    const numbers = (parts: readonly { readonly number: number }[]) => parts.map((part) => part.number);
    const job: Omit<SegmentJob, 'dataFolder'> = {
      ...how,
      ...(uneven === undefined ? {} : { uneven }),
      number,
      logs: numbers(logs),
      segments: numbers(segments),
      longestLine: Math.max(0, ...logs.map(({ longestLine }) => longestLine)),
    };
    const made = await this.made(job, segments);
    this.manifest.replace([...job.logs, ...job.segments], made);
    pass('segment-listed');
    if (how.withoutSample !== true) {
      const before = [...logs, ...segments].reduce((sum, { rows }) => sum + rows, 0);
      this.pruned += before - (made?.rows ?? 0);
    }
    this.logs.forget(job.logs);
    this.refresh();
  }

  private async made(job: Omit<SegmentJob, 'dataFolder'>, segments: readonly Segment[]): Promise<Segment | undefined> {
    try {
      return await this.thread.make(job);
    } catch (error) {
      for (const { number } of await this.reader.unreadableOf(segments)) this.manifest.setAside(number);
      throw error;
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive, too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
