import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTar, TarError, type TarFile, writeTar } from './tar.ts';

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function joined(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

async function written(files: readonly TarFile[]): Promise<Buffer> {
  return await joined(writeTar(each(files)));
}

async function read(chunks: readonly Buffer[]): Promise<readonly { name: string; content: string }[]> {
  const files: { name: string; content: string }[] = [];
  for await (const { name, bytes } of readTar(each(chunks))) {
    files.push({ name, content: (await joined(bytes)).toString('latin1') });
  }
  return files;
}

test('what is written is read again, however the bytes come', async () => {
  const part = fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,40}$/);
  const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  const file = fc.record({ name, content: fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)) });
  await fc.assert(
    fc.asyncProperty(fc.array(file, { maxLength: 4 }), fc.integer({ min: 1, max: 1_500 }), async (files, step) => {
      const bytes = await written(files);
      const chunks = Array.from({ length: Math.ceil(bytes.length / step) }, (_, at) =>
        bytes.subarray(at * step, (at + 1) * step),
      );
      expect(await read(chunks)).toEqual(
        files.map((one) => ({ name: one.name, content: one.content.toString('latin1') })),
      );
    }),
    { numRuns: 50 },
  );
});

test('tar itself reads it, long names too', async () => {
  const long = `data/${'a'.repeat(90)}/${'b'.repeat(60)}.sqlite`;
  const folder = mkdtempSync(join(tmpdir(), 'vedette-tar-'));
  try {
    writeFileSync(
      join(folder, 'a.tar'),
      await written([
        { name: 'x', content: Buffer.from('1') },
        { name: long, content: Buffer.alloc(700) },
      ]),
    );
    expect(execFileSync('tar', ['-tf', join(folder, 'a.tar')], { encoding: 'utf8' })).toBe(`x\n${long}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each(['../x', '/x', 'a/../../x', 'a//b', 'a\\b', './x'])('the name %s is refused', async (name) => {
  const bytes = await written([{ name, content: Buffer.from('1') }]);
  await expect(read([bytes])).rejects.toThrow(TarError);
});

test('a link is refused', async () => {
  const bytes = await written([{ name: 'x', content: Buffer.alloc(0) }]);
  bytes.write('2', 156);
  bytes.write('        ', 148);
  const sum = bytes.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  await expect(read([bytes])).rejects.toThrow('no plain file');
});
