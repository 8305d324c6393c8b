import fc from 'fast-check';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { partOfString, type TomlPath, TomlPlaces } from './toml-positions.ts';

const TEXT = `# a comment with [brackets]
top = 1
[rule]
name = "A \\"quoted\\" name" # trailing
"odd key" = 'x'
list = [ "a", # first
  'b', ["c"],
]
inline = { from = "now", deep.er = [1, 2] }
[[rule.threat]]
framework = "one"
[rule.threat.tactic]
id = "TA0001"
[[rule.threat]]
framework = "two"
[[rule.threat.technique]]
id = "T1"
[[rule.threat.technique]]
id = "T2"
[[rule.threat.technique.subtechnique]]
id = "T2.1"
`;

const written = (path: TomlPath): readonly [string, string] => {
  const place = new TomlPlaces(TEXT).find(path);
  if (place === undefined) throw new Error(`no place for ${path.join('.')}`);
  return [TEXT.slice(place.key.start, place.key.end), TEXT.slice(place.value.start, place.value.end)];
};

describe('TomlPlaces', () => {
  it.each<[TomlPath, string, string]>([
    [['top'], 'top', '1'],
    [['rule'], '[rule]', '[rule]'],
    [['rule', 'name'], 'name', '"A \\"quoted\\" name"'],
    [['rule', 'odd key'], '"odd key"', "'x'"],
    [['rule', 'list', 1], "'b'", "'b'"],
    [['rule', 'list', 2, 0], '"c"', '"c"'],
    [['rule', 'inline', 'from'], 'from', '"now"'],
    [['rule', 'inline', 'deep', 'er', 1], '2', '2'],
    [['rule', 'threat', 0, 'tactic', 'id'], 'id', '"TA0001"'],
    [['rule', 'threat', 1, 'framework'], 'framework', '"two"'],
    [['rule', 'threat', 1, 'technique', 1, 'subtechnique', 0, 'id'], 'id', '"T2.1"'],
  ])('finds %j', (path, key, value) => {
    expect(written(path)).toEqual([key, value]);
  });

  it('gives the nearest place around what is not written', () => {
    expect(written(['rule', 'threat', 0, 'technique', 3])[0]).toBe('[[rule.threat]]');
    expect(written(['rule', 'missing'])[0]).toBe('[rule]');
    expect(new TomlPlaces(TEXT).find(['nowhere'])).toBeUndefined();
  });

  it('ends on any text, TOML or not', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a.=[]{}"\'\\#,\n 1') }), (text) => {
        new TomlPlaces(text).find(['a']);
      }),
    );
  });
});

describe('partOfString', () => {
  const unit = fc.constantFrom('a', '"', "'", '\\', '\n', '\t', 'é', '😀', '\u0001');
  const forms: readonly ((text: string) => string)[] = [
    (text) => JSON.stringify(text),
    (text) => `"""\n${JSON.stringify(text).slice(1, -1)}"""`,
    (text) => `"""\\\n   ${JSON.stringify(text).slice(1, -1)}"""`,
    (text) => JSON.stringify(text).replace(/😀/gu, '\\U0001F600'),
  ];

  it('points at what gave each character', () => {
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1 }), fc.constantFrom(...forms), fc.nat(), (units, form, pick) => {
        const text = `q = ${form(units.join(''))}`;
        const value = new TomlPlaces(text).find(['q'])?.value ?? { start: 0, end: 0 };
        const index = pick % units.length;
        const start = units.slice(0, index).join('').length;
        const character = units[index] as string;
        const part = partOfString(text, value, { start, end: start + character.length });
        // A part as written is a whole string again, and gives what it stands for.
        const inside = text.slice(part.start, part.end);
        const again = inside === '\n' ? inside : parse(`q = "${inside}"`).q;
        expect(again).toBe(character);
      }),
    );
  });

  it('leaves literal strings as they are', () => {
    const text = "q = '''\na \\ b'''";
    const value = { start: 4, end: text.length };
    const part = partOfString(text, value, { start: 2, end: 3 });
    expect(text.slice(part.start, part.end)).toBe('\\');
    expect(partOfString(text, value, { start: 99, end: 99 })).toEqual({ start: text.length - 3, end: text.length - 3 });
  });
});
