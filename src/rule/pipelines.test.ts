import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadPipelines } from './pipelines.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-pipelines-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const suffix = (text: string, priority: number) =>
  `priority: ${priority}\ntransformations: [{type: field_name_suffix, suffix: ${text}}]\n`;

test('reads files, and the .yml files of folders, as one pipeline by priority', async () => {
  mkdirSync(join(folder, 'all'));
  writeFileSync(join(folder, 'all', 'b.yml'), suffix('b', 5));
  writeFileSync(join(folder, 'all', 'a.yaml'), suffix('a', 10));
  writeFileSync(join(folder, 'all', 'notes.txt'), 'no pipeline');
  writeFileSync(join(folder, 'c.txt'), suffix('c', 5));
  const { pipeline, findings } = await loadPipelines([join(folder, 'c.txt'), join(folder, 'all')]);
  expect(findings).toEqual([]);
  expect(pipeline?.steps.map(({ label }) => label)).toEqual([
    'c.txt:2 field_name_suffix',
    'b.yml:2 field_name_suffix',
    'a.yaml:2 field_name_suffix',
  ]);
});

test('leaves files with mistakes out, and says where they are', async () => {
  writeFileSync(join(folder, 'bad.yml'), 'transformations:\n  - type: case\n    method: odd\n');
  writeFileSync(join(folder, 'bytes.yml'), new Uint8Array([0xff, 0xfe, 0x00]));
  const bad = join(folder, 'bad.yml');
  const { pipeline, findings } = await loadPipelines([bad, join(folder, 'bytes.yml'), join(folder, 'none.yml')]);
  expect(pipeline).toBeUndefined();
  expect(findings).toMatchObject([
    { file: bad, code: 'pipeline-value', severity: 'error', line: 3, column: 13 },
    { file: join(folder, 'bytes.yml'), code: 'rule-file-unreadable' },
    { file: join(folder, 'none.yml'), code: 'rule-file-unreadable' },
  ]);
});

test('an empty folder gives none', async () => {
  expect(await loadPipelines([folder])).toEqual({ findings: [] });
});
