/**
 * What is known of lines of one shape by what stands in some of their members.
 *
 *   member ──as it is written──▶ member ──▶ … ──▶ what is known
 *
 * Built from what was read to find something out (`RecordedJson`): since that reads the same members in the same order as
 * long as they hold the same, each step asks for one member, and its bytes say where to go on. Bytes are compared whole, so
 * that nothing is known by a hash alone.
 *
 * Where times count as alike, all that are valid and written plainly go the same way: for what a format makes of a line but
 * for its time itself.
 */
import type { LineScanner } from '../format/line-shape.ts';
import { isPlainTime } from './plain-time.ts';

/** A longer text hardly comes again. */
const LONGEST = 256;

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
  readonly branches = new Map<number, Branch<L>>();
  time: Step<L> | undefined = undefined;
}

export class DecisionTree<L> {
  private readonly root = new Step<L>();
  private readonly timesAlike: boolean;

  constructor(timesAlike: boolean) {
    this.timesAlike = timesAlike;
  }

  /** Of the line that was scanned last. */
  find(line: LineScanner<unknown>): L | undefined {
    let step: Step<L> | undefined = this.root;
    while (step !== undefined && step.member !== -1) step = this.follow(step, line);
    return step?.known;
  }

  /**
   * Adds what was found of the line that was scanned last.
   * @param read the members it was found by, in the order in which they were read
   * @returns how many branches that took; undefined where it cannot be kept
   */
  add(line: LineScanner<unknown>, read: readonly number[], known: L): number | undefined {
    let step = this.root;
    let made = 0;
    for (const member of read) {
      if (step.known !== undefined || (step.member !== -1 && step.member !== member)) return undefined;
      step.member = member;
      let next = this.follow(step, line);
      if (next === undefined) {
        next = this.branch(step, line);
        if (next === undefined) return undefined;
        made += 1;
      }
      step = next;
    }
    if (step.member !== -1) return undefined;
    step.known = known;
    return made;
  }

  private follow(step: Step<L>, { bytes, starts, ends }: LineScanner<unknown>): Step<L> | undefined {
    const start = starts[step.member] as number;
    const end = ends[step.member] as number;
    const { last } = step;
    if (last !== undefined && stands(last.bytes, bytes, start, end)) return last.to;
    if (this.timesAlike && isPlainTime(bytes, start, end)) return step.time;
    if (end - start > LONGEST) return undefined;
    let branch = step.branches.get(hashOf(bytes, start, end));
    while (branch !== undefined && !stands(branch.bytes, bytes, start, end)) branch = branch.next;
    if (branch === undefined) return undefined;
    step.last = branch;
    return branch.to;
  }

  private branch(step: Step<L>, { bytes, starts, ends }: LineScanner<unknown>): Step<L> | undefined {
    const start = starts[step.member] as number;
    const end = ends[step.member] as number;
    const to = new Step<L>();
    if (this.timesAlike && isPlainTime(bytes, start, end)) {
      step.time = to;
      return to;
    }
    if (end - start > LONGEST) return undefined;
    const hash = hashOf(bytes, start, end);
    step.branches.set(hash, { bytes: bytes.slice(start, end), to, next: step.branches.get(hash) });
    return to;
  }
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
