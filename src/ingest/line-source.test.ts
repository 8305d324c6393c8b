import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { type ReadOptions, type ReadSummary, readLines } from './line-source.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-lines-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Read extends ReadSummary {
  readonly texts: readonly string[];
  readonly offsets: readonly number[];
}

async function read(content: Uint8Array, options: Partial<ReadOptions> = {}, name = 'input'): Promise<Read> {
  const path = join(folder, name);
  writeFileSync(path, content);
  return await readPath(path, options);
}

async function readPath(path: string, options: Partial<ReadOptions> = {}): Promise<Read> {
  const texts: string[] = [];
  const offsets: number[] = [];
  const numbers: number[] = [];
  const summary = await readLines(
    path,
    ({ bytes, origin }) => {
      texts.push(Buffer.from(bytes).toString());
      offsets.push(origin.offset);
      numbers.push(origin.line);
    },
    { onReject: () => {}, ...options },
  );
  expect(numbers.findIndex((number, n) => number !== n + 1)).toBe(-1);
  expect(numbers).toHaveLength(texts.length);
  return { ...summary, texts, offsets };
}

/** Long enough for several chunks in and out, and hard enough to compress. */
function longText(lines: number): string {
  let state = 1;
  let text = '';
  for (let n = 0; n < lines; n += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text += `line ${n} ${state.toString(36)} ${Math.imul(state, 7).toString(36)}\n`;
  }
  return text;
}

const LONG = longText(60_000);
const LINES = LONG.split('\n').slice(0, -1);

/** In a process of its own, where nothing else takes memory; what loading it took before does not count. */
const GROWTH_OF = `const { readLines } = await import(${JSON.stringify(new URL('line-source.ts', import.meta.url).href)});
  const taken = () => process.memoryUsage.rss();
  const before = taken();
  let most = before;
  const looking = setInterval(() => (most = Math.max(most, taken())), 2);
  const { bytes } = await readLines(process.argv[1], () => {}, { onReject: () => {} });
  clearInterval(looking);
  console.log(JSON.stringify({ bytes, grown: Math.max(most, taken()) - before }));`;

describe('readLines', () => {
  it.each([
    ['plain', Buffer.from(LONG)],
    ['gzip', gzipSync(LONG)],
    ['gzip of several members', Buffer.concat([gzipSync(LONG.slice(0, 99)), gzipSync(''), gzipSync(LONG.slice(99))])],
    ['gzip with padding', Buffer.concat([gzipSync(LONG), Buffer.alloc(512)])],
    ['zstd', zstdCompressSync(LONG)],
    ['zstd of several frames', Buffer.concat([zstdCompressSync(LONG.slice(0, 99)), zstdCompressSync(LONG.slice(99))])],
    [
      'zstd with a skippable frame first',
      Buffer.concat([Buffer.from('502a4d1803000000616263', 'hex'), zstdCompressSync(LONG)]),
    ],
    ['UTF-16 little-endian', Buffer.from(`\ufeff${LONG}`, 'utf16le')],
    ['UTF-16 big-endian', Buffer.from(`\ufeff${LONG}`, 'utf16le').swap16()],
  ])('reads %s, offsets counting decompressed bytes', async (_name, content) => {
    const { texts, offsets, bytes, lines, problem } = await read(content);
    expect(problem).toBeUndefined();
    expect(texts.findIndex((text, n) => text !== LINES[n])).toBe(-1);
    expect(texts).toHaveLength(LINES.length);
    expect([bytes, lines]).toEqual([LONG.length, LINES.length]);
    for (const n of [0, 1, 17, 40_000, LINES.length - 1]) {
      expect(LONG.slice(offsets[n], (offsets[n] as number) + (LINES[n] as string).length)).toBe(LINES[n]);
    }
  });

  it('reads a gzip header with name, comment, extra field and checksum', async () => {
    const plain = gzipSync('one\ntwo\n');
    const header = Buffer.from(plain.subarray(0, 10));
    header[3] = 0x1e;
    const fields = Buffer.concat([Buffer.from([3, 0]), Buffer.from('abcname\0comment\0'), Buffer.from([1, 2])]);
    const { texts, problem } = await read(Buffer.concat([header, fields, plain.subarray(10)]));
    expect([texts, problem]).toEqual([['one', 'two'], undefined]);
  });

  it('reads the members of gzip wherever they end in the file', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ maxLength: 40 }), { maxLength: 6 }), fc.boolean(), async (parts, zstd) => {
        const whole = parts.join('');
        const content = Buffer.concat(parts.map((part) => (zstd ? zstdCompressSync(part) : gzipSync(part))));
        const chunked = (async function* () {
          for (const byte of content) yield Buffer.from([byte]);
        })();
        const fromFile = await read(content);
        const byteByByte = await readPath('-', { stdin: chunked });
        expect(fromFile.problem).toBeUndefined();
        expect(byteByByte).toEqual(fromFile);
        expect(fromFile.bytes).toBe(Buffer.byteLength(whole));
      }),
      { numRuns: runs(30) },
    );
  });

  it('gives what stands before the end of a gzip file that is cut off, then says where', async () => {
    const cut = gzipSync(LONG).subarray(0, 300_000);
    const before = gunzipSync(cut, { finishFlush: constants.Z_SYNC_FLUSH }).toString();
    const { texts, problem } = await read(cut, {}, 'cut.gz');
    expect(texts.join('\n')).toBe(before.replace(/\n$/, ''));
    expect(problem).toMatchObject({ code: 'ingest-damaged', severity: 'error' });
    expect(problem?.message).toContain('its gzip data ends too early (at byte 300,000 of the file;');
    expect(problem?.message).toContain(`${before.length.toLocaleString('en-US')} bytes of text before that were read`);
  });

  it('says so wherever a compressed file is cut off', async () => {
    const gzip = gzipSync('some text\nand more\n');
    for (let length = 4; length < gzip.length; length += 1) {
      const { problem } = await read(gzip.subarray(0, length));
      expect(problem?.message, `cut at ${length}`).toContain('its gzip data ends too early');
    }
    const zstd = zstdCompressSync(LONG);
    const { texts, problem } = await read(zstd.subarray(0, zstd.length - 1_000));
    expect(problem?.message).toContain('its zstd data ends too early');
    expect(texts.length).toBeGreaterThan(LINES.length / 2);
  });

  it('reads the text of a gzip file that something follows, and says so', async () => {
    const { texts, problem } = await read(Buffer.concat([gzipSync('one\ntwo'), Buffer.from('garbage')]));
    expect(texts).toEqual(['one', 'two']);
    expect(problem?.message).toContain('something that is no gzip data follows its text');
  });

  it('notices a flipped bit, and never throws', async () => {
    const gzip = gzipSync('some text that is long enough\nand more of it\n');
    for (let at = 10; at < gzip.length; at += 1) {
      const flipped = Buffer.from(gzip);
      flipped[at] = (flipped[at] as number) ^ 0x10;
      const { problem } = await read(flipped);
      expect(problem?.code, `byte ${at}`).toBe('ingest-damaged');
    }
  });

  it('survives any bytes behind a magic number', async () => {
    const magic = fc.constantFrom('1f8b08', '28b52ffd', '502a4d18', 'fffe', 'feff', '');
    await fc.assert(
      fc.asyncProperty(magic, fc.uint8Array({ maxLength: 60 }), async (start, rest) => {
        const { problem } = await read(Buffer.concat([Buffer.from(start, 'hex'), rest]));
        if (problem !== undefined) expect(problem.code).toBe('ingest-damaged');
      }),
    );
  });

  it('reads a stream that grows by a factor of thousands in constant memory', async () => {
    const bomb = zstdCompressSync(Buffer.alloc(16 * 1024 * 1024));
    const once = await read(bomb);
    expect(once.lines).toBe(1);
    expect(once.texts).toHaveLength(0);
    const path = join(folder, 'growing');
    writeFileSync(path, Buffer.concat(Array.from({ length: 16 }, () => bomb)));
    const { bytes, grown } = JSON.parse(execFileSync(process.execPath, ['-e', GROWTH_OF, path], { encoding: 'utf8' }));
    expect(bytes).toBe(256 * 1024 * 1024);
    expect(grown).toBeLessThan(160 * 1024 * 1024);
  });

  it('tells what cannot be read at all', async () => {
    expect((await readPath(join(folder, 'nothing'))).problem?.code).toBe('ingest-not-found');
    expect((await readPath(folder)).problem).toMatchObject({
      code: 'ingest-unreadable',
      message: `${folder} cannot be read: it is a folder.`,
    });
    const { problem, lines } = await read(Buffer.from('PK\x03\x04rest\nof it'));
    expect([problem?.code, lines]).toEqual(['ingest-not-text', 0]);
    expect(problem?.hint).toContain('Unpack it');
  });

  it('reads a named pipe', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reading = readPath(pipe);
    execFileSync('sh', ['-c', `printf 'one\\ntwo' > ${pipe}`]);
    expect((await reading).texts).toEqual(['one', 'two']);
  });

  it('shows its progress, and waits for whoever follows it', async () => {
    const gzip = gzipSync(LONG);
    let inside = 0;
    const seen: number[] = [];
    const { lines } = await read(gzip, {
      onProgress: async ({ read: done, total }) => {
        inside += 1;
        expect(inside).toBe(1);
        expect(total).toBe(gzip.length);
        await new Promise((resolve) => setTimeout(resolve, 1));
        seen.push(done);
        inside -= 1;
      },
    });
    expect(lines).toBe(LINES.length);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBeLessThanOrEqual(gzip.length);
  });

  it('stops when told to', async () => {
    const stop = new AbortController();
    const { texts } = await read(Buffer.from(LONG), { signal: stop.signal, onProgress: () => stop.abort() });
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.length).toBeLessThan(LINES.length);
  });

  it('reads nothing from an empty file', async () => {
    const path = join(folder, 'empty');
    writeFileSync(path, '');
    truncateSync(path);
    expect(await readPath(path)).toEqual({ texts: [], offsets: [], bytes: 0, lines: 0 });
  });
});
