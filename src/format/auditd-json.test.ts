import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../test/effort.ts';
import { readEvents } from '../../test/read-events.ts';
import { requireCorpora } from '../../test/requirement.ts';
import type { Event } from '../event/event.ts';
import { isJsonObject, parseJson } from '../event/json.ts';
import { auditd } from './auditd.ts';
import { expectDecoded } from './decoded-values.fixture.ts';
import type { FormatSettings } from './format.ts';
import { openAlone } from './line-alone.ts';
import { LineScanner } from './line-shape.ts';
import { openStream } from './stream.ts';

const settings: FormatSettings = { standsInForEndpoint: true, now: () => 0, hostName: 'here' };
const NOWHERE = { path: '', offset: 0, line: 1 };

/** Of each event of the log, what its lines give, and what its JSON gives where there is one. */
function both(log: string) {
  const events: Event[] = [];
  const jsons = new Map<string, Event | undefined>();
  let decoded = 0;
  const scanner = new LineScanner<unknown>();
  const read = openAlone(auditd, settings);
  const stream = openStream(
    settings,
    { event: (event) => events.push(event), reject: () => {} },
    {
      look: () => undefined,
      lookAs: (line) => {
        // What has no shape is read by its lines.
        const json = scanner.scan(line.bytes) && parseJson(Buffer.from(line.bytes).toString());
        if (!isJsonObject(json)) return undefined;
        const bytes = Uint8Array.from(line.bytes);
        const event = read(json, { bytes, origin: NOWHERE });
        jsons.set(`${line.origin.offset}`, event);
        if (event !== undefined && expectDecoded(bytes, event)) decoded += 1;
        return undefined;
      },
    },
  );
  let offset = 0;
  for (const line of log.split('\n')) {
    if (line !== '') stream.line({ bytes: Buffer.from(line), origin: { ...NOWHERE, offset } });
    offset += line.length + 1;
  }
  stream.end();
  return { events, jsonOf: (event: Event) => jsons.get(`${event.origin?.offset}`), count: jsons.size, decoded };
}

function expectBothAlike(log: string) {
  const { events, jsonOf, count, decoded } = both(log);
  for (const event of events) {
    expectInTexts(event);
    const other = jsonOf(event);
    if (other === undefined) continue;
    expectInTexts(other);
    const { log: _, ...document } = event.document();
    const { log: __, ...otherDocument } = other.document();
    expect(otherDocument).toEqual(document);
    expect([other.id, other.time, other.dataStreams]).toEqual([event.id, event.time, event.dataStreams]);
  }
  return { count, decoded };
}

/** What `Event.texts` promises. */
function expectInTexts(event: Event): void {
  const texts = event.texts()?.map((text) => text.toLowerCase());
  for (const { field, value } of event.saidScalars()) {
    const text = String(value).toLowerCase();
    if (texts?.some((one) => one.includes(text)) !== true) expect.fail(`${field} is in no text: ${text}`);
  }
}

const name = fc.constantFrom(
  ...[
    'arch',
    'syscall',
    'success',
    'exit',
    'pid',
    'ppid',
    'auid',
    'uid',
    'ses',
    'comm',
    'exe',
    'key',
    'a0',
    'a1',
    'a1_len',
  ],
  ...[
    'argc',
    'cwd',
    'name',
    'nametype',
    'mode',
    'proctitle',
    'op',
    'acct',
    'res',
    'AUID',
    'UID',
    'old',
    'a0[0]',
    'a0[1]',
    'a1[12]',
    'x-y',
  ],
);
const value = fc.constantFrom(
  ...[
    '"/usr/bin/ls"',
    '"a b"',
    '""',
    '"unended',
    '2F62696E2F6C73',
    'C3A9',
    'c000003e',
    '59',
    '257',
    'yes',
    'no',
    '4294967295',
  ],
  ...[
    '(null)',
    '(none)',
    '?',
    '',
    "success'",
    'a,',
    '"back\\slash"',
    'DOMAIN\\ada\\',
    '"\\"',
    '{ fam=inet port=22 }',
    '{ }x } y=1',
    '"é"',
    'execve',
    "'x'",
    '"it\'s"',
    '-1',
    'x=y',
    'unset',
  ],
);
const fieldText = fc.tuple(name, value).map(([one, other]) => `${one}=${other}`);
const fields = fc.array(fieldText, { minLength: 1, maxLength: 6 }).map((some) => some.join(' '));
const body = fc.oneof(
  { weight: 3, arbitrary: fields },
  fc.tuple(fields, fields).map(([one, other]) => `${one}\x1d${other}`),
  fc.tuple(fields, fields).map(([one, other]) => `${one} msg='${other}'`),
  fc.tuple(fields, fields, fields).map(([one, other, third]) => `${one} msg='${other}'\x1d${third}`),
  fields.map((one) => `${one} old auid=0 (x=1, y=2)  ${one}`),
);
const record = fc.record({
  node: fc.constantFrom('', '', 'node=web-1 '),
  type: fc.constantFrom(
    ...[
      'SYSCALL',
      'SYSCALL',
      'EXECVE',
      'EXECVE',
      'PATH',
      'PATH',
      'CWD',
      'PROCTITLE',
      'EOE',
      'USER_LOGIN',
      'LOGIN',
      'AVC',
    ],
    ...['1300', 'UNKNOWN[1334]', 'SOCKADDR', 'ID'],
  ),
  serial: fc.constantFrom(1, 1, 1, 2, 12),
  body,
  end: fc.constantFrom('', '', '', ' '),
});
const log = fc
  .array(record, { minLength: 1, maxLength: 8 })
  .map((records) =>
    records
      .map(
        ({ node, type, serial, body: text, end }) =>
          `${node}type=${type} msg=audit(1700000000.12:${serial}): ${text}${end}`,
      )
      .join('\n'),
  );

test('the JSON of an event gives what its lines give', () => {
  let count = 0;
  fc.assert(
    fc.property(log, (text) => {
      count += expectBothAlike(text).count;
    }),
    { numRuns: runs(300) },
  );
  expect(count).toBeGreaterThan(0);
});

test('fields, messages of user space, translations', () => {
  const lines = [
    'node=vm type=SYSCALL msg=audit(1700000000.123:5): arch=c000003e syscall=59 success=yes key=(null) comm="ls" exe=2F622063\x1dARCH=x86_64 SYSCALL=execve',
    'node=vm type=EXECVE msg=audit(1700000000.123:5): argc=2 a0="l\\s" a1=C3A9',
    'node=vm type=PATH msg=audit(1700000000.123:5): item=0 name="/bin/ls"',
    'node=vm type=PATH msg=audit(1700000000.123:5): item=1 name="/lib/ld"',
    'node=vm type=SOCKADDR msg=audit(1700000000.123:5): saddr=0200\x1dSADDR={ saddr_fam=inet laddr=192.0.2.1 lport=22 }',
    'node=vm type=PROCTITLE msg=audit(1700000000.123:5): proctitle=6C7300',
    `type=USER_LOGIN msg=audit(1700000000.124:6): pid=1 uid=0 msg='op=login acct="ada" exe="/usr/sbin/sshd" terminal=(none) res=success'\x1dUID="root"`,
  ];
  expect(expectBothAlike(lines.join('\n'))).toEqual({ count: 2, decoded: 2 });
  expect(readEvents(`${lines.join('\n')}\n`).events).toHaveLength(2);
});

test('what laurel decodes, names, and adds stands in a text', (context) => {
  const call = { arch: '0xc000003e', syscall: 2, exit: -13, comm: 'a%20b', ARGV: ['0x1', '0x42'], PPID: { comm: 'x' } };
  const paths = [{ name: 'b/c', mode: '0o104755', nametype: 'NORMAL', rdev: 1.5e3 }];
  const made = JSON.stringify({ ID: '1.2:3', SYSCALL: call, CWD: { cwd: '/a/..' }, PATH: paths });
  const log = readFileSync(requireCorpora(context, 'linux-audit', 'laurel-clean.ndjson'), 'utf8');
  const { events } = readEvents(`${made}\n${log}`);
  expect(events.length).toBeGreaterThan(250);
  for (const event of events) expectInTexts(event);
});

test('corpora: the audit log’s events are alike, and nearly all have JSON', (context) => {
  const log = readFileSync(requireCorpora(context, 'linux-audit', 'audit-clean-raw.log'), 'utf8');
  const { count, decoded } = expectBothAlike(log);
  expect(count).toBeGreaterThan(250);
  expect(decoded).toBeGreaterThan(250);
});
