/**
 * Bits that are set where a text stands in a value: of the needs that it meets (`sieve-plan.ts`).
 *
 * Plans of lines keep tens of thousands of such sets, most of one bit or none: so they are plain arrays of small numbers, which take
 * a seventh of what typed ones do.
 */

/** Marks to set where the text stands in a value, by two: the place of a word, and the bits to set there. */
export type Marks = readonly number[];

export const NO_MARKS: Marks = [];

/** Those that are set, but for those that are set in others. */
export function marksIn(marked: Int32Array, others: Int32Array): Marks {
  const marks: number[] = [];
  for (let word = 0; word < marked.length; word += 1) {
    const mask = (marked[word] as number) & ~(others[word] ?? 0);
    if (mask !== 0) marks.push(word, mask);
  }
  return compact(marks);
}

/** Of needs by their numbers, which are places of bits. */
export function marksAt(needs: readonly number[]): Marks {
  const masks = new Map<number, number>();
  for (const need of needs) masks.set(need >>> 5, (masks.get(need >>> 5) ?? 0) | (1 << (need & 31)));
  return compact([...masks].flat());
}

export function mark(marks: Marks, marked: Int32Array): void {
  for (let at = 0; at < marks.length; at += 2) {
    const word = marks[at] as number;
    marked[word] = (marked[word] as number) | (marks[at + 1] as number);
  }
}

/** Of one need, by its number. */
export function markNeed(need: number, marked: Int32Array): void {
  marked[need >>> 5] = (marked[need >>> 5] as number) | (1 << (need & 31));
}

/** Whether all of them are set. */
export function isMarked(marks: Marks, marked: Int32Array): boolean {
  for (let at = 0; at < marks.length; at += 2) {
    const mask = marks[at + 1] as number;
    if (((marked[marks[at] as number] as number) & mask) !== mask) return false;
  }
  return true;
}

/** Without the room that an array has which has grown. */
function compact(marks: readonly number[]): Marks {
  return marks.length === 0 ? NO_MARKS : marks.slice();
}

const PAGE_BITS = 4;
const PAGE = 1 << PAGE_BITS;

/** Marks by number of value, of which few are known: of each of many probes, others. */
export class MarksOfValues {
  private pages: ((Marks | undefined)[] | undefined)[] = [];

  get(value: number): Marks | undefined {
    const page = value >>> PAGE_BITS;
    return page < this.pages.length ? this.pages[page]?.[value & (PAGE - 1)] : undefined;
  }

  set(value: number, marks: Marks): void {
    const { pages } = this;
    const number = value >>> PAGE_BITS;
    while (pages.length <= number) pages.push(undefined);
    let page = pages[number];
    if (page === undefined) {
      page = new Array<Marks | undefined>(PAGE).fill(undefined);
      pages[number] = page;
    }
    page[value & (PAGE - 1)] = marks;
  }

  clear(): void {
    this.pages = [];
  }
}
