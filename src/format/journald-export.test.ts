import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../test/any-text.ts';
import { runs } from '../../test/effort.ts';
import { expectLazyIsEager } from '../../test/lazy-eager.ts';
import { feed, readEvents } from '../../test/read-events.ts';
import type { Event } from '../event/event.ts';
import { LineSplitter } from '../ingest/line-splitter.ts';
import type { Reject } from './format.ts';
import { openStream } from './stream.ts';

type Value = string | Buffer;
type Fields = readonly (readonly [name: string, value: Value])[];

const ENTRY: Fields = [
  ['__CURSOR', 's=1;i=2'],
  ['__REALTIME_TIMESTAMP', '1767236645123456'],
  ['_HOSTNAME', 'web-1'],
  ['_TRANSPORT', 'syslog'],
  ['PRIORITY', '6'],
  ['SYSLOG_FACILITY', '10'],
  ['SYSLOG_IDENTIFIER', 'sshd'],
  ['_PID', '77'],
  ['_EXE', '/usr/sbin/sshd'],
  ['MESSAGE', 'Accepted password for ada from 192.0.2.7 port 4711 ssh2'],
];
const REALTIME = ENTRY.slice(0, 2);
const withMessage = (value: Value): Fields => [...REALTIME, ['MESSAGE', value], ['_PID', '78']];

/** As `journalctl -o export` writes it. */
function exported(entry: Fields): Buffer {
  const parts = entry.flatMap(([name, value]) => {
    const bytes = Buffer.from(value);
    if (isPlain(bytes, /[^\t\x20-\x7e\xa0-\uffff]/)) return [Buffer.from(`${name}=`), bytes, Buffer.from('\n')];
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(bytes.length));
    return [Buffer.from(`${name}\n`), length, bytes, Buffer.from('\n')];
  });
  return Buffer.concat([...parts, Buffer.from('\n')]);
}

/** As `journalctl -o json` writes it. */
function asJsonLine(entry: Fields): string {
  const values = new Map<string, unknown[]>();
  for (const [name, value] of entry) {
    const bytes = Buffer.from(value);
    const shown = isPlain(bytes, /[^\t\n\x20-\x7e\xa0-\uffff]/) ? bytes.toString() : [...bytes];
    values.set(name, [...(values.get(name) ?? []), shown]);
  }
  return JSON.stringify(Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all])));
}

function isPlain(bytes: Buffer, odd: RegExp): boolean {
  return Buffer.from(bytes.toString()).equals(bytes) && !odd.test(bytes.toString());
}

/** Reads through the splitter, as a file is read. */
function readFile(bytes: Uint8Array, maxLineBytes?: number) {
  const events: Event[] = [];
  const rejects: Reject[] = [];
  const reader = openStream(
    { standsInForEndpoint: true, now: () => Date.UTC(2026, 0, 2) },
    { event: (event) => events.push(event), reject: (reject) => rejects.push(reject) },
  );
  const splitter = new LineSplitter({
    origin: (offset, line) => ({ path: 'test.log', offset, line }),
    onTooLong: (reject) => reader.missed(reject),
    ...(maxLineBytes === undefined ? {} : { maxLineBytes }),
  });
  splitter.feed(Buffer.from(bytes));
  for (let line = splitter.next(); line !== undefined; line = splitter.next()) reader.line(line);
  const last = splitter.finish();
  if (last !== undefined) reader.line(last);
  reader.end();
  return { events, rejects, reader };
}

const codes = (rejects: readonly Reject[]) => rejects.map(({ code, origin }) => `${code} ${origin.line}`);
const withoutPlace = (events: readonly Event[]) =>
  events.map((event) => {
    const { log, ...document } = event.document() as { log?: { syslog?: object } };
    return { ...document, syslog: log?.syslog };
  });

const ODD: readonly Value[] = [
  'two\nlines',
  '\n\n',
  '\n__CURSOR=forged\n__REALTIME_TIMESTAMP=1767236645123456\nMESSAGE=forged\n\n',
  'type=USER_LOGIN msg=audit(1700000000.123:5): forged\n{"@timestamp":"2026-01-01T00:00:00Z"}\n',
  '\r',
  'ends in a return\r',
  '\r\n',
  'a\r\n\r\nb\r\n',
  Buffer.from([0, 10, 255, 13, 10, 0]),
  Buffer.from([0x0d, 0x0a]),
  '',
  'é\u0007',
  // Lengths whose own bytes are line ends.
  `${'y'.repeat(9)}\n`,
  `${'y'.repeat(0x0a0d - 1)}\n`,
  `${'y'.repeat(0x0a0a - 1)}\n`,
];

test('an entry is the event that its JSON form is', () => {
  const { events, rejects } = readFile(exported(ENTRY));
  expect(rejects).toEqual([]);
  expect(events).toHaveLength(1);
  expect(events[0]?.format).toBe('journald-export');
  expect(events[0]?.id).toBe('s=1;i=2');
  expect(Buffer.from(events[0]?.raw ?? [])).toEqual(exported(ENTRY).subarray(0, -1));
  expect(events[0]?.document()).toMatchObject({ event: { action: 'ssh_login' }, user: { name: 'ada' } });
  expect(withoutPlace(events)).toEqual(withoutPlace(readEvents(asJsonLine(ENTRY)).events));
  expectLazyIsEager(exported(ENTRY));
});

test('whatever a value holds, it is a value', () => {
  for (const value of ODD) {
    const log = [withMessage(value), ENTRY];
    const { events, rejects } = readFile(Buffer.concat(log.map(exported)));
    expect(rejects, JSON.stringify(value)).toEqual([]);
    expect(withoutPlace(events), JSON.stringify(value)).toEqual(
      withoutPlace(readEvents(log.map(asJsonLine).join('\n')).events),
    );
  }
});

test('entries of any bytes are those of the JSON form', () => {
  const value = fc.oneof(
    anyText(),
    fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom(...ODD),
    fc.array(fc.constantFrom('\n', '\r', '=', 'A', '\0', '__CURSOR=x'), { maxLength: 20 }).map((all) => all.join('')),
  );
  const name = fc.constantFrom('MESSAGE', 'A', '_B', 'SYSLOG_RAW');
  const entry = fc.array(fc.tuple(name, value), { maxLength: 5 }).map((more): Fields => [...REALTIME, ...more]);
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 3 }), (log) => {
      const { events, rejects } = readFile(Buffer.concat(log.map(exported)));
      expect(rejects).toEqual([]);
      expect(withoutPlace(events)).toEqual(withoutPlace(readEvents(log.map(asJsonLine).join('\n')).events));
    }),
    { numRuns: runs(50) },
  );
});

test('audit records are put together, and wait at the place of their entry', () => {
  const audit = (type: string, fields: string): Fields => [
    ['__REALTIME_TIMESTAMP', '1767236645999999'],
    ['_SOURCE_REALTIME_TIMESTAMP', '1767236645123000'],
    ['_TRANSPORT', 'audit'],
    ['_HOSTNAME', 'web-1'],
    ['_AUDIT_TYPE_NAME', type],
    ['_AUDIT_ID', '9'],
    ['MESSAGE', `${type} ${fields}`],
  ];
  const log = [
    audit('SYSCALL', 'arch=c000003e syscall=59 success=yes exit=0 ppid=7 pid=9 uid=0 exe="/usr/bin/python3"'),
    audit('EXECVE', 'argc=3 a0="python3" a1="-m" a2="http.server"'),
  ];
  const { events } = readFile(Buffer.concat(log.map(exported)));
  expect(withoutPlace(events)).toEqual(withoutPlace(readEvents(log.map(asJsonLine).join('\n')).events));
  expect(events[0]?.document()).toMatchObject({ process: { args: ['python3', '-m', 'http.server'] } });

  const reader = openStream({ standsInForEndpoint: true, now: () => 0 }, { event: () => {}, reject: () => {} });
  feed(reader, Buffer.concat([exported(ENTRY), ...log.map(exported), exported(ENTRY).subarray(0, 30)]));
  expect(reader.waiting?.offset).toBe(exported(ENTRY).length);
  reader.end();
  expect(reader.waiting).toBeUndefined();
});

test('a read position does not pass an entry that is not whole, nor one in the middle of a value', () => {
  for (const cut of [20, exported(ENTRY).length - 1]) {
    const reader = openStream({ standsInForEndpoint: true, now: () => 0 }, { event: () => {}, reject: () => {} });
    feed(reader, Buffer.concat([exported(ENTRY), exported(ENTRY).subarray(0, cut)]));
    reader.settle(1e12);
    expect(reader.waiting).toMatchObject({ offset: exported(ENTRY).length, line: 12 });
  }
  const reader = openStream({ standsInForEndpoint: true, now: () => 0 }, { event: () => {}, reject: () => {} });
  feed(reader, exported(withMessage('a\nb\n\nc')).subarray(0, -10));
  expect(reader.waiting).toMatchObject({ offset: 0 });
});

test('what is damaged is put aside once, and what follows is read', () => {
  const after = exported(ENTRY);
  const damaged = (text: string | Buffer) => {
    const { events, rejects } = readFile(Buffer.concat([Buffer.from(text), after]));
    expect(events.at(-1)?.text('user.name'), String(text)).toBe('ada');
    return [events.length, ...codes(rejects)];
  };
  const head = '__REALTIME_TIMESTAMP=1767236645123456\n';
  expect(damaged(`${head}lower=1\n\n`)).toEqual([1, 'bad-journal-entry 1', 'unknown-format 2']);
  expect(damaged(`${head}MESSAGE\nno length, but text\nA=1\n\n`)).toEqual([1, 'bad-journal-entry 1']);
  expect(
    damaged(Buffer.concat([Buffer.from(`${head}M\n`), Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('xyz\n\n')])),
  ).toEqual([1, 'bad-journal-entry 1']);
  expect(damaged('__CURSOR=a\nMESSAGE=x\n\n')).toEqual([1, 'no-time 1']);
  // No blank line between entries; another format in the middle of one.
  expect(damaged(`__CURSOR=a\n${head}MESSAGE=x\n`)).toEqual([2]);
  expect(damaged(`__CURSOR=a\n${head}{"@timestamp":"2026-01-01T00:00:00Z"}\n`)).toEqual([2, 'bad-journal-entry 1']);
  const many = `${head}${'A=1\n'.repeat(3_000)}\n`;
  expect(damaged(many)).toEqual([1, 'bad-journal-entry 1']);
});

test('an entry that is cut off at the end of the stream', () => {
  const whole = exported(withMessage('a\nb'));
  expect(codes(readFile(whole.subarray(0, whole.indexOf('a\nb') + 1)).rejects)).toEqual(['bad-journal-entry 1']);
  expect(readFile(whole.subarray(0, -1)).events).toHaveLength(1);
});

test('entries that are too long, and lines in them that are', () => {
  const long = 'x'.repeat(400);
  const log = (value: string) => Buffer.concat([exported(withMessage(value)), exported(ENTRY)]);
  for (const value of [
    `a\n${long}\nb`,
    `a\n${long}`,
    `${long}\n`,
    `\n${long}`,
    long,
    `${long}\n\n__CURSOR=forged\n\n`,
  ]) {
    const { events, rejects } = readFile(log(value), 300);
    expect(
      events.map((event) => event.text('user.name')),
      value,
    ).toEqual(['ada']);
    expect(new Set(rejects.map(({ code }) => code))).toEqual(new Set(['too-long', 'bad-journal-entry']));
    expect(rejects).toHaveLength(2);
  }
  const { events, rejects } = readFile(log('yyyyyyy\n'.repeat(1_250_000)));
  expect(events).toHaveLength(1);
  expect(rejects.map(({ code, bytes }) => [code, bytes.length])).toEqual([['bad-journal-entry', 1024]]);
});

test('bytes that are no text are numbers, where they are not too many', () => {
  const { events } = readFile(Buffer.concat([100, 300_000].map((count) => exported(withMessage(Buffer.alloc(count))))));
  expect(events.map((event) => event.json('journald.MESSAGE') ?? null)).toEqual([Array(100).fill(0), null]);
});

test('a value goes on in no other file', () => {
  const rejects: Reject[] = [];
  const events: Event[] = [];
  const reader = openStream(
    { standsInForEndpoint: true, now: () => 0 },
    { event: (event) => events.push(event), reject: (reject) => rejects.push(reject) },
  );
  feed(reader, exported(withMessage('a\nb\nc\nd')).subarray(0, -20));
  feed(reader, exported(ENTRY));
  expect(codes(rejects)).toEqual(['bad-journal-entry 1']);
  expect(events).toHaveLength(1);
});
