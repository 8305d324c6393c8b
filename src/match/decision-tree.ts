/**
 * What is known of lines of one shape by what stands in some of their members.
 *
 *   member ──as it is written──▶ member ──▶ … ──▶ what is known
 *
 * Built from what was read to find something out (`RecordedJson`): since that reads the same members in the same order as
 * long as they hold the same, each step asks for one member, and its bytes say where to go on. Bytes are compared whole, so
 * that nothing is known by a hash alone.
 *
 * Mostly a line goes the way that one before did: of that way all that was asked is known at once (`format/value-ranges.ts`).
 *
 * Of a member of which only matters that it is a time, all that are written in one form go the same way (`plain-time.ts`).
 */
import type { LineScanner } from '../format/line-shape.ts';
import type { ValueRange } from '../format/value-ranges.ts';
import { timeForm, timesLike } from './plain-time.ts';

const NO_MEMBERS: ReadonlySet<number> = new Set();
/** A longer text hardly comes again. */
const LONGEST = 256;
/** To note a way takes as long as so many lines that go it save. */
const LINES_FOR_NOTE = 16;
const FIRST_NOTES = 8;
const NO_RECORD = -1;

interface Branch<L> {
  readonly bytes: Uint8Array;
  readonly to: Step<L>;
  readonly next: Branch<L> | undefined;
}

class Step<L> {
  /** The number of the member that is asked for next; -1 where nothing is. */
  member = -1;
  known: L | undefined = undefined;
  last: Branch<L> | undefined = undefined;
  /** Where a value goes that is known without being compared (`LineScanner.heldOf`). */
  held = 0;
  heldTo: Step<L> | undefined = undefined;
  readonly branches = new Map<number, Branch<L>>();
  /** By the form of a time that the member is, where only that matters. */
  times: Map<number, Step<L>> | undefined = undefined;
  /** Whether some time matters, so that forms do not tell. */
  isStrict = false;
}

export class DecisionTree<L> {
  private readonly root = new Step<L>();
  /** Where the line before led. */
  private before: Step<L> | undefined;
  /** Where lines lead that are as the record says, which is of this book. */
  private usual: L | undefined;
  private record = NO_RECORD;
  private book: object | undefined;
  /** How many lines would pay for the ways that were noted. */
  private left = FIRST_NOTES * LINES_FOR_NOTE;

  /** @param withoutUsual for tests: each line goes its way step by step */
  constructor(withoutUsual = false) {
    if (withoutUsual) this.left = Number.NEGATIVE_INFINITY;
  }

  /** Of the line that was scanned last. */
  find(line: LineScanner<unknown>): L | undefined {
    const { ranges } = line;
    if (this.record !== NO_RECORD && this.book === ranges.book && ranges.holds(this.record)) {
      this.left += 1;
      return this.usual;
    }
    const step = this.leafOf(line);
    if (step === undefined) return undefined;
    const { known } = step;
    if (step === this.before && known !== undefined && this.left > 0) this.note(step, line);
    this.before = step;
    return known;
  }

  private leafOf(line: LineScanner<unknown>): Step<L> | undefined {
    let step: Step<L> | undefined = this.root;
    while (step !== undefined && step.member !== -1) step = this.follow(step, line);
    return step;
  }

  /** A way that two lines in a row went is likely to be that of the next one. */
  private note(leaf: Step<L>, line: LineScanner<unknown>): void {
    const { ranges } = line;
    const held = this.rangesOf(line);
    if (held === undefined) return;
    this.left -= LINES_FOR_NOTE;
    this.record = ranges.add(held);
    this.book = ranges.book;
    this.usual = leaf.known;
  }

  /** What members hold of lines that go the way of the line that was scanned last; undefined where that is not told. */
  rangesOf(line: LineScanner<unknown>): readonly ValueRange[] | undefined {
    const { bytes, starts, ends } = line;
    const held: ValueRange[] = [];
    for (let step: Step<L> | undefined = this.root; step?.member !== -1; step = this.follow(step, line)) {
      if (step === undefined) return undefined;
      const { member, times } = step;
      const own = bytes.slice(starts[member] as number, ends[member] as number);
      if (own.length === 0) return undefined;
      const isTime = times !== undefined && timeForm(own, 0, own.length) !== 0;
      held.push({ member, ...(isTime ? timesLike(own) : { least: own, most: own }) });
    }
    return held;
  }

  /**
   * Adds what was found of the line that was scanned last.
   * @param read the members it was found by, in the order in which they were read
   * @param times those of them of which only the form matters
   * @returns how many branches that took; undefined where it cannot be kept
   */
  add(
    line: LineScanner<unknown>,
    read: readonly number[],
    known: L,
    times: ReadonlySet<number> = NO_MEMBERS,
  ): number | undefined {
    let step = this.root;
    let made = 0;
    for (const member of read) {
      if (step.known !== undefined || (step.member !== -1 && step.member !== member)) return undefined;
      step.member = member;
      const isTime = times.has(member);
      // What matters of one line's time may not of another's, and neither tells of the other.
      if (isTime ? step.isStrict : step.times !== undefined && formOf(line, member) !== 0) return undefined;
      let next = this.follow(step, line);
      if (next === undefined) {
        next = this.branch(step, line, isTime);
        if (next === undefined) return undefined;
        made += 1;
      }
      step = next;
    }
    if (step.member !== -1) return undefined;
    step.known = known;
    return made;
  }

  private follow(step: Step<L>, line: LineScanner<unknown>): Step<L> | undefined {
    const held = line.heldOf(step.member);
    if (held === 0) return this.compared(step, line);
    if (held === step.held) return step.heldTo;
    const to = this.compared(step, line);
    if (to !== undefined) {
      step.held = held;
      step.heldTo = to;
    }
    return to;
  }

  private compared(step: Step<L>, { bytes, starts, ends }: LineScanner<unknown>): Step<L> | undefined {
    const start = starts[step.member] as number;
    const end = ends[step.member] as number;
    const { last, times } = step;
    if (times !== undefined) {
      const form = timeForm(bytes, start, end);
      if (form !== 0) return times.get(form);
    }
    if (last !== undefined && stands(last.bytes, bytes, start, end)) return last.to;
    if (end - start > LONGEST) return undefined;
    let branch = step.branches.get(hashOf(bytes, start, end));
    while (branch !== undefined && !stands(branch.bytes, bytes, start, end)) branch = branch.next;
    if (branch === undefined) return undefined;
    step.last = branch;
    return branch.to;
  }

  private branch(step: Step<L>, { bytes, starts, ends }: LineScanner<unknown>, isTime: boolean): Step<L> | undefined {
    const start = starts[step.member] as number;
    const end = ends[step.member] as number;
    const to = new Step<L>();
    const form = timeForm(bytes, start, end);
    if (isTime) {
      step.times ??= new Map();
      step.times.set(form, to);
      return to;
    }
    if (end - start > LONGEST) return undefined;
    if (form !== 0) step.isStrict = true;
    const hash = hashOf(bytes, start, end);
    step.branches.set(hash, { bytes: bytes.slice(start, end), to, next: step.branches.get(hash) });
    return to;
  }
}

function formOf({ bytes, starts, ends }: LineScanner<unknown>, member: number): number {
  return timeForm(bytes, starts[member] as number, ends[member] as number);
}

function stands(text: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  const { length } = text;
  if (length !== end - start) return false;
  for (let at = 0; at < length; at += 1) if (text[at] !== bytes[start + at]) return false;
  return true;
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return hash;
}
