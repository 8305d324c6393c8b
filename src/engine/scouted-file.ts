/**
 * One file behind scouts: its bytes are cut into blocks of whole lines, each block is looked through by one thread, and what
 * matters of it is read here in the order of the file.
 *
 *   chunks ──cut behind the last line end──▶ blocks ──▶ scouts ──reports, in order──▶ needed lines ──▶ the scan’s reader
 *                                                  └──while all scouts have enough to do──▶ a scout in this thread
 *
 * Memory is bounded: at most `AHEAD` blocks are with each scout, `HELD` more wait for their turn, and the input waits for
 * them. What comes out is what one thread gives: a test holds it to that.
 */
import type { Reject, StreamReader } from '../format/format.ts';
import { LineSplitter, MAX_LINE_BYTES } from '../ingest/line-splitter.ts';
import type { Scout, ScoutBlock, ScoutReport } from './scout.ts';
import { NUMBERS_OF_LINE } from './scout.ts';
import type { Scouting } from './scouts.ts';

/** One to look at and one to go on with while this thread is busy with a block of its own. */
const AHEAD = 2;
const HELD = 4;
const NEWLINE = 10;
const NO_ROOM = Buffer.alloc(0);

interface Outstanding {
  readonly block: ScoutBlock;
  readonly report: Promise<ScoutReport> | ScoutReport;
  isTold: boolean;
}

/** What was counted of lines that were not read here. */
export interface PassedOver {
  readonly format: string;
  readonly events: number;
  readonly unrouted: number;
}

interface ScoutedFileOptions {
  readonly scouts: Scouting;
  /** The one in this thread. */
  readonly here: Pick<Scout, 'look'>;
  /** Another number for each file. */
  readonly number: number;
  readonly path: string;
  readonly reader: Pick<StreamReader, 'line' | 'missed' | 'waiting'>;
  readonly passed: (counts: PassedOver) => void;
}

export class ScoutedFile {
  private readonly options: ScoutedFileOptions;
  private readonly splitter: LineSplitter;
  /** Of the block under way. */
  private room: Buffer = NO_ROOM;
  private filled = 0;
  /** Where it begins in the file. */
  private offset = 0;
  private readonly queue: Outstanding[] = [];
  /** Rooms whose lines were read since the last chunk: events may still show them. */
  private resting: Buffer[] = [];
  private format: string | undefined;
  private hasBegun = false;
  /** Everything is read here from now on. */
  private isAlone = false;
  /** Blocks that scouts in other threads have and have not told of. */
  private underWay = 0;

  constructor(options: ScoutedFileOptions) {
    this.options = options;
    const { path, reader } = options;
    this.splitter = new LineSplitter({
      origin: (offset, line) => ({ path, offset, line }),
      onTooLong: (reject: Reject) => reader.missed(reject),
    });
  }

  /** Takes the next bytes, reads what is known to be needed, and waits for as long as too much is under way. */
  async take(chunk: Buffer): Promise<void> {
    for (const room of this.resting.splice(0)) this.options.scouts.rooms.give(room);
    let at = 0;
    while (at < chunk.length && !this.isAlone) {
      at += this.fill(chunk, at);
      if (this.filled === this.room.length) this.send();
      await this.settle();
    }
    if (this.isAlone) {
      this.readRest();
      this.readAll(chunk.subarray(at));
    }
  }

  /** @param isWhole whether that was all: the last line may have no line end */
  async end(isWhole: boolean): Promise<void> {
    if (this.filled > 0 && !this.isAlone) this.send();
    while (this.queue.length > 0) await this.readNext();
    this.isAlone = true;
    this.readRest();
    const last = isWhole ? this.splitter.finish() : undefined;
    if (last !== undefined) this.options.reader.line(last);
    for (const room of this.resting.splice(0)) this.options.scouts.rooms.give(room);
  }

  private fill(chunk: Buffer, at: number): number {
    if (this.room.length === 0) this.room = this.options.scouts.rooms.take();
    const size = Math.min(chunk.length - at, this.room.length - this.filled);
    this.room.set(chunk.subarray(at, at + size), this.filled);
    this.filled += size;
    return size;
  }

  /** Sends what there is up to its last line end. */
  private send(): void {
    const { rooms, count } = this.options.scouts;
    const { room, filled, offset } = this;
    const length = filled === 0 ? 0 : room.lastIndexOf(NEWLINE, filled - 1) + 1;
    if (length === 0) {
      if (filled < room.length) return;
      if (filled >= MAX_LINE_BYTES) this.isAlone = true;
      else {
        this.room = rooms.take(2 * filled);
        this.room.set(room);
        rooms.give(room);
      }
      return;
    }
    this.room = rooms.take(filled - length);
    this.room.set(room.subarray(length, filled));
    this.filled = filled - length;
    this.offset = offset + length;
    const { number: file, path } = this.options;
    const block = { file, path, isFirst: !this.hasBegun, room, length, offset };
    this.hasBegun = true;
    if (this.underWay < count * AHEAD) this.ask(block);
    else this.queue.push({ block, report: this.options.here.look(block), isTold: true });
  }

  private ask(block: ScoutBlock): void {
    const report = this.options.scouts.look(block);
    const asked = { block, report, isTold: false };
    this.underWay += 1;
    const told = () => {
      this.underWay -= 1;
      asked.isTold = true;
    };
    // What went wrong is told when its turn comes, not before.
    report.then(told, told);
    this.queue.push(asked);
  }

  private async settle(): Promise<void> {
    const most = this.options.scouts.count * AHEAD + HELD;
    while (this.isAlone ? this.queue.length > 0 : this.queue[0]?.isTold === true || this.queue.length >= most) {
      await this.readNext();
    }
  }

  private async readNext(): Promise<void> {
    const next = this.queue.shift();
    if (next === undefined) return;
    const { block } = next;
    const report = await next.report;
    const isOther = (this.format ?? report.format) !== (report.format ?? this.format);
    // What the reader has begun may go on in the lines of the block.
    if (!report.isPlain || isOther || this.options.reader.waiting !== undefined) this.isAlone = true;
    this.format ??= report.format;
    if (this.isAlone) this.readAll(block.room.subarray(0, block.length));
    else this.readNeeded(block, report);
    this.resting.push(block.room);
  }

  private readNeeded({ room, offset, length }: ScoutBlock, { needed, lines, events, unrouted }: ScoutReport): void {
    const { reader, path, passed } = this.options;
    const first = this.splitter.line;
    for (let at = 0; at < needed.length; at += NUMBERS_OF_LINE) {
      const [start = 0, end = 0, place = 0, line = 0] = needed.subarray(at, at + NUMBERS_OF_LINE);
      reader.line({ bytes: room.subarray(start, end), origin: { path, offset: offset + place, line: first + line } });
    }
    this.splitter.skip({ offset: offset + length, line: first + lines });
    if (this.format !== undefined) passed({ format: this.format, events, unrouted });
  }

  private readRest(): void {
    this.readAll(this.room.subarray(0, this.filled));
    this.filled = 0;
  }

  private readAll(bytes: Buffer): void {
    const { splitter } = this;
    splitter.feed(bytes);
    for (let line = splitter.next(); line !== undefined; line = splitter.next()) this.options.reader.line(line);
  }
}
