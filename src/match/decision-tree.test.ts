import { expect, it } from 'vitest';
import { LineScanner } from '../format/line-shape.ts';
import { DecisionTree } from './decision-tree.ts';

const [TIME, NAME] = [0, 1];
const times = new Set([TIME]);

function scanned(scanner: LineScanner<unknown>, time: string, name: string): LineScanner<unknown> {
  scanner.scan(Buffer.from(JSON.stringify({ time, name })));
  return scanner;
}

it('knows lines at other times by their other members, and no time where it matters of one line', () => {
  const scanner = new LineScanner<unknown>();
  const tree = new DecisionTree<string>();
  const at = (second: number, name = 'a') => scanned(scanner, `2026-02-01T00:00:0${second}Z`, name);
  expect(tree.add(at(1), [TIME, NAME], 'a', times)).toBe(2);
  expect(tree.find(at(2))).toBe('a');
  expect(tree.find(at(2, 'b'))).toBeUndefined();
  expect(tree.find(scanned(scanner, 'soon', 'a'))).toBeUndefined();
  // Of that line the time matters: it would be known at any other, too.
  expect(tree.add(at(3, 'c'), [TIME, NAME], 'c')).toBeUndefined();
  expect(tree.find(at(3, 'c'))).toBeUndefined();
  const strict = new DecisionTree<string>();
  expect(strict.add(at(1), [TIME, NAME], 'a')).toBe(2);
  expect(strict.add(at(2), [TIME, NAME], 'a', times)).toBeUndefined();
  expect(strict.find(at(1))).toBe('a');
  expect(strict.find(at(2))).toBeUndefined();
});

it('knows no line by what it was told before all ranges were forgotten', () => {
  const scanner = new LineScanner<unknown>();
  const tree = new DecisionTree<string>();
  const line = (name: string) => scanned(scanner, '2026-02-01T00:00:01Z', name);
  expect(tree.add(line('a'), [NAME], 'a')).toBe(1);
  expect([1, 2, 3].map(() => tree.find(line('a')))).toEqual(['a', 'a', 'a']);
  const { ranges } = scanner;
  const { book } = ranges;
  const bytes = Buffer.from('"b"');
  const other = { member: NAME, least: bytes, most: bytes };
  // Often in one record, so that there are few.
  while (ranges.book === book) ranges.add(Array.from({ length: 80 }, () => other));
  expect(tree.find(line('b'))).toBeUndefined();
  expect(tree.find(line('a'))).toBe('a');
});
