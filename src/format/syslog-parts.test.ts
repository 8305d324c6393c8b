import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../test/effort.ts';
import { isAccountTool, readAuthMessage } from './auth-message.ts';
import { parseByPatterns, splitSyslog, syslogTime } from './syslog-line.ts';
import { HEADER_ROOM, PROGRAM, SYSLOG_PARTS, SyslogSplitter, TEXT } from './syslog-parts.ts';

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
