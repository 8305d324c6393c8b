/**
 * Where the table has its lives: a slot each, found by host and key and by host and pid, and in the order of their use.
 *
 *   line that told of a process ──its bytes──▶ slot of numbers, with the bytes in `kept-lines.ts`
 *   somebody asks for the process ──────────▶ the same slot, with a `Life` instead
 *   anything else that tells of one ────────▶ a slot with a `Life`
 *
 * Most processes are asked about by nobody. As numbers and bytes in few arrays they cost no objects, which would live long
 * enough to be moved by the collector of garbage more than once.
 *
 * Invariants: a slot that is taken stands in the list of its key's hash, in that of its pid's where it has the pid now, and once in
 * the order of its host; a `Life` made of bytes is what the table would have made of the line at once.
 */
import { hashOfKey, IdText, wordsFor } from './id-text.ts';
import { KeptLines, sizeOfRecord } from './kept-lines.ts';
import { type Life, type LifeKey, lifeSize, type ParentLink, type Since, sizeOfLine } from './process-life.ts';
import type { LineTeller } from './process-note.ts';
import type { At, ToldLine } from './told-process.ts';

/** No slot. */
export const NONE = -1;
/** In the place of the next one with a pid: the slot has its pid no more. */
const WITHOUT_PID = -2;
/** Larger ones are nobody's whose life is kept as bytes. */
export const LARGEST_KEPT_PID = 2 ** 31 - 1;

/** Fewer become four times as many where there are too few, more twice. */
const [FIRST_SLOTS, MANY_SLOTS] = [1_024, 16_384];
/** So many for a slot: of most pids that are looked for there is none, and to look at one that hashes alike is to wait for memory. */
const PLACES_OF_PIDS = 4;
/** Of a slot; a line of the processor's cache. */
const STRIDE = 16;
const [HOST, HASH, NEXT_OF_HASH, NEXT_OF_PID, NEWER, OLDER, PID, PPID] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
/**
 * Of one that is kept as bytes: where; its key and its parent's, an id by its length, a number by one below zero; how long the line is,
 * and the first one that told of it where that is another, and the longest before.
 */
const [PLACE, KEY, PARENT, LINE, FIRST_LINE, EARLIER, FLAGS] = [8, 9, 10, 11, 12, 13, 14] as const;
const [IS_DERIVED, IS_AT_PARENT] = [1, 2];
const HOST_MULTIPLIER = 0x85ebca6b | 0;

/** What a line tells of a process. */
export interface LineLife {
  /** Else `key` is its number. */
  readonly id: IdText;
  readonly key: number;
  readonly pid: number;
  /** Whether no other has the pid, as was looked up already. */
  readonly isPidFree: boolean;
  /** 0 where nobody says. */
  readonly ppid: number;
  /** The key of its parent: an id, else the number, 0 where it has none. */
  readonly parent: IdText;
  readonly parentKey: number;
  readonly isDerived: boolean;
  readonly born: number;
  readonly teller: LineTeller;
  readonly at: At;
  readonly line: Uint8Array;
}

/** Slots of a host in the order of their use. */
export interface SlotOrder {
  newest: number;
  oldest: number;
}

export class LifeSlots {
  private fields = new Int32Array(FIRST_SLOTS * STRIDE);
  private born = new Float64Array(FIRST_SLOTS);
  /** By slot; absent of one that is kept as bytes, which has a teller. */
  private readonly lives = new Array<Life | undefined>(FIRST_SLOTS);
  private readonly tellers = new Array<LineTeller | undefined>(FIRST_SLOTS);
  /** Slots that were ever taken. */
  private count = 0;
  /** By hash, the first slot. */
  private byKey = new Int32Array(FIRST_SLOTS).fill(NONE);
  private byPid = new Int32Array(FIRST_SLOTS * PLACES_OF_PIDS).fill(NONE);
  /** The first of those that were taken before and are free. */
  private free = NONE;
  private readonly kept = new KeptLines({
    placeOf: (slot) => this.fields[slot * STRIDE + PLACE] as number,
    moved: (slot, place) => {
      this.fields[slot * STRIDE + PLACE] = place;
    },
  });
  private readonly asked = new IdText();

  find(host: number, key: LifeKey): number {
    if (typeof key === 'string' && this.asked.write(key)) return this.findId(host, this.asked);
    const { fields, lives } = this;
    const hash = this.hashOf(host, key);
    let slot = this.byKey[hash & (this.byKey.length - 1)] as number;
    while (slot !== NONE) {
      const at = slot * STRIDE;
      if (fields[at + HASH] === hash && fields[at + HOST] === host) {
        const life = lives[slot];
        const isKey = life === undefined ? fields[at + KEY] === -key : life.key === key;
        if (isKey) return slot;
      }
      slot = fields[at + NEXT_OF_HASH] as number;
    }
    return NONE;
  }

  findId(host: number, id: IdText): number {
    const { fields } = this;
    const hash = withHost(id.hash, host);
    let slot = this.byKey[hash & (this.byKey.length - 1)] as number;
    while (slot !== NONE) {
      const at = slot * STRIDE;
      if (fields[at + HASH] === hash && fields[at + HOST] === host && this.isId(slot, id)) return slot;
      slot = fields[at + NEXT_OF_HASH] as number;
    }
    return NONE;
  }

  findPid(host: number, pid: number): number {
    const { fields } = this;
    let slot = this.byPid[this.placeOfPid(host, pid)] as number;
    while (slot !== NONE) {
      const at = slot * STRIDE;
      // Of a pid that is no number of 32 bits, these are only what is looked at first.
      if (fields[at + PID] === (pid | 0) && fields[at + HOST] === host && this.pidOf(slot) === pid) return slot;
      slot = fields[at + NEXT_OF_PID] as number;
    }
    return NONE;
  }

  /** @returns the slot, which stands nowhere in the order yet, and has its pid from now on */
  add(host: number, life: Life): number {
    const slot = this.takeSlot();
    this.lives[slot] = life;
    life.slot = slot;
    this.enter(slot, host, this.hashOf(host, life.key), life.pid);
    return slot;
  }

  /** As `add`, of a life that is kept as bytes. */
  addLine(host: number, life: LineLife): number {
    const slot = this.takeSlot();
    this.writeLine(slot, life, 0);
    this.fields[slot * STRIDE + EARLIER] = 0;
    this.born[slot] = life.born;
    const hash = life.id.length === 0 ? life.key : withHost(life.id.hash, host);
    this.enter(slot, host, hash, life.pid, life.isPidFree);
    return slot;
  }

  private enter(slot: number, host: number, hash: number, pid: number, isPidFree = false): void {
    const { fields } = this;
    const at = slot * STRIDE;
    const first = hash & (this.byKey.length - 1);
    fields[at + HOST] = host;
    fields[at + HASH] = hash;
    fields[at + NEXT_OF_HASH] = this.byKey[first] as number;
    this.byKey[first] = slot;
    fields[at + NEXT_OF_PID] = WITHOUT_PID;
    if (isPidFree) this.filePid(slot, pid);
    else this.takePid(slot, pid);
  }

  private writeLine(slot: number, life: LineLife, first: number): void {
    const { fields } = this;
    const { id, parent, line } = life;
    const at = slot * STRIDE;
    const place = this.kept.keep(slot, id, parent, line, first);
    if (first > 0) {
      const before = wordsFor(id.length) + wordsFor(parent.length) + wordsFor(line.length);
      this.kept.copy(fields[at + PLACE] as number, this.beforeFirst(slot), place, before, wordsFor(first));
      this.dropLine(slot);
    }
    fields[at + PPID] = life.ppid;
    fields[at + PLACE] = place;
    fields[at + KEY] = id.length > 0 ? id.length : -life.key;
    fields[at + PARENT] = parent.length > 0 ? parent.length : -life.parentKey;
    fields[at + LINE] = line.length;
    fields[at + FIRST_LINE] = first;
    fields[at + FLAGS] = (life.isDerived ? IS_DERIVED : 0) | (life.at === 'process.parent' ? IS_AT_PARENT : 0);
    this.tellers[slot] = life.teller;
  }

  /** Words before the line that first told of it. */
  private beforeFirst(slot: number): number {
    const { fields } = this;
    const at = slot * STRIDE;
    const line = fields[at + FIRST_LINE] === 0 ? 0 : wordsFor(fields[at + LINE] as number);
    return this.wordsOfIds(slot) + line;
  }

  /** Whether what is kept of it says the same: of logs that were shipped twice. */
  private isSameLine(slot: number, { pid, ppid, parent, parentKey, isDerived, line }: LineLife): boolean {
    const { fields, kept, asked } = this;
    const at = slot * STRIDE;
    if (fields[at + LINE] !== line.length || fields[at + PID] !== pid || fields[at + PPID] !== ppid) return false;
    if (this.isParentDerived(slot) !== isDerived || this.readParent(slot, asked) !== parentKey) return false;
    const isParent = asked.length === parent.length && (parent.length === 0 || asked.isSame(parent));
    return isParent && kept.isLine(fields[at + PLACE] as number, this.wordsOfIds(slot), line);
  }

  private wordsOfIds(slot: number): number {
    const at = slot * STRIDE;
    return wordsFor(this.idLength(at + KEY)) + wordsFor(this.idLength(at + PARENT));
  }

  /** 0 of a number. */
  private idLength(field: number): number {
    return Math.max(this.fields[field] as number, 0);
  }

  /** Whether a line may say more of what is kept as bytes, of such a format, and no more than lines do. */
  isToldAlike(slot: number, format: string): boolean {
    const isAtParent = ((this.fields[slot * STRIDE + FLAGS] as number) & IS_AT_PARENT) !== 0;
    return this.lives[slot] === undefined && !isAtParent && this.tellers[slot]?.format === format;
  }

  /** Says more of the same life, which is told alike and has an id. It has its pid from now on. */
  tellAgain(slot: number, life: LineLife): void {
    const { fields } = this;
    const at = slot * STRIDE;
    const [line, first] = [fields[at + LINE] as number, fields[at + FIRST_LINE] as number];
    const earlier = Math.max(fields[at + EARLIER] as number, line);
    if (this.isSameLine(slot, life)) this.tellers[slot] = life.teller;
    else this.writeLine(slot, life, first === 0 ? line : first);
    fields[at + EARLIER] = earlier;
    this.takePid(slot, life.pid);
  }

  /** Puts another life of the same key there. */
  replace(slot: number, life: Life): void {
    const before = this.lives[slot];
    if (before === undefined) this.dropLine(slot);
    else before.slot = NONE;
    this.lives[slot] = life;
    life.slot = slot;
  }

  /** Whatever had the pid has it no more. */
  takePid(slot: number, pid: number): void {
    const { fields } = this;
    const at = slot * STRIDE;
    const host = fields[at + HOST] as number;
    const holder = this.findPid(host, pid);
    if (holder === slot) return;
    if (holder !== NONE) this.leavePid(holder);
    this.leavePid(slot);
    this.filePid(slot, pid);
  }

  /** Of one that has none, and that nobody else has. */
  private filePid(slot: number, pid: number): void {
    const { fields } = this;
    const at = slot * STRIDE;
    const place = this.placeOfPid(fields[at + HOST] as number, pid);
    fields[at + PID] = pid | 0;
    fields[at + NEXT_OF_PID] = this.byPid[place] as number;
    this.byPid[place] = slot;
  }

  /** It has its pid no more, if it did. */
  leavePid(slot: number): void {
    const { fields, byPid } = this;
    const at = slot * STRIDE;
    const next = fields[at + NEXT_OF_PID] as number;
    if (next === WITHOUT_PID) return;
    fields[at + NEXT_OF_PID] = WITHOUT_PID;
    const place = this.placeOfPid(fields[at + HOST] as number, fields[at + PID] as number);
    let other = byPid[place] as number;
    if (other === slot) {
      byPid[place] = next;
      return;
    }
    while (fields[other * STRIDE + NEXT_OF_PID] !== slot) other = fields[other * STRIDE + NEXT_OF_PID] as number;
    fields[other * STRIDE + NEXT_OF_PID] = next;
  }

  /** The slot is free for another. It has left the order of its host. */
  remove(slot: number): void {
    const { fields, byKey } = this;
    const at = slot * STRIDE;
    this.leavePid(slot);
    const first = (fields[at + HASH] as number) & (byKey.length - 1);
    const next = fields[at + NEXT_OF_HASH] as number;
    let other = byKey[first] as number;
    if (other === slot) byKey[first] = next;
    else {
      while (fields[other * STRIDE + NEXT_OF_HASH] !== slot) other = fields[other * STRIDE + NEXT_OF_HASH] as number;
      fields[other * STRIDE + NEXT_OF_HASH] = next;
    }
    const life = this.lives[slot];
    if (life === undefined) this.dropLine(slot);
    else {
      life.slot = NONE;
      this.lives[slot] = undefined;
    }
    fields[at + NEXT_OF_HASH] = this.free;
    this.free = slot;
  }

  link(slot: number, order: SlotOrder): void {
    const { fields } = this;
    const at = slot * STRIDE;
    const { newest } = order;
    fields[at + NEWER] = NONE;
    fields[at + OLDER] = newest;
    if (newest === NONE) order.oldest = slot;
    else fields[newest * STRIDE + NEWER] = slot;
    order.newest = slot;
  }

  unlink(slot: number, order: SlotOrder): void {
    const { fields } = this;
    const at = slot * STRIDE;
    const [newer, older] = [fields[at + NEWER] as number, fields[at + OLDER] as number];
    if (newer === NONE) order.newest = older;
    else fields[newer * STRIDE + OLDER] = older;
    if (older === NONE) order.oldest = newer;
    else fields[older * STRIDE + NEWER] = newer;
  }

  /** The one that was used right after it. */
  newerThan(slot: number): number {
    return this.fields[slot * STRIDE + NEWER] as number;
  }

  /** What counts of it against the table's limit. */
  charactersOf(slot: number): number {
    const at = slot * STRIDE;
    const { fields } = this;
    return this.lives[slot]?.characters ?? sizeOfLine((fields[at + LINE] as number) + (fields[at + EARLIER] as number));
  }

  lineLengthOf(slot: number): number {
    const life = this.lives[slot];
    return life === undefined ? (this.fields[slot * STRIDE + LINE] as number) : (life.told.line?.length ?? 0);
  }

  /**
   * Reads the key, as it is kept for a child.
   * @returns its number where it is one; 0 where it is an id; undefined where it is none that is kept as bytes
   */
  readKey(slot: number, into: IdText): number | undefined {
    const life = this.lives[slot];
    if (life !== undefined) {
      const { key } = life;
      if (typeof key === 'string') return into.write(key) ? 0 : undefined;
      into.clear();
      return key <= LARGEST_KEPT_PID ? key : undefined;
    }
    return this.readPart(slot, KEY, into);
  }

  /** As `readKey`, the parent's of one that is kept as bytes; 0, and no id, where it has none. */
  readParent(slot: number, into: IdText): number {
    return this.readPart(slot, PARENT, into);
  }

  /** The slot of the parent, as far as that is known yet. @param host of both */
  parentSlot(host: number, slot: number): number {
    const life = this.lives[slot];
    if (life !== undefined) return life.parent === undefined ? NONE : this.find(host, life.parent.key);
    const key = this.readParent(slot, this.asked);
    if (key > 0) return this.find(host, key);
    return this.asked.length > 0 ? this.findId(host, this.asked) : NONE;
  }

  isParentDerived(slot: number): boolean {
    return ((this.fields[slot * STRIDE + FLAGS] as number) & IS_DERIVED) !== 0;
  }

  private readPart(slot: number, part: typeof KEY | typeof PARENT, into: IdText): number {
    const at = slot * STRIDE;
    const length = this.fields[at + part] as number;
    if (length <= 0) {
      into.clear();
      return -length;
    }
    this.kept.readId(this.fields[at + PLACE] as number, length, into, part === KEY ? 0 : this.idLength(at + KEY));
    return 0;
  }

  /** The life in the slot, from now on as an object. @param host its name */
  life(slot: number, host: string): Life {
    const known = this.lives[slot];
    if (known !== undefined) return known;
    const life = this.lifeOfLine(slot, host);
    this.dropLine(slot);
    this.lives[slot] = life;
    return life;
  }

  private lifeOfLine(slot: number, host: string): Life {
    const { fields, kept } = this;
    const at = slot * STRIDE;
    const field = (number: number) => fields[at + number] as number;
    const { format, session, loginId } = this.tellers[slot] as LineTeller;
    const isAtParent = (field(FLAGS) & IS_AT_PARENT) !== 0;
    const told: ToldLine = {
      line: kept.line(field(PLACE), this.wordsOfIds(slot), field(LINE)),
      format,
      at: isAtParent ? 'process.parent' : 'process',
    };
    const key = this.keyIn(slot, KEY) as LifeKey;
    return {
      key,
      pid: field(PID),
      ppid: field(PPID) === 0 ? undefined : field(PPID),
      id: typeof key === 'string' ? key : { host, pid: field(PID), told, since: undefined },
      parent: this.parentOf(slot),
      session: isAtParent ? undefined : session,
      loginId: isAtParent ? undefined : loginId,
      born: this.born[slot] as number,
      told,
      since: this.sinceIn(slot, told),
      earlier: field(EARLIER),
      characters: lifeSize(told, field(EARLIER)),
      slot,
      asParent: undefined,
      asNamed: undefined,
    };
  }

  private sinceIn(slot: number, told: ToldLine): Since | undefined {
    const { fields } = this;
    const at = slot * STRIDE;
    const first = fields[at + FIRST_LINE] as number;
    // Of few lines that are all the same, the last is as the first.
    if (first === 0) return undefined;
    const line = this.kept.line(fields[at + PLACE] as number, this.beforeFirst(slot), first);
    return { kind: 'seen', told: { ...told, line } };
  }

  private parentOf(slot: number): ParentLink | undefined {
    const key = this.keyIn(slot, PARENT);
    return key === undefined ? undefined : { key, isDerived: this.isParentDerived(slot) };
  }

  private keyIn(slot: number, part: typeof KEY | typeof PARENT): LifeKey | undefined {
    const number = this.readPart(slot, part, this.asked);
    if (number > 0) return number;
    return this.asked.length === 0 ? undefined : this.asked.text;
  }

  private dropLine(slot: number): void {
    const { fields } = this;
    const at = slot * STRIDE;
    const [line, first] = [fields[at + LINE] as number, fields[at + FIRST_LINE] as number];
    const size = sizeOfRecord(this.idLength(at + KEY), this.idLength(at + PARENT), line, first);
    this.kept.giveBack(fields[at + PLACE] as number, size);
    fields[at + PLACE] = NONE;
    this.tellers[slot] = undefined;
  }

  private isId(slot: number, id: IdText): boolean {
    const life = this.lives[slot];
    if (life !== undefined) return typeof life.key === 'string' && id.isText(life.key);
    const at = slot * STRIDE;
    return this.kept.isId(this.fields[at + PLACE] as number, this.fields[at + KEY] as number, id);
  }

  pidOf(slot: number): number {
    return this.lives[slot]?.pid ?? (this.fields[slot * STRIDE + PID] as number);
  }

  /** Where its host's pids were when it was first told of. */
  bornOf(slot: number): number {
    return this.lives[slot]?.born ?? (this.born[slot] as number);
  }

  /** Numbers, each of which is given once, follow each other: so what is looked at for them does. */
  private hashOf(host: number, key: LifeKey): number {
    if (typeof key === 'number') return key | 0;
    return withHost(this.asked.write(key) ? this.asked.hash : hashOfKey(key), host);
  }

  private placeOfPid(host: number, pid: number): number {
    return withHost(Math.imul(pid, HOST_MULTIPLIER), host) & (this.byPid.length - 1);
  }

  private takeSlot(): number {
    const { free } = this;
    if (free !== NONE) {
      this.free = this.fields[free * STRIDE + NEXT_OF_HASH] as number;
      return free;
    }
    const slot = this.count;
    if (slot === this.born.length) this.grow();
    this.count += 1;
    return slot;
  }

  /** Only where all slots are taken. */
  private grow(): void {
    const { count, fields, born } = this;
    const more = count * (count < MANY_SLOTS ? 4 : 2);
    this.fields = new Int32Array(more * STRIDE);
    this.fields.set(fields);
    this.born = new Float64Array(more);
    this.born.set(born);
    // To add them one by one takes as long as to fill them.
    this.lives.length = more;
    this.tellers.length = more;
    this.byKey = new Int32Array(more).fill(NONE);
    this.byPid = new Int32Array(more * PLACES_OF_PIDS).fill(NONE);
    for (let slot = 0; slot < count; slot += 1) this.file(slot);
  }

  private file(slot: number): void {
    const { fields, byKey, byPid } = this;
    const at = slot * STRIDE;
    const hash = (fields[at + HASH] as number) & (byKey.length - 1);
    fields[at + NEXT_OF_HASH] = byKey[hash] as number;
    byKey[hash] = slot;
    if (fields[at + NEXT_OF_PID] === WITHOUT_PID) return;
    const place = this.placeOfPid(fields[at + HOST] as number, fields[at + PID] as number);
    fields[at + NEXT_OF_PID] = byPid[place] as number;
    byPid[place] = slot;
  }
}

function withHost(hash: number, host: number): number {
  const mixed = Math.imul(hash ^ host, HOST_MULTIPLIER);
  return mixed ^ (mixed >>> 13);
}
