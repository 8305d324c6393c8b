import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { ByteIndex } from './byte-index.ts';
import type { Marks } from './byte-marks.ts';
import { ByteTexts, escaped } from './byte-text.ts';
import type { Literal } from './literal.ts';

const part = fc.string({ unit: fc.constantFrom('a', 'b', '1', '-'), maxLength: 6 });
const literal: fc.Arbitrary<Literal> = fc.record({
  text: fc
    .tuple(fc.array(part, { minLength: 1, maxLength: 3 }), fc.constantFrom(1, 1, 1, 9))
    .map(([parts, times]) => `${parts.join('')}\\`.slice(0, 14).repeat(times)),
  anchor: fc.constantFrom('whole', 'start', 'end', 'anywhere'),
});
/** Values that hold some of the texts, letters in either case. */
const holding = (literals: readonly Literal[]) =>
  fc
    .array(fc.oneof(part, ...literals.map(({ text }) => fc.constant(text))), { maxLength: 5 })
    .map((parts) => parts.join(''));

function standsIn({ text, anchor }: Literal, value: string): boolean {
  if (anchor === 'whole') return value === text;
  if (anchor === 'start') return value.startsWith(text);
  return anchor === 'end' ? value.endsWith(text) : value.includes(text);
}

it('marks the texts that stand in a value, wherever that begins, and no others', () => {
  const known = fc.array(literal, { minLength: 1, maxLength: 8 });
  const cases = known.chain((literals) => fc.tuple(fc.constant(literals), holding(literals), fc.nat(5), fc.boolean()));
  fc.assert(
    fc.property(cases, ([literals, value, before, isUpper]) => {
      const texts = new ByteTexts();
      const marks = literals.map((_, at): Marks => [0, 1 << at]);
      const byText = literals.map((one) => texts.of(one));
      const index = new ByteIndex(byText.map((one, at) => [one, marks[at] as Marks] as const));
      const written = escaped(isUpper ? value.toUpperCase() : value);
      const room = new ArrayBuffer(1_024);
      const bytes = new Uint8Array(room);
      bytes.set(Buffer.from(`${'"'.repeat(before)}${written}",ab1-ab1-`, 'latin1'));
      const marked = new Int32Array(1);
      index.search({ bytes, words: new Int32Array(room) }, before, before + written.length, marked);
      for (const [at, one] of literals.entries()) {
        const isCommon = byText[at]?.sought === 'common';
        expect((marked[0] as number) & (1 << at), one.text).toBe(!isCommon && standsIn(one, value) ? 1 << at : 0);
      }
    }),
    { numRuns: runs(300) },
  );
});
