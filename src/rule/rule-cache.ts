/**
 * What came of rule files, kept in a folder of the user's for the next process: three thousand rules are read and compiled
 * in seconds, and taken from here in a fraction of one.
 *
 *   folder, paths of rules ──file of that name, whole and of this program──▶ cache ──reading──▶ the same file, anew
 *
 * Of the file no more is read at the start than its index, where its stamp tells that it is as it was written; otherwise all of
 * it, to see whether it is whole. The rest is read rule by rule as it is asked for, from the file as it was opened: who writes
 * one anew puts another in its place.
 *
 * Never stale: the file holds a hash of the program that wrote it (`compiler-version.ts`), of what the rules were changed
 * by, and of each text; a file that nobody has written to since is not read (`file-stamp.ts`). Never trusted further than the user: it has to be his own and nobody else's to write. What is
 * damaged, foreign or of another program counts as nothing, and nothing that goes wrong here is told: rules are read anew.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { compilerVersion } from './compiler-version.ts';
import { InspectionCache, type KnownFile } from './inspection-cache.ts';
import { decodeInspections, encodeInspections } from './inspection-file.ts';

/** Sets of rules that are kept, the newest. */
const MOST_FILES = 8;
/** Bytes; four thousand rules take 28 MB. */
const LARGEST = 128 * 1024 * 1024;
/** Written at a time. */
const ROOM_BYTES = 1024 * 1024;
/** With how long the index and what stands behind it are. */
const FIRST_LINE = /^vedette rules ([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+) ([0-9]+) ([0-9]+)\n/;
const LONGEST_FIRST_LINE = 200;
const ENDING = '.rules';
/** Of the file that tells how another was when it was written. */
const STAMP = '.stamp';

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
  let opened: number | undefined;
  try {
    opened = openSync(file, 'r');
    const from = opened;
    const stats = fstatSync(from);
    const isOurs = process.getuid === undefined || (stats.uid === process.getuid() && (stats.mode & 0o022) === 0);
    if (!isOurs || stats.size > LARGEST) return new Map();
    const first = FIRST_LINE.exec(readAt(from, 0, Math.min(LONGEST_FIRST_LINE, stats.size)).toString('latin1'));
    if (first === null || first[1] !== version() || first[2] !== digestOf(meaning)) return new Map();
    const start = first[0].length;
    const [length, lengthBehind] = [Number(first[4]), Number(first[5])];
    if (stats.size !== start + length + lengthBehind) return new Map();
    if (!isAsWritten(file, stats)) {
      const all = readAt(from, start, length + lengthBehind);
      if (crc32(all).toString(16) !== first[3]) return new Map();
      const bodies = all.subarray(length);
      return decodeInspections(all.subarray(0, length), (at, size) => bodies.subarray(at, at + size));
    }
    const kept = new OpenFile(from);
    opened = undefined;
    const behind = (at: number, size: number) => kept.read(start + length + at, size);
    return decodeInspections(readAt(from, start, length), behind, undefined, {
      descriptor: from,
      start: start + length,
    });
  } catch {
    return new Map();
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}

/** Open for as long as somebody may ask for something of it. */
class OpenFile {
  private static readonly closing = new FinalizationRegistry<number>((opened) => closeSync(opened));
  private readonly opened: number;

  constructor(opened: number) {
    this.opened = opened;
    OpenFile.closing.register(this, opened);
  }

  read(start: number, length: number): Buffer {
    return readAt(this.opened, start, length);
  }
}

function readAt(opened: number, start: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length);
  let read = 0;
  while (read < length) {
    const some = readSync(opened, bytes, read, length - read, start + read);
    if (some === 0) throw new Error('the kept rules end before their end');
    read += some;
  }
  return bytes;
}

/** Sound as `file-stamp.ts` is; nobody but this program writes there, and only whole files. */
function isAsWritten(file: string, stats: Stats): boolean {
  try {
    return readFileSync(stampFile(file), 'latin1') === stampText(stats);
  } catch {
    return false;
  }
}

function stampText({ size, mtimeMs, ctimeMs, ino }: Stats): string {
  return `${size} ${mtimeMs} ${ctimeMs} ${ino}`;
}

function stampFile(file: string): string {
  return file.slice(0, -ENDING.length) + STAMP;
}

function write(folder: string, file: string, version: string, { meaning, known }: InspectionCache['last']): void {
  const unfinished = `${file}.${process.pid}`;
  try {
    const { index, bodies } = encodeInspections(known);
    const behind = bodies.reduce((sum, { length }) => sum + length, 0);
    if (index.length + behind > LARGEST / 2) return;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const checksum = bodies.reduce((sum, body) => crc32(body, sum), crc32(index)).toString(16);
    const first = `vedette rules ${version} ${digestOf(meaning)} ${checksum} ${index.length} ${behind}\n`;
    writeParts(unfinished, [Buffer.from(first), index, ...bodies]);
    renameSync(unfinished, file);
    writeFileSync(stampFile(file), stampText(statSync(file)), { mode: 0o600 });
    forget(folder);
  } catch {
    if (existsSync(unfinished)) rmSync(unfinished, { force: true });
  }
}

/** One after the other through a room of their own: joined they take as much memory again, and each has a few kilobytes. */
function writeParts(file: string, parts: readonly Uint8Array[]): void {
  const room = Buffer.allocUnsafeSlow(ROOM_BYTES);
  const opened = openSync(file, 'w', 0o600);
  try {
    let filled = 0;
    for (const part of parts) {
      for (let at = 0; at < part.length; ) {
        const some = part.subarray(at, at + room.length - filled);
        room.set(some, filled);
        at += some.length;
        filled += some.length;
        if (filled < room.length) continue;
        writeFileSync(opened, room);
        filled = 0;
      }
    }
    writeFileSync(opened, room.subarray(0, filled));
  } finally {
    closeSync(opened);
  }
}

/** Sets of rules that were used long ago, and what writers that were stopped have left. */
function forget(folder: string): void {
  const files = readdirSync(folder)
    .filter((name) => name.includes(ENDING))
    .map((name) => ({ path: join(folder, name), time: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  for (const { path } of files.slice(MOST_FILES)) {
    rmSync(path, { force: true });
    rmSync(stampFile(path), { force: true });
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
