/**
 * Chunks of bytes into lines, each with its exact place.
 *
 *   feed(chunk) ──▶ next() … next() ──▶ undefined: feed the next chunk ──▶ … ──▶ finish()
 *
 * Invariants: the lines, their offsets and their numbers do not depend on where the chunks were cut; memory is bounded
 * by the longest line allowed, however the bytes come; each byte is copied at most twice on average, and not at all
 * when its line lies in one chunk.
 *
 * A line ends at `\n`; one `\r` before that (or before the end of the stream) belongs to the line end. A UTF-8 byte
 * order mark at the very start is left out of the first line. The last line needs no `\n`; an empty rest is no line.
 *
 * Windows' Event Viewer saves a whole log as one line of XML. Such a line comes in parts of whole records: each ends at
 * the first `</Event>` beyond `PART_OF_EXPORT`, and has its own offset and the line's number. A list of objects of JSON that is
 * one line (`[{…},{…}]`, of any length) comes so, too, object by object: the offset of each is that of the bracket or comma
 * before it, so that reading can begin there again.
 */
import type { Origin } from '../event/event.ts';
import type { InputLine, LineBlock, Reject, StreamReader } from '../format/format.ts';
import { ObjectEnd } from './object-end.ts';

/** Longest line read. Windows events reach a few hundred kB, Linux audit executions a few MB (long argument lists). */
export const MAX_LINE_BYTES = 8 * 1024 * 1024;

/** So much of a line that is too long is kept to show what it was. */
const KEPT_OF_TOO_LONG = 1024;

/** Enough for many records, and little beside the longest line. */
const PART_OF_EXPORT = 128 * 1024;
const EXPORT = /^(?:\xef\xbb\xbf)?\s{0,8}<(?:\?xml|Events?)[\s>]/;
const EXPORT_START = 32;
const END_OF_RECORD = Buffer.from('</Event>');

/** At the start of a line only: what is indented may stand within an object over several lines. */
const LIST = /^(?:\xef\xbb\xbf)?[[,][ \t]*\{[ \t]*"/;
const LIST_GOES_ON = /^[ \t]*,[ \t]*\{[ \t]*"/;
const LIST_START = 64;

const NEWLINE = 10;
const RETURN = 13;
const [BRACKET, COMMA, MARK, OPEN_BRACE] = [0x5b, 0x2c, 0xef, 0x7b];
const NOTHING = Buffer.alloc(0);

/** Who may pass over lines without being handed them, where they come one behind the other. */
export type LinePasser = Pick<StreamReader, 'passOver' | 'passedOver'>;

export interface LineSplitterOptions {
  readonly passer?: LinePasser | undefined;
  /** Makes the place of a line; lets a source mark its lines. */
  readonly origin: (offset: number, line: number) => Origin;
  readonly onTooLong: (reject: Reject) => void;
  readonly maxLineBytes?: number;
  /** Where the stream starts when that is not the start of the file. */
  readonly start?: { readonly offset: number; readonly line: number };
}

export class LineSplitter {
  private readonly origin: LineSplitterOptions['origin'];
  private readonly onTooLong: LineSplitterOptions['onTooLong'];
  private readonly maxLineBytes: number;
  private readonly passer: LinePasser | undefined;
  private chunk: Buffer = NOTHING;
  private block: LineBlock = { bytes: NOTHING };
  private at = 0;
  /** The start of a line whose end has not come yet, and the true length of that start. */
  private carry: Buffer = NOTHING;
  private carried = 0;
  private lineOffset: number;
  private lineNumber: number;
  /** Of what parts of this line were given. */
  private within: 'export' | 'list' | undefined;
  private object: ObjectEnd | undefined;
  /** What comes next may be the rest of a list: parts of it were given, here or before reading began again here. */
  private mayBeRest: boolean;

  constructor(options: LineSplitterOptions) {
    this.origin = options.origin;
    this.onTooLong = options.onTooLong;
    this.maxLineBytes = options.maxLineBytes ?? MAX_LINE_BYTES;
    // What is passed over is no longer than it may be.
    this.passer = this.maxLineBytes === MAX_LINE_BYTES ? options.passer : undefined;
    this.lineOffset = options.start?.offset ?? 0;
    this.lineNumber = options.start?.line ?? 1;
    this.mayBeRest = this.lineOffset > 0;
  }

  /** The offset of the first line that was not given yet. */
  get offset(): number {
    return this.lineOffset;
  }

  /** The number of the first line that was not given yet. */
  get line(): number {
    return this.lineNumber;
  }

  /** Bytes fed so far, counted from the start of the file. */
  get end(): number {
    return this.lineOffset + this.carried + this.chunk.length - this.at;
  }

  /** Goes on at a later place, where a line begins: what stands before it was read elsewhere, up to a line's end. */
  skip(place: { readonly offset: number; readonly line: number }): void {
    if (this.carried > 0 || this.at < this.chunk.length) throw new Error('a line is not read to its end');
    this.lineOffset = place.offset;
    this.lineNumber = place.line;
    this.within = undefined;
    this.mayBeRest = false;
    this.object = undefined;
  }

  /** Takes a chunk, which must stay as it is until `next` has returned `undefined`. */
  feed(chunk: Buffer): void {
    if (this.at < this.chunk.length) throw new Error('the chunk before has not been read to its end');
    this.chunk = chunk;
    this.block = { bytes: chunk };
    this.at = 0;
  }

  /** The next whole line, `undefined` when the chunk holds no more. */
  next(): InputLine | undefined {
    while (this.at < this.chunk.length) {
      if (this.passer !== undefined && this.hasPassed(this.passer)) continue;
      const end = this.chunk.indexOf(NEWLINE, this.at);
      const limit = end === -1 ? this.chunk.length : end;
      const member = this.endOfMember(limit);
      const part = member ?? this.endOfPart(limit);
      if (part !== undefined) {
        const piece = this.chunk.subarray(this.at, part);
        this.at = part;
        return this.take(piece, 0, member === undefined ? 'export' : 'list');
      }
      if (end === -1) {
        this.keep(this.chunk.subarray(this.at));
        this.at = this.chunk.length;
        return undefined;
      }
      const piece = this.chunk.subarray(this.at, end);
      this.at = end + 1;
      const line = this.take(piece, 1);
      if (line !== undefined) return line;
    }
    return undefined;
  }

  /** Whether there were lines that were passed over. */
  private hasPassed(passer: LinePasser): boolean {
    if (this.carried > 0 || this.within !== undefined) return false;
    const before = passer.passedOver;
    const to = passer.passOver(this.block, this.at);
    if (to === this.at) return false;
    this.lineOffset += to - this.at;
    this.lineNumber += passer.passedOver - before;
    this.mayBeRest = false;
    this.at = to;
    return true;
  }

  /** The stream has ended: the last line, where it has no line end. */
  finish(): InputLine | undefined {
    if (this.carried > 0) return this.take(NOTHING, 0);
    if (this.within !== undefined) this.lineNumber += 1;
    this.within = undefined;
    return undefined;
  }

  /** Where in the chunk a member of a list ends, if it does before `limit`. */
  private endOfMember(limit: number): number | undefined {
    if (this.carried > this.maxLineBytes || !this.isList()) return undefined;
    this.object ??= new ObjectEnd();
    // What was kept was looked through when it came, but for what came before it was known for a list.
    const kept = this.object.find(this.carry, 0, this.carried, 0);
    const end = kept === undefined ? this.object.find(this.chunk, this.at, limit, this.carried) : undefined;
    return end === undefined || this.carried + end - this.at > this.maxLineBytes ? undefined : end;
  }

  private isList(): boolean {
    const first = this.carried > 0 ? this.carry[0] : this.chunk[this.at];
    if (first !== BRACKET && first !== COMMA && first !== MARK && !(this.mayBeRest && isSpace(first))) return false;
    const start = this.start(LIST_START);
    return (this.mayBeRest && LIST_GOES_ON.test(start)) || (this.within !== 'list' && LIST.test(start));
  }

  /** Where in the chunk a part of an export ends, if it does before `limit`. */
  private endOfPart(limit: number): number | undefined {
    const start = this.at - this.carried;
    if (limit - start < PART_OF_EXPORT || this.carried > this.maxLineBytes || !this.isExport()) return undefined;
    const least = start + PART_OF_EXPORT;
    // One that lies partly in what was kept.
    const before = Math.min(this.carried, END_OF_RECORD.length - 1);
    const after = Math.min(limit, this.at + END_OF_RECORD.length - 1);
    const kept = this.carry.subarray(this.carried - before, this.carried);
    const seam = Buffer.concat([kept, this.chunk.subarray(this.at, after)]).indexOf(END_OF_RECORD);
    const across = this.at - before + seam + END_OF_RECORD.length;
    if (seam !== -1 && across >= least) return across - start > this.maxLineBytes ? undefined : across;
    const within = this.chunk.indexOf(END_OF_RECORD, Math.max(this.at, least - END_OF_RECORD.length));
    const end = within + END_OF_RECORD.length;
    return within === -1 || end > limit || end - start > this.maxLineBytes ? undefined : end;
  }

  private isExport(): boolean {
    return this.within === 'export' || (this.within === undefined && EXPORT.test(this.start(EXPORT_START)));
  }

  private start(length: number): string {
    const kept = this.carry.subarray(0, Math.min(this.carried, length));
    const more = this.chunk.subarray(this.at, this.at + length - kept.length);
    return kept.toString('latin1') + more.toString('latin1');
  }

  private take(piece: Buffer, ending: number, part?: 'export' | 'list'): InputLine | undefined {
    const length = this.carried + piece.length;
    const origin = this.origin(this.lineOffset, this.lineNumber);
    this.lineOffset += length + ending;
    if (part === undefined) this.lineNumber += 1;
    this.within = part;
    this.mayBeRest = part === 'list';
    this.object = undefined;
    if (length > this.maxLineBytes) {
      if (this.carried < KEPT_OF_TOO_LONG) this.keep(piece);
      this.onTooLong(
        tooLong(origin, length, this.maxLineBytes, this.carry.subarray(0, Math.min(length, KEPT_OF_TOO_LONG))),
      );
      this.forget();
      return undefined;
    }
    let bytes = piece;
    if (this.carried > 0) {
      this.keep(piece);
      bytes = this.carry.subarray(0, length);
      this.forget();
    }
    if (bytes.at(-1) === RETURN) bytes = bytes.subarray(0, -1);
    if (origin.offset === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3);
    // The bracket or comma before it is the list's.
    if (part === 'list') bytes = bytes.subarray(bytes.indexOf(OPEN_BRACE));
    return { bytes, origin };
  }

  /** Copies, because the caller's chunk is reused; grows by doubling, because chunks of a pipe can be single bytes. */
  private keep(piece: Buffer): void {
    const most = Math.max(this.maxLineBytes, KEPT_OF_TOO_LONG);
    const held = Math.min(this.carried, most);
    const needed = Math.min(this.carried + piece.length, most);
    if (needed > this.carry.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, Math.min(2 * this.carry.length, most)));
      this.carry.copy(grown, 0, 0, held);
      this.carry = grown;
    }
    piece.copy(this.carry, held, 0, needed - held);
    this.carried += piece.length;
  }

  private forget(): void {
    this.carried = 0;
    // The line just given may still be a view of the buffer: the next one gets its own.
    this.carry = NOTHING;
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}

function tooLong(origin: Origin, length: number, most: number, start: Buffer): Reject {
  const [is, may] = [length, most].map((count) => count.toLocaleString('en-US'));
  return {
    origin,
    code: 'too-long',
    reason: `The line is ${is} bytes long; lines of more than ${may} bytes are not read.`,
    bytes: Buffer.from(start),
  };
}
