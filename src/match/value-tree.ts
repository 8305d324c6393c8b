/**
 * What is known of lines of one shape by the values of some of their members, as `DecisionTree` knows it: by the numbers of the
 * values (`format/line-values.ts`), which are told once a line for all trees. Forgets everything where values are numbered anew.
 */
import type { LineScanner } from '../format/line-shape.ts';
import { LONGEST_VALUE } from '../format/line-values.ts';

class Step<L> {
  /** The number of the member that is asked for next; -1 where nothing is. */
  member = -1;
  known: L | undefined = undefined;
  /** `undefined` where the value came once, and nothing was added for it. */
  readonly byValue = new Map<number, Step<L> | undefined>();
}

export class ValueTree<L> {
  private root = new Step<L>();
  private generation = 0;
  /** The member whose value was not known when something was looked for last; -1 where nothing is known of any value. */
  private missing = -1;
  private last = this.root;

  /** Of the line that was scanned last. */
  find(line: LineScanner<unknown>): L | undefined {
    let step = this.root;
    this.missing = -1;
    while (step.member !== -1) {
      const next = step.byValue.get(line.valueOf(step.member));
      if (next === undefined) {
        this.missing = step.member;
        this.last = step;
        return undefined;
      }
      step = next;
    }
    // A number may have been another value's.
    return this.generation === line.values.generation ? step.known : undefined;
  }

  /** Whether what was not found just now cannot be added either: it is known by a value that is too long for that. */
  isBeyond({ starts, ends }: LineScanner<unknown>): boolean {
    const { missing } = this;
    return missing !== -1 && (ends[missing] as number) - (starts[missing] as number) > LONGEST_VALUE;
  }

  /** Whether what was not found just now is known by a value that comes for the first time here. Next time it does not. */
  isFirst(line: LineScanner<unknown>): boolean {
    const { missing, last } = this;
    if (missing === -1) return false;
    const number = line.addValueOf(missing);
    if (number === -1 || last.byValue.has(number)) return false;
    last.byValue.set(number, undefined);
    return true;
  }

  /**
   * Adds what was found of the line that was scanned last.
   * @param read the members it was found by, in the order in which they were read
   * @returns how many branches that took; undefined where it cannot be kept
   */
  add(line: LineScanner<unknown>, read: readonly number[], known: L): number | undefined {
    const numbers = read.map((member) => line.addValueOf(member));
    const { generation } = line.values;
    if (this.generation !== generation) {
      this.root = new Step<L>();
      this.generation = generation;
      // Some may have been numbered before that began anew.
      return undefined;
    }
    let step = this.root;
    let made = 0;
    for (const [at, member] of read.entries()) {
      if (step.known !== undefined || (step.member !== -1 && step.member !== member)) return undefined;
      step.member = member;
      const number = numbers[at] as number;
      // So far it is kept, to tell next time that it is no use.
      if (number === -1) return made;
      let next = step.byValue.get(number);
      if (next === undefined) {
        next = new Step<L>();
        step.byValue.set(number, next);
        made += 1;
      }
      step = next;
    }
    if (step.member !== -1) return undefined;
    step.known = known;
    return made;
  }
}
