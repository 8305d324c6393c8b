import { expect, it } from 'vitest';
import type { Finding } from '../../../src/serve/api.ts';
import { placeInQuery, placeOf } from './places.ts';

const at = (line: number, column: number, end: [number, number] = [line, column]): Finding => ({
  file: '-',
  rule: {},
  code: 'eql-syntax',
  severity: 'error',
  message: '',
  line,
  column,
  end: { line: end[0], column: end[1] },
});

function shown(finding: Finding, text: string): string | undefined {
  const place = placeOf(finding, text);
  return place && text.slice(place.from, place.to);
}

it('finds lines and columns, which count code points', () => {
  expect(shown(at(2, 3, [2, 5]), 'one\n🐍x and\n')).toBe(' a');
  expect(shown(at(1, 3, [2, 2]), 'one\ntwo\n')).toBe('e\nt');
});

it('widens a point to the word it stands at, at the end of a line to what is before it', () => {
  expect(shown(at(2, 3), 'x\n  process.name in\n')).toBe('process.name');
  expect(shown(at(1, 4), 'one\ntwo\n')).toBe('e');
  expect(shown(at(9, 1), 'one\ntwo')).toBe('o');
});

it('marks nothing where the whole text is meant', () => {
  expect(shown(at(1, 1), 'one\ntwo')).toBeUndefined();
});

it('takes the only line of a text for the line meant', () => {
  expect(shown(at(7, 3, [7, 5]), '{"id": 1}\n')).toBe('id');
});

it('finds a place of the text in the query, as it stands or with its lines indented', () => {
  const query = 'T\n| where a == 1\n';
  const plain = `query = '''\n${query}'''\n`;
  const indented = 'query: |\n    T\n    | where a == 1\nkind: x\n';
  for (const text of [plain, indented]) {
    const offset = text.indexOf('T');
    const from = text.indexOf('where');
    const place = placeInQuery({ from, to: from + 5 }, text, query, offset);
    expect(place && query.slice(place.from, place.to)).toBe('where');
    expect(placeInQuery({ from: 0, to: 3 }, text, query, offset)).toBeUndefined();
  }
  const behind = indented.indexOf('kind');
  expect(placeInQuery({ from: behind, to: behind + 4 }, indented, query, indented.indexOf('T'))).toBeUndefined();
  const end = plain.indexOf("'''\n", 12);
  expect(placeInQuery({ from: end, to: end }, plain, query, plain.indexOf('T'))).toEqual({ from: 15, to: 16 });
  const escaped = '{"query": "T\\n| where a == 1"}';
  expect(placeInQuery({ from: 22, to: 24 }, escaped, query, escaped.indexOf('T'))).toBeUndefined();
});
