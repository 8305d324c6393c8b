/**
 * What came of rule files, kept in a folder of the user's for the next process: three thousand rules are read and compiled
 * in seconds, and taken from here in a fraction of one.
 *
 *   folder, paths of rules ──file of that name, whole and of this program──▶ cache ──reading──▶ the same file, anew
 *
 * Never stale: the file holds a hash of the program that wrote it (`compiler-version.ts`), of what the rules were changed
 * by, and of each text; a file that nobody has written to since is not read (`file-stamp.ts`). Never trusted further than the user: it has to be his own and nobody else's to write. What is
 * damaged, foreign or of another program counts as nothing, and nothing that goes wrong here is told: rules are read anew.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { compilerVersion } from './compiler-version.ts';
import { InspectionCache, type KnownFile } from './inspection-cache.ts';
import { decodeInspections, encodeInspections } from './inspection-file.ts';

/** Sets of rules that are kept, the newest. */
const MOST_FILES = 8;
/** Bytes; four thousand rules take 28 MB. */
const LARGEST = 128 * 1024 * 1024;
const FIRST_LINE = /^vedette rules ([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+)\n/;
const LONGEST_FIRST_LINE = 200;
const ENDING = '.rules';

export interface RuleCache {
  readonly inspections: InspectionCache;
  /** Keeps what has come of the reading, where that is not what was there before. */
  readonly save: () => void;
}

export interface RuleCacheOptions {
  /** Made where it is not there. */
  readonly folder: string;
  /** As they are named; each set of rules has a file of its own. */
  readonly paths: readonly string[];
}

/** To be asked `begin` before each reading, as any other. */
export function openRuleCache({ folder, paths }: RuleCacheOptions): RuleCache {
  const file = join(folder, `${digestOf(JSON.stringify(paths)).slice(0, 24)}${ENDING}`);
  let known: string | undefined;
  // Of the sources as they were loaded.
  const version = (): string => {
    known ??= compilerVersion(folder);
    return known;
  };
  const inspections = new InspectionCache((meaning) => read(file, version, meaning));
  return {
    inspections,
    save: () => {
      if (inspections.hasNews) write(folder, file, version(), inspections.last);
    },
  };
}

function read(file: string, version: () => string, meaning: string): ReadonlyMap<string, KnownFile> {
  try {
    const { size, uid, mode } = statSync(file);
    const isOurs = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
    if (!isOurs || size > LARGEST) return new Map();
    const bytes = readFileSync(file);
    const first = FIRST_LINE.exec(bytes.toString('latin1', 0, LONGEST_FIRST_LINE));
    if (first === null || first[1] !== version() || first[2] !== digestOf(meaning)) return new Map();
    const body = bytes.subarray(first[0].length);
    return crc32(body).toString(16) === first[3] ? decodeInspections(body) : new Map();
  } catch {
    return new Map();
  }
}

function write(folder: string, file: string, version: string, { meaning, known }: InspectionCache['last']): void {
  const unfinished = `${file}.${process.pid}`;
  try {
    const body = encodeInspections(known);
    if (body.length > LARGEST / 2) return;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const first = `vedette rules ${version} ${digestOf(meaning)} ${crc32(body).toString(16)}\n`;
    writeFileSync(unfinished, Buffer.concat([Buffer.from(first), body]), { mode: 0o600 });
    renameSync(unfinished, file);
    forget(folder);
  } catch {
    if (existsSync(unfinished)) rmSync(unfinished, { force: true });
  }
}

/** Sets of rules that were used long ago, and what writers that were stopped have left. */
function forget(folder: string): void {
  const files = readdirSync(folder)
    .filter((name) => name.includes(ENDING))
    .map((name) => ({ path: join(folder, name), time: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  for (const { path } of files.slice(MOST_FILES)) rmSync(path, { force: true });
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
