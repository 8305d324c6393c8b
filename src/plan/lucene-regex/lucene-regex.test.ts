import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runs } from '../../../test/effort.ts';
import { compileLuceneRegex, parseLuceneRegex } from './lucene-regex.ts';
import { LAST_CODE_POINT, type Regex } from './regex-tree.ts';

const matches = (pattern: string, text: string, fold: 'none' | 'ascii' | 'unicode' = 'none') =>
  compileLuceneRegex(pattern, fold)(text);

const errorOf = (pattern: string) => {
  const result = parseLuceneRegex(pattern);
  return 'error' in result ? result.error : undefined;
};

describe('what matches', () => {
  // pattern, texts that match, texts that do not
  const cases: [string, string[], string[]][] = [
    ['abc', ['abc'], ['ab', 'abcd', 'xabc', 'ABC']],
    ['', [''], ['a']],
    ['()', [''], ['a', '()']],
    ['a.c', ['abc', 'a\nc', 'a😀c'], ['ac', 'abbc']],
    ['ab?c', ['ac', 'abc'], ['abbc']],
    ['ab*', ['a', 'ab', 'abbb'], ['b']],
    ['(ab)+', ['ab', 'abab'], ['', 'aba']],
    ['a{2,3}', ['aa', 'aaa'], ['a', 'aaaa']],
    ['a{2}', ['aa'], ['a', 'aaa']],
    ['a{2,}', ['aa', 'aaaaaa'], ['a']],
    ['(a?){3}', ['', 'a', 'aaa'], ['aaaa']],
    ['[a-c0-9_]', ['b', '5', '_'], ['d', '-']],
    ['[^a-c]', ['d', '\n', '😀'], ['a', '', 'dd']],
    ['[a\\]]', ['a', ']'], ['\\']],
    ['[]a]', [']', 'a'], ['[']],
    ['[\\w.\\-]+', ['a_b.c-1'], ['a b']],
    ['\\d+\\D', ['12x'], ['123', 'x']],
    ['\\s\\S', [' x', '\tx', '\rx', '\n?'], ['x ', '\u00a0x', '\fx']],
    ['\\.exe', ['.exe'], ['xexe']],
    ['\\\\', ['\\'], ['\\\\']],
    ['"a.b*"c', ['a.b*c'], ['axbc']],
    ['a|b|cd', ['a', 'b', 'cd'], ['c', 'ab']],
    // An operator where an operand is expected stands for itself, as in Lucene.
    ['*a', ['*a'], ['a', 'aa']],
    ['|a', ['|a'], ['', 'a']],
    ['a||b', ['a', '|b'], ['b', '']],
    ['^a$', ['^a$'], ['a']],
    ['a}b]', ['a}b]'], []],
    // Lucene's own operators.
    ['#', [], ['', '#']],
    ['a#?', ['a'], ['a#']],
    ['@', ['', 'anything\nat all'], []],
    ['~abc', ['bc', 'aabc', 'xyzbc'], ['abc', 'xyz']],
    ['~(foo@)', ['bar', 'fo', ''], ['foo', 'foobar']],
    ['.+&~(.*python.*)', ['perl', 'pyth on'], ['', 'a python b']],
    ['a~bc', ['ac', 'axxc', 'abbc'], ['abc']],
    ['[a-z]+&.{3}', ['abc'], ['ab', 'ab1', 'abcd']],
    ['a|b&c', ['a'], ['b', 'c']],
    ['<1-31>', ['1', '31', '007', '12'], ['0', '32', '', '1a']],
    ['<01-12>', ['01', '12', '07'], ['1', '13', '00', '012']],
    ['<100-7>', ['7', '100', '0099'], ['6', '101']],
    ['v<8-1203>', ['v8', 'v1203', 'v999', 'v1200'], ['v7', 'v1204', 'v', 'v2000']],
  ];
  test.each(cases)('%s', (pattern, yes, no) => {
    expect(errorOf(pattern)).toBeUndefined();
    expect(yes.filter((text) => !matches(pattern, text))).toEqual([]);
    expect(no.filter((text) => matches(pattern, text))).toEqual([]);
  });

  test('folding touches characters and quoted text, A to Z only, and never ranges', () => {
    expect(matches('PowerShell', 'pOWERsHELL', 'ascii')).toBe(true);
    expect(matches('"PowerShell"', 'powershell', 'ascii')).toBe(true);
    expect(matches('[pqr]x', 'PX', 'ascii')).toBe(true);
    expect(matches('[^p]', 'P', 'ascii')).toBe(false);
    expect(matches('[a-z]', 'P', 'ascii')).toBe(false);
    expect(matches('é', 'É', 'ascii')).toBe(false);
    expect(matches('k', '\u212a', 'ascii')).toBe(false);
    expect(matches('é', 'É', 'unicode')).toBe(true);
    expect(matches('a', 'A')).toBe(false);
  });
});

describe('what is refused, and where', () => {
  const cases: [string, RegExp, number][] = [
    ['a(b', /“\(” is not closed/, 1],
    ['ab)', /closes nothing/, 2],
    ['x[ab', /“\[” is not closed/, 1],
    ['[', /something to match is expected/, 1],
    ['x[b-a]', /range is out of order/, 2],
    ['[\\w.-]+', /last dash makes a range/, 0],
    ['a{x}', /“\{” needs a number/, 1],
    ['a{3,2}', /out of order: 3 is more than 2/, 1],
    ['a{3', /“}” is missing/, 3],
    ['a|', /something to match is expected/, 2],
    ['a\\', /something to match is expected/, 2],
    ['\\p{L}', /no class/, 0],
    ['"abc', /quoted text is not closed/, 0],
    ['<abc>', /number interval/, 0],
    ['<1-99999999999>', /number interval/, 0],
    ['a{5000}b{5000}', /too complex/, 0],
    ['((a{100}){100}){100}', /too complex/, 0],
    ['a{2147483647,}', /too complex/, 0],
    [`~(.*a.{14})&~(.*b.{14})`, /too many states/, 0],
    ['('.repeat(5000), /nested too deeply/, 100],
    ['~'.repeat(5000), /nested too deeply/, 100],
    [`a${'*'.repeat(5000)}`, /too many repetition operators/, 0],
  ];
  test.each(cases)('%s', (pattern, message, offset) => {
    expect(errorOf(pattern)?.message).toMatch(message);
    expect(errorOf(pattern)?.offset).toBe(offset);
  });

  test('an unchecked pattern is a bug of the caller', () => {
    expect(() => compileLuceneRegex('(', 'none')).toThrow(/unchecked/);
  });
});

describe('cost', () => {
  test.each([
    ['(a*)*b', 'a'.repeat(50_000)],
    ['(a|aa)+$', 'a'.repeat(50_000)],
    ['(.*a.*){12}', 'a'.repeat(50_000)],
    ['.*a.{60}', noise(5_000)],
    [`${'a?'.repeat(1000)}${'a'.repeat(1000)}`, 'a'.repeat(1_500)],
  ])(
    'pattern %# comes to an end',
    (pattern, text) => {
      // Backtracking would take longer than the age of the universe; the limit of the test is what catches it.
      expect(typeof matches(pattern, text)).toBe('boolean');
    },
    60_000,
  );
});

describe('properties', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '1', '-', '\n'), maxLength: 8 });
  const { common, lucene } = fc.letrec((tie) => {
    const leaf = fc.constantFrom('a', 'b', '1', '[ab]', '[^a1]', '[a-b]', '\\d', '\\W', 'B', '\\-', '()');
    const suffix = fc.constantFrom('?', '*', '+', '{2}', '{1,3}', '{0,2}', '{2,}');
    const grow = (self: fc.Arbitrary<string>) => [
      leaf,
      fc.tuple(self, self).map(([x, y]) => `(${x}|${y})`),
      fc.tuple(self, self).map(([x, y]) => `(${x})(${y})`),
      fc.tuple(self, suffix).map(([x, y]) => `(${x})${y}`),
    ];
    const self = tie('lucene') as fc.Arbitrary<string>;
    return {
      common: fc.oneof({ maxDepth: 5 }, ...grow(tie('common') as fc.Arbitrary<string>)),
      lucene: fc.oneof(
        { maxDepth: 4 },
        ...grow(self),
        fc.constantFrom('.', '@', '#', '<1-11>', '"ab"'),
        self.map((x) => `~(${x})`),
        fc.tuple(self, self).map(([x, y]) => `((${x})&(${y}))`),
      ),
    };
  }) as { common: fc.Arbitrary<string>; lucene: fc.Arbitrary<string> };

  test('the common subset agrees with JavaScript', () => {
    fc.assert(
      fc.property(common, fc.array(text, { maxLength: 8 }), (pattern, texts) => {
        const reference = new RegExp(`^(?:${pattern})$`, 's');
        const compiled = compileLuceneRegex(pattern, 'none');
        for (const each of texts) expect(compiled(each)).toBe(reference.test(each));
      }),
      { numRuns: runs(150) },
    );
  });

  test('all operators agree with trying every way', () => {
    fc.assert(
      fc.property(lucene, fc.array(text, { maxLength: 8 }), (pattern, texts) => {
        const parsed = parseLuceneRegex(pattern);
        if ('error' in parsed) return;
        const compiled = compileLuceneRegex(pattern, 'none');
        for (const each of texts) {
          expect([pattern, each, compiled(each)]).toEqual([
            pattern,
            each,
            endsOf(parsed.regex, each, 0).has(each.length),
          ]);
        }
      }),
      { numRuns: runs(150) },
    );
  });

  test('no pattern crashes, and what is accepted compiles', () => {
    const noise = fc.string({ unit: fc.constantFrom(...'ab01(){}[]<>|&~.?*+-,\\"#@^dwsp😀'), maxLength: 30 });
    fc.assert(
      fc.property(noise, text, (pattern, each) => {
        const parsed = parseLuceneRegex(pattern);
        if ('error' in parsed) expect(parsed.error.offset).toBeLessThanOrEqual(pattern.length);
        else compileLuceneRegex(pattern, 'ascii')(each);
      }),
      { numRuns: runs(500) },
    );
  });
});

/** Where a match that starts at `at` may end, by trying everything; ASCII texts only. */
function endsOf(node: Regex, text: string, at: number): Set<number> {
  const oneIf = (yes: boolean) => new Set(yes && at < text.length ? [at + 1] : []);
  switch (node.kind) {
    case 'nothing':
      return new Set();
    case 'text':
      return new Set(text.startsWith(node.text, at) ? [at + node.text.length] : []);
    case 'any':
      return oneIf(true);
    case 'class': {
      const point = text.codePointAt(at) ?? LAST_CODE_POINT;
      const inside = node.single.includes(point) || node.ranges.some(([from, to]) => from <= point && point <= to);
      return oneIf(inside !== node.negated);
    }
    case 'union':
      return new Set(node.items.flatMap((item) => [...endsOf(item, text, at)]));
    case 'intersection': {
      const each = node.items.map((item) => endsOf(item, text, at));
      return new Set([...(each[0] ?? [])].filter((end) => each.every((ends) => ends.has(end))));
    }
    case 'complement': {
      const ends = endsOf(node.item, text, at);
      return new Set(Array.from({ length: text.length - at + 1 }, (_, i) => at + i).filter((end) => !ends.has(end)));
    }
    case 'concat':
      return node.items.reduce((froms, item) => endsAfter(item, text, froms), new Set([at]));
    case 'repeat': {
      const result = new Set<number>(node.min === 0 ? [at] : []);
      let froms = new Set([at]);
      for (let turn = 1; turn <= Math.min(node.max, node.min + text.length + 1); turn += 1) {
        froms = endsAfter(node.item, text, froms);
        if (turn >= node.min) for (const end of froms) result.add(end);
      }
      return result;
    }
  }
}

function endsAfter(node: Regex, text: string, froms: Set<number>): Set<number> {
  return new Set([...froms].flatMap((from) => [...endsOf(node, text, from)]));
}

/** Letters a and b without a period, so that an automaton with many states meets a new one at each step. */
function noise(length: number): string {
  let seed = 1;
  return Array.from({ length }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed > 1_073_741_824 ? 'a' : 'b';
  }).join('');
}
