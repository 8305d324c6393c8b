import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { completeKuery } from './complete.ts';
import { highlightKuery } from './highlight.ts';
import { hoverKuery } from './hover.ts';

/** `¦` marks the cursor. */
function at(marked: string): [string, number] {
  return [marked.replace('¦', ''), marked.indexOf('¦')];
}

const SEEN = { fields: ['my:own', 'process.name'], values: { 'process.name': ['bash', 'a"b'], 'process.pid': [7] } };

test.each([
  [
    'process.name: (curl or "a b") AND NOT process.pid >= 7',
    'field operator bracket string operator string bracket operator operator field operator number',
  ],
  ['files: { a: true }', 'field operator bracket field operator constant bracket'],
  ['a: "x', 'field operator error'],
])('%s is coloured', (text, classes) => {
  expect(
    highlightKuery(text)
      .map((token) => token.class)
      .join(' '),
  ).toBe(classes);
});

describe('completion', () => {
  // The query with the cursor; the text replaced; the first things offered.
  test.each<[string, string, string[]]>([
    ['¦', '', ['my\\:own: ', 'process.name: ']],
    ['process.nam¦', 'process.nam', ['process.name: ']],
    ['process.name ¦', '', [':', '>=']],
    ['process.name: ¦', '', ['"bash"', '"a\\"b"', '*']],
    ['process.name: ba¦', 'ba', ['"bash"']],
    ['process.name: "ba¦', '"ba', ['"bash"']],
    ['process.name: (x or ¦', '', ['"bash"']],
    ['process.pid >= ¦', '', ['7']],
    ['process.name: x ¦', '', ['and', 'or']],
    ['process.name: (x or y) a¦', 'a', ['and']],
    ['process.name: x and ¦', '', ['my\\:own: ']],
    ['(process.name: x or process.nam¦', 'process.nam', ['process.name: ']],
    ['not ¦', '', ['my\\:own: ']],
  ])('%s', (marked, replaced, first) => {
    const [text, offset] = at(marked);
    const { start, options } = completeKuery(text, offset, SEEN);
    expect(text.slice(start, offset)).toBe(replaced);
    expect(options.slice(0, first.length).map(({ insert }) => insert)).toEqual(first);
  });

  test('any text and place are taken', () => {
    const pieces = ['process.name', ' and ', 'a', ':', '>=', '"x', '"', '(', ')', '{', '}', ' ', '\\', '*'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces)), fc.double({ min: 0, max: 1, noNaN: true }), (parts, share) => {
        const text = parts.join('');
        const offset = Math.floor(share * text.length);
        expect(completeKuery(text, offset, SEEN).start).toBeLessThanOrEqual(offset);
        hoverKuery(text, offset);
        let end = 0;
        for (const token of highlightKuery(text)) {
          expect(token.start).toBeGreaterThanOrEqual(end);
          end = token.end;
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});

test.each<[string, RegExp | undefined]>([
  ['process.a¦rgs: x', /^process\.args: keyword, several values/],
  ['process.p¦id >= 1', /^process\.pid: long/],
  ['a: x a¦nd b: y', /^and: Both/],
  ['a¦: x', /^:: Some value/],
  ['process.name: process.a¦rgs', undefined],
])('hover over %s', (marked, says) => {
  const hover = hoverKuery(...at(marked));
  if (says === undefined) expect(hover).toBeUndefined();
  else expect(`${hover?.title}: ${hover?.doc}`).toMatch(says);
});
