/**
 * Files of exceptions made ready for a scan.
 *
 *   paths ──read──▶ texts ──readExceptionText──▶ exceptions, value lists ──compile──▶ ExceptionSet, and what was not taken
 *
 * Exceptions that an export brings with its rules are applied with them. An exception that names a value list whose
 * values stand in none of the files is not applied, and told of.
 */
import { readFile, stat } from 'node:fs/promises';
import type { Exception } from '../detect/exception.ts';
import { readAttachedExceptions, rulesOfLists } from '../detect/exceptions/elastic-list.ts';
import { LONGEST_EXCEPTIONS_TEXT, readExceptionText } from '../detect/exceptions/exception-file.ts';
import { compileExceptions, type ExceptionSet } from '../detect/exceptions/exception-set.ts';
import { type CompiledList, compileList, readListValue } from '../detect/exceptions/value-list.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import { mayNameExceptions } from '../rule/rule-head.ts';
import { loadListFolder } from './list-folder.ts';
import type { ExceptionProblem } from './scan-summary.ts';

export interface LoadedExceptions {
  readonly set: ExceptionSet;
  /** By id. */
  readonly names: ReadonlyMap<string, string>;
  readonly problems: readonly ExceptionProblem[];
}

/** A text in the place of a file. */
interface NamedText {
  readonly file: string;
  readonly text: string;
  readonly problem?: undefined;
}

/** What exceptions that came with exported rules name as their file. */
const FROM_RULES = 'exceptions of the rules';

/**
 * Nothing a file or path holds makes this throw. Of two exceptions with one id the first stands; those that came with
 * the rules give way to those of files.
 * @param listFolder of value lists that exceptions name
 */
export async function loadExceptionFiles(
  paths: readonly (string | NamedText)[],
  rules: readonly LoadedRule[],
  listFolder?: string,
): Promise<LoadedExceptions> {
  const exceptions = new Map<string, { readonly exception: Exception; readonly file: string }>();
  const lists = new Map<string, CompiledList>();
  const problems: ExceptionProblem[] = [];
  const documents = rules.filter(mayNameExceptions).map(({ document }) => document);
  const now = new Date().toISOString();
  const context = { now, rulesOfList: rulesOfLists(documents) };
  const attached = readAttachedExceptions(documents, now);
  problems.push(...attached.problems.map(({ message, note }) => ({ file: FROM_RULES, message, ...isNote(note) })));
  for (const exception of attached.exceptions) exceptions.set(exception.id, { exception, file: FROM_RULES });
  const named = new Map(attached.lists.map(({ id, type }) => [id, type]));
  for (const path of paths) {
    const file = typeof path === 'string' ? path : path.file;
    const text = typeof path === 'string' ? await readText(path) : path;
    if (text.problem !== undefined) {
      problems.push({ file, message: text.problem });
      continue;
    }
    const read = readExceptionText(text.text, context);
    problems.push(...read.problems.map(({ line, message, note }) => ({ file, line, message, ...isNote(note) })));
    for (const { id, type } of read.lists) named.set(id, type);
    for (const exception of read.exceptions) {
      const before = exceptions.get(exception.id);
      if (before !== undefined && before.file !== FROM_RULES) {
        const message = 'Its id is already taken by another exception.';
        problems.push({ file, exception: exception.name, message });
      } else exceptions.set(exception.id, { exception, file });
    }
    for (const { id, type, values } of read.filled) {
      const taken: string[] = [];
      for (const value of values) {
        const one = readListValue(type, value);
        if ('value' in one) taken.push(one.value);
        else problems.push({ file, message: `In the list ${id}, “${value.slice(0, 60)}”: ${one.message}` });
      }
      lists.set(id, compileList(type, taken));
    }
  }
  if (listFolder !== undefined) {
    const folder = await loadListFolder(listFolder, (list) => named.get(list));
    for (const [id, list] of folder.lists) lists.set(id, list);
    problems.push(...folder.problems);
  }
  const set = await compileExceptions(
    [...exceptions.values()].map(({ exception }) => exception),
    { lists },
  );
  for (const { exception, findings } of set.refused) {
    const file = exceptions.get(exception.id)?.file ?? '';
    for (const { message } of findings) problems.push({ file, exception: exception.name, message });
  }
  return { set, names: new Map([...exceptions].map(([id, { exception }]) => [id, exception.name])), problems };
}

type Text = { readonly text: string; readonly problem?: undefined } | { readonly problem: string };

async function readText(file: string): Promise<Text> {
  try {
    if ((await stat(file)).size > LONGEST_EXCEPTIONS_TEXT) return { problem: 'The file is larger than 16 MiB.' };
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file)) };
  } catch (error) {
    return { problem: `It cannot be read: ${error instanceof Error ? error.message : String(error)}.` };
  }
}

function isNote(note: true | undefined): { note?: true } {
  return note === undefined ? {} : { note };
}
