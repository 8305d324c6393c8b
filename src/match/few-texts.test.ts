import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyText } from '../../test/any-text.ts';
import { runs } from '../../test/effort.ts';
import { LineScanner } from '../format/line-shape.ts';
import { FewTexts } from './few-texts.ts';
import { countGrams } from './gram-index.ts';

const text = fc.oneof(
  fc.stringMatching(/^[a-d]{4,7}$/),
  fc.constantFrom('http', 'iex ', '::set', 'mimikatz', 'straße'.slice(0, 4), '{0}{1}'),
);
const around = fc.oneof(anyText({ maxLength: 40 }), fc.stringMatching(/^[a-dA-D"\\]{0,60}$/));

it('finds the texts that stand in a part of a line, in whatever case', () => {
  const scanner = new LineScanner();
  let stood = 0;
  fc.assert(
    fc.property(
      fc.uniqueArray(text, { minLength: 1, maxLength: 12 }),
      fc.array(around),
      fc.boolean(),
      (texts, parts, upper) => {
        const joined = parts.map((part, at) => part + (texts[at] ?? '')).join('');
        const line = Buffer.from(JSON.stringify({ a: upper ? joined.toUpperCase() : joined, b: 'http' }));
        if (scanner.scan(line) === undefined) return;
        const few = new FewTexts(
          texts.map((one) => Uint8Array.from(Buffer.from(one, 'latin1'))),
          countGrams([]),
        );
        const [start, end] = [scanner.starts[0] as number, scanner.ends[0] as number];
        const found = new Set<number>();
        few.search(scanner, start, end, (number) => {
          found.add(number);
          return false;
        });
        const value = lower(line.toString('latin1', start, end));
        const expected = texts.flatMap((one, number) => (value.includes(one) ? [number] : []));
        expect([...found].sort((a, b) => a - b)).toEqual(expected);
        expect(few.someStands(scanner, start, end)).toBe(expected.length > 0);
        stood += expected.length;
      },
    ),
    { numRuns: runs(300) },
  );
  expect(stood).toBeGreaterThan(runs(300) / 2);
});

it('leaves quotes and backslashes out of a line, around these', () => {
  const scanner = new LineScanner();
  const object = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,6}$/),
    fc.array(fc.oneof(around, fc.constant('long '.repeat(20)))),
    {
      minKeys: 1,
    },
  );
  fc.assert(
    fc.property(object, fc.integer({ min: 3, max: 24 }), (lists, longest) => {
      const texts = Object.entries(lists).map(([name, parts]) => [name, parts.join('')] as const);
      const line = Buffer.from(JSON.stringify(Object.fromEntries(texts)));
      if (scanner.scan(line) === undefined) return;
      const [start, end] = scanner.unquote(longest);
      const left = Buffer.from(scanner.bytes.subarray(start, end)).toString('latin1');
      for (const value of texts.map(([, text]) => JSON.stringify(text).slice(1, -1))) {
        const written = Buffer.from(value).toString('latin1');
        const plain = [...written].flatMap((letter, at) => (/["\\]/.test(letter) ? [] : [at]));
        for (let at = 0; at + longest <= plain.length; at += 1) {
          const places = plain.slice(at, at + longest);
          const isWithin = (places.at(-1) as number) - (places[0] as number) >= longest;
          if (isWithin) expect(left).toContain(places.map((place) => written[place]).join(''));
        }
      }
      const all = line.toString('latin1').replace(/["\\]/g, '');
      for (const part of left.split('\0')) expect(all).toContain(part);
    }),
    { numRuns: runs(300) },
  );
});

/** ASCII letters alone. */
function lower(value: string): string {
  return value.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
