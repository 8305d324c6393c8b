/**
 * The identities of a segment's events, to be looked up in microseconds: without them every event that comes would have
 * to be looked for in the segments.
 *
 *   00000005.keys: n keys of 16 bytes, ascending ┃ n event times (float64, little-endian), in the same order
 *
 * A key is the first half of the identity's SHA-256: whoever made two identities with the same key could hide an event.
 *
 *   key ──Bloom filter, in memory──▶ absent, nearly always ┃ else the file, read about where such a key stands
 *
 * Invariants: a filter lets too much through and never too little; without one (too many segments) the file is asked. So
 * what is held does not grow with the store, and what is not stored costs next to nothing.
 */
import { hash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { EventFiles } from './event-files.ts';
import type { Segment } from './manifest.ts';

const KEY_BYTES = 16;
const TIME_BYTES = 8;
/** Of filters in memory: those of some 16 million events. */
const MOST_BYTES = 32 * 1024 * 1024;
/** A filter has 12 to 24 bits a key, four of them set: one key in 200 to 2,000 that is not there is looked for in the file. */
const LEAST_BITS = 12;
/** Keys read at once: the place of a key is known to some 250 of 260,000, since they are spread evenly. */
const WINDOW = 1_024;

export function keyOf(id: string): Buffer {
  return hash('sha256', id.toWellFormed(), 'buffer').subarray(0, KEY_BYTES);
}

/** @param source rows with `id` and `time_ms` */
export async function readKeys(connection: DuckDBConnection, source: string): Promise<Buffer> {
  const result = await connection.stream(
    `SELECT sha256(id)[1:${KEY_BYTES * 2}] AS key, time_ms::DOUBLE AS at FROM ${source} ORDER BY key`,
  );
  const keys: Buffer[] = [];
  const times: Buffer[] = [];
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    keys.push(Buffer.from((chunk.getColumnValues(0) as string[]).join(''), 'hex'));
    times.push(Buffer.from(Float64Array.from(chunk.getColumnValues(1) as number[]).buffer));
  }
  return Buffer.concat([...keys, ...times]);
}

/** Where a key stands: the time of its event, epoch milliseconds; `unknown` where the keys of the segment are lost. */
export type KeyPlace = number | 'absent' | 'unknown';

type Part = Pick<Segment, 'number' | 'rows'>;

/** The keys of the segments: what is looked up is nearly always not there, and told by a filter. */
export class KeyShelf {
  private readonly files: EventFiles;
  private readonly mostBytes: number;
  private readonly filters = new Map<number, KeyFilter | undefined>();
  private readonly lost = new Set<number>();
  private bytes = 0;

  constructor(files: EventFiles, mostBytes = MOST_BYTES) {
    this.files = files;
    this.mostBytes = mostBytes;
  }

  placeOf(key: Buffer, segment: Part): KeyPlace {
    if (this.lost.has(segment.number)) return 'unknown';
    try {
      const filter = this.filters.has(segment.number) ? this.filters.get(segment.number) : this.open(segment);
      return filter?.mayHold(key) === false ? 'absent' : findKey(this.files.keys(segment.number), segment.rows, key);
    } catch {
      this.lost.add(segment.number);
      return 'unknown';
    }
  }

  /** Whether its keys were asked for and not found. */
  lacks({ number }: Pick<Segment, 'number'>): boolean {
    return this.lost.has(number);
  }

  /** Lets go of segments that are no more. */
  keep(segments: readonly Segment[]): void {
    const live = new Set(segments.map(({ number }) => number));
    for (const number of this.filters.keys()) if (!live.has(number)) this.drop(number);
    for (const number of this.lost) if (!live.has(number)) this.lost.delete(number);
  }

  /** The oldest segments go without where there are too many. @throws where the keys are not all of them. */
  private open({ number, rows }: Part): KeyFilter | undefined {
    const path = this.files.keys(number);
    if (statSync(path).size !== rows * (KEY_BYTES + TIME_BYTES)) throw new Error(`${path} is cut off`);
    const filter = new KeyFilter(readFileSync(path), rows);
    this.filters.set(number, filter);
    this.bytes += filter.size;
    for (const [other, held] of this.filters) {
      if (this.bytes <= this.mostBytes) break;
      if (held === undefined) continue;
      this.bytes -= held.size;
      this.filters.set(other, undefined);
    }
    return this.filters.get(number);
  }

  private drop(number: number): void {
    this.bytes -= this.filters.get(number)?.size ?? 0;
    this.filters.delete(number);
  }
}

/** Says of a key that it is not among those of a segment, or that it may be. A key is a hash: its parts choose the bits. */
class KeyFilter {
  private readonly words: Uint32Array;
  private readonly mask: number;

  constructor(bytes: Buffer, rows: number) {
    let bits = 32;
    while (bits < rows * LEAST_BITS) bits *= 2;
    this.words = new Uint32Array(bits / 32);
    this.mask = bits - 1;
    for (let at = 0; at < rows * KEY_BYTES; at += 4) {
      const bit = bytes.readUInt32LE(at) & this.mask;
      this.words[bit >>> 5] = (this.words[bit >>> 5] as number) | (1 << (bit & 31));
    }
  }

  get size(): number {
    return this.words.byteLength;
  }

  mayHold(key: Buffer): boolean {
    for (let at = 0; at < KEY_BYTES; at += 4) {
      const bit = key.readUInt32LE(at) & this.mask;
      if (((this.words[bit >>> 5] as number) & (1 << (bit & 31))) === 0) return false;
    }
    return true;
  }
}

/** Filled and searched without a pause in between. */
const READ = Buffer.alloc(WINDOW * KEY_BYTES);

function findKey(path: string, rows: number, key: Buffer): number | 'absent' {
  const file = openSync(path, 'r');
  try {
    let [low, high] = [0, rows];
    let guess = Math.floor((key.readUIntBE(0, 6) / 2 ** 48) * rows);
    while (low < high) {
      const start = Math.max(low, Math.min(guess, high) - WINDOW / 2);
      const end = Math.min(high, start + WINDOW);
      readAll(file, READ.subarray(0, (end - start) * KEY_BYTES), start * KEY_BYTES);
      const found = searchKeys(READ, end - start, key);
      if (found.isThere) return timeAt(file, rows, start + found.at);
      if (found.at === 0) high = start;
      else if (found.at === end - start) low = end;
      else return 'absent';
      guess = (low + high) >>> 1;
    }
    return 'absent';
  } finally {
    closeSync(file);
  }
}

/** Where the key is among so many, or would be. */
function searchKeys(keys: Buffer, count: number, key: Buffer): { readonly at: number; readonly isThere: boolean } {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = keys.compare(key, 0, KEY_BYTES, middle * KEY_BYTES, (middle + 1) * KEY_BYTES);
    if (order === 0) return { at: middle, isThere: true };
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return { at: low, isThere: false };
}

function timeAt(file: number, rows: number, index: number): number {
  const time = Buffer.alloc(TIME_BYTES);
  readAll(file, time, rows * KEY_BYTES + index * TIME_BYTES);
  return time.readDoubleLE(0);
}

function readAll(file: number, into: Buffer, position: number): void {
  if (readSync(file, into, 0, into.length, position) !== into.length) throw new Error('the keys are cut off');
}
