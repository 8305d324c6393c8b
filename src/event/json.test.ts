import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from './json.ts';

const longNumber = fc
  .tuple(fc.constantFrom('', '-'), fc.bigInt({ min: 1n, max: 10n ** 20n }))
  .map(([sign, digits]) => `${sign}${digits}`);
const tricky = fc.constantFrom(
  'a": 1234567890123456789,',
  '":-9223372036854775808}',
  ':',
  ',',
  '[',
  '\\',
  '"',
  'Keywords',
);

/**
 * JSON text with long integers in it and texts that look like them. Names without escapes, since V8 tells a reviver
 * nothing of the source of numbers near names that have some.
 */
const json = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    longNumber,
    fc.oneof(tricky, fc.string()).map((text) => JSON.stringify(text)),
    fc.constantFrom('null', '1.5', '1e400', '0.1234567890123456789', 'true'),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
    fc
      .array(fc.tuple(fc.constantFrom('a', 'b_1', 'c:', ''), tie('value')), { maxLength: 3 })
      .map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`),
  ),
})).value;

describe('parseJson', () => {
  it('keeps what a double cannot hold as text, wherever it stands', () => {
    fc.assert(
      fc.property(json, (text) => {
        const slow: unknown = JSON.parse(text, (_key, value, context?: { source?: string }) => {
          const source = context?.source;
          if (typeof value !== 'number' || source === undefined || !/^-?\d+$/.test(source)) return value;
          return Number.isSafeInteger(value) ? value : source;
        });
        if (/\d[.e]/.test(text)) expect(() => parseJson(text)).not.toThrow();
        else expect(parseJson(text)).toEqual(slow);
      }),
      { numRuns: 500 },
    );
  });

  it('tells of a mistake as it stands in the text', () => {
    expect(() => parseJson('{"Keywords":-9223372036854775808,"a":}')).toThrow(/position 37|"a":}/);
  });
});
