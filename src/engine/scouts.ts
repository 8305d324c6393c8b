/**
 * Scouts in threads, and the scan behind them: lines go out in batches, and are read here in their order once it is known
 * which of them matter.
 *
 *   lines ──batches──▶ scouts ──reports, in order──▶ needed lines ──▶ the scan’s reader
 *                 └──where scouts have enough to do──▶ all lines ────▶
 *
 * Memory is bounded: the input waits while batches are under way, and `AHEAD` of them are with each scout. What comes out is
 * what one thread gives: a test holds it to that.
 */
import module from 'node:module';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { InputLine, Reject, StreamReader } from '../format/format.ts';
import type { ScoutBatch, ScoutReport, ScoutTask } from './scout.ts';
import type { ScoutStart } from './scout-worker.ts';

/** Lines of so many bytes make a batch; one takes a scout some milliseconds, a message a fraction of one. */
const BATCH_BYTES = 512 * 1024;
const BATCH_LINES = 8192;
const AHEAD = 2;
const YOUNG_MB = 4;

/** Looks at batches; reports come in any order. */
export interface Scouting {
  readonly count: number;
  look(batch: ScoutBatch): Promise<ScoutReport>;
}

export class Scouts implements Scouting {
  readonly count: number;
  private readonly threads: readonly ScoutThread[];
  private next = 0;

  constructor(count: number, task: ScoutTask) {
    this.count = count;
    this.threads = Array.from({ length: count }, () => new ScoutThread(task));
  }

  look(batch: ScoutBatch): Promise<ScoutReport> {
    const thread = this.threads[this.next] as ScoutThread;
    this.next = (this.next + 1) % this.count;
    return thread.look(batch);
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.close()));
  }
}

interface Asked {
  readonly resolve: (report: ScoutReport) => void;
  readonly reject: (error: unknown) => void;
}

class ScoutThread {
  private readonly worker: Worker;
  private readonly asked: Asked[] = [];

  constructor(task: ScoutTask) {
    const file = import.meta.url.endsWith('.ts') ? './scout-worker.ts' : './scout-worker.js';
    const folder = module.getCompileCacheDir();
    const start: ScoutStart = { task, ...(folder === undefined ? {} : { compiled: dirname(folder) }) };
    this.worker = new Worker(new URL(file, import.meta.url), {
      workerData: start,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    this.worker.on('message', (report: ScoutReport) => this.asked.shift()?.resolve(report));
    this.worker.on('error', (error) => {
      for (const { reject } of this.asked.splice(0)) reject(error);
    });
  }

  look(batch: ScoutBatch): Promise<ScoutReport> {
    return new Promise((resolve, reject) => {
      this.asked.push({ resolve, reject });
      this.worker.postMessage(batch);
    });
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}

type Item = { readonly line: InputLine } | { readonly missed: Reject };

interface Outstanding {
  readonly items: readonly Item[];
  /** What the lines stand in. */
  readonly room: Uint8Array;
  /** Absent where no scout was asked: all of it is read here. */
  readonly report?: Promise<ScoutReport>;
  isTold: boolean;
}

/** What was counted of lines that were not read here. */
export interface PassedOver {
  readonly format: string;
  readonly events: number;
  readonly unrouted: number;
}

type ScoutedReader = Pick<StreamReader, 'line' | 'missed' | 'waiting'>;

/** One file behind scouts. */
export class ScoutedFile {
  private readonly scouts: Scouting;
  private readonly file: number;
  private readonly path: string;
  private readonly reader: ScoutedReader;
  private readonly passed: (counts: PassedOver) => void;
  private items: Item[] = [];
  /** Of the batch under way: its lines one after the other, each copied once, for here and for the scout. */
  private bytes: Uint8Array = new Uint8Array(0);
  private filled = 0;
  /** Rooms of batches that were read, for the next ones: left to the collector they grow to hundreds of megabytes. */
  private readonly rooms: Uint8Array[] = [];
  private readonly queue: Outstanding[] = [];
  private format: string | undefined;
  private hasBegun = false;
  /** Everything is read here from now on. */
  private isAlone = false;
  /** Batches that scouts have and have not told of. */
  private underWay = 0;
  private isReadingAll = false;

  constructor(
    scouts: Scouting,
    file: { readonly number: number; readonly path: string },
    reader: ScoutedReader,
    passed: (counts: PassedOver) => void,
  ) {
    this.scouts = scouts;
    this.file = file.number;
    this.path = file.path;
    this.reader = reader;
    this.passed = passed;
  }

  line({ bytes, origin }: InputLine): void {
    if (this.filled + bytes.length > this.bytes.length || this.items.length >= BATCH_LINES) {
      this.send();
      this.bytes = this.roomFor(bytes.length);
    }
    this.bytes.set(bytes, this.filled);
    const end = this.filled + bytes.length;
    this.items.push({ line: { bytes: this.bytes.subarray(this.filled, end), origin } });
    this.filled = end;
  }

  missed(reject: Reject): void {
    this.items.push({ missed: { ...reject, bytes: reject.bytes.slice() } });
  }

  /** Whether the line that the reader has is one of those that no scout has looked at. */
  get readsAll(): boolean {
    return this.isReadingAll;
  }

  /** Reads what is known to be needed; waits for as long as too much is under way. */
  async settle(): Promise<void> {
    const most = this.scouts.count * AHEAD + 1;
    while (this.queue[0]?.isTold === true || this.queue.length > most) await this.readNext();
  }

  async end(): Promise<void> {
    this.send();
    while (this.queue.length > 0) await this.readNext();
  }

  private send(): void {
    const { items } = this;
    if (items.length === 0) return;
    const room = this.bytes;
    if (this.isAlone || this.underWay >= this.scouts.count * AHEAD) this.queue.push({ items, room, isTold: true });
    else this.ask(items);
    this.items = [];
    this.bytes = new Uint8Array(0);
    this.filled = 0;
  }

  private roomFor(length: number): Uint8Array {
    const room = length > BATCH_BYTES ? undefined : this.rooms.pop();
    return room ?? new Uint8Array(new SharedArrayBuffer(Math.max(BATCH_BYTES, length)));
  }

  private ask(items: readonly Item[]): void {
    const report = this.scouts.look(this.batchOf(items));
    const asked = { items, room: this.bytes, report, isTold: false };
    this.underWay += 1;
    const told = () => {
      this.underWay -= 1;
      asked.isTold = true;
    };
    // What went wrong is told when its turn comes, not before.
    report.then(told, told);
    this.queue.push(asked);
  }

  private batchOf(items: readonly Item[]): ScoutBatch {
    const lines = items.flatMap((item) => ('line' in item ? [item.line] : []));
    const ends = new Uint32Array(lines.length);
    const offsets = new Float64Array(lines.length);
    const numbers = new Float64Array(lines.length);
    let end = 0;
    for (const [at, { bytes: own, origin }] of lines.entries()) {
      end += own.length;
      ends[at] = end;
      offsets[at] = origin.offset;
      numbers[at] = origin.line;
    }
    const isFirst = !this.hasBegun;
    this.hasBegun = true;
    return { file: this.file, path: this.path, isFirst, bytes: this.bytes, ends, offsets, numbers };
  }

  private async readNext(): Promise<void> {
    const next = this.queue.shift();
    if (next === undefined) return;
    const report = await next.report;
    if (report !== undefined) {
      const isOther = (this.format ?? report.format) !== (report.format ?? this.format);
      // What the reader has begun may go on in the lines of the batch.
      if (!report.isPlain || isOther || this.reader.waiting !== undefined) this.isAlone = true;
      this.format ??= report.format;
    }
    this.isReadingAll = this.isAlone || report === undefined;
    let number = 0;
    for (const item of next.items) {
      if ('missed' in item) {
        this.reader.missed(item.missed);
        continue;
      }
      if (this.isReadingAll || report?.needed[number] === 1) this.reader.line(item.line);
      number += 1;
    }
    if (next.room.length === BATCH_BYTES) this.rooms.push(next.room);
    if (this.isReadingAll || report === undefined || this.format === undefined) return;
    const { events, unrouted } = report;
    this.passed({ format: this.format, events, unrouted });
  }
}
