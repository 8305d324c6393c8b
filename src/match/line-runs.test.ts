import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import type { LineBlock, PassedLine } from '../format/format.ts';
import { LineScanner } from '../format/line-shape.ts';
import { LineRuns } from './line-runs.ts';

const PASSED: PassedLine = { format: 'x', isUnrouted: false };

/** Of a few shapes, long and short; of lines that are told at once, such as are not, and what is none. */
const line = fc.oneof(
  fc
    .record({ name: fc.constantFrom('a', 'no', 'b'), length: fc.constantFrom(0, 7, 40, 9_000), other: fc.nat(2) })
    .map(({ name, length, other }) => JSON.stringify({ name: name + 'x'.repeat(length), [`m${other}`]: other })),
  fc.constantFrom('', '{', '{"name":', `{"name":"${'z'.repeat(66_000)}","m0":0}`),
);
/** Lines of a file; how much of it a block holds, which may end within a line, and whether it is looked at with another scanner. */
const file = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 24 }),
  cut: fc.constantFrom(1, 2, 3),
  another: fc.boolean(),
});

it('passes over lines in a row as they stand in their block, and no other, whatever came before and is looked at between', () => {
  let passed = 0;
  fc.assert(
    fc.property(fc.array(file, { minLength: 1, maxLength: 4 }), fc.boolean(), (files, isTurned) => {
      const scanners = [new LineScanner<unknown>(), new LineScanner<unknown>()] as const;
      const lineRuns = new LineRuns<unknown>();
      // One memory for all, as reading has it.
      const memory = Buffer.alloc(2 ** 21);
      for (const { lines, cut, another } of files) {
        const text = lines.map((one) => `${one}\n`).join('');
        memory.write(text, cut);
        const bytes = memory.subarray(cut, cut + Math.ceil((text.length * 3) / (cut + 2)));
        const scanner = scanners[another ? 1 : 0];
        const over: string[] = [];
        const block: LineBlock = { bytes };
        const tellBy =
          (by: LineScanner<unknown>) => (_shape: unknown, told: Uint8Array, start: number, end: number) => {
            const own = Buffer.from(told.subarray(start, end)).toString();
            const { name } = JSON.parse(own) as { name: string };
            const [from, to] = [by.starts[0] as number, by.ends[0] as number];
            expect(Buffer.from(by.bytes.subarray(from, to)).toString()).toBe(`"${name}"`);
            if (name.startsWith('no') || by !== scanner) return undefined;
            over.push(own);
            return PASSED;
          };
        const all: string[] = [];
        for (let at = 0; at < bytes.length; ) {
          let taken = 0;
          const first = over.length;
          at = lineRuns.passOver(scanner, block, at, tellBy(scanner), () => {
            taken += 1;
          });
          expect(over.length - first).toBe(taken);
          all.push(...over.slice(first));
          const newline = bytes.indexOf('\n', at);
          if (newline === -1) break;
          const next = bytes.toString('utf8', at, newline);
          all.push(next);
          scanner.scan(Buffer.from(next));
          at = newline + 1;
          if (!isTurned) continue;
          const other = scanners[another ? 0 : 1];
          lineRuns.passOver(other, block, 0, tellBy(other), () => {});
        }
        const whole = bytes.toString().split('\n').slice(0, -1);
        expect(all).toEqual(whole);
        passed += over.length;
      }
    }),
    { numRuns: runs(80) },
  );
  expect(passed).toBeGreaterThan(runs(20));
});

it('passes over each line that is told, also where there is no more room for it behind others and where blocks are short', () => {
  const lineOf = (length: number) => `${JSON.stringify({ name: 'x'.repeat(length) })}\n`;
  const scanner = new LineScanner<unknown>();
  scanner.scan(Buffer.from(lineOf(1).trim()));
  const passOver = (text: string, lineRuns = new LineRuns<unknown>()) =>
    lineRuns.passOver(
      scanner,
      { bytes: Buffer.from(text) },
      0,
      () => PASSED,
      () => {},
    );
  const long = lineOf(9_000).repeat(40);
  const block = { bytes: Buffer.from(`${long}${'x'.repeat(140_000)}\n${lineOf(7)}`) };
  const again = new LineRuns<unknown>();
  const lengths: number[] = [];
  const told = () => {
    lengths.push((scanner.ends[0] as number) - (scanner.starts[0] as number) - 2);
    return PASSED;
  };
  const last = block.bytes.length - lineOf(7).length;
  // Another one may look at a block anew.
  for (const from of [0, 0, last]) again.passOver(scanner, block, from, told, () => {});
  expect(lengths).toEqual([...new Array(80).fill(9_000), 7]);
  const short = new LineRuns<unknown>();
  for (let block = 0; block < 100; block += 1) expect(passOver(lineOf(block), short)).toBe(lineOf(block).length);
  // Of a line without an end nothing is known; where nothing is passed over, it soon is not looked at.
  const looked = new LineRuns<unknown>();
  let looks = 0;
  const tell = () => {
    looks += 1;
    return undefined;
  };
  for (let block = 0; block < 200; block += 1) {
    expect(looked.passOver(scanner, { bytes: Buffer.from(lineOf(1)) }, 0, tell, () => {})).toBe(0);
  }
  expect(looks).toBeGreaterThan(0);
  expect(looks).toBeLessThan(100);
  expect(passOver(lineOf(1).trim())).toBe(0);
});
