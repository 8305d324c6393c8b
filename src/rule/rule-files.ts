/**
 * The texts behind paths: files, folders (all rule files in them, in order of name), `-` for standard input. Of a page
 * (`.md`, `.txt`) in a folder the text decides whether it is a rule. Tests of rules are passed over; where they were named
 * (`rules/*`), one note says so.
 *
 * What cannot be read is a diagnostic in place of a text. A file reached twice is given once. Links to folders inside a
 * folder are not followed, so that a circle of links ends.
 */
import { readFileSync, statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import { isRuleFile, largestFile, RULE_FILE_ENDINGS } from './rule-file-names.ts';
import { isRegressionInfo, isTestFile, isTestName } from './test-file.ts';

export type RuleFile =
  | { readonly file: string; readonly text: string }
  | { readonly file: string; readonly diagnostic: Diagnostic };

/** What git keeps for itself may have any name. */
const GIT_FOLDER = /(?:^|[\\/])\.git(?:[\\/]|$)/;

/** Files read between two turns of the thread. One by one, since thousands of small files wait on promises, not on the disk. */
const AT_ONCE = 64;

export async function* readRuleFiles(paths: readonly string[]): AsyncGenerator<RuleFile> {
  const seen = new Set<string>();
  const tests: string[] = [];
  for (const path of paths) {
    if (path === '-') {
      yield await readStandardInput();
      continue;
    }
    const found = await filesAt(path);
    if ('diagnostic' in found) {
      yield found;
      continue;
    }
    const files = found.files.filter((file) => !seen.has(resolve(file)));
    for (const file of files) seen.add(resolve(file));
    let empty = !found.chosen && files.length === found.files.length;
    for (let at = 0; at < files.length; at += AT_ONCE) {
      if (at > 0) await setImmediate();
      const read = files.slice(at, at + AT_ONCE).map(readOne);
      const meant = found.chosen ? read.filter((one) => !isTest(one)) : await meantAmong(read);
      if (found.chosen) tests.push(...read.filter(isTest).map(({ file }) => file));
      if (meant.length > 0) empty = false;
      yield* meant;
    }
    if (empty) yield { file: path, diagnostic: emptyFolder() };
  }
  const [first] = tests;
  if (first !== undefined) yield { file: first, diagnostic: passedOver(tests.length) };
}

function isTest(read: RuleFile): boolean {
  return 'text' in read && isTestFile(read.file, read.text);
}

async function filesAt(
  path: string,
): Promise<
  { readonly files: readonly string[]; readonly chosen: boolean } | Extract<RuleFile, { diagnostic: Diagnostic }>
> {
  try {
    if (!(await stat(path)).isDirectory()) return { files: [path], chosen: true };
    return { files: await filesUnder(path), chosen: false };
  } catch (error) {
    return { file: path, diagnostic: unreadable(error) };
  }
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory() && isRuleFile(entry.name) !== false && !isTestName(entry.name))
    .filter(({ parentPath }) => !GIT_FOLDER.test(parentPath))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Of files found in a folder those that are told of: what may be anything only where it is recognised as a rule. */
async function meantAmong(files: readonly RuleFile[]): Promise<readonly RuleFile[]> {
  const meant: RuleFile[] = [];
  for (const read of files) {
    if ('text' in read && isRegressionInfo(read.file, read.text)) continue;
    if (isRuleFile(read.file) === true || (await isRecognised(read))) meant.push(read);
  }
  return meant;
}

async function isRecognised(read: RuleFile): Promise<boolean> {
  if (!('text' in read)) return false;
  const { ruleFormOf } = await import('./forms.ts');
  return ruleFormOf(read.text, read.file) !== undefined;
}

function readOne(file: string): RuleFile {
  try {
    const { size } = statSync(file);
    const largest = largestFile(file);
    if (size > largest) return { file, diagnostic: tooLarge(largest) };
    return decode(file, readFileSync(file));
  } catch (error) {
    return { file, diagnostic: unreadable(error) };
  }
}

async function readStandardInput(): Promise<RuleFile> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > largestFile('-')) return { file: '-', diagnostic: tooLarge(largestFile('-')) };
      chunks.push(chunk);
    }
    return decode('-', Buffer.concat(chunks));
  } catch (error) {
    return { file: '-', diagnostic: unreadable(error) };
  }
}

function decode(file: string, bytes: Uint8Array): RuleFile {
  try {
    // The mark at the start is kept so that offsets stay those of the file; the forms skip it.
    return { file, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { file, diagnostic: diagnose('rule-file-unreadable', 'error', 'The file is not UTF-8 text.') };
  }
}

function emptyFolder(): Diagnostic {
  const message = `The folder holds no rule file (${RULE_FILE_ENDINGS.join(', ')}).`;
  return diagnose('rule-file-empty', 'error', message);
}

function passedOver(count: number): Diagnostic {
  const others = count === 1 ? '' : count === 2 ? ', as does another' : `, as do ${count - 1} others`;
  const message = `The file holds tests of rules${others}: no rule is read from ${count === 1 ? 'it' : 'them'}.`;
  return diagnose('rule-test-file', 'info', message, undefined, 'Run them with “vedette rule test”.');
}

function tooLarge(largest: number): Diagnostic {
  return diagnose('rule-file-too-large', 'error', `The file is larger than ${largest / 1024 / 1024} MiB.`);
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'It may not be read (permission denied).',
  EISDIR: 'It is a folder.',
  ELOOP: 'It is a link that leads to itself.',
  ENOENT: 'There is no such file or folder.',
  ENOTDIR: 'A part of the path is a file, not a folder.',
};

function unreadable(error: unknown): Diagnostic {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return diagnose('rule-file-unreadable', 'error', REASONS[code] ?? `It cannot be read (${code || String(error)}).`);
}
