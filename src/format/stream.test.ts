import { expect, test } from 'vitest';
import { feed, readEvents } from '../../test/read-events.ts';
import type { Event } from '../event/event.ts';
import type { LineFilter, PassedLine } from './format.ts';
import { MAX_DEPTH, MAX_LINE_BYTES, openStream } from './stream.ts';

const ECS = '{"@timestamp":"2026-01-01T00:00:00Z","process":{"name":"x"}}';
const codes = (input: string | Uint8Array) => readEvents(input).rejects.map(({ code }) => code);

test('formats may change from line to line', () => {
  const { events, rejects, reader } = readEvents(
    [
      `\ufeff${ECS}`,
      '',
      'type=USER_AUTH msg=audit(1700000000.123:5): pid=1 res=success',
      '  ',
      '{"ID":"1700000000.123:6","SYSCALL":{"pid":1}}\r',
      '{"procfs":1,"time":"2026-01-01T00:00:00Z","pid":1}',
      ECS,
    ].join('\n'),
  );
  expect(rejects).toEqual([]);
  expect(events.map(({ format }) => format)).toEqual([
    'elastic-defend',
    'auditd',
    'laurel',
    'procfs',
    'elastic-defend',
  ]);
  expect([...reader.formats]).toEqual([
    ['elastic-defend', 2],
    ['auditd', 1],
    ['laurel', 1],
    ['procfs', 1],
  ]);
  expect(events[1]?.origin).toEqual({ path: 'test.log', offset: Buffer.byteLength(`\ufeff${ECS}\n\n`), line: 3 });
});

test('what cannot be read is put aside with its reason and its bytes', () => {
  const { rejects } = readEvents(`hello\n{"a":\n[1]\n{"a":1}\n"text"\n`);
  expect(rejects.map(({ code, origin }) => [code, origin.line])).toEqual([
    ['unknown-format', 1],
    ['not-json', 2],
    ['unknown-format', 3],
    ['unknown-format', 5],
  ]);
  expect(Buffer.from(rejects[0]?.bytes ?? []).toString()).toBe('hello');
  expect(rejects[1]?.reason).toContain('JSON');
});

test('lines that are too long', () => {
  const line = (length: number) => `{"@timestamp":"2026-01-01T00:00:00Z","a":"${'x'.repeat(length)}"}`;
  expect(codes(line(MAX_LINE_BYTES))).toEqual(['too-long']);
  expect(codes(line(MAX_LINE_BYTES - 100))).toEqual([]);
});

test('nesting that is too deep, with and without long numbers', () => {
  const nested = (depth: number, leaf: string) =>
    `{"@timestamp":"2026-01-01T00:00:00Z","a":${'['.repeat(depth)}${leaf}${']'.repeat(depth)}}`;
  expect(codes(nested(MAX_DEPTH - 2, '1'))).toEqual([]);
  for (const depth of [MAX_DEPTH, 10_000, 1_000_000]) {
    expect(codes(nested(depth, '1'))).toEqual(['too-deep']);
    expect(codes(nested(depth, '12345678901234567890'))).toEqual(['too-deep']);
  }
  expect(codes(`${'{"a":'.repeat(300_000)}1${'}'.repeat(300_000)}`)).toEqual(['too-deep']);
});

test('names that mean something to JavaScript are names like any other', () => {
  const line =
    '{"@timestamp":"2026-01-01T00:00:00Z","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"process":{"__proto__":{"name":"x"},"hasOwnProperty":1}}';
  const [event] = readEvents(line).events as [Event];
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(event.json('__proto__.polluted')).toBe(1);
  expect(event.json('process.name')).toBeUndefined();
  expect(JSON.parse(JSON.stringify(event.document()))).toMatchObject({ constructor: { prototype: { polluted: 1 } } });
  expect(Object.hasOwn(event.document(), '__proto__')).toBe(true);
});

test('of duplicate keys the last counts; long integers keep every digit', () => {
  const [event] = readEvents(
    '{"@timestamp":"2026-01-01T00:00:00Z","a":1,"a":2,"winlog":{"keywords":9232379236109516800}}',
  ).events;
  expect(event?.json('a')).toBe(2);
  expect(event?.json('winlog.keywords')).toBe('9232379236109516800');
});

test('invalid UTF-8 is replaced, and kept in the raw bytes', () => {
  const bytes = Buffer.concat([
    Buffer.from('{"@timestamp":"2026-01-01T00:00:00Z","a":"x'),
    Buffer.from([0xff]),
    Buffer.from('"}'),
  ]);
  const [event] = readEvents(bytes).events;
  expect(event?.text('a')).toBe('x\ufffd');
  expect(Buffer.from(event?.raw ?? [])).toEqual(bytes);
});

test('a read position never passes a line that still waits', () => {
  const events: Event[] = [];
  let now = 0;
  const reader = openStream(
    { standsInForEndpoint: true, now: () => now },
    { event: (event) => events.push(event), reject: () => expect.unreachable() },
  );
  feed(reader, `${ECS}\ntype=SYSCALL msg=audit(1700000000.123:5): pid=1\n${ECS}\n`);
  expect(reader.waiting).toEqual({ path: 'test.log', offset: ECS.length + 1, line: 2 });
  now = 10_000;
  reader.settle(now);
  expect(reader.waiting).toBeUndefined();
  expect(events).toHaveLength(3);
});

test('the bytes of a line may be reused after the call', () => {
  const buffer = Buffer.from('type=SYSCALL msg=audit(1700000000.123:5): pid=1');
  const raws: string[] = [];
  const reader = openStream(
    { standsInForEndpoint: true, now: () => 0 },
    { event: (event) => raws.push(Buffer.from(event.raw).toString()), reject: () => expect.unreachable() },
  );
  const text = buffer.toString();
  reader.line({ bytes: buffer, origin: { path: 'a', offset: 0, line: 1 } });
  buffer.fill(0);
  reader.end();
  expect(raws).toEqual([text]);
});

test('a line that the source could not hand over is put aside', () => {
  const { reader, rejects } = readEvents('');
  reader.missed({ origin: { path: 'a', offset: 0, line: 1 }, code: 'too-long', reason: 'x', bytes: Buffer.from('x') });
  expect(rejects.map(({ code }) => code)).toEqual(['too-long']);
});

/** A stream whose filter passes over so many lines at once, of these formats in turn. */
function passing(formats: readonly string[]) {
  let asked = 0;
  const filter: LineFilter = {
    look: () => undefined,
    lookAs: () => undefined,
    passOver: ({ bytes }, from, take) => {
      asked += 1;
      for (const format of formats) take({ format, isUnrouted: false });
      return formats.length > 0 ? bytes.length : from;
    },
  };
  const passed: PassedLine[] = [];
  const sink = { event: () => {}, reject: () => {}, passed: (one: PassedLine) => passed.push(one) };
  const reader = openStream({ standsInForEndpoint: true, now: () => 0 }, sink, filter);
  return { reader, passed, asked: () => asked };
}
const BLOCK = { bytes: Buffer.from(`${ECS}\n`) };

test('lines in a row are passed over where nothing waits for more lines', () => {
  const { reader, passed } = passing(['auditd', 'auditd', 'elastic-defend']);
  feed(reader, `${ECS}\n`);
  expect(reader.passOver(BLOCK, 0)).toBe(BLOCK.bytes.length);
  expect([passed.length, reader.passedOver]).toEqual([3, 3]);
  expect(Object.fromEntries(reader.formats)).toEqual({ auditd: 2, 'elastic-defend': 2 });
  const openers = [
    '{',
    'type=SYSCALL msg=audit(1700000000.123:5): pid=1',
    '__CURSOR=s=1',
    '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>',
  ];
  for (const opener of openers) {
    const { reader, asked } = passing(['auditd']);
    feed(reader, `${opener}\n`);
    expect([reader.passOver(BLOCK, 0), asked()], opener).toEqual([0, 0]);
  }
});

test('a filter that passes over none of many lines in a row is asked seldom', () => {
  const { reader, asked } = passing([]);
  for (let time = 0; time < 1_000; time += 1) expect(reader.passOver(BLOCK, 0)).toBe(0);
  expect(asked()).toBeLessThan(100);
});
