import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../../../test/effort.ts';
import type { ScalarType } from '../cell.ts';
import { SCALAR_FUNCTIONS } from './index.ts';

const sign = fc.constantFrom(
  'a',
  'b',
  'B',
  '1',
  'ß',
  'é',
  'İ',
  '-',
  '.',
  '_',
  ' ',
  '\u{1d4d0}',
  '\ud835',
  '\udcd0',
  '𝟘',
);
const text = fc.array(sign, { maxLength: 8 }).map((signs) => signs.join(''));

const CALLS = ['has_any', '!has_any', 'has_all', 'in', '!in', 'in~', '!in~'];

test('a list that comes again gives what its texts give one by one', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 16, maxLength: 24 }), fc.array(text, { maxLength: 12 }), (list, texts) => {
      const holding = [...texts, list.join(' '), list.join('-'), list[3] ?? ''];
      for (const name of CALLS) {
        const compute = SCALAR_FUNCTIONS[name];
        for (const operand of holding) {
          const each = { args: ['string', ...list.map((): ScalarType => 'string')], result: 'bool' } as const;
          const one = { args: ['string', 'dynamic'], result: 'bool' } as const;
          expect([name, operand, compute?.([operand, list], one)]).toEqual([
            name,
            operand,
            compute?.([operand, ...list], each),
          ]);
        }
      }
    }),
    { numRuns: runs(60) },
  );
});
