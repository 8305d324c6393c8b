import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type KeptReject, RejectFiles, rejectFilesOf } from './reject-files.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'vedette-rejects-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));

const NOW = Date.UTC(2026, 0, 1);
const reject = (text: string, line = 1) => ({
  ...{ origin: { path: 'a.log', offset: 0, line }, code: 'not-json', reason: 'It is none.', bytes: Buffer.from(text) },
});

function open(dataFolder: string, warnings: object[] = [], mostBytes = 1_000): RejectFiles {
  return new RejectFiles({ dataFolder, now: () => NOW, warn: (fields) => warnings.push(fields), mostBytes });
}

function kept(dataFolder: string, source: string): KeptReject[] {
  const text = rejectFilesOf(dataFolder, source)
    .map((path) => readFileSync(path, 'utf8'))
    .join('');
  return text === ''
    ? []
    : text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as KeptReject);
}

describe('lines kept aside', () => {
  it('stand with their reason under their source, whatever that is named', async () => {
    const files = open(FOLDER);
    files.add('file:/var/log/50% off?.log', reject('{"a', 7));
    files.add('file:/var/log/50% off!.log', reject('x'.repeat(20_000)));
    await files.flush();
    expect(kept(FOLDER, 'file:/var/log/50% off?.log')).toEqual([
      {
        ...{ time: '2026-01-01T00:00:00.000Z', file: 'a.log', line: 7, offset: 0 },
        ...{ code: 'not-json', reason: 'It is none.', text: '{"a' },
      },
    ]);
    expect(kept(FOLDER, 'file:/var/log/50% off!.log')).toMatchObject([{ text: 'x'.repeat(16_384), is_cut: true }]);
    expect(rejectFilesOf(FOLDER, 'another')).toEqual([]);
  });

  it('take so much space and no more: the oldest go', async () => {
    const files = open(FOLDER);
    for (let line = 1; line <= 100; line += 1) {
      files.add('many', reject('y'.repeat(100), line));
      await files.flush();
    }
    const lines = kept(FOLDER, 'many').map(({ line }) => line);
    expect(lines.length).toBeLessThan(12);
    expect(lines).toEqual(Array.from({ length: lines.length }, (_, at) => 101 - lines.length + at));
  });

  it('are left out, which is told, in a rush and where they cannot be written', async () => {
    const warnings: object[] = [];
    const files = open(FOLDER, warnings, 10_000_000);
    for (let line = 0; line < 100; line += 1) files.add('rush', reject('z'.repeat(20_000), line));
    await files.flush();
    expect(warnings).toMatchObject([{ left_out: expect.any(Number) }]);
    writeFileSync(join(FOLDER, 'no-folder'), '');
    const lost: object[] = [];
    const nowhere = open(join(FOLDER, 'no-folder'), lost);
    nowhere.add('a', reject('a'));
    await nowhere.flush();
    expect(lost).toHaveLength(1);
  });
});
