/**
 * The alphabet of one expression: code points that none of its characters, ranges and classes tells apart are one
 * letter. So an automaton has a row entry per letter, not per code point.
 *
 *   tree + fold ──sets──▶ boundaries ──▶ letters 0…n-1
 */
import type { CaseFold } from '../predicate/node.ts';
import { type CharacterClass, type CodePointRange, LAST_CODE_POINT, type Regex } from './regex-tree.ts';

/** Sorted, not overlapping, both ends included. */
export type CodePointSet = readonly CodePointRange[];

export interface Alphabet {
  readonly size: number;
  readonly letterOf: (codePoint: number) => number;
  /** Some code point of a letter; a set that occurs in the expression holds all code points of a letter or none. */
  readonly example: (letter: number) => number;
}

export const EVERY_CODE_POINT: CodePointSet = [[0, LAST_CODE_POINT]];

export function alphabetOf(tree: Regex, fold: CaseFold): Alphabet {
  const starts = new Set([0]);
  collectStarts(tree, fold, starts);
  starts.delete(LAST_CODE_POINT + 1);
  const sorted = Uint32Array.from(starts).sort();
  const ascii = Uint16Array.from({ length: 128 }, (_, point) => search(sorted, point));
  return {
    size: sorted.length,
    letterOf: (point) => (point < 128 ? (ascii[point] as number) : search(sorted, point)),
    example: (letter) => sorted[letter] as number,
  };
}

export function pointSet(point: number, fold: CaseFold): CodePointSet {
  return normalize(forms(point, fold).map((form) => [form, form]));
}

export function classSet(node: CharacterClass, fold: CaseFold): CodePointSet {
  const single = node.single.flatMap((point) => pointSet(point, fold));
  const set = normalize([...single, ...node.ranges]);
  return node.negated ? negate(set) : set;
}

export function holds(set: CodePointSet, point: number): boolean {
  let [low, high] = [0, set.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [from, to] = set[middle] as CodePointRange;
    if (point < from) high = middle - 1;
    else if (point > to) low = middle + 1;
    else return true;
  }
  return false;
}

function forms(point: number, fold: CaseFold): number[] {
  if (fold === 'none' || (fold === 'ascii' && point > 127)) return [point];
  const text = String.fromCodePoint(point);
  return [text, text.toLowerCase(), text.toUpperCase()]
    .filter((form) => [...form].length === 1)
    .map((form) => form.codePointAt(0) as number)
    .filter((form) => fold === 'unicode' || form < 128);
}

function collectStarts(node: Regex, fold: CaseFold, starts: Set<number>): void {
  const add = (set: CodePointSet) => {
    for (const [from, to] of set) starts.add(from).add(to + 1);
  };
  switch (node.kind) {
    case 'text':
      for (const character of node.text) add(pointSet(character.codePointAt(0) as number, fold));
      break;
    case 'class':
      add(classSet(node, fold));
      break;
    case 'concat':
    case 'union':
    case 'intersection':
      for (const item of node.items) collectStarts(item, fold, starts);
      break;
    case 'complement':
    case 'repeat':
      collectStarts(node.item, fold, starts);
      break;
  }
}

function normalize(ranges: readonly CodePointRange[]): CodePointSet {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const result: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}

function negate(set: CodePointSet): CodePointSet {
  const result: CodePointRange[] = [];
  let from = 0;
  for (const [start, end] of set) {
    if (start > from) result.push([from, start - 1]);
    from = end + 1;
  }
  if (from <= LAST_CODE_POINT) result.push([from, LAST_CODE_POINT]);
  return result;
}

/** Index of the last start that is not after the point. */
function search(starts: Uint32Array, point: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= point) low = middle;
    else high = middle - 1;
  }
  return low;
}
