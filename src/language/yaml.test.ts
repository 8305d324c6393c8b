import { describe, expect, it } from 'vitest';
import { BOUNDED_MS, processorMs } from '../../test/processor-time.ts';
import { entryOf, parseYaml, plainYaml, type YamlNode } from './yaml.ts';

/** Milliseconds that no text of a rule file's size may need. */

const values = (text: string) => parseYaml(text).map(({ root }) => root && plainYaml(root));
const mistakes = (text: string) =>
  parseYaml(text).flatMap(({ diagnostics }) =>
    diagnostics.map(
      ({ message, span }) => `${span.start} ${message.replace('This is not YAML as rules use it: ', '')}`,
    ),
  );

describe('parseYaml', () => {
  it.each<[string, unknown]>([
    ['a: 1\nb: [x, "y", \'z\']', { a: 1, b: ['x', 'y', 'z'] }],
    ['a: |\n  two\n  lines\n', { a: 'two\nlines\n' }],
    ['a: yes\nb: 2025-01-31\nc: ~\nd:\ne: 0x1f', { a: 'yes', b: '2025-01-31', c: null, d: null, e: 31 }],
    [
      'a: 9223372036854775808\nb: 007\nc: .inf\nd: 1e400\ne: 1.50',
      { a: '9223372036854775808', b: '007', c: '.inf', d: '1e400', e: 1.5 },
    ],
    ['a: &x [1]\nb: *x', { a: [1], b: [1] }],
    ['1: x\ntrue: y', { 1: 'x', true: 'y' }],
    ['\ufeffa: 1', { a: 1 }],
    ['', null],
  ])('%j', (text, expected) => {
    expect(values(text)).toEqual([expected]);
  });

  it('makes `__proto__` a key like any other', () => {
    const [value] = values('__proto__: {x: 1}');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it('reads several documents, each with its place', () => {
    const text = 'a: 1\n---\nb: 2\n';
    const documents = parseYaml(text);
    expect(values(text)).toEqual([{ a: 1 }, { b: 2 }]);
    expect(documents.map(({ span }) => text.slice(span.start, span.end))).toEqual(['a: 1\n', '---\nb: 2\n']);
  });

  it('gives every node its place', () => {
    const text = 'k: "v w"\nl:\n  - x\n';
    const root = parseYaml(text)[0]?.root;
    if (root?.kind !== 'map') throw new Error('no map');
    const at = (node: YamlNode | undefined) => node && text.slice(node.span.start, node.span.end);
    expect(at(entryOf(root, 'k')?.value)).toBe('"v w"');
    const list = entryOf(root, 'l')?.value;
    expect(list?.kind === 'list' && at(list.items[0])).toBe('x');
  });

  it.each([
    ['a: 1\nb: 2\na: 3', '10 the key “a” stands here twice.'],
    ['a: *nothing', '3 *nothing names nothing that stands before it.'],
    ['a: &x [*x]', '7 *x names nothing that stands before it.'],
    ['<<: {a: 1}', '0 merge keys (<<) are not part of YAML 1.2; write the keys out.'],
    ['? [a]\n: b', '2 a key must be a text.'],
  ])('refuses %j', (text, expected) => {
    expect(mistakes(text)).toEqual([expected]);
  });

  it('says where the grammar is broken', () => {
    expect(mistakes('a: [1, 2\nb: 3').length).toBeGreaterThan(0);
    expect(mistakes('a: "x').length).toBeGreaterThan(0);
  });
});

describe('hostile texts', () => {
  const laughs = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let n = 1; n < 40; n += 1) laughs.push(`a${n}: &a${n} [${`*a${n - 1}, `.repeat(9)}]`);

  it.each([
    ['aliases of aliases', laughs.join('\n'), /more than 50000 values/],
    ['nested lists', '['.repeat(500_000), /deeper than 64/],
    ['nested maps in one line', '- '.repeat(200_000), /deeper than 64/],
    ['anchors', '&a '.repeat(200_000), /more than 500 anchors/],
    ['documents', '---\n'.repeat(200_000), /more than 1000 documents/],
    ['keys', Array.from({ length: 100_000 }, (_, n) => `k${n}: 1\n`).join(''), /more than 100000 words/],
    ['quotes', '"'.repeat(500_000), /more than 100000 words/],
    ['wrong escapes', `"${'\\q'.repeat(400_000)}"`, /./],
    ['directives', '%YAML 1\n'.repeat(40_000), /./],
  ])('%s', (_, text, expected) => {
    const spent = processorMs(() => expect(mistakes(text).join('\n')).toMatch(expected));
    expect(spent).toBeLessThan(BOUNDED_MS);
  });
});
