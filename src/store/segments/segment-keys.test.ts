import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { EventFiles } from './event-files.ts';
import { KeyShelf, keyOf } from './segment-keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'vedette-keys-'));
const files = new EventFiles(folder);
files.make();
afterAll(() => rmSync(folder, { recursive: true }));

const NUMBER_OF_KEYS = 5_000;
/** One in so many is looked for. */
const SAMPLED = 20;

/** As `readKeys` gives them: the keys in order, then the times. */
function writeKeys(number: number, keys: readonly Buffer[]): void {
  const sorted = keys.map((key, time) => ({ key, time })).sort((a, b) => a.key.compare(b.key));
  const times = Buffer.from(Float64Array.from(sorted.map(({ time }) => time)).buffer);
  writeFileSync(files.keys(number), Buffer.concat([...sorted.map(({ key }) => key), times]));
}

test.each([
  ['a filter', undefined],
  ['none', 0],
])('every key is found with its time, and no other, with %s', (_, mostBytes) => {
  const keys = Array.from({ length: NUMBER_OF_KEYS }, (_key, at) => keyOf(`stored ${at}`));
  writeKeys(1, keys);
  const shelf = new KeyShelf(files, mostBytes);
  const segment = { number: 1, rows: NUMBER_OF_KEYS };
  expect(keys.every((key, at) => at % SAMPLED !== 0 || shelf.placeOf(key, segment) === at)).toBe(true);
  const others = Array.from({ length: NUMBER_OF_KEYS / SAMPLED }, (_key, at) => keyOf(`other ${at}`));
  expect(others.every((key) => shelf.placeOf(key, segment) === 'absent')).toBe(true);
});

test('keys that are not spread evenly are found too, at both ends', () => {
  const key = (first: number, last: number) => {
    const bytes = Buffer.alloc(16, 0);
    bytes.writeUInt32BE(first, 0);
    bytes.writeUInt32BE(last, 12);
    return bytes;
  };
  const keys = Array.from({ length: NUMBER_OF_KEYS }, (_, at) => key(0xfffffff0, 2 * at));
  writeKeys(2, [key(0, 0), ...keys]);
  const shelf = new KeyShelf(files, 0);
  const segment = { number: 2, rows: NUMBER_OF_KEYS + 1 };
  for (const at of [0, 1, 1_023, 1_024, 2_500, NUMBER_OF_KEYS - 1]) {
    expect(shelf.placeOf(keys[at] as Buffer, segment)).toBe(at + 1);
    expect(shelf.placeOf(key(0xfffffff0, 2 * at + 1), segment)).toBe('absent');
  }
  expect(shelf.placeOf(key(0, 0), segment)).toBe(0);
  expect(shelf.placeOf(key(0xffffffff, 0), segment)).toBe('absent');
});

test('keys that are not all there, or go while they are asked, are unknown', () => {
  const keys = [keyOf('a'), keyOf('b')];
  writeKeys(3, keys);
  const shelf = new KeyShelf(files);
  expect(shelf.placeOf(keyOf('a'), { number: 3, rows: 3 })).toBe('unknown');
  expect(shelf.lacks({ number: 3 })).toBe(true);
  const other = new KeyShelf(files);
  expect(other.placeOf(keyOf('b'), { number: 3, rows: 2 })).toBe(1);
  truncateSync(files.keys(3), 7);
  expect(other.placeOf(keyOf('b'), { number: 3, rows: 2 })).toBe('unknown');
  expect(other.lacks({ number: 3 })).toBe(true);
});
