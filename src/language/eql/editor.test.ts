import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '../../../test/any-text.ts';
import { completeEql } from './complete.ts';
import { highlightEql } from './highlight.ts';
import { hoverEql } from './hover.ts';

/** `|` marks the cursor. */
function at(marked: string): [string, number] {
  const offset = marked.indexOf('¦');
  return [marked.replace('¦', ''), offset];
}

const SEEN = {
  fields: ['my.own', 'my-field.x', 'process.name'],
  values: { 'process.name': ['bash', 'C:\\a"b'], 'process.pid': [7] },
};

describe('highlighting', () => {
  test.each([
    [
      'process where process.name : ("a*", 1.5) and not startsWith~(x, null)',
      'category keyword field operator field operator bracket string bracket number bracket operator operator function bracket field bracket constant bracket',
    ],
    [
      'sequence by `a b` with maxspan=5m ["x" where true] with runs=2 ![any where f(y)] until [a where true] | head 3',
      'keyword keyword field keyword option operator number unit bracket category keyword constant bracket keyword option operator number bracket keyword keyword function bracket field bracket bracket keyword bracket category keyword constant bracket operator keyword number',
    ],
    ['a where b == "unclosed', 'category keyword field operator error'],
    ['/* c */ a where b && c // d', 'category keyword field error field'],
  ])('%s', (text, classes) => {
    expect(
      highlightEql(text)
        .map((token) => token.class)
        .join(' '),
    ).toBe(classes);
  });

  test('tokens lie in order inside any text', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        let end = 0;
        for (const token of highlightEql(text)) {
          expect(token.start).toBeGreaterThanOrEqual(end);
          expect(token.end).toBeLessThanOrEqual(text.length);
          end = token.end;
        }
      }),
    );
  });
});

describe('completion', () => {
  // The query with the cursor; the text replaced; the first things offered.
  test.each<[string, string, string[]]>([
    ['¦', '', ['process where ', 'file where ']],
    ['pro¦', 'pro', ['process where ']],
    ['process ¦', '', ['where']],
    ['process where process.nam¦', 'process.nam', ['process.name']],
    ['process where my¦', 'my', ['my.own', '`my-field`.x']],
    ['process where not starts¦', 'starts', ['startsWith(']],
    ['process where process.name ¦', '', ['==', '!=', ':']],
    ['process where process.name li¦', 'li', ['like', 'like~']],
    ['process where process.name == ¦', '', ['"bash"', '"C:\\\\a\\"b"']],
    ['process where process.name not in ("x", ¦', '', ['"bash"']],
    ['process where process.name : "ba¦', '"ba', ['"bash"']],
    ['process where process.pid == ¦', '', ['7']],
    ['process where process.name == "a" a¦', 'a', ['and']],
    ['sequence ¦', '', ['by', 'with']],
    ['sequence by host.i¦ [', 'host.i', ['host.id', 'host.ip']],
    ['sequence by host.id, user.i¦', 'user.i', ['user.id']],
    ['sequence with ¦', '', ['maxspan']],
    ['sequence [fi¦', 'fi', ['file where ']],
    ['sequence [a where true] w¦', 'w', ['with']],
    ['sequence [a where true] with ¦', '', ['runs']],
    ['any where true | ¦', '', ['head', 'tail']],
  ])('%s', (marked, replaced, first) => {
    const [text, offset] = at(marked);
    const { start, options } = completeEql(text, offset, SEEN);
    expect(text.slice(start, offset)).toBe(replaced);
    expect(options.slice(0, first.length).map(({ insert }) => insert)).toEqual(first);
  });

  test('any text and place are taken', () => {
    const pieces = ['process', ' where ', 'a.b', '==', '"x', '"', '(', ',', '[', 'by', ' ', 'with', '`', '|', '.', '?'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces)), fc.double({ min: 0, max: 1, noNaN: true }), (parts, share) => {
        const text = parts.join('');
        const offset = Math.floor(share * text.length);
        expect(completeEql(text, offset, SEEN).start).toBeLessThanOrEqual(offset);
        hoverEql(text, offset);
      }),
    );
  });
});

describe('hover', () => {
  test.each<[string, RegExp | undefined]>([
    ['any where le¦ngth(x) > 1', /^length\(text\): How many/],
    ['any where starts¦With~(x, "a")', /^startsWith\[~\]\(source, substring\)/],
    ['any where substring(x, 1)¦ == "a"', undefined],
    ['any where process.a¦rgs == "a"', /^process\.args: keyword, several values/],
    ['any where pro¦cess.pid == 1', /^process\.pid: long/],
    ['any where x li¦ke "a"', /^like: The whole value/],
    ['any where x : "li¦ke"', undefined],
    ['any where my.o¦wn == 1', undefined],
    ['seq¦uence by x [a where true]', /^sequence: Events one after/],
    ['any where true | he¦ad 3', /^head: The first/],
  ])('%s', (marked, says) => {
    const hover = hoverEql(...at(marked));
    if (says === undefined) expect(hover).toBeUndefined();
    else expect(`${hover?.title}: ${hover?.doc}`).toMatch(says);
  });
});
