import { expect, it } from 'vitest';
import { LineScanner } from '../format/line-shape.ts';
import { ValueTree } from './value-tree.ts';

it('knows no line by the number that another value had before all were forgotten', () => {
  const scanner = new LineScanner<unknown>();
  const scanned = (name: string) => {
    scanner.scan(Buffer.from(JSON.stringify({ name })));
    return scanner;
  };
  const tree = new ValueTree<string>();
  expect(tree.add(scanned('first'), [0], 'known')).toBe(1);
  expect(tree.find(scanned('first'))).toBe('known');
  const number = scanner.valueOf(0);
  const { generation } = scanner.values;
  for (let at = 0; scanner.values.generation === generation; at += 1) scanned(`${at}`.padStart(500)).addValueOf(0);
  let other = 0;
  while (scanned(`${other}`).addValueOf(0) !== number) other += 1;
  expect(tree.find(scanned(`${other}`))).toBeUndefined();
  expect(tree.find(scanned('first'))).toBeUndefined();
});
