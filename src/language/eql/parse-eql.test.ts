import { describe, expect, test } from 'vitest';
import { childrenOf, type EqlEventQuery, type EqlExpression } from './ast.ts';
import { parseEql } from './parse-eql.ts';

/** The condition as one line, parentheses around every operator. */
function shape(text: string): string {
  return print(eventQuery(text).condition);
}

function eventQuery(text: string): EqlEventQuery {
  const { statement, diagnostics } = parseEql(text);
  if (statement?.query.kind !== 'event-query') throw new Error(`no event query: ${diagnostics[0]?.message}`);
  return statement.query;
}

function print(node: EqlExpression): string {
  switch (node.kind) {
    case 'literal':
      return JSON.stringify(node.value);
    case 'field':
      return (node.optional ? '?' : '') + node.name;
    case 'call':
      return `${node.name}${node.insensitive ? '~' : ''}(${node.args.map(print).join(' ')})`;
    case 'logical':
      return `(${node.operands.map(print).join(` ${node.operator} `)})`;
    case 'in':
      return `(${print(node.operand)} ${node.negated ? 'not ' : ''}in${node.insensitive ? '~' : ''} [${node.items.map(print).join(' ')}])`;
    case 'match':
      return `(${print(node.operand)} ${node.operator} [${node.patterns.map(print).join(' ')}])`;
    case 'not':
      return `(not ${print(node.operand)})`;
    case 'unary':
      return `(${node.operator}${print(node.operand)})`;
    default:
      return `(${print(node.left)} ${node.operator} ${print(node.right)})`;
  }
}

test.each([
  ['a and b or c and not d', '((a and b) or (c and (not d)))'],
  ['a or b or (c or d)', '(a or b or c or d)'],
  ['not a == 1 and b', '((not (a == 1)) and b)'],
  ['not not a', '(not (not a))'],
  ['a + b * c - d', '((a + (b * c)) - d)'],
  ['a * b % c / d', '(((a * b) % c) / d)'],
  ['-a * b < 1 + 2', '(((-a) * b) < (1 + 2))'],
  ['1 - -2 == x', '((1 - (-2)) == x)'],
  ['1 + x : 2', '(1 + (x : [2]))'],
  ['a : "x"', '(a : ["x"])'],
  ['a like~ ("x*", "y")', '(a like~ ["x*" "y"])'],
  ['a regex "x"', '(a regex ["x"])'],
  ['a regex~ ("x")', '(a regex~ ["x"])'],
  ['a in (1, "b", c)', '(a in [1 "b" c])'],
  ['a not in~ ("b")', '(a not in~ ["b"])'],
  ['true == (a in (1))', '(true == (a in [1]))'],
  ['?a.b == null', '(?a.b == null)'],
  ['a . b == 1', '(a.b == 1)'],
  ['`my-field`.`a``b` == 1', '(my-field.a`b == 1)'],
  ['?`x?y` == @timestamp', '(?x?y == @timestamp)'],
  ['`until`.x', 'until.x'],
  ['endsWith~(a, "x") and length(b) > 0', '(endsWith~(a "x") and (length(b) > 0))'],
  ['f()', 'f()'],
  ['a == .5 or a == 1. or a == 1e3 or a == 1.5E-1', '((a == 0.5) or (a == 1) or (a == 1000) or (a == 0.15))'],
  ['a == 9007199254740993', '(a == "9007199254740993")'],
  ['a == 9223372036854775808', '(a == 9223372036854776000)'],
  ['a // b\n and /* c /* d */ e */ b', '(a and b)'],
  ['a /* C:/*.exe */ and b', '(a and b)'],
  ['a /* x /* y */ and b /* z */', '(a and b)'],
])('%s', (text, expected) => {
  expect(shape(`any where ${text}`)).toBe(expected);
});

test.each([
  ['"a\\tb\\n\\r\\b\\f\\"\\\'\\\\"', 'a\tb\n\r\b\f"\'\\'],
  ['"\\u{1F600}\\u{0041}"', '😀A'],
  ['"""C:\\x\\n "q" """', 'C:\\x\\n "q" '],
  ['"""a"""""', 'a""'],
  ['""', ''],
  ['""""""', ''],
])('string %s', (text, expected) => {
  expect(shape(`any where a == ${text}`)).toBe(`(a == ${JSON.stringify(expected)})`);
});

test('categories', () => {
  const category = (text: string) => eventQuery(text).category.name;
  expect(category('process where true')).toBe('process');
  expect(category('"my process" where true')).toBe('my process');
  expect(category('any where true')).toBeUndefined();
});

// The query, with the place marked ⟦…⟧ that the problem is shown at; its code; what message and hint say.
const PROBLEMS: [string, string, RegExp][] = [
  ['⟦⟧', 'eql-syntax', /empty.*write process where/s],
  ['process ⟦wehre⟧ x == 1', 'eql-syntax', /did you mean where/],
  ['process ⟦WHERE⟧ x == 1', 'eql-syntax', /lower case/],
  ['process⟦.⟧name == "x"', 'eql-syntax', /begins with an event category/],
  ['⟦`process`⟧ where true', 'eql-syntax', /quoted with/],
  ['process where⟦⟧', 'eql-syntax', /the query ends/],
  ['process where x ⟦=⟧ 1', 'eql-syntax', /write ==/],
  ['process where x == 1 ⟦&&⟧ y', 'eql-syntax', /write and/],
  ['process where x == 1 ⟦||⟧ y', 'eql-syntax', /write or/],
  ['process where ⟦!⟧x', 'eql-syntax', /write not/],
  ['process where x ⟦<>⟧ 1', 'eql-syntax', /write !=/],
  ['process where x ⟦=~⟧ "a"', 'eql-syntax', /regex~/],
  ['process where x ⟦!:⟧ "a"', 'eql-syntax', /write not/],
  ['process where x ⟦is⟧ null', 'eql-syntax', /field == null/],
  ['process where x ⟦contains⟧ "a"', 'eql-syntax', /like "\*text\*"/],
  ['process where x ⟦matches⟧ "a"', 'eql-syntax', /regex/],
  ['process where x ⟦AND⟧ y', 'eql-syntax', /write and/],
  ['process where x ⟦lik⟧ "a"', 'eql-syntax', /did you mean like/],
  ['process where x ⟦not⟧ like "a"', 'eql-syntax', /write not field like/],
  ['process where a < b ⟦<⟧ c', 'eql-syntax', /do not chain/],
  ['process where (x == 1⟦⟧', 'eql-syntax', /not closed/],
  ['process where x == 1⟦)⟧', 'eql-syntax', /closes nothing/],
  ['process where x in ⟦"a"⟧', 'eql-syntax', /in \("a", "b"\)/],
  ['process where x : ⟦y⟧', 'eql-syntax', /write ==/],
  ['process where x like ⟦-⟧1', 'eql-syntax', /After “like”/],
  ['process where x.⟦until⟧ == 1', 'eql-syntax', /`until`/],
  ['process where my- ⟦==⟧ 1', 'eql-syntax', /Expected/],
  ['process where x ⟦{⟧', 'eql-syntax', /no use for/],
  ['process where x == ⟦“⟧a”', 'eql-syntax', /straight quote/],
  ['process where x ⟦/*⟧ y', 'eql-syntax', /not closed/],
  ['process where ⟦`⟧x', 'eql-syntax', /not closed/],
  ['process where x == ⟦1e999⟧', 'eql-syntax', /too large/],
  ['process where x == ⟦"a⟧\n and y', 'eql-string', /not closed on its line/],
  ['process where x == ⟦"""a⟧\n"""', 'eql-string', /close it with """/],
  ["process where x == ⟦'a'⟧", 'eql-string', /write "…"/],
  ['process where x == ⟦?"a"⟧', 'eql-string', /"""…"""/],
  ["process where x == ⟦?'a'⟧", 'eql-string', /"""…"""/],
  ['process where x == "C:⟦\\W⟧indows"', 'eql-string', /write \\\\ for a backslash/],
  ['process where x == "⟦\\u0041⟧"', 'eql-string', /write \\u\{0041\}/],
  ['process where x == "⟦\\u{1}⟧"', 'eql-string', /two to eight/],
  ['process where x == "⟦\\u{D800}⟧"', 'eql-string', /no character/],
  ['⟦join⟧ by x [any where true] [any where true]', 'eql-unsupported', /sample by/],
  ['process where true | ⟦unique⟧ x', 'eql-unsupported', /no pipe “unique”.*suppress/],
  ['process where true | ⟦filter⟧ x == 1', 'eql-unsupported', /after where/],
  ['process where true | head⟦⟧', 'eql-syntax', /\| head 10/],
  ['process where true | head 1⟦,⟧ 2', 'eql-syntax', /one number/],
  ['process where true | head 1 ⟦tail⟧ 2', 'eql-syntax', /cannot stand here/],
  ['process where true | ⟦haed⟧ 5', 'eql-syntax', /did you mean head/],
  ['process where x⟦[⟧0] == 1', 'eql-unsupported', /array/],
  ['process where child ⟦of⟧ [process where true]', 'eql-unsupported', /process relationships/],
];

describe('problems', () => {
  test.each(PROBLEMS)('%s', (marked, code, says) => {
    const start = marked.indexOf('⟦');
    const end = marked.indexOf('⟧') - 1;
    const { statement, diagnostics } = parseEql(marked.replace(/[⟦⟧]/g, ''));
    expect(statement).toBeUndefined();
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ code, span: { start, end } });
    expect(`${diagnostics[0]?.message} ${diagnostics[0]?.hint}`).toMatch(says);
  });

  test.each([
    ['(', ')'],
    ['not ', ''],
    ['-', ''],
    ['x == (', ')'],
    ['f(', ')'],
  ])('nesting of “%s” is bounded', (open, close) => {
    const nest = (depth: number) => parseEql(`any where ${open.repeat(depth)}x${close.repeat(depth)}`);
    expect(nest(50).diagnostics).toEqual([]);
    expect(nest(100_000).diagnostics[0]?.code).toBe('eql-too-deep');
  });

  test('arithmetic chains are bounded, logical ones are not', () => {
    expect(parseEql(`any where ${'1+'.repeat(100_000)}1 == x`).diagnostics[0]?.code).toBe('eql-too-deep');
    expect(parseEql(`any where ${'x or '.repeat(100_000)}x`).diagnostics).toEqual([]);
  });
});

test('every node is frozen and lies inside its parent', () => {
  const text = 'process where (a.b : ("x", "y*") and not -c + 1 > 2) or f~(d) in (1) or e like~ "z"';
  const visit = (node: EqlExpression) => {
    expect(Object.isFrozen(node)).toBe(true);
    for (const child of childrenOf(node)) {
      expect(child.span.start).toBeGreaterThanOrEqual(node.span.start);
      expect(child.span.end).toBeLessThanOrEqual(node.span.end);
      visit(child);
    }
  };
  const query = eventQuery(text);
  visit(query.condition);
  expect(query.span).toEqual({ start: 0, end: text.length });
});
