import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { equalsLiteral } from '../plan/predicate/scalar.ts';
import { marksAt } from './byte-marks.ts';
import { numberText } from './literal.ts';
import { NumberNeeds } from './number-needs.ts';

const WANTED = [0, 4, 10, 26, 2.5, 4_294_967_296];
const needs = new NumberNeeds(new Map(WANTED.map((number, need) => [numberText(number) as string, marksAt([need])])));
const digits = fc.constantFrom('0', '4', '10', '26', '2.5', '0x4', '0X1A', '0x100000000', '4294967296', '1e1', '12');
const written = fc.tuple(fc.constantFrom('', '-', '+', '0', ' '), digits).map((parts) => parts.join(''));

/** Which of the numbers, as bits. */
function met(meet: (met: Int32Array) => void): number {
  const marked = new Int32Array(1);
  meet(marked);
  return marked[0] as number;
}

it('meets a number however it is written, and others only where it cannot tell', () => {
  fc.assert(
    fc.property(written, (text) => {
      const bytes = Buffer.from(`"${text}"`);
      const [ofValue, ofBytes, decoded] = [
        met((marked) => needs.meetValue(text, marked)),
        met((marked) => needs.meetBytes(bytes, 1, bytes.length - 1, marked)),
        met((marked) => needs.meetDecoded(bytes, 1, bytes.length - 1, marked)),
      ];
      for (const [need, wanted] of WANTED.entries()) {
        const isIt = equalsLiteral(text, wanted, 'none', 'long');
        expect((ofValue >> need) & 1, `${text} ${wanted}`).toBe(isIt ? 1 : 0);
        if (isIt) expect((ofBytes >> need) & 1).toBe(1);
        if (/^(?:\d+|0x[0-9a-f]+)$/i.test(text))
          expect((decoded >> need) & 1, `${text} ${wanted}`).toBe(Number(text) === wanted ? 1 : 0);
      }
    }),
    { numRuns: runs(200) },
  );
});
