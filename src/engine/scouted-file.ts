/**
 * One file behind scouts, block by block in its order: what scouts have looked through, of that only the lines that matter are
 * read here; what they have not come to, all of it.
 *
 *   file ──▶ block that a scout has told of ──needed lines──▶ the scan’s reader, but for those whose matches are only counted
 *        └─▶ any other block ──all lines──▶─────────────────────┘
 *
 * A block holds the lines that begin in it. What a scout says of one is gone by where it begins at the very line that comes next
 * here, where all lines so far were of its lines' format, and where nothing waits for more lines: then reading all of it would
 * give the same. Else, and where it could not be read, it is read here, which finds out why. A test holds what comes out
 * to what one thread gives.
 */
import { readSync } from 'node:fs';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Reject, StreamReader } from '../format/format.ts';
import { FORMATS } from '../format/formats.ts';
import { asInputError, InputError } from '../ingest/byte-source.ts';
import { LineSplitter } from '../ingest/line-splitter.ts';
import type { PlainFile } from '../ingest/plain-file.ts';
import type { Detector } from './detector.ts';
import { type FoundLine, type NeededLine, NeededLines } from './needed-lines.ts';
import { REPORT } from './scout.ts';
import { BEYOND, type Room } from './scout-board.ts';
import type { Scouting } from './scouts.ts';

const NEWLINE = 10;
/** A scout that is at a block is waited for as long as it would take to read it here, within these. */
const [LEAST_PATIENCE_MS, MOST_PATIENCE_MS] = [1, 50];
/** Lines that are so near are read at once: a call takes as long as to read so much. */
const NEAR = 4096;
/**
 * So many blocks one after the other of which scouts cannot tell, or say that most lines are needed, which then are looked at twice:
 * they rest. So many blocks, and twice as many each time that it was no use to ask them again.
 */
const MOST_IN_VAIN = 16;
const MOST_NEEDED = 0.75;
const [SHORTEST_REST, LONGEST_REST] = [128, 4096];

/** What was counted of lines that were not read here. */
export interface PassedOver {
  readonly format: string;
  readonly events: number;
  readonly unrouted: number;
}

/** Of a block. */
interface BlockNeeds {
  readonly toRead: readonly NeededLine[];
  readonly counted: readonly FoundLine[];
}

export interface ScoutedFileOptions {
  readonly scouts: Scouting;
  /** Another number for each file. */
  readonly number: number;
  readonly path: string;
  readonly file: PlainFile;
  readonly reader: Pick<StreamReader, 'line' | 'passOver' | 'passedOver' | 'missed' | 'waiting' | 'formats'>;
  readonly passed: (counts: PassedOver) => void;
  /** What knows of matches that scouts found whether they are only counted. */
  readonly found: Pick<Detector, 'isOnlyCounted' | 'countOnly'>;
  /** After each block; when its promise is kept, nothing of the block is asked for any more. */
  readonly handed: (read: number) => Promise<void> | void;
  readonly signal?: AbortSignal;
}

export class ScoutedFile {
  private readonly options: ScoutedFileOptions;
  private readonly splitter: LineSplitter;
  private readonly own: Buffer;
  /** Where the next byte stands that was not given to the splitter. */
  private at = 0;
  private hasEnded = false;
  private problem: Diagnostic | undefined;
  private inVain = 0;
  private rest = SHORTEST_REST;
  /** The block from which on scouts are to look again, where they rest. */
  private restsUntil: number | undefined;
  private patience = MOST_PATIENCE_MS;

  constructor(options: ScoutedFileOptions) {
    this.options = options;
    const { path, reader, scouts } = options;
    this.own = Buffer.allocUnsafeSlow(scouts.board.blockBytes + BEYOND);
    this.splitter = new LineSplitter({
      origin: (offset, line) => ({ path, offset, line }),
      onTooLong: (reject: Reject) => reader.missed(reject),
      passer: reader,
    });
  }

  /** @returns why the file could not be read to its end */
  async read(): Promise<Diagnostic | undefined> {
    const { scouts, number, path, file, handed, signal } = this.options;
    const { board } = scouts;
    scouts.tell({ number, path, descriptor: file.descriptor });
    // Of the last one, only the scan sees where it ends.
    const blocks = Math.max(0, Math.floor(file.size / board.blockBytes) - 1);
    const first = board.open(number, blocks);
    try {
      while (!this.hasEnded && signal?.aborted !== true) {
        await this.readBlock(first, first + blocks);
        await handed(this.at);
        if (scouts.isDue) await scouts.turn();
      }
      const last = signal?.aborted === true ? undefined : this.splitter.finish();
      if (last !== undefined) this.options.reader.line(last);
      return this.problem;
    } finally {
      board.close();
      // The file must not be another's before nobody reads it any more.
      while (board.isBusy) await scouts.turn();
    }
  }

  private async readBlock(first: number, end: number): Promise<void> {
    const { board } = this.options.scouts;
    const index = Math.floor(this.at / board.blockBytes);
    board.advance(first + index);
    if (this.restsUntil !== undefined && index >= this.restsUntil) {
      this.restsUntil = undefined;
      board.openUntil(end);
    }
    const room = board.take(first + index, this.patience);
    if (room !== undefined && this.isGoodFor(room, index)) {
      const { report } = room;
      const needed = this.neededOf(room);
      if (this.fillNeeded(needed.toRead, index * board.blockBytes)) {
        this.judge(needed.toRead.length <= (report[REPORT.lines] as number) * MOST_NEEDED, index);
        this.readNeeded(room, needed, index * board.blockBytes);
        return;
      }
    }
    if (room !== undefined) this.judge(false, index);
    const began = performance.now();
    await this.readAll((index + 1) * board.blockBytes);
    const took = performance.now() - began;
    this.patience = Math.min(Math.max(took, LEAST_PATIENCE_MS), MOST_PATIENCE_MS);
  }

  /** @param wasWorthIt whether what a scout said of the block saves the scan something */
  private judge(wasWorthIt: boolean, index: number): void {
    if (wasWorthIt) {
      this.inVain = 0;
      this.rest = SHORTEST_REST;
      return;
    }
    this.inVain += 1;
    if (this.inVain < MOST_IN_VAIN || this.restsUntil !== undefined) return;
    this.inVain = 0;
    this.options.scouts.board.shut();
    this.restsUntil = index + this.rest;
    this.rest = Math.min(2 * this.rest, LONGEST_REST);
  }

  private isGoodFor({ report }: Room, index: number): boolean {
    const { reader, scouts } = this.options;
    const { blockBytes } = scouts.board;
    if (report[REPORT.isPlain] !== 1 || this.at !== index * blockBytes + (report[REPORT.start] as number)) return false;
    // A line that has begun here would go on there.
    if (this.splitter.offset !== this.at || reader.waiting !== undefined) return false;
    const { formats } = reader;
    const format = formatOf(report);
    return formats.size === 1 && (format === undefined || formats.has(format));
  }

  private neededOf({ report, needed }: Room): BlockNeeds {
    const toRead: NeededLine[] = [];
    const counted: FoundLine[] = [];
    for (const line of new NeededLines(needed).read(report[REPORT.needed] as number)) {
      if (line.found !== undefined && this.options.found.isOnlyCounted(line.found)) counted.push(line.found);
      else toRead.push(line);
    }
    return { toRead, counted };
  }

  /** Reads the needed lines, those near each other at once. @returns whether all are there: the file may have been cut */
  private fillNeeded(lines: readonly NeededLine[], offset: number): boolean {
    for (let at = 0; at < lines.length; ) {
      let { start, end } = lines[at] as NeededLine;
      for (at += 1; at < lines.length; at += 1) {
        const next = lines[at] as NeededLine;
        if (next.start - end >= NEAR) break;
        end = next.end;
      }
      if (this.fill(start, end - start, offset + start) < end - start) return false;
    }
    return true;
  }

  private readNeeded({ report }: Room, { toRead, counted }: BlockNeeds, offset: number): void {
    const { own } = this;
    const { reader, path, passed, found } = this.options;
    const first = this.splitter.line;
    for (const { start, end, offset: place, line } of toRead) {
      reader.line({ bytes: own.subarray(start, end), origin: { path, offset: offset + place, line: first + line } });
    }
    for (const line of counted) found.countOnly(line);
    this.at = offset + (report[REPORT.end] as number);
    this.splitter.skip({ offset: this.at, line: first + (report[REPORT.lines] as number) });
    const events = (report[REPORT.events] as number) + counted.length;
    const unrouted = (report[REPORT.unrouted] as number) + counted.filter(({ isUnrouted }) => isUnrouted).length;
    const format = formatOf(report);
    if (format !== undefined) passed({ format, events, unrouted });
  }

  /** Reads lines up to the first that begins at `end` or behind it. */
  private async readAll(end: number): Promise<void> {
    this.problem = undefined;
    for (;;) {
      const read = this.fill(0, Math.min(this.own.length, Math.max(end + BEYOND - this.at, BEYOND)), this.at);
      if (read === 0) {
        this.hasEnded = true;
        return;
      }
      const cut = this.own.subarray(0, read).indexOf(NEWLINE, Math.max(0, end - 1 - this.at)) + 1;
      this.readLines(this.own.subarray(0, cut === 0 ? read : cut));
      if (cut > 0) return;
      // What was read may be asked for until then.
      await this.options.handed(this.at);
    }
  }

  /** @returns how many bytes there are; none where they cannot be read */
  private fill(start: number, most: number, position: number): number {
    const { file, path } = this.options;
    try {
      return readSync(file.descriptor, this.own, start, most, position);
    } catch (error) {
      const told = asInputError(path, error);
      if (!(told instanceof InputError)) throw told;
      this.problem = told.diagnostic;
      return 0;
    }
  }

  private readLines(bytes: Buffer): void {
    const { splitter } = this;
    splitter.feed(bytes);
    this.at += bytes.length;
    for (let line = splitter.next(); line !== undefined; line = splitter.next()) this.options.reader.line(line);
  }
}

function formatOf(report: Int32Array): string | undefined {
  return FORMATS[(report[REPORT.format] as number) - 1]?.name;
}
