/**
 * The tests behind paths: files of tests, folders of them, or rule files with a test beside.
 *
 *   paths ──walk──▶ name.test.yml, info.yml ──read──▶ RuleTest, findings
 *
 * What cannot be read is a finding and hides nothing else. Links to folders inside a folder are not followed.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { diagnose } from '../diagnostic/diagnostic.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import type { Finding } from '../rule/finding.ts';
import { toFindings } from '../rule/finding.ts';
import { isInfoName, isRegressionInfo, isTestName } from '../rule/test-file.ts';
import type { RuleTest } from './rule-test.ts';
import { type ReadTests, readRuleTests } from './rule-test-form.ts';
import { readRegression } from './rule-test-regression.ts';

export interface FoundTests {
  /** With the text they stand in, for findings. */
  readonly tests: readonly (RuleTest & { readonly text: string })[];
  readonly findings: readonly Finding[];
}

const LARGEST_FILE = 4 * 1024 * 1024;
/** Files read at the same time. */
const AT_ONCE = 32;

export async function findTests(paths: readonly string[]): Promise<FoundTests> {
  const tests: (RuleTest & { readonly text: string })[] = [];
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    const found = await filesAt(path);
    if ('problem' in found) {
      findings.push(...unread(path, found.problem));
      continue;
    }
    const files = found.files.filter((file) => !seen.has(resolve(file)));
    for (const file of files) seen.add(resolve(file));
    let count = found.files.length - files.length;
    for (let at = 0; at < files.length; at += AT_ONCE) {
      for (const one of await Promise.all(files.slice(at, at + AT_ONCE).map(readOne))) {
        if (one === undefined) continue;
        count += 1;
        findings.push(...one.findings);
        tests.push(...one.tests);
      }
    }
    if (count === 0) findings.push(...noTests(path));
  }
  return { tests, findings };
}

/** The tests of a text that is no file; its paths are taken from the working folder on. */
export function testsOfText(text: string, file: string): FoundTests {
  const read = isRegressionInfo(file, text) ? readRegression(text, file) : readRuleTests(text, file);
  return foundIn(read, text, file);
}

function foundIn({ tests, diagnostics }: ReadTests, text: string, file: string): FoundTests {
  return { tests: tests.map((test) => ({ ...test, text })), findings: toFindings(diagnostics, text, file, {}) };
}

/** `undefined` for a file that only has the name of one of tests. */
async function readOne(file: string): Promise<FoundTests | undefined> {
  try {
    const { size } = await stat(file);
    if (size > LARGEST_FILE) {
      return { tests: [], findings: unread(file, `It is larger than ${LARGEST_FILE / 1024 / 1024} MiB.`) };
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
    if (isInfoName(file) && !isRegressionInfo(file, text)) return undefined;
    return testsOfText(text, file);
  } catch (error) {
    return { tests: [], findings: unread(file, reasonOf(error)) };
  }
}

async function filesAt(path: string): Promise<{ readonly files: readonly string[] } | { readonly problem: string }> {
  try {
    if ((await stat(path)).isDirectory()) return { files: await filesUnder(path) };
    if (isTestName(path) || isInfoName(path)) return { files: [path] };
    const name = path.replace(/\.[^./\\]+$/, '');
    const beside: string[] = [];
    for (const test of [`${name}.test.yml`, `${name}.test.yaml`]) if (await isThere(test)) beside.push(test);
    return { files: beside };
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}

async function filesUnder(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory() && (isTestName(entry.name) || isInfoName(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/[/\\]node_modules[/\\]/.test(file))
    .sort();
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function noTests(path: string): readonly Finding[] {
  const hint = 'A test lies beside its rule as name.test.yml, or as SigmaHQ’s info.yml with its events.';
  return toFindings([diagnose('test-none', 'error', 'There are no tests of rules.', NO_SPAN, hint)], '', path, {});
}

function unread(file: string, reason: string): readonly Finding[] {
  return toFindings([diagnose('test-unreadable', 'error', reason)], '', file, {});
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return 'There is no such file or folder.';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'The file is not UTF-8 text.';
  return `It cannot be read (${code || String(error)}).`;
}
