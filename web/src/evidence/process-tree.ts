/**
 * A process tree as lines to draw: branches before each process, long runs of siblings or children folded.
 *
 *   processes in the order to be drawn ─▶ those that are shown, folds for the rest ─▶ branches
 *
 * The process itself and its ancestors are never folded; of the others, those nearest to it stay.
 */
import type { TreeProcess } from '../../../src/serve/triage-api.ts';

export type TreeLine =
  | { readonly kind: 'process'; readonly branch: string; readonly process: TreeProcess }
  | { readonly kind: 'fold'; readonly branch: string; readonly count: number; readonly key: string };

/** Of a run longer than this only the nearest are shown. */
const LONGEST_RUN = 5;
const NEAREST = 3;

type Item = { readonly depth: number } & ({ process: TreeProcess } | { count: number; key: string });

/** @param opened keys of the folds that the reader has opened */
export function treeLines(processes: readonly TreeProcess[], opened: ReadonlySet<string>): readonly TreeLine[] {
  const items = runsOf(processes).flatMap((run) => shownOf(run, opened));
  const least = Math.min(...items.map(({ depth }) => depth));
  const depths = items.map(({ depth }) => depth - least);
  return items.map((item, index) => {
    const branch = branchAt(depths, index);
    return 'process' in item
      ? { kind: 'process', branch, process: item.process }
      : { kind: 'fold', branch, count: item.count, key: item.key };
  });
}

interface Run {
  readonly key: string;
  readonly relation: TreeProcess['relation'];
  /** Whether it stands before the process itself. */
  readonly isBefore: boolean;
  readonly processes: TreeProcess[];
}

function runsOf(processes: readonly TreeProcess[]): readonly Run[] {
  const self = processes.findIndex(({ relation }) => relation === 'self');
  const runs: Run[] = [];
  for (const [index, process] of processes.entries()) {
    const last = runs.at(-1);
    const before = processes[index - 1];
    if (last !== undefined && before?.relation === process.relation && before.depth === process.depth) {
      last.processes.push(process);
    } else {
      const { relation } = process;
      runs.push({ key: `${relation}-${index}`, relation, isBefore: index < self, processes: [process] });
    }
  }
  return runs;
}

function shownOf(run: Run, opened: ReadonlySet<string>): readonly Item[] {
  const { key, relation, isBefore, processes } = run;
  const items = processes.map((process): Item => ({ depth: process.depth, process }));
  const isFoldable = relation === 'sibling' || relation === 'child';
  if (!isFoldable || opened.has(key) || processes.length <= LONGEST_RUN) return items;
  const fold: Item = { depth: processes[0]?.depth ?? 0, count: processes.length - NEAREST, key };
  return isBefore ? [fold, ...items.slice(-NEAREST)] : [...items.slice(0, NEAREST), fold];
}

/** `│  └─ ` and the like: whether the lines of each level go on further down. */
function branchAt(depths: readonly number[], index: number): string {
  const depth = depths[index] ?? 0;
  let branch = '';
  for (let level = 1; level <= depth; level += 1) {
    const goesOn = hasNext(depths, index, level);
    branch += level === depth ? (goesOn ? '├─ ' : '└─ ') : goesOn ? '│  ' : '   ';
  }
  return branch;
}

function hasNext(depths: readonly number[], index: number, level: number): boolean {
  for (const depth of depths.slice(index + 1)) {
    if (depth === level) return true;
    if (depth < level) return false;
  }
  return false;
}
