import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPipeline } from '../language/sigma/pipeline/read-pipeline.ts';
import { inspectText } from './inspect.ts';
import { loadPlaceholders } from './placeholders.ts';

describe('placeholders', () => {
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vedette-placeholders-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('reads names with one value or several, the last file counting', async () => {
    const one = file('one.yml', 'Servers: [web-*, 17]\n"%Admins%": root\n');
    const two = file('two.json', '{"Servers": "db-*"}');
    const { placeholders, findings } = await loadPlaceholders([one, two]);
    expect(findings).toEqual([]);
    expect([...placeholders]).toEqual([
      ['Servers', ['db-*']],
      ['Admins', ['root']],
    ]);
  });

  it.each([
    ['[', 'rule-file-not-yaml'],
    ['- a', 'sigma-placeholder-file'],
    ['a b: c', 'sigma-placeholder-file'],
    ['a: []', 'sigma-placeholder-file'],
    ['a: {b: c}', 'sigma-placeholder-file'],
    ['a: [null]', 'sigma-placeholder-file'],
    ['a: b\n---\nc: d', 'sigma-placeholder-file'],
  ])('refuses %j', async (text, code) => {
    const { placeholders, findings } = await loadPlaceholders([file('wrong.yml', `${text}\n`)]);
    expect(placeholders.size).toBe(0);
    expect(findings.map((finding) => [finding.code, finding.severity])).toContainEqual([code, 'error']);
  });

  it('says what cannot be read', async () => {
    const { findings } = await loadPlaceholders([join(folder, 'missing.yml')]);
    expect(findings.map(({ code }) => code)).toEqual(['rule-file-unreadable']);
  });

  const RULE =
    'title: R\nid: 0c9d2f8e-5a0e-4b62-8e0b-7b1c9d1f9a11\nlogsource: {product: linux, category: process_creation}\ndetection:\n  s:\n    User|expand: "%Admins%-%Servers%"\n  condition: s\n';
  const findingsOf = (options: Parameters<typeof inspectText>[2]) =>
    inspectText(RULE, 'a.yml', options).flatMap(({ findings }) => findings.map(({ message }) => message));

  it('names every placeholder that has no values', () => {
    expect(findingsOf({})).toEqual(['The placeholders %Admins%, %Servers% have no values.']);
    expect(findingsOf({ placeholders: new Map([['Admins', ['root']]]) })).toEqual([
      'The placeholder %Servers% has no values.',
    ]);
    expect(
      findingsOf({
        placeholders: new Map([
          ['Admins', ['root']],
          ['Servers', ['web']],
        ]),
      }),
    ).toEqual([]);
  });

  it('counts more than a pipeline’s vars, and serves its steps', () => {
    const { pipeline } = readPipeline(
      'vars: {Admins: x, Servers: y}\ntransformations: [{type: value_placeholders}]',
      'p.yml',
    );
    if (pipeline === undefined) throw new Error('no pipeline');
    const predicate = (placeholders: ReadonlyMap<string, readonly string[]>) =>
      JSON.stringify(inspectText(RULE, 'a.yml', { pipeline, placeholders })[0]?.rule?.plan);
    expect(predicate(new Map())).toContain('x-y');
    expect(predicate(new Map([['Admins', ['root']]]))).toContain('root-y');
  });
});
