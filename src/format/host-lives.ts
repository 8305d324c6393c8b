/**
 * The processes of one host as the table knows them: by key, by the pid that each has now, and in the order in which they were used.
 *
 * What stands where is in `life-slots.ts`, for all hosts. A life that somebody asks for is an object from then on.
 */
import type { IdText } from './id-text.ts';
import { type LifeSlots, type LineLife, NONE, type SlotOrder } from './life-slots.ts';
import { PidCounter } from './pid-counter.ts';
import type { Life, LifeKey } from './process-life.ts';

export class HostLives implements SlotOrder {
  readonly name: string;
  readonly pids = new PidCounter();
  /** The last of all uses of hosts that was of this one. */
  usedAt: number;
  /** Lives that came or went. */
  changes = 0;
  size = 0;
  /** Slots of the most and of the least recently used one. */
  newest = NONE;
  oldest = NONE;
  private readonly slots: LifeSlots;
  /** Another for each host. */
  private readonly number: number;

  constructor(name: string, number: number, slots: LifeSlots) {
    this.name = name;
    this.number = number;
    this.usedAt = 0;
    this.slots = slots;
  }

  get(key: LifeKey): Life | undefined {
    return this.lifeAt(this.slotOfKey(key));
  }

  /** The life that has the pid now. */
  now(pid: number): Life | undefined {
    return this.lifeAt(this.slotNow(pid));
  }

  /** Negative where there is none, as below. */
  slotNow(pid: number): number {
    return this.slots.findPid(this.number, pid);
  }

  slotOf(id: IdText): number {
    return this.slots.findId(this.number, id);
  }

  slotOfKey(key: LifeKey): number {
    return this.slots.find(this.number, key);
  }

  lifeAt(slot: number): Life | undefined {
    return slot === NONE ? undefined : this.slots.life(slot, this.name);
  }

  /** Of one of its slots, as far as the parent is known yet. */
  hasParent(slot: number): boolean {
    return this.slots.parentSlot(this.number, slot) !== NONE;
  }

  /** Its life stays known, as the parent of what it started. */
  ended(pid: number): void {
    const slot = this.slotNow(pid);
    if (slot !== NONE) this.slots.leavePid(slot);
  }

  /** Has its pid from now on. @param before what is known by its key, whose place it takes */
  put(life: Life, before: Life | undefined): void {
    const { slots } = this;
    this.changes += 1;
    if (before === undefined) {
      this.size += 1;
      slots.link(slots.add(this.number, life), this);
      return;
    }
    const { slot } = before;
    if (before.pid !== life.pid) slots.leavePid(slot);
    slots.replace(slot, life);
    slots.takePid(slot, life.pid);
    this.useSlot(slot);
  }

  /** As `put`, of one whose key nobody is known by. @returns its slot */
  putLine(life: LineLife): number {
    const { slots } = this;
    this.changes += 1;
    this.size += 1;
    const slot = slots.addLine(this.number, life);
    slots.link(slot, this);
    return slot;
  }

  /** As `put`, of one that is known already (`LifeSlots.isToldAlike`). */
  putLineAgain(slot: number, life: LineLife): void {
    this.changes += 1;
    this.slots.tellAgain(slot, life);
    this.useSlot(slot);
  }

  /** Says more of the same life, which is not used by that. */
  replace(before: Life, life: Life): void {
    this.slots.replace(before.slot, life);
  }

  use(life: Life): void {
    this.useSlot(life.slot);
  }

  useSlot(slot: number): void {
    if (slot === this.newest) return;
    this.slots.unlink(slot, this);
    this.slots.link(slot, this);
  }

  /** Forgets the least recently used one. @returns what counted of it against the table's limit */
  forgetOldest(): number {
    const { slots, oldest } = this;
    if (oldest === NONE) return 0;
    const characters = slots.charactersOf(oldest);
    this.changes += 1;
    this.size -= 1;
    slots.unlink(oldest, this);
    slots.remove(oldest);
    return characters;
  }
}
