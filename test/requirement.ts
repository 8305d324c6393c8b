/**
 * What a test needs and a machine may lack. A test asks for it here; where it is missing the test is skipped with a
 * reason that starts with the requirement's name, and `npm test` turns that skip into a failure when VEDETTE_REQUIRE
 * names it (`VEDETTE_REQUIRE=corpora,chromium`).
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';
import { OwnDisk } from './kill/own-disk.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The folder of other people's rules, events and recorded answers, or `undefined`. */
export function findCorpora(): string | undefined {
  const folder = resolve(root, process.env.VEDETTE_CORPORA ?? '../shared/corpora');
  return existsSync(folder) ? folder : undefined;
}

/** A Chromium that can be driven: VEDETTE_CHROMIUM, else the first of the usual names on the path. */
export function findChromium(): string | undefined {
  const named = process.env.VEDETTE_CHROMIUM;
  if (named !== undefined) return isExecutable(named) ? named : undefined;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return CHROMIUM_NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

/** A path inside the corpora; skips the test where they are absent. */
export function requireCorpora(context: TestContext, ...path: string[]): string {
  const folder = findCorpora();
  if (folder === undefined) context.skip('corpora: no such folder; VEDETTE_CORPORA names it');
  return join(folder, ...path);
}

/** The path of the browser; skips the test where there is none. */
export function requireChromium(context: TestContext): string {
  const program = findChromium();
  if (program === undefined) context.skip('chromium: not on the path; VEDETTE_CHROMIUM names it');
  return program;
}

/** Skips the test where there is no git. */
export function requireGit(context: TestContext): void {
  const folders = (process.env.PATH ?? '').split(delimiter);
  if (!folders.some((folder) => isExecutable(join(folder, 'git')))) context.skip('git: not on the path');
}

/** Skips the test on other systems: it needs what only Linux has (`/proc`, audit). */
export function requireLinux(context: TestContext): void {
  if (process.platform !== 'linux') context.skip(`linux: this is ${process.platform}`);
}

/** A disk of so many megabytes; skips the test where none may be mounted. */
export async function requireOwnDisk(context: TestContext, megabytes: number): Promise<OwnDisk> {
  const disk = await OwnDisk.open(megabytes);
  if (disk === undefined) context.skip('mounts: only root may mount a disk in a file, with util-linux and mkfs.ext4');
  return disk;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const RSYSLOG_MODULES = [
  '/usr/lib/x86_64-linux-gnu/rsyslog',
  '/usr/lib/aarch64-linux-gnu/rsyslog',
  '/usr/lib64/rsyslog',
];

/** The path of rsyslog's daemon; skips the test where it, or its module for Elasticsearch, is missing. */
export function requireRsyslog(context: TestContext): string {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  const program = folders.map((folder) => join(folder, 'rsyslogd')).find(isExecutable);
  const hasModule = RSYSLOG_MODULES.some((folder) => existsSync(join(folder, 'omelasticsearch.so')));
  if (program === undefined || !hasModule) context.skip('rsyslog: not here, or without its module omelasticsearch');
  return program;
}
