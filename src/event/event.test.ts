import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentSource, Event, setPath } from './event.ts';
import { jsonAt, valuesAt } from './field-path.ts';
import { eventIdentity } from './identity.ts';
import { type Json, type JsonObject, parseJson } from './json.ts';

const event = (document: JsonObject, more: Partial<ConstructorParameters<typeof Event>[0]> = {}) =>
  new Event({
    time: { ms: 0, ticks: 0 },
    source: documentSource(document),
    raw: new TextEncoder().encode(JSON.stringify(document)),
    format: 'test',
    dataStreams: [],
    ...more,
  });

describe('JSON', () => {
  it('keeps integers beyond 2^53 digit for digit, as text', () => {
    expect(parseJson('{"k": 9259400833873739776, "n": [-9007199254740993], "s": 9007199254740991}')).toEqual({
      k: '9259400833873739776',
      n: ['-9007199254740993'],
      s: 9007199254740991,
    });
    for (const text of ['9007199254740993', ' 9007199254740993', '[1,9007199254740993]', '[9007199254740993]']) {
      expect(JSON.stringify(parseJson(text))).toContain('"9007199254740993"');
    }
  });

  it('keeps what a double does not hold as text: long decimals, and the too large and too small', () => {
    const odd =
      '{"a":0.1234567890123456789,"b":12345678901234567890.25,"c":1e999,"d":-1.5E-999,"e":[1700000000.123456789]}';
    expect(parseJson(odd)).toEqual({
      a: '0.1234567890123456789',
      b: '12345678901234567890.25',
      c: '1e999',
      d: '-1.5E-999',
      e: ['1700000000.123456789'],
    });
    const doubles =
      '{"a":0.10000000000000001,"b":1e100,"c":0e999,"d":1.7976931348623157e308,"e":0.5000000000000000000}';
    expect(parseJson(doubles)).toEqual({ a: 0.1, b: 1e100, c: 0, d: Number.MAX_VALUE, e: 0.5 });
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        fc.pre(Number.isSafeInteger(value) || Math.abs(value) < 2 ** 53);
        expect(Number(parseJson(`[${JSON.stringify(value)}]`)?.toString())).toBe(value === 0 ? 0 : value);
        expect(typeof (parseJson(`[${JSON.stringify(value)}]`) as unknown[])[0]).toBe('number');
      }),
      { numRuns: 200 },
    );
  });

  it('leaves fractions and long digit runs inside text alone', () => {
    expect(parseJson('{"a": 0.1234567890123456, "b": "1234567890123456789"}')).toEqual({
      a: 0.1234567890123456,
      b: '1234567890123456789',
    });
  });

  it('takes __proto__ for a name like any other', () => {
    const parsed = parseJson('{"__proto__": {"polluted": 1}, "n": 12345678901234567890}') as JsonObject;
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(valuesAt(parsed, '__proto__.polluted')).toEqual([1]);
    expect(valuesAt({}, '__proto__.constructor')).toEqual([]);
  });
});

describe('field paths', () => {
  it.each<[string, JsonObject, unknown[]]>([
    ['nested', { a: { b: 1 } }, [1]],
    ['flat', { 'a.b': 1 }, [1]],
    ['mixed', { a: { 'b.c': 1 } }, []],
    ['both', { 'a.b': 1, a: { b: 2 } }, [1, 2]],
    ['arrays of objects', { a: [{ b: 1 }, { b: [2, 3] }, { c: 4 }] }, [1, 2, 3]],
    ['null', { a: { b: null } }, []],
    ['null in an array', { a: { b: [null, 1] } }, [1]],
    ['an object', { a: { b: { c: 1 } } }, []],
  ])('reads %s', (_name, document, expected) => {
    expect(valuesAt(document, 'a.b')).toEqual(expected);
  });

  it('reads a dotted name inside an object', () => {
    expect(valuesAt({ a: { 'b.c': 1 } }, 'a.b.c')).toEqual([1]);
    expect(jsonAt({ a: [{ b: 1 }, { b: 2 }] }, 'a.b')).toEqual([1, 2]);
  });
});

describe('event', () => {
  it('gives the values of a field, and the whole document with its place', () => {
    const one = event({ process: { args: ['a', 'b'] } }, { origin: { path: 'x.log', offset: 12, line: 2 } });
    expect(one.values('process.args')).toEqual(['a', 'b']);
    expect(one.document()).toEqual({ process: { args: ['a', 'b'] }, log: { file: { path: 'x.log' }, offset: 12 } });
  });

  it('tells apart what the source said and what earlier events taught, also once it was stored', () => {
    const taught = new Map([['process.parent.name', 'bash']]);
    const one = event({ process: { name: 'id' } });
    one.enrich({ names: new Set(taught.keys()), get: (field) => taught.get(field) });
    const stored = event(one.sharedDocument());
    const said = [{ field: 'process.name', value: 'id' }];
    for (const each of [one, stored]) {
      expect(each.values('process.parent.name')).toEqual(['bash']);
      expect(each.saidScalars()).toEqual(said);
      expect(each.allScalars()).toEqual(
        expect.arrayContaining([...said, { field: 'process.parent.name', value: 'bash' }]),
      );
    }
    const forged = event({ user: { name: 'mallory' }, vedette: { derived: ['user.name', 7] } });
    expect(forged.saidScalars()).toEqual([{ field: 'user.name', value: 'mallory' }]);
  });

  it('never lets enrichment overwrite the source', () => {
    const one = event({ process: { parent: { name: 'sshd' } } });
    expect(one.values('process.parent.pid')).toEqual([]);
    let asked = 0;
    one.enrich({
      names: new Set(['process.parent.name', 'process.parent.pid']),
      get: (field) => {
        asked += 1;
        return field === 'process.parent.name' ? 'guess' : 7;
      },
    });
    expect(one.values('process.parent.name')).toEqual(['sshd']);
    expect(one.values('process.parent.command_line')).toEqual([]);
    expect(asked).toBe(0);
    expect(one.document()).toEqual({
      process: { parent: { name: 'sshd', pid: 7 } },
      vedette: { derived: ['process.parent.pid'] },
    });
    expect(one.values('process.parent.pid')).toEqual([7]);
    expect(asked).toBe(1);
  });

  it('does not change the source document', () => {
    const document = { process: { name: 'a' } };
    const one = event(document);
    (one.document() as { process: Record<string, Json> }).process.name = 'b';
    expect(one.values('process.name')).toEqual(['a']);
  });

  it('sets paths through scalars and hostile names', () => {
    const document: Record<string, Json> = { a: 1 };
    setPath(document, 'a.b', 2);
    setPath(document, '__proto__.x', 3);
    expect(document.a).toEqual({ b: 2 });
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});

describe('a shared document', () => {
  const path = fc
    .array(fc.constantFrom('a', 'b', '__proto__'), { minLength: 1, maxLength: 3 })
    .map((names) => names.join('.'));
  const json = fc.jsonValue({ maxDepth: 3 }).map((value) => value as Json);

  it('is the document without the place, and leaves the source as it was', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('a', 'b'), json),
        fc.array(fc.tuple(path, json)),
        (document, fields) => {
          const before = structuredClone(document);
          const read = event(document);
          const taught = new Map(fields);
          read.enrich({ names: new Set(taught.keys()), get: (field) => taught.get(field) });
          expect(read.sharedDocument()).toEqual(read.document());
          expect(document).toEqual(before);
        },
      ),
    );
    const placed = event({ a: 1 }, { origin: { path: 'x', offset: 3, line: 1 } });
    expect(placed.sharedDocument()).toEqual({ a: 1 });
    expect(placed.document()).toEqual({ a: 1, log: { file: { path: 'x' }, offset: 3 } });
  });
});

describe('identity', () => {
  it('prefers the store’s id, then the sensor’s, then the place, then the bytes', () => {
    const origin = { path: 'x', offset: 3, line: 1 };
    const withId = { event: { id: 'sensor' } };
    expect(eventIdentity(event(withId, { id: 'store', origin }))).toBe('id:store');
    expect(eventIdentity(event(withId, { origin }))).toBe('id:sensor');
    const item = { index: 'logs-a-b', id: 'store' };
    expect(eventIdentity(event(withId, { id: 'store', origin: { ...origin, item } }))).toBe('id:logs-a-b/store');
    expect(eventIdentity(event(withId, { origin: { ...origin, item } }))).toBe('id:sensor');
    expect(eventIdentity(event({}, { origin }))).toMatch(/^at:x:3:[0-9a-f]{64}$/);
    expect(eventIdentity(event({ a: 1 }, { origin }))).not.toBe(eventIdentity(event({ a: 2 }, { origin })));
    expect(eventIdentity(event({ a: 1 }))).toBe(eventIdentity(event({ a: 1 })));
    expect(eventIdentity(event({ a: 1 }))).not.toBe(eventIdentity(event({ a: 2 })));
  });
});

it('says the same when it is held for longer, its bytes taken out of the buffer they shared', () => {
  const bytes = new TextEncoder().encode('{"a": [1, 2]}');
  const held = event({ a: [1, 2], b: 'x' }, { raw: bytes });
  const before = [held.values('a'), held.values('b'), held.allScalars()];
  held.keep();
  bytes.fill(0);
  expect([held.values('a'), held.values('b'), held.allScalars()]).toEqual(before);
  expect(new TextDecoder().decode(held.raw)).toBe('{"a": [1, 2]}');
});
