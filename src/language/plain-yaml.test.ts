import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { parsePlainYaml } from './plain-yaml.ts';
import { parseAnyYaml } from './yaml.ts';

const RULE = `# a comment first
title: A rule: no
`.replace(': no', ' of ours');

const ORDINARY = `${RULE}id: 6f2e0c1a-0000-4000-8000-000000000001
description: |
    Two lines,
      one deeper.

    And one more.

# between
logsource:
    category: process_creation   # what
    product: windows
detection:
    # above the selection
    selection_one:
        Image|endswith:
            - '\\cmd.exe'
            - "\\\\pwsh.exe"
            - it's # not quoted
        EventID: 4688
        # below it
    'quoted|key': ''
    list:
    - a: 1
      b: -x
    - c: true

      # deeper
    condition: selection_one and not list
level: high
`;

describe('parsePlainYaml', () => {
  it('reads a rule as rules are', () => {
    const plain = parsePlainYaml(ORDINARY);
    expect(plain).toBeDefined();
    expect([plain]).toEqual(parseAnyYaml(ORDINARY));
  });

  it.each([
    'a: [1]',
    'a: {b: 1}',
    'a: &x 1',
    'a: !t 1',
    'a: >\n  b\n',
    'a: |2\n  b\n',
    'a: |+\n  b\n',
    'a: two\n  lines\n',
    "a: 'two\n  lines'\n",
    'a: "\\n"',
    'a:\nb: 1\n',
    'a: 1\na: 2\n',
    'a: b: c\n',
    'a: 1.5\n',
    'a: 007\n',
    '- a\n',
    'a\n',
    '---\na: 1\n',
    'a: 1\n...\n',
    '%YAML 1.2\n---\na: 1\n',
    'a:\tb\n',
    'a: 1\r\n',
    '\ufeffa: 1\n',
    '? a\n: b\n',
    '<<: b\n',
    'a: "b" c\n',
    'a:\n  b: 1\n   c: 2\n',
    'a:\n    b: 1\n  c: 2\n',
    'a: - b\n',
    '',
    '# only\n',
  ])('leaves %j to the library', (text) => {
    expect(parsePlainYaml(text)).toBeUndefined();
  });

  it('leaves a text of very many lines to the library', () => {
    expect(parsePlainYaml(`a:\n${'  - xxxxxxxx\n'.repeat(8_001)}`)).toBeUndefined();
    expect(parsePlainYaml(`a:\n${'  - xxxxxxxx\n'.repeat(7_000)}`)).toBeDefined();
  });

  it('gives what the library gives, places included', () => {
    let plain = 0;
    fc.assert(
      fc.property(texts(), (text) => {
        const read = parsePlainYaml(text);
        if (read === undefined) return;
        plain += 1;
        expect([read]).toEqual(parseAnyYaml(text));
      }),
      { numRuns: runs(800) },
    );
    expect(plain).toBeGreaterThan(runs(20));
  });

  it('gives what the library gives of rules with pieces changed', () => {
    const change = fc.tuple(fc.nat(ORDINARY.length), fc.nat(3), fc.constantFrom(...PIECES));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 3 }), (changes) => {
        let text = ORDINARY;
        for (const [at, removed, piece] of changes) text = text.slice(0, at) + piece + text.slice(at + removed);
        const read = parsePlainYaml(text);
        if (read !== undefined) expect([read]).toEqual(parseAnyYaml(text));
      }),
      { numRuns: runs(500) },
    );
  });
});

const PIECES = [
  '',
  ' ',
  '  ',
  '\n',
  '\n\n',
  ':',
  ': ',
  '- ',
  '#',
  ' #',
  "'",
  "''",
  '"',
  '\\',
  '|',
  '|-',
  '-',
  '.',
  '~',
  '1',
  'é',
  '\u2028',
  '\n  ',
  '\n# c\n',
  '?',
  '*',
  '&',
  '!',
  '%',
  '@',
  ',',
  '[',
  '{',
  '---\n',
  '...',
];

/** Lines that mostly fit together. */
function texts(): fc.Arbitrary<string> {
  const word = fc.constantFrom(
    'a',
    'b c',
    "d'e",
    '-f',
    'g#h',
    'i:j',
    '~',
    'true',
    '12',
    '0x1',
    '1e3',
    '.5',
    'é',
    '\\x',
    '.',
    '-',
  );
  const value = fc.oneof(
    { weight: 6, arbitrary: word },
    {
      weight: 2,
      arbitrary: fc.constantFrom("'a'", "'a''b: #'", '"a"', '"a\\\\b\\""', "''", '""', "'a' b", '"\\t"', '[]', ''),
    },
    { weight: 1, arbitrary: fc.constantFrom('a: b', 'a # c', 'a #', "'a' # c", "'a'# c", '?', ': x', '*a') },
  );
  const key = fc.constantFrom('k', 'l', 'm', 'n', 'o|p', "'q r'", '"s"', '1', 'a b', '.k');
  const indent = fc.constantFrom(0, 0, 2, 2, 2, 4, 4, 6, 1, 3);
  const line = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(indent, key, value).map(([n, k, v]) => `${' '.repeat(n)}${k}: ${v}`) },
    { weight: 4, arbitrary: fc.tuple(indent, key).map(([n, k]) => `${' '.repeat(n)}${k}:`) },
    { weight: 4, arbitrary: fc.tuple(indent, value).map(([n, v]) => `${' '.repeat(n)}- ${v}`) },
    { weight: 2, arbitrary: fc.tuple(indent, key, value).map(([n, k, v]) => `${' '.repeat(n)}- ${k}: ${v}`) },
    { weight: 2, arbitrary: fc.tuple(indent, key).map(([n, k]) => `${' '.repeat(n)}${k}: |`) },
    { weight: 1, arbitrary: fc.tuple(indent, key).map(([n, k]) => `${' '.repeat(n)}- ${k}:`) },
    { weight: 1, arbitrary: indent.map((n) => `${' '.repeat(n)}- |-`) },
    { weight: 3, arbitrary: indent.map((n) => `${' '.repeat(n)}# c`) },
    { weight: 2, arbitrary: indent.map((n) => ' '.repeat(n)) },
  );
  // A body that is indented below what opens it comes out plain more often than lines at random.
  const nested = fc
    .tuple(key, fc.constantFrom('', '|', '|-'), fc.array(fc.tuple(value, fc.nat(9)), { maxLength: 4 }))
    .map(([k, block, items]) =>
      [
        `${k}:${block === '' ? '' : ` ${block}`}`,
        ...items.map(([v, n]) => (n === 0 ? '    # c' : n === 1 ? '' : `  - ${v}`)),
      ].join('\n'),
    );
  return fc
    .tuple(fc.array(fc.oneof(line, nested), { minLength: 1, maxLength: 7 }), fc.boolean())
    .map(([lines, ends]) => lines.join('\n') + (ends ? '\n' : ''));
}
