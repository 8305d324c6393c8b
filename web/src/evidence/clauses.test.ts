import { expect, test } from 'vitest';
import type { TraceNode } from '../../../src/serve/api.ts';
import { clausesOf } from './clauses.ts';

const leaf = (text: string, result: boolean, needed = true, values: string[] = [text]): TraceNode => ({
  kind: 'match-any',
  text,
  result,
  needed,
  field: text,
  values,
  children: [],
});
const group = (kind: string, children: TraceNode[], result = true, needed = true): TraceNode => ({
  kind,
  text: kind,
  result,
  needed,
  children,
});

function lines(trace: TraceNode): string[] {
  const mark = { held: '+', failed: 'x', 'not-needed': '-' };
  return clausesOf(trace).map(({ depth, outcome, text }) => `${'  '.repeat(depth)}${mark[outcome]} ${text}`);
}

test('an or shows which alternative held, and what was not needed', () => {
  const trace = group('and', [
    leaf('os', true),
    group('or', [
      group('and', [leaf('name', true), leaf('args', true)]),
      group('and', [leaf('shell', false), leaf('line', true)], false, false),
    ]),
  ]);
  expect(lines(trace)).toEqual(['+ os', '+ either', '  + name', '  + args', '- or', '  - shell', '  - line']);
});

test('a not is one line, with the value its inside looked at', () => {
  const trace = group('and', [
    leaf('os', true),
    { ...group('not', [leaf('parent', false, true, [])]), text: 'not\n  parent == "x"' },
  ]);
  const [, negation] = clausesOf(trace);
  expect(negation).toEqual({ text: 'not parent == "x"', depth: 0, outcome: 'held', field: 'parent', values: [] });
});

test('a condition that holds no longer says which clause failed', () => {
  expect(lines(group('and', [leaf('os', true), leaf('name', false)], false))).toEqual(['+ os', 'x name']);
});

test('parts that have no words of their own are one clause, with the values of the place that has some', () => {
  const image = (values: string[]) => ({ ...leaf('Image|endswith: /curl', values.length > 0, true, values) });
  const trace = { ...group('or', [image([]), image(['/usr/bin/curl'])]), text: 'Image|endswith: /curl' };
  expect(lines(group('and', [leaf('os', true), trace]))).toEqual(['+ os', '+ Image|endswith: /curl']);
  expect(clausesOf(trace)[0]?.values).toEqual(['/usr/bin/curl']);
});

test('a not by name is followed by what the name stands for', () => {
  const trace = {
    ...group('not', [group('and', [leaf('User: backup', false), leaf('tty: none', true)], false)]),
    text: 'not filter',
  };
  expect(lines(trace)).toEqual(['+ not', '  x User: backup', '  + tty: none']);
});

test('lists in YAML keep their lines, queries are told in one', () => {
  const text = (words: string) => clausesOf(leaf(words, true))[0]?.text;
  expect(text('Image|endswith:\n        - /python\n        - /python3 # both')).toBe(
    'Image|endswith:\n  - /python\n  - /python3 # both',
  );
  expect(text('category: process_creation\n    product: linux')).toBe('category: process_creation\nproduct: linux');
  expect(text('process.args in (\n  "a",\n  "b"\n)')).toBe('process.args in ( "a", "b" )');
});

test('single clauses of which one is enough stand under one heading', () => {
  const trace = group('or', [leaf('a', false, false), leaf('b', true), leaf('c', true, false)]);
  expect(lines(trace)).toEqual(['+ one of', '  - a', '  + b', '  - c']);
});

test('what one word of the author asks of several fields is told once, unless one of them failed', () => {
  const table = (results: boolean[]) =>
    group(
      'and',
      [...results.map((held) => ({ ...leaf('imProcessCreate', held) })), leaf('name', true)],
      !results.includes(false),
    );
  expect(lines(table([true, true]))).toEqual(['+ imProcessCreate', '+ name']);
  expect(lines(table([true, false]))).toEqual(['+ imProcessCreate', 'x imProcessCreate', '+ name']);
});
