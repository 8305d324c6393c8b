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
