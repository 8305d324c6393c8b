import { expect, it } from 'vitest';
import { LineScanner, type LineShape } from '../format/line-shape.ts';
import { membersOf } from '../format/recorded-json.ts';
import { CopyProbe } from './line-probe.ts';
import { needsIn } from './need-entries.ts';
import { ValueTree } from './value-tree.ts';
import { WitnessBook } from './witness-book.ts';

it('knows no line by the number that another value had before all were forgotten', () => {
  const scanner = new LineScanner<unknown>();
  const scanned = (name: string) => {
    scanner.scan(Buffer.from(JSON.stringify({ name })));
    return scanner;
  };
  const tree = new ValueTree<string>();
  const { probe, meets } = probeOf('first', scanned('first'));
  expect(tree.add(scanned('first'), [0], 'known')).toBe(1);
  expect(tree.find(scanned('first'))).toBe('known');
  const number = scanner.valueOf(0);
  const { generation } = scanner.values;
  for (let at = 0; scanner.values.generation === generation; at += 1) scanned(`${at}`.padStart(500)).addValueOf(0);
  let other = 0;
  while (scanned(`${other}`).addValueOf(0) !== number) other += 1;
  expect(tree.find(scanned(`${other}`))).toBeUndefined();
  expect(tree.find(scanned('first'))).toBeUndefined();
  // It has the number that the other had.
  expect(meets(probe, scanned(`${other}`))).toBe(false);
});

it.each([0, 1])('knows no line by numbers of which some were given before all were forgotten (%i)', (more) => {
  const scanner = new LineScanner<unknown>();
  const tree = new ValueTree<string>();
  const add = (name: string, other: string) => {
    scanner.scan(Buffer.from(JSON.stringify({ name: name.padStart(500), other: other.padStart(500) })));
    return scanner.addValueOf(0);
  };
  for (let at = 0; at < more; at += 1) add('more', '');
  const { generation } = scanner.values;
  let first = 0;
  let last = 0;
  for (; scanner.values.generation === generation; last += 1) {
    first = add(`first ${last}`, `other ${last}`);
    tree.add(scanner, [0, 1], 'known');
  }
  // Another value has the number by now, or none.
  expect(scanner.valueOf(0)).toBeLessThan(1);
  for (let at = 0; add(`again ${at}`, `other ${last - 1}`) < first; ) at += 1;
  expect(tree.find(scanner)).toBeUndefined();
});

/** A probe for a text, which met it in the line twice. */
function probeOf(text: string, scanner: LineScanner<unknown>) {
  const book = new WitnessBook();
  const entry = [book.textOf({ text, anchor: 'whole' }), 0] as const;
  const members = [
    ...membersOf(scanner.scan(Buffer.from(JSON.stringify({ name: text }))) as LineShape<unknown>).values(),
  ];
  const probe = new CopyProbe(members, needsIn([entry], book), new Int32Array(1), {});
  const meets = (of: CopyProbe, line: LineScanner<unknown>) => {
    const met = new Int32Array(1);
    return of.meet(line, line.bytes, met) && met[0] === 1;
  };
  expect([meets(probe, scanner), meets(probe, scanner)]).toEqual([true, true]);
  return { probe, meets };
}
