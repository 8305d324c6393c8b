/**
 * The texts behind paths: files, folders (all rule files in them, in order of name), `-` for standard input. Of a page
 * (`.md`, `.txt`) in a folder the text decides whether it is a rule. Tests of rules are passed over; where they were named
 * (`rules/*`), one note says so.
 *
 *   paths ──walk──▶ files ──a look at each──▶ what is known of it as it is, or its text
 *
 * What cannot be read is a diagnostic in place of a text. A file reached twice is given once. Links to folders inside a
 * folder are not followed, so that a circle of links ends.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import { type FileStamp, stampOf } from './file-stamp.ts';
import type { KnownInspections } from './inspection-cache.ts';
import { isRuleFile, largestFile, RULE_FILE_ENDINGS } from './rule-file-names.ts';
import { isInfoName, isRegressionInfo, isTestFile, isTestName } from './test-file.ts';

/** A file whose text is known, if need be without its having been read. */
export interface RuleText {
  readonly file: string;
  readonly text: string;
  /** Absent where it would not tell that the file has changed. */
  readonly stamp?: FileStamp;
  /** What has come of this text before. */
  readonly known?: KnownInspections;
}

export type RuleFile = RuleText | { readonly file: string; readonly diagnostic: Diagnostic };

/** What is known of files from before. */
export interface KnownFiles {
  /** Of a file that is as it was. */
  readonly byStamp: (file: string, stamp: FileStamp) => KnownInspections | undefined;
  readonly byText: (file: string, text: string) => KnownInspections | undefined;
  /** Remembers that no rule stands in it. */
  readonly keepForeign: (read: RuleText) => void;
}

const NOTHING_KNOWN: KnownFiles = { byStamp: () => undefined, byText: () => undefined, keepForeign: () => {} };

/** What git keeps for itself may have any name. */
const GIT_FOLDER = /(?:^|[\\/])\.git(?:[\\/]|$)/;

/** Files read between two turns of the thread. One by one, since thousands of small files wait on promises, not on the disk. */
const AT_ONCE = 64;
/** Files of which something is known are looked at only, and more of them. */
const MOST_AT_ONCE = 512;
/** How long the thread is kept from its other work at a time, in milliseconds. */
const SLICE_MS = 10;

/** Some at a time. */
export async function* readRuleFiles(
  paths: readonly string[],
  known: KnownFiles = NOTHING_KNOWN,
): AsyncGenerator<readonly RuleFile[]> {
  const seen = new Set<string>();
  const tests: string[] = [];
  for (const path of paths) {
    if (path === '-') {
      yield [await readStandardInput()];
      continue;
    }
    const found = await filesAt(path);
    if ('diagnostic' in found) {
      yield [found];
      continue;
    }
    const files = paths.length === 1 ? found.files : unseen(found, path, seen);
    let empty = !found.chosen && files.length === found.files.length;
    for (let at = 0; at < files.length; ) {
      if (at > 0) await setImmediate();
      const read: RuleFile[] = [];
      for (let anew = 0; at < files.length && anew < AT_ONCE && read.length < MOST_AT_ONCE; at += 1) {
        const one = lookAt(files[at] as string, known);
        if (!('known' in one)) anew += 1;
        read.push(one);
      }
      const meant = found.chosen ? read.filter((one) => !isTest(one)) : await meantAmong(read, known);
      if (found.chosen) tests.push(...read.filter(isTest).map(({ file }) => file));
      if (meant.length > 0) empty = false;
      yield meant;
    }
    if (empty) yield [{ file: path, diagnostic: emptyFolder() }];
  }
  const [first] = tests;
  if (first !== undefined) yield [{ file: first, diagnostic: passedOver(tests.length) }];
}

/** @param files the one at the path, or those in the folder there */
function unseen({ files, chosen }: FoundFiles, path: string, seen: Set<string>): readonly string[] {
  const [before, folder] = [folderPrefix(path), join(resolve(path), sep)];
  return files.filter((file) => {
    const whole = chosen ? resolve(file) : `${folder}${file.slice(before.length)}`;
    if (seen.has(whole)) return false;
    seen.add(whole);
    return true;
  });
}

/** What stands before the names of a folder's files: with the separator, as `join` would write it. */
function folderPrefix(folder: string): string {
  return join(folder, 'x').slice(0, -1);
}

function isTest(read: RuleFile): boolean {
  return (isTestName(read.file) || isInfoName(read.file)) && 'text' in read && isTestFile(read.file, read.text);
}

interface FoundFiles {
  readonly files: readonly string[];
  /** The path itself is the file. */
  readonly chosen: boolean;
}

async function filesAt(path: string): Promise<FoundFiles | Extract<RuleFile, { diagnostic: Diagnostic }>> {
  try {
    if (!(await stat(path)).isDirectory()) return { files: [path], chosen: true };
    return { files: await filesUnder(path), chosen: false };
  } catch (error) {
    return { file: path, diagnostic: unreadable(error) };
  }
}

async function filesUnder(folder: string): Promise<string[]> {
  const files: string[] = [];
  if (GIT_FOLDER.test(folder)) return files;
  const folders = [folderPrefix(folder)];
  let since = performance.now();
  for (let parent = folders.pop(); parent !== undefined; parent = folders.pop()) {
    for (const entry of readdirSync(parent === '' ? '.' : parent, { withFileTypes: true })) {
      const { name } = entry;
      if (entry.isDirectory()) {
        if (name !== '.git') folders.push(`${parent}${name}${sep}`);
      } else if (isRuleFile(name) !== false && !isTestName(name)) files.push(`${parent}${name}`);
    }
    if (performance.now() - since > SLICE_MS) {
      await setImmediate();
      since = performance.now();
    }
  }
  return files.sort();
}

/** Of files found in a folder those that are told of: what may be anything only where it is recognised as a rule. */
async function meantAmong(files: readonly RuleFile[], known: KnownFiles): Promise<readonly RuleFile[]> {
  const meant: RuleFile[] = [];
  for (const read of files) {
    if (isInfoName(read.file) && 'text' in read && isRegressionInfo(read.file, read.text)) continue;
    if (isRuleFile(read.file) === true || (await isRecognised(read, known))) meant.push(read);
  }
  return meant;
}

async function isRecognised(read: RuleFile, known: KnownFiles): Promise<boolean> {
  if (!('text' in read)) return false;
  if (read.known !== undefined && read.known.inspections.length > 0) return true;
  if (read.known === undefined) {
    const { ruleFormOf } = await import('./forms.ts');
    if (ruleFormOf(read.text, read.file) !== undefined) return true;
  }
  known.keepForeign(read);
  return false;
}

/** Read only where that tells something new. */
function lookAt(file: string, files: KnownFiles): RuleFile {
  try {
    const now = Date.now();
    const stats = statSync(file);
    const largest = largestFile(file, stats.size);
    if (stats.size > largest) return { file, diagnostic: tooLarge(largest) };
    // What is no file (a pipe) may hold something else each time.
    const stamp = stats.isFile() ? stampOf(stats, now) : undefined;
    // Of a test the text decides whether it is one.
    const same = stamp === undefined || isInfoName(file) || isTestName(file) ? undefined : files.byStamp(file, stamp);
    if (same !== undefined && stamp !== undefined) return new UnreadText(file, stamp, same);
    const read = decode(file, readFileSync(file));
    if (!('text' in read)) return read;
    const known = files.byText(file, read.text);
    return { ...read, ...(stamp === undefined ? {} : { stamp }), ...(known === undefined ? {} : { known }) };
  } catch (error) {
    return { file, diagnostic: unreadable(error) };
  }
}

class UnreadText implements RuleText {
  readonly file: string;
  readonly stamp: FileStamp;
  readonly known: KnownInspections;

  constructor(file: string, stamp: FileStamp, known: KnownInspections) {
    this.file = file;
    this.stamp = stamp;
    this.known = known;
  }

  get text(): string {
    return this.known.text;
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

const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(file: string, bytes: Uint8Array): RuleFile {
  try {
    // The mark at the start is kept so that offsets stay those of the file; the forms skip it.
    return { file, text: DECODER.decode(bytes) };
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
