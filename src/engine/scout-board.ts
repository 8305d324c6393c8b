/**
 * The memory that threads of a scan share: which block of a file is whose, and what scouts say of those that they looked
 * through. The bytes are read by each thread for itself: what is shared takes several times as long to copy from.
 *
 *   block: free ──scout──▶ claimed ──looked through──▶ told ──┐
 *            └──the scan, where it stands at it──────▶ own ───┴──the scan has read it──▶ the place of a later one
 *
 * Blocks have numbers that no two files share, and the word that says whose one is holds its number, so that who was late
 * claims nothing that stands in its place by now. Scouts take blocks one after the other, and leave the more of them to the
 * scan the fewer of theirs wait for it (`claimBlock`): who is sooner gets more to do. Where none comes after, they take the
 * last ones that they had left. Nobody waits for a message: who has nothing to do sleeps until a word changes.
 */
import { WORDS_OF_LINE } from './needed-lines.ts';

/** What is handed to another thread. */
export interface BoardMemory {
  readonly scouts: number;
  readonly blockBytes: number;
  readonly shared: SharedArrayBuffer;
}

/** What is ahead of the scan is bounded by it. */
const BLOCK_BYTES = 1024 * 1024;
/** What is read beyond a block: enough for the rest of most lines. A block whose last line is longer is read by the scan. */
export const BEYOND = 16 * 1024;
/** Of each scout: what it is ahead by while the scan is busy with blocks of its own. */
const ROOMS = 8;
/** Of the file at once, for each room: what is left to the scan takes places too. */
const PLACES = 4;
/**
 * How many blocks are left to the scan before a scout takes another, in parts of a block: what has been found to be right so far
 * (`SHARE`), which follows slowly how many rooms of a scout are not free, and more or less of it by how many these are now.
 * Tried with blocks that take the scan and scouts as long as one likes: nobody waits for more than some hundredths of the time.
 */
const PART = 256;
const ROOMS_IN_USE = 3;
const [SLOWLY, AT_ONCE] = [3, 64];
const MOST_LEFT = 8 * PART;
/** To wake a thread takes the one that does it a tenth of a millisecond and more: a scout that was busy just now looks by itself. */
const DOZE_MS = 2;
const DOZES = 50;
/** One that sleeps gets some blocks for it. */
const WAKE_EVERY = 3;
/** Words of a report, then those of its needed lines (`NeededLines`). */
const REPORT = 8;
/** More than that are needed of no block that is worth a scout. */
const MOST_NEEDED = 4096;

const [TURN, FIRST, END, FILE, BASE, ASLEEP, NEXT, SHARE, REST] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const CONTROL = 9;
const [FREE, CLAIMED, TOLD, OWN] = [0, 1, 2, 3];
const STATES = 4;
const NOBODY = 0;
const WORD = Int32Array.BYTES_PER_ELEMENT;

/** What is said of one block, in shared memory. */
export interface Room {
  readonly number: number;
  readonly report: Int32Array;
  readonly needed: Int32Array;
}

/** A block that a scout has, and its index among those of its file. */
export interface Claim {
  readonly block: number;
  readonly index: number;
  readonly room: Room;
}

export class ScoutBoard {
  readonly memory: BoardMemory;
  readonly rooms: readonly Room[];
  private readonly control: Int32Array;
  private readonly busy: Int32Array;
  private readonly states: Int32Array;
  /** By room the block that is looked at there; plus one, `NOBODY` where it is free. */
  private readonly blockIn: Int32Array;

  constructor(memory: BoardMemory) {
    const { scouts, shared } = memory;
    const rooms = scouts * ROOMS;
    let at = 0;
    const words = (count: number) => {
      const taken = new Int32Array(shared, at, count);
      at += count * WORD;
      return taken;
    };
    this.memory = memory;
    this.control = words(CONTROL);
    this.busy = words(scouts);
    this.states = words(PLACES * rooms);
    this.blockIn = words(rooms);
    const needed = MOST_NEEDED * WORDS_OF_LINE;
    this.rooms = Array.from({ length: rooms }, (_, number) => ({
      number,
      report: words(REPORT),
      needed: words(needed),
    }));
  }

  get blockBytes(): number {
    return this.memory.blockBytes;
  }

  // Of the scan:

  /** Begins a file that scouts were told of. @param blocks that they may look at @returns the number of its first block */
  open(file: number, blocks: number): number {
    const base = Atomics.load(this.control, FIRST);
    Atomics.store(this.control, BASE, base);
    Atomics.store(this.control, NEXT, base);
    for (let at = 0; at < this.states.length; at += 1) this.setFree(base + at);
    Atomics.store(this.control, FILE, file);
    this.openUntil(base + blocks);
    return base;
  }

  /** The file was read; what scouts say of it is forgotten. */
  close(): void {
    Atomics.store(this.control, FIRST, Math.max(Atomics.load(this.control, END), Atomics.load(this.control, FIRST)));
    for (let at = 0; at < this.states.length; at += 1) Atomics.store(this.states, at, OWN);
    for (let room = 0; room < this.blockIn.length; room += 1) this.giveBack(room);
  }

  /** Nobody begins with another block of the file for now. */
  shut(): void {
    Atomics.store(this.control, END, Atomics.load(this.control, FIRST));
  }

  /** Scouts may look at blocks before this one. */
  openUntil(end: number): void {
    Atomics.store(this.control, END, end);
    this.wake();
  }

  /** Whether some scout is within a block yet. */
  get isBusy(): boolean {
    return this.busy.some((_, scout) => Atomics.load(this.busy, scout) !== 0);
  }

  /** The scout is no more: the block that it had begun is left to the scan, which waits for that once, as for any. */
  lost(scout: number): void {
    this.rest(scout);
  }

  /** The scan stands at this block; what is before it was read. */
  advance(block: number): void {
    const first = Atomics.load(this.control, FIRST);
    if (block === first) return;
    const { length } = this.states;
    for (let passed = Math.max(first, block - length); passed < block; passed += 1) {
      const before = Atomics.exchange(this.states, passed % length, (passed + length) * STATES + FREE);
      if (before === passed * STATES + TOLD) this.giveBack(this.blockIn.indexOf(passed + 1));
    }
    Atomics.store(this.control, FIRST, block);
    if (block % WAKE_EVERY === 0) this.wake();
  }

  /**
   * Takes a block for the scan. @returns where a scout looked through it; undefined where the scan is to read it itself
   * @param patienceMs how long to wait for a scout that is at it
   */
  take(block: number, patienceMs: number): Room | undefined {
    const place = block % this.states.length;
    const own = block * STATES + OWN;
    let state = Atomics.compareExchange(this.states, place, block * STATES + FREE, own);
    if (state === block * STATES + CLAIMED) {
      Atomics.wait(this.states, place, state, patienceMs);
      state = Atomics.compareExchange(this.states, place, state, own);
    }
    return state === block * STATES + TOLD ? this.rooms[this.blockIn.indexOf(block + 1)] : undefined;
  }

  // Of scouts:

  get file(): number {
    return Atomics.load(this.control, FILE);
  }

  /** Claims a block and a room for it; undefined where there is nothing to do. */
  claim(scout: number): Claim | undefined {
    const free = this.freeRooms(scout);
    const [number] = free;
    if (number === undefined) return undefined;
    Atomics.store(this.busy, scout, 1);
    const block = this.claimBlock(ROOMS - free.length);
    if (block === undefined) {
      this.rest(scout);
      return undefined;
    }
    Atomics.store(this.blockIn, number, block + 1);
    return { block, index: block - Atomics.load(this.control, BASE), room: this.rooms[number] as Room };
  }

  /** The block is looked through; where the scan has read it meanwhile, for nothing. */
  tell(scout: number, { block, room }: Claim): void {
    const place = block % this.states.length;
    const claimed = block * STATES + CLAIMED;
    if (Atomics.compareExchange(this.states, place, claimed, block * STATES + TOLD) === claimed) {
      Atomics.notify(this.states, place);
    } else this.giveBack(room.number);
    this.rest(scout);
  }

  /**
   * Waits for something to do. @param turn as it was before there was nothing
   * @param times how often there was nothing, one time after the other
   */
  sleep(turn: number, times: number): void {
    if (times < DOZES) {
      Atomics.wait(this.control, TURN, turn, DOZE_MS);
      return;
    }
    Atomics.add(this.control, ASLEEP, 1);
    Atomics.wait(this.control, TURN, turn);
    Atomics.sub(this.control, ASLEEP, 1);
  }

  get turn(): number {
    return Atomics.load(this.control, TURN);
  }

  private rest(scout: number): void {
    Atomics.store(this.busy, scout, 0);
  }

  /** @param inUse rooms of the scout that are not free: the scan has not come to what is said there */
  private claimBlock(inUse: number): number | undefined {
    const { control } = this;
    const first = Atomics.load(control, FIRST);
    const end = Math.min(Atomics.load(control, END), first + this.states.length);
    const missing = ROOMS_IN_USE - inUse;
    const share = Math.min(Math.max(0, Atomics.load(control, SHARE) + SLOWLY * missing), MOST_LEFT);
    const leftToScan = Atomics.load(control, REST) + Math.max(0, share + AT_ONCE * missing);
    const begin = Math.max(Atomics.load(control, NEXT), first + 1) + Math.floor(leftToScan / PART);
    for (let block = begin; block < end; block += 1) {
      if (!this.claimIfFree(block)) continue;
      // Where two scouts are here at once, one of both has counted for nothing.
      Atomics.store(control, SHARE, share);
      Atomics.store(control, REST, leftToScan % PART);
      Atomics.store(control, NEXT, block + 1);
      return block;
    }
    for (let block = end - 1; block > first + 1; block -= 1) if (this.claimIfFree(block)) return block;
    return undefined;
  }

  private claimIfFree(block: number): boolean {
    const free = block * STATES + FREE;
    const place = block % this.states.length;
    return Atomics.compareExchange(this.states, place, free, block * STATES + CLAIMED) === free;
  }

  private freeRooms(scout: number): readonly number[] {
    const free: number[] = [];
    for (let room = scout * ROOMS; room < (scout + 1) * ROOMS; room += 1) {
      if (Atomics.load(this.blockIn, room) === NOBODY) free.push(room);
    }
    return free;
  }

  private giveBack(room: number): void {
    Atomics.store(this.blockIn, room, NOBODY);
  }

  private setFree(block: number): void {
    Atomics.store(this.states, block % this.states.length, block * STATES + FREE);
  }

  private wake(): void {
    Atomics.add(this.control, TURN, 1);
    if (Atomics.load(this.control, ASLEEP) > 0) Atomics.notify(this.control, TURN);
  }
}

export function boardMemory(scouts: number, blockBytes = BLOCK_BYTES): BoardMemory {
  const rooms = scouts * ROOMS;
  const words = CONTROL + scouts + (1 + PLACES) * rooms + rooms * (REPORT + MOST_NEEDED * WORDS_OF_LINE);
  const shared = new SharedArrayBuffer(words * WORD);
  new Int32Array(shared, 0, CONTROL)[SHARE] = Math.round(PART / scouts);
  return { scouts, blockBytes, shared };
}
