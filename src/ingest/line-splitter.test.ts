import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LineBlock, Reject } from '../format/format.ts';
import { type LinePasser, LineSplitter } from './line-splitter.ts';

interface Split {
  readonly lines: readonly [offset: number, line: number, text: string][];
  readonly rejects: readonly Reject[];
  readonly end: number;
}

function split(bytes: Buffer, cuts: readonly number[], maxLineBytes?: number, passer?: LinePasser): Split {
  const lines: [number, number, string][] = [];
  const rejects: Reject[] = [];
  const splitter = new LineSplitter({
    origin: (offset, line) => ({ path: 'test', offset, line }),
    onTooLong: (reject) => rejects.push(reject),
    passer,
    ...(maxLineBytes === undefined ? {} : { maxLineBytes }),
  });
  // One buffer for all chunks, as a file reader has: what a line needs longer must have been copied.
  const reused = Buffer.alloc(bytes.length);
  let from = 0;
  for (const to of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
    bytes.copy(reused, 0, from, to);
    splitter.feed(reused.subarray(0, to - from));
    for (let line = splitter.next(); line !== undefined; line = splitter.next()) {
      lines.push([line.origin.offset, line.origin.line, Buffer.from(line.bytes).toString('latin1')]);
    }
    from = to;
  }
  const last = splitter.finish();
  if (last !== undefined)
    lines.push([last.origin.offset, last.origin.line, Buffer.from(last.bytes).toString('latin1')]);
  return { lines, rejects, end: splitter.end };
}

/** Passes over lines that begin so. */
function passing(start: string) {
  const passer = {
    passedOver: 0,
    passOver: ({ bytes }: LineBlock, from: number) => {
      const text = Buffer.from(bytes).toString('latin1');
      let at = from;
      for (let end = text.indexOf('\n', at); end !== -1 && text.startsWith(start, at); end = text.indexOf('\n', at)) {
        at = end + 1;
        passer.passedOver += 1;
      }
      return at;
    },
  };
  return passer;
}

const someBytes = fc
  .array(
    fc.oneof(
      fc.constantFrom('\n', '\r\n', '\r', '\0', '', '\xef\xbb\xbf', 'é', '[{"', '"}', ',{"', '}', '\\'),
      fc.string({ maxLength: 12 }),
    ),
  )
  .map((parts) => Buffer.from(parts.join(''), 'latin1'));

const someCuts = (bytes: Buffer) => fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 20 });

describe('LineSplitter', () => {
  it('gives each line with its place, without its line end', () => {
    const { lines } = split(Buffer.from('one\ntwo\r\n\n\0x\nlast'), []);
    expect(lines).toEqual([
      [0, 1, 'one'],
      [4, 2, 'two'],
      [9, 3, ''],
      [10, 4, '\0x'],
      [13, 5, 'last'],
    ]);
  });

  it('leaves a byte order mark out of the first line only', () => {
    const mark = Buffer.from([0xef, 0xbb, 0xbf]);
    const { lines } = split(Buffer.concat([mark, Buffer.from('a\n'), mark, Buffer.from('b')]), []);
    expect(lines).toEqual([
      [0, 1, 'a'],
      [5, 2, '\xef\xbb\xbfb'],
    ]);
  });

  it('gives lines behind such as were passed over their places', () => {
    let passed = 0;
    fc.assert(
      fc.property(
        fc
          .array(
            fc.oneof(fc.constantFrom('{p', '{p}\n', '{p}\n', '\n', '\r\n', '[{"', '}'), fc.string({ maxLength: 3 })),
            { minLength: 6, maxLength: 24 },
          )
          .map((parts) => Buffer.from(parts.join(''), 'latin1'))
          .chain((bytes) => fc.tuple(fc.constant(bytes), someCuts(bytes))),
        ([bytes, cuts]) => {
          const passer = passing('{p');
          const others = ({ lines, end }: Split) => [end, lines.filter(([, , text]) => !text.startsWith('{p'))];
          expect(others(split(bytes, cuts, undefined, passer))).toEqual(others(split(bytes, [])));
          passed += passer.passedOver;
        },
      ),
    );
    expect(passed).toBeGreaterThan(0);
  });

  it('gives the same lines, offsets and numbers however the bytes are cut', () => {
    fc.assert(
      fc.property(
        someBytes.chain((bytes) => fc.tuple(fc.constant(bytes), someCuts(bytes), fc.integer({ min: 1, max: 16 }))),
        ([bytes, cuts, most]) => {
          expect(split(bytes, cuts)).toEqual(split(bytes, []));
          expect(split(bytes, cuts, most)).toEqual(split(bytes, [], most));
        },
      ),
    );
  });

  it('agrees with splitting the whole text at once', () => {
    fc.assert(
      fc.property(someBytes, (bytes) => {
        const text = bytes.toString('latin1').replace(/^\xef\xbb\xbf/, '');
        // Lists come in parts.
        fc.pre(!/[[,][ \t]*\{/.test(text));
        const expected = text.split('\n').map((line) => line.replace(/\r$/, ''));
        if (bytes.length === 0 || bytes.at(-1) === 10) expected.pop();
        const { lines, end } = split(bytes, []);
        expect(lines.map(([, , line]) => line)).toEqual(expected);
        expect(end).toBe(bytes.length);
      }),
    );
  });

  it('gives a log that was exported as one line in parts of whole records', () => {
    const record = (n: number) => `<Event n="${n}">${'x'.repeat((n * 7919) % 30_000)}</Event>`;
    const records = Array.from({ length: 40 }, (_, n) => record(n));
    const text = `\xef\xbb\xbf<?xml version="1.0"?><Events>${records.join('')}</Events>\r\nnext\n${'y'.repeat(300_000)}</Event>\n`;
    const bytes = Buffer.from(text, 'latin1');
    const whole = split(bytes, [], 400_000);
    expect(whole.rejects).toEqual([]);
    const parts = whole.lines.filter(([, number]) => number === 1);
    expect(parts.length).toBeGreaterThan(3);
    for (const [offset, , part] of parts.slice(1)) expect(text.slice(offset).startsWith(part)).toBe(true);
    for (const [, , part] of parts.slice(0, -1)) expect(part.endsWith('</Event>')).toBe(true);
    expect(parts.map(([, , part]) => part).join('')).toBe(text.slice(3, text.indexOf('\r')));
    expect(whole.lines.slice(parts.length).map(([, number, line]) => [number, line.length])).toEqual([
      [2, 4],
      [3, 300_008],
    ]);
    const seams = parts.flatMap(([offset]) => [-9, -8, -7, -4, -1, 0, 1, 5].map((by) => Math.max(0, offset + by)));
    for (const cut of seams) expect(split(bytes, [cut], 400_000)).toEqual(whole);
    expect(split(bytes, seams, 400_000)).toEqual(whole);
    const every = Array.from({ length: Math.floor(bytes.length / 5_000) }, (_, n) => n * 5_000);
    expect(split(bytes, every, 400_000)).toEqual(whole);
    // A line that ends with a part counts once.
    expect(split(Buffer.from(`<Events>${'x'.repeat(200_000)}</Event>`), [9]).lines).toHaveLength(1);
  });

  it('gives a list of objects on one line one by one, each where reading can begin again', () => {
    const members = ['{"a":"}],{\\"\\\\"}', ' {"b":{"c":[{}]}}', '{ "d":1}'];
    const text = `before\n\xef\xbb\xbf[{"no":1}]\n[${members.join(',')} , {"e":2}]\r\n{"f":[{"g":1},{"h":2}]}\n[1,{"x":2}]\n  [{"in":1}]\n`;
    const bytes = Buffer.from(text, 'latin1');
    const whole = split(bytes, []);
    expect(whole.lines.map(([, number, line]) => [number, line])).toEqual([
      [1, 'before'],
      [2, '{"no":1}'],
      [2, ']'],
      [3, '{"a":"}],{\\"\\\\"}'],
      [3, '{"b":{"c":[{}]}}'],
      [3, '{ "d":1}'],
      [3, '{"e":2}'],
      [3, ']'],
      [4, '{"f":[{"g":1},{"h":2}]}'],
      [5, '[1,{"x":2}]'],
      [6, '  [{"in":1}]'],
    ]);
    for (let cut = 0; cut <= bytes.length; cut += 1) expect(split(bytes, [cut])).toEqual(whole);
    const every = Array.from({ length: bytes.length }, (_, at) => at);
    expect(split(bytes, every)).toEqual(whole);
    for (const [offset, number, line] of whole.lines.filter(([, of]) => of === 3)) {
      const start = { offset, line: number };
      const splitter = new LineSplitter({
        start,
        origin: (at, of) => ({ path: 'test', offset: at, line: of }),
        onTooLong: () => {},
      });
      splitter.feed(bytes.subarray(offset));
      const again = splitter.next();
      expect([again?.origin, again?.bytes.toString()]).toEqual([{ path: 'test', ...start }, line]);
    }
  });

  it('gives what stands behind or in a list and is no object as it is', () => {
    const lines = (text: string) => split(Buffer.from(text), [3, 9]).lines.map(([, , line]) => line);
    expect(lines('[{"a":1} and more\n[{"b":2},3,{"c":4}]\n[{"d":\nx')).toEqual([
      '{"a":1}',
      ' and more',
      '{"b":2}',
      ',3,{"c":4}]',
      '[{"d":',
      'x',
    ]);
  });

  it('reads a list that is longer than a line may be, but no object that is', () => {
    const text = `[${Array.from({ length: 50 }, (_, n) => `{"n":${n}}`).join(',')}]\n`;
    const { lines, rejects } = split(Buffer.from(text), [7, 100], 40);
    expect([lines.length, rejects.length]).toEqual([51, 0]);
    const long = split(Buffer.from(`[{"a":1},{"b":"${'x'.repeat(99)}"},{"c":2}]\nnext\n`), [20, 60], 40);
    expect(long.lines.map(([, , line]) => line)).toEqual(['{"a":1}', 'next']);
    expect(long.rejects).toHaveLength(1);
  });

  it('refuses a line that is too long, and goes on with the next', () => {
    const long = 'x'.repeat(5_000);
    const { lines, rejects } = split(Buffer.from(`a\n${long}\nb\n`), [3, 700, 1400, 4_000], 2_000);
    expect(lines).toEqual([
      [0, 1, 'a'],
      [5_003, 3, 'b'],
    ]);
    expect(rejects).toHaveLength(1);
    expect(rejects[0]).toMatchObject({
      code: 'too-long',
      origin: { offset: 2, line: 2 },
      reason: 'The line is 5,000 bytes long; lines of more than 2,000 bytes are not read.',
    });
    expect(Buffer.from(rejects[0]?.bytes ?? []).toString()).toBe('x'.repeat(1024));
  });

  it('holds no more than the longest line allowed', () => {
    const splitter = new LineSplitter({
      origin: (offset, line) => ({ path: 'test', offset, line }),
      onTooLong: () => {},
      maxLineBytes: 1024 * 1024,
    });
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    const before = process.memoryUsage.rss();
    for (let n = 0; n < 512; n += 1) {
      splitter.feed(chunk);
      expect(splitter.next()).toBeUndefined();
    }
    expect(splitter.end).toBe(512 * 1024 * 1024);
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 1024 * 1024);
  });

  it('starts where it is told to', () => {
    const splitter = new LineSplitter({
      origin: (offset, line) => ({ path: 'test', offset, line }),
      onTooLong: () => {},
      start: { offset: 100, line: 7 },
    });
    splitter.feed(Buffer.from('a\nb'));
    expect(splitter.next()?.origin).toEqual({ path: 'test', offset: 100, line: 7 });
    expect(splitter.next()).toBeUndefined();
    expect([splitter.offset, splitter.line, splitter.end]).toEqual([102, 8, 103]);
  });
});
