import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { inspectText, inspectWhole } from './inspect.ts';
import { parseSigmaYaml } from './sigma-yaml.ts';

const ID = '3f0f5957-04f8-4792-ad89-192b0303bde6';
const GLOBAL = `action: global
title: Archive made
id: ${ID}
logsource: {product: linux}
detection:
    condition: 1 of selection*
level: high
`;
const PROCESS = `logsource:
    category: process_creation # where
detection:
    selection:
        Image|endswith: /tar
`;
const FILE = `logsource:
    category: file_event
detection:
    selection_file:
        TargetFilename|endswith: '.tar'
`;
const of = (...documents: readonly string[]): string => documents.join('---\n');
const rulesOf = (text: string) => parseSigmaYaml(text, 'a.yml').flatMap(({ rule }) => rule ?? []);

/** `severity code «what is marked»` of each finding, entry by entry. */
function told(text: string): readonly string[][] {
  return inspectText(text, 'a.yml').map(({ findings }) =>
    findings.map(({ severity, code, line, column, end }) => {
      const written = text.split('\n')[line - 1] ?? '';
      return `${severity} ${code} «${written.slice(column - 1, end.line === line ? end.column - 1 : undefined)}»`;
    }),
  );
}

describe('collections', () => {
  it('adds what a global document states to those behind it, each a rule of its own', () => {
    const [first, second, ...others] = rulesOf(of(GLOBAL, PROCESS, FILE));
    expect(others).toEqual([]);
    expect(first).toMatchObject({ id: ID, name: 'Archive made', severity: 'high' });
    expect(first?.query).toBe(
      `logsource:
  category: process_creation
  product: linux
detection:
  selection:
    Image|endswith: /tar
  condition: 1 of selection*`,
    );
    expect(second).toMatchObject({ name: 'Archive made', severity: 'high' });
    expect(second?.query).toContain('selection_file');
  });

  it('keeps the shared id for the first rule, and makes one of it for each of the others', () => {
    const ids = rulesOf(of(GLOBAL, PROCESS, FILE, FILE)).map(({ id }) => id);
    expect(ids).toEqual([ID, '02571a37-683f-5c0b-9c57-a2b91985e92b', '9719b21f-1518-531d-869b-f5cbb0409a09']);
    expect(new Set(ids).size).toBe(3);
    const own = '0c9d2f8e-5a0e-4b62-8e0b-7b1c9d1f9a11';
    const shared = GLOBAL.replace(`id: ${ID}\n`, '');
    expect(rulesOf(of(shared, `id: ${own}\n${PROCESS}`, `id: ${ID}\n${FILE}`)).map(({ id }) => id)).toEqual([own, ID]);
    expect(rulesOf(of(shared, PROCESS, FILE)).map(({ id }) => id)).toEqual(['Archive made', 'Archive made-2']);
    expect(inspectText(of(GLOBAL, PROCESS, FILE), 'a.yml').map(({ rule }) => rule !== undefined)).toEqual([true, true]);
  });

  it('gives each rule a text that says all of it', () => {
    for (const rule of rulesOf(of(GLOBAL, PROCESS, FILE))) {
      const [alone] = rulesOf(rule.source.text);
      expect(alone).toEqual(rule);
      expect(rule.source.text.slice(rule.queryOffset).startsWith(rule.query)).toBe(true);
    }
  });

  it('adds globals up until reset', () => {
    const more = 'action: global\nauthor: Ada\ndetection:\n    filter: {User: backup}\n';
    const whole = `title: Alone\nid: ${ID}\n${FILE}    condition: selection_file\n`;
    const [first, second] = rulesOf(of(GLOBAL, more, PROCESS, 'action: reset\n', whole));
    expect(first).toMatchObject({ authors: ['Ada'], severity: 'high' });
    expect(first?.query).toContain('filter:');
    expect(second).toMatchObject({ name: 'Alone', authors: [] });
    expect(second?.severity).toBeUndefined();
  });

  it('repeats the rule before with what is stated instead', () => {
    const repeat = 'action: repeat\ntitle: Again\ndetection:\n    selection:\n        Image|endswith: /zip\n';
    const [first, second, third] = rulesOf(of(GLOBAL, PROCESS, repeat, 'action: repeat\nlevel: low\n'));
    expect(first?.query).toContain('Image|endswith: /tar');
    expect(second).toMatchObject({ name: 'Again', severity: 'high' });
    expect(second?.query).toContain('Image|endswith: /zip');
    expect(second?.query).not.toContain('/tar');
    expect(third).toMatchObject({ name: 'Again', severity: 'low' });
    expect(third?.query).toBe(second?.query);
  });

  it('leaves correlations and filters alone', async () => {
    const correlation = `title: Twice\nid: 0c9d2f8e-5a0e-4b62-8e0b-7b1c9d1f9a11\ncorrelation:\n    type: event_count\n    rules: [${ID}]\n    group-by: [User]\n    timespan: 5m\n    condition: {gte: 2}\n`;
    const filter =
      'title: Not the backup\nlogsource: {product: linux}\nfilter:\n    rules: any\n    selection: {User: backup}\n    condition: not selection\n';
    const inspections = await inspectWhole(of(GLOBAL, PROCESS, correlation, filter), 'a.yml');
    expect(inspections.map(({ rule }) => rule?.plan.kind)).toEqual(['event', 'window', undefined]);
    expect(inspections[0]?.document?.filters).toEqual(['Not the backup']);
    expect(inspections[1]?.document?.severity).toBeUndefined();
  });

  it('places findings in the document that states what is wrong', () => {
    expect(told(of(GLOBAL, PROCESS))).toEqual([['info sigma-extension «action»']]);
    expect(told(of(GLOBAL.replace('high', 'hihg'), PROCESS))).toEqual([
      ['info sigma-extension «action»', 'error rule-value-type «hihg»'],
    ]);
    expect(told(of(GLOBAL, PROCESS.replace('endswith', 'endswiht')))).toEqual([
      ['info sigma-extension «action»', 'error sigma-modifier-unknown «endswiht»'],
    ]);
    expect(told(of(GLOBAL.replace('selection*', 'sel_x*'), PROCESS))).toEqual([
      ['info sigma-extension «action»', expect.stringMatching(/^error sigma-identifier-unknown «.*sel_x\*»$/)],
    ]);
    expect(told(of(GLOBAL, PROCESS, FILE))[1]).toEqual(['warning rule-id-derived «»']);
    expect(told(of(GLOBAL, `level: low\n${PROCESS}`))).toEqual([
      ['info sigma-extension «action»', 'warning sigma-global-overrides «level»'],
    ]);
  });

  it.each<[string, readonly string[][]]>([
    [of(GLOBAL), [['error sigma-action «action»']]],
    [of('action: repeat\ntitle: x\n', PROCESS), [['error sigma-action «action»'], ['error rule-key-missing «»']]],
    [`action: merge\n${PROCESS}`, [['error sigma-action «action»', 'error rule-key-missing «»']]],
    [
      of(GLOBAL, `action: repeat\ntitle: x\ncorrelation: {}\n`, PROCESS),
      [['error sigma-action «action»'], ['info sigma-extension «action»']],
    ],
  ])('tells what has nothing to be added to: %j', (text, expected) => {
    expect(told(text)).toEqual(expected);
  });

  it('does not grow without end', () => {
    const large = `action: global\ntitle: x\ndescription: ${'x'.repeat(100_000)}\n`;
    const inspections = inspectText(of(large, ...Array.from({ length: 500 }, () => PROCESS)), 'a.yml');
    expect(inspections.length).toBe(500);
    expect(inspections.at(-1)?.findings.map(({ code }) => code)).toEqual(['sigma-too-large']);
  });

  it('reads any values as they were written', () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constantFrom('007', 'null', '1e3', '~', '<<', '#'),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.array(value, { maxLength: 3 }), { maxKeys: 4 }), (search) => {
        const own = `detection: ${JSON.stringify({ selection: { a: 1 }, ...search })}\n`;
        const [alone] = parseSigmaYaml(`title: x\nlogsource: {product: linux}\n${own}`, 'a.yml');
        const [made] = parseSigmaYaml(of('action: global\ntitle: x\nlogsource: {product: linux}\n', own), 'a.yml');
        expect(made?.draft?.extra).toEqual(alone?.draft?.extra);
        const codes = (text: string) => inspectText(text, 'a.yml')[0]?.findings.map(({ code }) => code);
        const others = codes(of('action: global\ntitle: x\nlogsource: {product: linux}\n', own));
        expect(others?.filter((code) => code !== 'sigma-extension')).toEqual(
          codes(`title: x\nlogsource: {product: linux}\n${own}`),
        );
      }),
      { numRuns: runs(60) },
    );
  });
});
