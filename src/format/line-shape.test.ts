import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../test/any-text.ts';
import { runs } from '../../test/effort.ts';
import { ARRAY, FALSE, LineScanner, type LineShape, NULL, NUMBER, OBJECT, STRING, TRUE } from './line-shape.ts';

const name = fc.oneof(fc.constantFrom('EventID', 'a', 'b', 'Image', '', '__proto__'), fc.string({ maxLength: 6 }));
const value = fc.letrec((tie) => ({
  scalar: fc.oneof(
    anyText({ maxLength: 40 }),
    fc.stringMatching(/^[\w\\":/ ]{0,60}$/),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  ),
  object: fc.dictionary(name, tie('any'), { maxKeys: 4 }),
  any: fc.oneof({ depthSize: 'small' }, tie('scalar'), tie('object'), fc.array(tie('any'), { maxLength: 3 })),
}));
const object = value.object as fc.Arbitrary<Record<string, unknown>>;

const scanner = new LineScanner<never>();

/** What the scanner says of a line, in the form of an object. */
function seen(line: Buffer): unknown {
  const shape = scanner.scan(line);
  if (shape === undefined) return undefined;
  const chain: LineShape<never>[] = [];
  for (let at: LineShape<never> | undefined = shape; at?.before !== undefined; at = at.before) chain.unshift(at);
  const objects = new Map<number, Map<string, unknown>>([[0, new Map()]]);
  for (const { name, number, inside, place, kind } of chain) {
    const text = line.toString('utf8', scanner.starts[number], scanner.ends[number]);
    const inner = new Map<string, unknown>();
    if (kind === OBJECT) objects.set(place, inner);
    else expect(kindOf(JSON.parse(text))).toBe(kind);
    objects.get(inside)?.set(Buffer.from(name).toString(), kind === OBJECT ? inner : JSON.parse(text));
  }
  return asObject(objects.get(0) as Map<string, unknown>);
}

function asObject(map: ReadonlyMap<string, unknown>): unknown {
  return Object.fromEntries([...map].map(([key, one]) => [key, one instanceof Map ? asObject(one) : one]));
}

function kindOf(json: unknown): number {
  if (json === null) return NULL;
  if (Array.isArray(json)) return ARRAY;
  if (typeof json === 'boolean') return json ? TRUE : FALSE;
  return typeof json === 'string' ? STRING : NUMBER;
}

describe('shapes of lines', () => {
  it('are what JSON.parse makes of the line, or none', () => {
    let shapes = 0;
    fc.assert(
      fc.property(object, fc.constantFrom(undefined, 1, '\t'), (json, space) => {
        const text = JSON.stringify(json, undefined, space).replaceAll('\n', ' ');
        const found = seen(Buffer.from(text));
        if (found === undefined) return;
        shapes += 1;
        expect(found).toEqual(JSON.parse(text));
      }),
      { numRuns: runs(1_500) },
    );
    expect(shapes).toBeGreaterThan(runs(1_500) / 10);
  });

  it('has no line that JSON.parse does not take', () => {
    fc.assert(
      fc.property(object, fc.nat(), fc.nat(255), fc.boolean(), (json, place, byte, isCut) => {
        const line = Buffer.from(JSON.stringify(json));
        const at = place % line.length;
        const broken = isCut
          ? line.subarray(0, at)
          : Buffer.concat([line.subarray(0, at), Buffer.of(byte), line.subarray(at + 1)]);
        const found = seen(broken);
        if (found !== undefined) expect(found).toEqual(JSON.parse(broken.toString()));
      }),
      { numRuns: runs(3_000) },
    );
  });

  it.each([
    ['a name twice', '{"a":1,"a":2}'],
    ['a name twice, once with an escape', '{"a":1,"\\u0061":2}'],
    ['an object twice', '{"a":{"b":1},"a":{"c":1}}'],
    ['a control within a string', '{"a":"\u0001"}'],
    ['an escape that there is not', '{"a":"\\x41"}'],
    ['a string that goes on', '{"a":"b'],
    ['more after the object', '{"a":1} {'],
    ['a fraction that a double may not hold', '{"a":1.2345678901234567}'],
    ['an exponent', '{"a":1e999}'],
  ])('%s has none', (_, line) => {
    expect(scanner.scan(Buffer.from(line))).toBeUndefined();
  });

  it('of two lines with other values are one', () => {
    const one = scanner.scan(Buffer.from('{"a":"x","b":{"c":1},"d":[1]}'));
    expect(one).toBeDefined();
    expect(scanner.scan(Buffer.from('{"a":"yyyy","b":{"c":22},"d":[]}'))).toBe(one);
    expect(scanner.scan(Buffer.from('{"a":"x","b":{"c":"1"},"d":[1]}'))).not.toBe(one);
    expect(scanner.scan(Buffer.from('{"a":"x","c":{"c":1},"d":[1]}'))).not.toBe(one);
  });
});
