/**
 * The identities of a segment's events, to be looked up in microseconds: without them every event that comes would have
 * to be looked for in the segments.
 *
 *   00000005.keys: n keys of 16 bytes, ascending ┃ n event times (float64, little-endian), in the same order
 *
 * A key is the first half of the identity's SHA-256: whoever made two identities with the same key could hide an event.
 */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { EventFiles } from './event-files.ts';
import type { Segment } from './manifest.ts';

const KEY_BYTES = 16;
const TIME_BYTES = 8;
/** Keys held in memory: of some 2.7 million events. */
const MOST_BYTES = 64 * 1024 * 1024;

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

/** The keys of one segment. */
export class SegmentKeys {
  private readonly bytes: Buffer;
  private readonly count: number;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.count = Math.floor(bytes.length / (KEY_BYTES + TIME_BYTES));
  }

  get size(): number {
    return this.bytes.length;
  }

  get rows(): number {
    return this.count;
  }

  /** The event's time, epoch milliseconds; nothing where it is not in the segment. */
  timeOf(key: Buffer): number | undefined {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = this.bytes.compare(key, 0, KEY_BYTES, middle * KEY_BYTES, (middle + 1) * KEY_BYTES);
      if (order === 0) return this.bytes.readDoubleLE(this.count * KEY_BYTES + middle * TIME_BYTES);
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return undefined;
  }
}

/** The keys of the segments, the ones asked for last in memory. */
export class KeyShelf {
  private readonly files: EventFiles;
  private readonly held = new Map<number, SegmentKeys>();
  private readonly lost = new Set<number>();
  private bytes = 0;

  constructor(files: EventFiles) {
    this.files = files;
  }

  /** Nothing where they are not there, or are not all of them. */
  of({ number, rows }: Pick<Segment, 'number' | 'rows'>): SegmentKeys | undefined {
    const known = this.held.get(number);
    if (known !== undefined) {
      this.held.delete(number);
      this.held.set(number, known);
      return known;
    }
    const keys = this.lost.has(number) ? undefined : readFile(this.files.keys(number));
    if (keys?.rows !== rows) {
      this.lost.add(number);
      return undefined;
    }
    this.hold(number, keys);
    return keys;
  }

  /** Whether its keys were asked for and not found. */
  lacks({ number }: Pick<Segment, 'number'>): boolean {
    return this.lost.has(number);
  }

  /** Lets go of segments that are no more. */
  keep(segments: readonly Segment[]): void {
    const live = new Set(segments.map(({ number }) => number));
    for (const [number, { size }] of this.held) {
      if (live.has(number)) continue;
      this.held.delete(number);
      this.bytes -= size;
    }
  }

  private hold(number: number, keys: SegmentKeys): void {
    this.held.set(number, keys);
    this.bytes += keys.size;
    for (const [other, { size }] of this.held) {
      if (this.bytes <= MOST_BYTES || other === number) break;
      this.held.delete(other);
      this.bytes -= size;
    }
  }
}

function readFile(path: string): SegmentKeys | undefined {
  try {
    return new SegmentKeys(readFileSync(path));
  } catch {
    return undefined;
  }
}
