import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { runs } from '../../test/effort.ts';
import { isAccountTool, readAuthMessage } from './auth-message.ts';
import { LineScanner } from './line-shape.ts';
import { isPart, partOf } from './part-names.ts';
import { membersOf } from './recorded-json.ts';
import { parseByPatterns, splitSyslog, syslogTime } from './syslog-line.ts';
import {
  beginsAsSyslog,
  endsInSpace,
  HEADER_ROOM,
  PROGRAM,
  SYSLOG_PARTS,
  SyslogSplitter,
  TEXT,
} from './syslog-parts.ts';
import { TextParts } from './text-parts.ts';

const pick = (...texts: string[]) => fc.constantFrom(...texts);
const rarely = (one: string, ...others: string[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(one) }, { weight: 1, arbitrary: pick(...others) });

const priority = pick('', '<189>', '<38>', '<0>', '<013>', '<1234>', '<>');
const time = pick(
  'Jan 18 11:29:03',
  'Jan  8 11:29:03',
  'Feb 29 00:00:00',
  'Dec 31 23:59:59.123',
  'Jun 31 00:00:00',
  'Jan 18 2025 11:29:03',
  'Jan 18 24:00:00',
  '2026-01-18T11:29:03Z',
  '2026-01-18T11:29:03.123456+01:00',
  '2026-02-30T11:29:03Z',
  '2026-01-18T11:29:03,5Z',
);
const host = pick('sw-1 ', 'sw-1: ', 'sw-1 : ', '', ': ', '%x ', 'a"b ', 'ä ', `${'h'.repeat(300)} `);
const tag = pick(
  '%AAA-5-USER_LOGGED: ',
  'sshd[77]: ',
  'sudo: ',
  'useradd[1]: ',
  'kernel: ',
  'cron:',
  'a[b]: ',
  'x[12',
  '',
  `${'t'.repeat(130)}: `,
);
const message = pick(
  'User ops executed: ping',
  'Accepted password for eve from 192.0.2.7 port 4711 ssh2',
  'Acceptedx',
  'pam_unix(su:session): session opened for user root',
  'deploy : TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/bin/ls',
  'type=SYSCALL msg=audit(1.2:3): x',
  'audit: type=1400 audit(1.2:3): x',
  '[ 12.345678] audit: type=1400 audit(1.2:3): x',
  'deploy x TTY=pts/1',
  'h\tMSWinEventLog\t1\tSecurity',
  'MSWinEventLog\t1\tSecurity',
  'new user: name=a, UID=1',
  ' leading',
  'Straße\n"quoted" \\ end',
  '',
  'x',
  'w'.repeat(HEADER_ROOM),
);
const line = fc
  .tuple(
    priority,
    rarely('Jan 18 11:29:03', 'Jan  8 01:02:03'),
    fc.boolean(),
    time,
    pick(' ', '  ', '\t', ''),
    host,
    tag,
    message,
  )
  .map(
    ([first, usual, isUsual, other, gap, ...rest]) =>
      `${first}${isUsual ? usual : other}${isUsual ? ' ' : gap}${rest.join('')}`,
  );

test('what is told of a line is what the patterns say, and of plain messages nothing else can be made', () => {
  let told = 0;
  fc.assert(
    fc.property(fc.oneof(line, fc.string({ maxLength: 60 })), (text) => {
      const split = splitSyslog(text);
      if (split === undefined) return;
      told += 1;
      const { timestamp, priority, host, program, pid, message } = split;
      const known = Object.entries({ timestamp, priority, host, program, pid, message });
      expect(Object.fromEntries(known.filter(([, value]) => value !== undefined))).toEqual(parseByPatterns(text));
      expect(syslogTime(timestamp, 0)).toBeDefined();
      if (!split.isPlain) return;
      if (!isAccountTool(program)) expect(readAuthMessage(program, message)).toBeUndefined();
      expect(message).not.toMatch(/^(?:type=|node=|\[|audit:|(?:\S+\t)?MSWinEventLog\t)/);
    }),
    { numRuns: runs(400) },
  );
  expect(told).toBeGreaterThan(0);
});

test('the parts stand in the bytes of a JSON string as they stand in the text', () => {
  fc.assert(
    fc.property(line, (text) => {
      const bytes = Buffer.from(JSON.stringify(text));
      const splitter = new SyslogSplitter();
      const parts = splitter.split(bytes, 1, bytes.length - 1);
      if (parts === 0) return;
      const known = splitSyslog(text);
      expect(known?.parts).toBe(parts);
      for (const [part, name] of SYSLOG_PARTS.entries()) {
        if ((parts & (1 << part)) === 0) continue;
        const value = JSON.parse(`"${bytes.toString('utf8', splitter.starts[part], splitter.ends[part])}"`);
        const expected = known?.[name === 'text' ? 'message' : name];
        expect(name === 'priority' ? Number(value) : value).toBe(expected);
      }
    }),
    { numRuns: runs(400) },
  );
});

/** Of a text, characters that become others, mostly of their kind. */
const changes = fc.array(
  fc.record({
    at: fc.nat({ max: 60 }),
    to: fc.constantFrom(...'0123459aZbzM  :%[]."\\-\tä'),
    isAny: fc.nat({ max: 3 }),
  }),
  { maxLength: 4 },
);

function changed(text: string, all: readonly { at: number; to: string; isAny: number }[]): string {
  const characters = [...text];
  for (const { at, to, isAny } of all) {
    const isAlike = [/\d/, /[a-z]/, /[A-Z]/].some((kind) => kind.test(to) && kind.test(characters[at] ?? ''));
    if (at < characters.length && (isAny === 0 || isAlike)) characters[at] = to;
  }
  return characters.join('');
}

/** What looks the same where letters and signs of a header are open, and is something else. */
const LOOKALIKES = [
  [' x TTY', ' : TTY'],
  [' : TTY', ' x TTY'],
  [/$/, ' '],
  [/$/, ' and more'],
] as const;

test('of lines that begin as lines before, the same parts are told as by splitting them', () => {
  let known = 0;
  fc.assert(
    fc.property(line, fc.array(changes, { minLength: 3, maxLength: 12 }), (text, variants) => {
      const scanner = new LineScanner<unknown>();
      const texts = new TextParts<unknown>(true);
      const find = vi.spyOn(scanner.headers, 'find');
      const alike = LOOKALIKES.map(([one, other]) => text.replace(one, other)).filter((one) => one !== text);
      for (const one of [text, ...variants.map((all) => changed(text, all)), ...alike]) {
        const bytes = Buffer.from(JSON.stringify({ message: one }));
        const scanned = scanner.scan(bytes);
        if (scanned === undefined) continue;
        const told = [...membersOf(texts.shapeOf(scanner, scanned)).values()].filter(isPart).reverse();
        const places = told.map(({ number }) => [scanner.starts[number], scanner.ends[number]]);
        const [start, end] = ['{"message":"'.length, bytes.length - '"}'.length];
        if (!beginsAsSyslog(bytes, start, end)) {
          expect(places).toEqual([[start - 1, end + 1]]);
          continue;
        }
        const splitter = new SyslogSplitter();
        const parts = endsInSpace(bytes, start, end) ? 0 : splitter.split(bytes, start, end);
        const numbers = [...SYSLOG_PARTS.keys()].filter((part) => (parts & (1 << part)) !== 0);
        expect(told.map(partOf)).toEqual(numbers.map((part) => SYSLOG_PARTS[part]));
        const expected = numbers.map((part) => [(splitter.starts[part] ?? 0) - 1, (splitter.ends[part] ?? 0) + 1]);
        expect(places).toEqual(expected);
      }
      known += find.mock.results.filter(({ value }) => value !== undefined).length;
    }),
    { numRuns: runs(100) },
  );
  // About as many as there are runs.
  expect(known).toBeGreaterThan(runs(100) / 10);
});

test('forgets all forms where there is no room for one more, and knows those that come after', () => {
  const scanner = new LineScanner<unknown>();
  const lines = Array.from({ length: 40 }, (_, at) => Buffer.from(`{"number":${100 + at}}`));
  const forms = lines.map((_, at) => ({ parts: 0, tag: 0, isRecord: false, starts: [at], ends: [] }));
  for (const [at, line] of lines.entries()) scanner.headers.add(line, line, forms[at] as (typeof forms)[number]);
  const found = lines.map((line) => {
    scanner.scan(line);
    return scanner.headers.find(0);
  });
  expect(found).toEqual(forms.map((form, at) => (at < 32 ? undefined : form)));
});

test.each([
  ['<189>Jan 18 11:29:03 dist-sw03 %AAA-5-USER_LOGGED: User ops executed: ping', true, '%AAA-5-USER_LOGGED'],
  ['Jan  1 03:04:05 web-1 cron[7]: (root) CMD (ls)', true, 'cron'],
  ['Jan  1 03:04:05 web-1 sshd[77]: Accepted password for eve from 192.0.2.7 port 4711', false, 'sshd'],
])('%s', (text, isPlain, program) => {
  const split = splitSyslog(text);
  expect((split?.parts ?? 0) >> TEXT).toBe(isPlain ? 1 : 0);
  expect((split?.parts ?? 0) & (1 << PROGRAM)).not.toBe(0);
  expect(split?.program).toBe(program);
});
