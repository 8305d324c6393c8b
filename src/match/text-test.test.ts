import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { type Test, wildcardPattern } from '../plan/predicate/node.ts';
import { foldCase } from '../plan/predicate/scalar.ts';
import { compileTest } from '../plan/predicate/value-test.ts';
import { compileTextTest } from './text-test.ts';

const text = fc.constantFrom(
  'power',
  'POWER',
  'shell',
  '.exe',
  'sh',
  'ſ',
  'Straße',
  'İ',
  'K',
  'σς',
  '☃',
  'x',
  '\\temp\\',
);
const part = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom('*' as const, '?' as const) },
  { weight: 2, arbitrary: text.map((one) => ({ text: one })) },
);
const fold = fc.constantFrom('none' as const, 'ascii' as const, 'unicode' as const);
const test: fc.Arbitrary<Test> = fc.oneof(
  fc.record({
    kind: fc.constant('wildcard' as const),
    anyOf: fc.array(fc.array(part, { minLength: 1, maxLength: 4 }).map(wildcardPattern), {
      maxLength: 20,
      size: 'max',
    }),
    fold,
  }),
  fc.record({ kind: fc.constant('equals' as const), anyOf: fc.array(text, { maxLength: 3 }), fold }),
);
const value = fc.array(text, { maxLength: 4 }).map((parts) => parts.join(''));

it('tests of folded text pass what the plan’s tests pass, however many alternatives there are', () => {
  fc.assert(
    fc.property(test, fc.array(value, { minLength: 1, maxLength: 5 }), (one, values) => {
      const ready = compileTextTest(one, 'keyword');
      const { passes } = compileTest(one, 'keyword');
      for (const each of values) expect(ready?.passes(foldCase(each, ready.fold))).toBe(passes(each));
    }),
    { numRuns: runs(500) },
  );
});
