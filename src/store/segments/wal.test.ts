import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { anyText } from '../../../test/any-text.ts';
import { runs } from '../../../test/effort.ts';
import { newEvent } from '../event.fixture.ts';
import { openSegments } from '../open-event-store.ts';
import { LogLines } from './log-lines.ts';
import { cutTornLine, WalFile } from './wal.ts';

const folder = mkdtempSync(join(tmpdir(), 'vedette-wal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

async function fileHandles(): Promise<FileHandle> {
  const file = await open(join(folder, 'any'), 'w');
  await file.close();
  return Object.getPrototypeOf(file) as FileHandle;
}

/** The disk takes the first bytes of what is written, and then no more. */
async function fillDisk(): Promise<void> {
  const handles = await fileHandles();
  const { write } = handles;
  const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  let isFull = false;
  vi.spyOn(handles, 'write').mockImplementation(async function (this: FileHandle, ...args: unknown[]) {
    if (isFull) throw full;
    isFull = true;
    const [bytes, at, , position] = args as [Buffer, number, number, number];
    const writeSome = write as (...given: unknown[]) => Promise<unknown>;
    return (await writeSome.call(this, bytes, at, 5, position)) as never;
  });
}

it('lines are the bytes of their texts, of whatever size there was thought to be', () => {
  fc.assert(
    fc.property(fc.array(anyText({ maxLength: 40 })), fc.nat(300), (texts, size) => {
      const lines = new LogLines(size);
      for (const text of texts) lines.add(text);
      expect(lines.bytes.toString()).toBe(texts.map((text) => `${text}\n`).join(''));
      expect(lines.longest).toBe(Math.max(0, ...texts.map((text) => Buffer.byteLength(text) + 1)));
    }),
    { numRuns: runs(50) },
  );
});

describe('the write-ahead log', () => {
  it('cuts off what a full disk took of a write, and goes on when there is space', async () => {
    const path = join(folder, 'full.ndjson');
    const log = await WalFile.begin(path);
    await log.write(Buffer.from('first\n'));
    await fillDisk();
    await expect(log.write(Buffer.from('second line\n'))).rejects.toThrow('no space');
    vi.restoreAllMocks();
    expect(readFileSync(path, 'utf8')).toBe('first\n');
    await log.write(Buffer.from('third\n'));
    expect(readFileSync(path, 'utf8')).toBe('first\nthird\n');
    expect(log.bytes).toBe(12);
    await log.close();
  });

  it('says that the disk is full, and takes the same events later', async () => {
    const { store } = await openSegments(join(folder, 'data'), { limits: { keepMs: 1e15, maxBytes: 1e9 } });
    await store.append([newEvent('a')]);
    await fillDisk();
    await expect(store.append([newEvent('b')])).rejects.toMatchObject({ code: 'store-full' });
    vi.restoreAllMocks();
    await Promise.all([store.append([newEvent('b')]), store.append([newEvent('b'), newEvent('c')])]);
    expect((await store.query({ order: 'oldest' })).events.map(({ id, arrival }) => [id, arrival])).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
    await store.close();
  });

  it('is cut after its last whole line, however long the torn one', () => {
    const path = join(folder, 'torn.ndjson');
    for (const whole of ['', 'a\n', `${'b'.repeat(200_000)}\n`]) {
      for (const torn of ['', 'x', 'y'.repeat(150_000)]) {
        writeFileSync(path, whole + torn);
        cutTornLine(path);
        expect(readFileSync(path, 'utf8') === whole).toBe(true);
      }
    }
  });
});
