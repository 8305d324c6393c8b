/**
 * A folder of value lists for a scan: a file a list, one value a line.
 *
 *   scanners.ip.txt ──▶ list `scanners`, addresses        known-hosts.txt ──▶ list `known-hosts`, texts
 *
 * The type stands before the ending; without it, it is the one that an exported exception names with the list, and else
 * keyword. Elastic names lists after the uploaded file, so `scanners.ip.txt` and `scanners.txt` are its names as well.
 */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { VALUE_LIST_TYPES, type ValueListType } from '../detect/exception.ts';
import { type CompiledList, compileList } from '../detect/exceptions/value-list.ts';
import { readList } from './list-reader.ts';
import type { ExceptionProblem } from './scan-summary.ts';

export interface LoadedLists {
  readonly lists: ReadonlyMap<string, CompiledList>;
  readonly problems: readonly ExceptionProblem[];
}

/** @param typeOf the type that an exception names with a list */
export async function loadListFolder(
  folder: string,
  typeOf: (list: string) => ValueListType | undefined,
): Promise<LoadedLists> {
  const lists = new Map<string, CompiledList>();
  const problems: ExceptionProblem[] = [];
  let names: readonly string[] = [];
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    names = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => name);
    if (names.length === 0) problems.push({ file: folder, message: 'The folder holds no value lists.' });
  } catch (error) {
    problems.push({ file: folder, message: `It cannot be read: ${(error as Error).message}.` });
  }
  for (const name of names) {
    const { ids, type } = namesOf(name, typeOf);
    const file = join(folder, name);
    try {
      const read = await readList(type, createReadStream(file));
      const values: string[] = [];
      for await (const slice of read.slices) for (const value of slice) values.push(value);
      const list = compileList(type, values);
      for (const id of ids) lists.set(id, list);
      for (const { line, value, message } of read.refused) {
        problems.push({ file, line, message: `“${value.slice(0, 60)}” is not in the list: ${message}`, note: true });
      }
    } catch (error) {
      problems.push({ file, message: `It cannot be read: ${(error as Error).message}.` });
    }
  }
  return { lists, problems };
}

function namesOf(
  name: string,
  typeOf: (list: string) => ValueListType | undefined,
): { readonly ids: readonly string[]; readonly type: ValueListType } {
  const plain = name.replace(/\.(?:txt|csv|list)$/i, '');
  const stated = VALUE_LIST_TYPES.find((type) => plain.endsWith(`.${type}`));
  const id = stated === undefined ? plain : plain.slice(0, -stated.length - 1);
  const ids = [...new Set([name, plain, id])];
  return { ids, type: stated ?? ids.map(typeOf).find((type) => type !== undefined) ?? 'keyword' };
}
