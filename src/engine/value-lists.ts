/**
 * Value lists made ready for look-ups beside other work: a list of a million values is read and compiled in slices of a
 * few milliseconds, with a breath between them, so that the thread that matches events goes on matching.
 *
 *   store ──slices of SLICE values──▶ compileList ──(breath)──▶ … ──▶ one CompiledList over the parts
 *
 * A list that has not changed since the last time is not read again. A look-up asks each part; it is made for matches
 * only, and forty parts cost some microseconds.
 */
import { setImmediate } from 'node:timers/promises';
import type { Exception, ExceptionEntry, ValueList } from '../detect/exception.ts';
import { type CompiledList, compileList } from '../detect/exceptions/value-list.ts';
import type { ExceptionStore } from '../store/exception-store.ts';

/** Values read in one step: some 5 ms. */
const STEP = 5_000;
/** Values compiled in one step: some 10 ms. */
const PART = 25_000;

interface Kept {
  readonly updated: string;
  readonly size: number;
  readonly compiled: CompiledList;
}

export class ValueLists {
  private kept = new Map<string, Kept>();

  /** The lists that these exceptions name, as they are now; lists that are not there are left out. */
  async load(store: ExceptionStore, exceptions: readonly Exception[]): Promise<ReadonlyMap<string, CompiledList>> {
    const named = listsOf(exceptions);
    const kept = new Map<string, Kept>();
    for (const list of store.lists()) {
      const use = named.get(list.id);
      if (use === undefined) continue;
      const before = this.kept.get(list.id);
      const isSame = before?.updated === list.updated && before.size === list.size;
      const compiled = isSame ? before.compiled : await compile(store, list);
      // The first look-up without regard to case makes a second set, which must not wait for a match.
      if (use.ignoreCase) await warm(compiled);
      kept.set(list.id, { updated: list.updated, size: list.size, compiled });
    }
    this.kept = kept;
    return new Map([...kept].map(([id, { compiled }]) => [id, compiled]));
  }
}

/** Ids of the value lists that exceptions name, and whether one of them compares without regard to case. */
export function listsOf(exceptions: readonly Exception[]): ReadonlyMap<string, { readonly ignoreCase: boolean }> {
  const lists = new Map<string, { ignoreCase: boolean }>();
  for (const { condition } of exceptions) {
    for (const entry of condition.kind === 'entries' ? condition.entries : []) {
      if (!isListEntry(entry)) continue;
      const use = lists.get(entry.list) ?? { ignoreCase: false };
      use.ignoreCase ||= entry.ignore_case === true;
      lists.set(entry.list, use);
    }
  }
  return lists;
}

interface Parted extends CompiledList {
  readonly parts: readonly CompiledList[];
}

async function compile(store: ExceptionStore, { id, type }: ValueList): Promise<Parted> {
  const parts: CompiledList[] = [];
  let values: string[] = [];
  let after: string | undefined;
  for (;;) {
    const step = store.values(id, STEP, after);
    values.push(...step);
    after = step.at(-1);
    // Wildcards are bounded as a whole, and few.
    const isFull = type !== 'wildcard' && values.length >= PART;
    if (step.length < STEP || isFull) {
      parts.push(compileList(type, values));
      values = [];
    }
    if (step.length < STEP) break;
    await setImmediate();
  }
  const overfull = parts.find((part) => part.overfull !== undefined)?.overfull;
  return {
    type,
    size: parts.reduce((sum, part) => sum + part.size, 0),
    ...(overfull === undefined ? {} : { overfull }),
    parts,
    has: (value, fold) => parts.some((part) => part.has(value, fold)),
  };
}

async function warm(list: CompiledList): Promise<void> {
  for (const part of 'parts' in list ? (list as Parted).parts : [list]) {
    part.has('', 'unicode');
    await setImmediate();
  }
}

function isListEntry(entry: ExceptionEntry): entry is Extract<ExceptionEntry, { list: string }> {
  return 'list' in entry;
}
