/**
 * Files of exceptions made ready for a scan.
 *
 *   paths ──read──▶ texts ──readExceptionText──▶ exceptions, value lists ──compile──▶ ExceptionSet, and what was not taken
 *
 * An exception that names a value list whose values stand in none of the files is not applied, and told of.
 */
import { readFile, stat } from 'node:fs/promises';
import type { Exception } from '../detect/exception.ts';
import { elasticListKey } from '../detect/exceptions/elastic-list.ts';
import { LONGEST_EXCEPTIONS_TEXT, readExceptionText } from '../detect/exceptions/exception-file.ts';
import { compileExceptions, type ExceptionSet } from '../detect/exceptions/exception-set.ts';
import { type CompiledList, compileList, readListValue } from '../detect/exceptions/value-list.ts';
import { isJsonObject } from '../event/json.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import type { ExceptionProblem } from './scan-summary.ts';

export interface LoadedExceptions {
  readonly set: ExceptionSet;
  /** By id. */
  readonly names: ReadonlyMap<string, string>;
  readonly problems: readonly ExceptionProblem[];
}

/** Nothing a file or path holds makes this throw. Of two exceptions with one id the first stands. */
export async function loadExceptionFiles(
  paths: readonly string[],
  rules: readonly LoadedRule[],
): Promise<LoadedExceptions> {
  const exceptions = new Map<string, { readonly exception: Exception; readonly file: string }>();
  const lists = new Map<string, CompiledList>();
  const problems: ExceptionProblem[] = [];
  const context = { now: new Date().toISOString(), rulesOfList: rulesByElasticList(rules) };
  for (const file of paths) {
    const text = await readText(file);
    if (text.problem !== undefined) {
      problems.push({ file, message: text.problem });
      continue;
    }
    const read = readExceptionText(text.text, context);
    problems.push(...read.problems.map(({ line, message }) => ({ file, line, message })));
    for (const exception of read.exceptions) {
      if (exceptions.has(exception.id)) {
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

/** The exception lists that rules of Elastic's refer to: exported ones at their top, those of TOML under `rule`. */
function rulesByElasticList(rules: readonly LoadedRule[]): ReadonlyMap<string, readonly string[]> {
  const byList = new Map<string, string[]>();
  for (const { document } of rules) {
    const { rule, exceptions_list: own } = document.extra;
    const lists = own ?? (isJsonObject(rule) ? rule.exceptions_list : undefined);
    for (const list of Array.isArray(lists) ? lists : []) {
      if (!isJsonObject(list)) continue;
      const key = elasticListKey(list);
      byList.set(key, [...(byList.get(key) ?? []), document.id]);
    }
  }
  return byList;
}
