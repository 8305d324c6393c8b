/**
 * Lines that told of processes, kept outside of the heap: nothing has to be collected of what nobody asks about.
 *
 *   owner, id, parent's id, lines ──copied──▶ block of some hundred records ──all given back──▶ filled anew
 *                                                          └──few left, and much room lost──▶ these move to another
 *
 * What is given back is not touched: it was written long ago, and is in no cache any more. So a record is told by its owner's place.
 *
 * Invariants: a record moves only while another is kept, and its owner's place is told; blocks take at most half as much again as
 * what is in them, and few more.
 */
import { type IdText, wordsFor } from './id-text.ts';

/** In words of four bytes. */
const BLOCK = 65_536;
/** Of a record: whose it is, and how many words it takes; then the id, its parent's, the line, and another one. */
const [OWNER, SIZE, TEXTS] = [0, 1, 2];
const MOST_LOST = 1.5;
const BLOCKS_TO_SPARE = 4;
const NO_ROOM = new Int32Array(0);
const NO_BYTES = Buffer.alloc(0);

interface Block {
  readonly number: number;
  words: Int32Array;
  bytes: Buffer;
  filled: number;
  /** Of what was filled, how much was not given back. */
  held: number;
}

/** Before the first line. */
const NO_BLOCK: Block = { number: -1, words: NO_ROOM, bytes: NO_BYTES, filled: BLOCK, held: 0 };

interface RecordOwners {
  /** Where the owner's record is; anything else of one that gave it back. */
  placeOf(owner: number): number;
  /** Told of what is somewhere else from now on. */
  moved(owner: number, place: number): void;
}

/** In words, of the lengths of its parts in bytes. */
export function sizeOfRecord(id: number, parent: number, line: number, more: number): number {
  return TEXTS + wordsFor(id) + wordsFor(parent) + wordsFor(line) + wordsFor(more);
}

export class KeptLines {
  private readonly blocks: Block[] = [];
  /** With nothing in them; those beyond the first few have no memory. */
  private readonly empty: Block[] = [];
  private current: Block = NO_BLOCK;
  private held = 0;
  private readonly owners: RecordOwners;

  constructor(owners: RecordOwners) {
    this.owners = owners;
  }

  /**
   * @param line of at most so many bytes that two of them fit into a block with the ids
   * @param more bytes of room for another line after it
   * @returns its place
   */
  keep(owner: number, id: IdText, parent: IdText, line: Uint8Array, more: number): number {
    const size = sizeOfRecord(id.length, parent.length, line.length, more);
    if (this.current.filled + size > BLOCK) this.turn();
    const { current } = this;
    const { words, filled } = current;
    words[filled + OWNER] = owner;
    words[filled + SIZE] = size;
    let at = filled + TEXTS;
    for (let word = 0; word << 2 < id.length; word += 1, at += 1) words[at] = id.words[word] as number;
    for (let word = 0; word << 2 < parent.length; word += 1, at += 1) words[at] = parent.words[word] as number;
    current.bytes.set(line, at << 2);
    current.filled = filled + size;
    current.held += size;
    this.held += size;
    return current.number * BLOCK + filled;
  }

  /** @param size as `sizeOfRecord` has it. The owner has no place, or another, from now on. */
  giveBack(place: number, size: number): void {
    const block = this.blockAt(place);
    block.held -= size;
    this.held -= size;
    if (block.held === 0 && block !== this.current) this.free(block);
  }

  isId(place: number, length: number, id: IdText): boolean {
    return id.isAt(this.blockAt(place).words, (place % BLOCK) + TEXTS, length);
  }

  /** Reads the id of a record, or the text after one of such length. */
  readId(place: number, length: number, into: IdText, after = 0): void {
    into.copy(this.blockAt(place).words, (place % BLOCK) + TEXTS + wordsFor(after), length);
  }

  /** The line behind texts, or lines, of so many words; bytes as Latin-1. */
  line(place: number, before: number, length: number): string {
    const { buffer } = this.blockAt(place).words;
    return Buffer.from(buffer, ((place % BLOCK) + TEXTS + before) << 2, length).toString('latin1');
  }

  /** Whether the line is that one. */
  isLine(place: number, before: number, line: Uint8Array): boolean {
    const start = ((place % BLOCK) + TEXTS + before) << 2;
    return this.blockAt(place).bytes.compare(line, 0, line.length, start, start + line.length) === 0;
  }

  /** Copies so many words of a record into another, each behind what is before. */
  copy(from: number, before: number, to: number, beforeIt: number, words: number): void {
    const start = (from % BLOCK) + TEXTS + before;
    const source = this.blockAt(from).words.subarray(start, start + words);
    this.blockAt(to).words.set(source, (to % BLOCK) + TEXTS + beforeIt);
  }

  private blockAt(place: number): Block {
    return this.blocks[Math.trunc(place / BLOCK)] as Block;
  }

  /** Goes on in an empty block, and where much room is lost, makes another one empty. */
  private turn(): void {
    const before = this.current;
    this.current = this.empty.pop() ?? this.add();
    if (this.current.words === NO_ROOM) fillable(this.current);
    if (before.held === 0 && before !== NO_BLOCK) this.free(before);
    const taken = (this.blocks.length - this.empty.length) * BLOCK;
    if (taken > this.held * MOST_LOST + BLOCKS_TO_SPARE * BLOCK) this.moveSparsest();
  }

  /** Into the current block, which is empty: less is left of the other than fits. */
  private moveSparsest(): void {
    let sparsest: Block | undefined;
    for (const block of this.blocks) {
      if (block === this.current || block.filled === 0) continue;
      if (sparsest === undefined || block.held < sparsest.held) sparsest = block;
    }
    if (sparsest === undefined) return;
    const { current } = this;
    const { words, filled } = sparsest;
    for (let at = 0; at < filled; ) {
      const size = words[at + SIZE] as number;
      const owner = words[at + OWNER] as number;
      if (this.owners.placeOf(owner) === sparsest.number * BLOCK + at) {
        current.words.set(words.subarray(at, at + size), current.filled);
        this.owners.moved(owner, current.number * BLOCK + current.filled);
        current.filled += size;
        current.held += size;
      }
      at += size;
    }
    this.free(sparsest);
  }

  private free(block: Block): void {
    block.filled = 0;
    block.held = 0;
    if (this.empty.length >= BLOCKS_TO_SPARE) {
      block.words = NO_ROOM;
      block.bytes = NO_BYTES;
    }
    this.empty.push(block);
  }

  private add(): Block {
    const block = { number: this.blocks.length, words: NO_ROOM, bytes: NO_BYTES, filled: 0, held: 0 };
    fillable(block);
    this.blocks.push(block);
    return block;
  }
}

/** Nothing is read of it that was not written, so that it need not be cleared. */
function fillable(block: Block): void {
  block.bytes = Buffer.allocUnsafeSlow(BLOCK << 2);
  block.words = new Int32Array(block.bytes.buffer);
}
