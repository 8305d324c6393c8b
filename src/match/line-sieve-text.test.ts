import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import { and, matchAnywhere, not, or, type Predicate, wildcardPattern } from '../plan/predicate/node.ts';
import { LineSieve } from './line-sieve.ts';
import { contains, is } from './predicates.fixture.ts';
import { found, settings, switches } from './sieved-lines.fixture.ts';

const header = fc.constantFrom(
  '<189>Jan 18 11:29:03 sw-1 ',
  '<189>Jan 19 01:02:03 sw-2 ',
  '<190>Jan  8 11:29:03 sw-1: ',
  '<38>Jan 18 11:29:03 here ',
  'Jan 18 11:29:03 web-1 ',
  'Jan 38 11:29:03 web-1 ',
  '2026-01-18T11:29:03Z web-1 ',
  '<38>1 2026-01-18T11:29:03Z web-1 sshd 7 ID [origin x="a\\]user"] ',
  ' <189>Jan 18 11:29:03 sw-1 ',
  '',
);
const tag = fc.constantFrom(
  '%AAA-5-USER_LOGGED: ',
  '%ASA-6-302013: ',
  'sshd[77]: ',
  'cron: ',
  'useradd[1]: ',
  'kernel: ',
  '',
);
const message = fc.constantFrom(
  'User ops executed: ping 10.20.30.1 repeat 5',
  'User ops executed: show users',
  'User ADMIN executed: DIR flash:',
  'User ops executed: more "run" \\ straße',
  'user \u212aelvin executed: ping',
  'Accepted password for eve from 192.0.2.7 port 4711 ssh2',
  'new user: name=dir, UID=1',
  'type=SYSCALL msg=audit(1.2:3): x',
  'MSWinEventLog\t1\tSecurity\t7\tTue Jul 28 11:28:00 2026\t4688\tx',
  'Startup of the show',
  'User ops executed: ping ',
  'User ops executed:\nping\t10.20.30.1\u001fdir',
  '',
);
const around = fc.record(
  {
    product: fc.constantFrom<unknown>('cisco', 'ping', 7),
    service: fc.constantFrom('aaa', 'show'),
    host: fc.constantFrom<unknown>('relay', { name: 'relay' }),
    data_stream: fc.constant({ dataset: 'one.two' }),
    'event.code': fc.constantFrom('USER_LOGGED', 'dir'),
    args: fc.constantFrom<unknown>(['ping', 'dir'], 'users'),
    '@timestamp': fc.constant('2026-01-18T11:29:03Z'),
  },
  { requiredKeys: [] },
);
const form = fc.constantFrom('message-first', 'message-last', 'document', 'journal');
const line = fc
  .tuple(header, tag, message, around, form, fc.boolean())
  .map(([first, second, third, fields, how, isOdd]) => {
    const text = first + second + third;
    // Only a document has this time.
    const { '@timestamp': time = '2026-01-18T11:29:03Z', ...rest } = fields;
    const document = { '@timestamp': time, process: { pid: 77, args: [third, second], command_line: text }, ...rest };
    const json = JSON.stringify(
      how === 'document'
        ? document
        : how === 'journal'
          ? entryOf(first, second, third, fields.service === 'show')
          : how === 'message-first'
            ? { message: text, ...fields }
            : { ...fields, message: text },
    );
    return isOdd ? json.replace('ping', '\\u0070ing').replace('%AAA', '\\u0025AAA') : json;
  });

/** Of the journal; some of them are records of the audit log, which wait for others. */
function entryOf(header: string, tag: string, message: string, isAudit: boolean) {
  return {
    __CURSOR: `s=1;i=${header.length}`,
    __REALTIME_TIMESTAMP: header === '' ? 'now' : `17672366451234${String(header.length).padStart(2, '0')}`,
    _TRANSPORT: isAudit ? 'audit' : 'syslog',
    ...(isAudit ? { _AUDIT_TYPE_NAME: 'SYSCALL', _AUDIT_ID: '9' } : {}),
    _HOSTNAME: /(?:sw|web)-\d/.exec(header)?.[0] ?? 'here',
    SYSLOG_FACILITY: header.startsWith('<38>') ? '4' : '3',
    PRIORITY: '6',
    SYSLOG_IDENTIFIER: tag.split(/[:[]/, 1)[0] ?? '',
    _PID: '77',
    MESSAGE: header.startsWith(' ') ? [...Buffer.from(message)] : message,
  };
}

const anywhere = (...texts: string[]): Predicate =>
  matchAnywhere(
    { kind: 'wildcard', anyOf: texts.map((text) => wildcardPattern(['*', { text }, '*'])), fold: 'unicode' },
    NO_SPAN,
  );
const words = fc.constantFrom(
  'ping',
  'show users',
  'dir',
  'aaa',
  'Executed: ping',
  'cisco',
  'cisco_ios',
  'here',
  'event',
  'kelvin',
  'straße',
  'flash:',
  '10.20',
  '"run"',
  'user',
  'user_logged',
  'relay',
  'system.auth',
  'startup',
  'product',
  'one.two',
  'a]user',
  'execve',
  '2026',
  'ping 10.20.30.1',
  'nping',
  't10.20',
  '1fdir',
  '(){:',
  '77',
  '03.000z',
  't11:29',
);
const search = fc
  .tuple(
    fc.array(words, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('inside', 'inside', 'inside', 'inside', 'end', 'start', 'whole', 'twice', 'letters', 'field'),
  )
  .map(([texts, how]) => {
    if (how === 'inside') return anywhere(...texts);
    const star = '*' as const;
    const anyOf = texts.map((text) =>
      wildcardPattern([
        ...(how === 'whole' || how === 'start' ? [] : [star]),
        ...(how === 'twice' ? [{ text: text.slice(0, 2) }, star, { text: text.slice(2) }] : [{ text }]),
        ...(how === 'whole' || how === 'end' ? [] : [star]),
      ]),
    );
    const fields = how === 'field' ? wildcardPattern([star, { text: 'm' }, star]) : undefined;
    return matchAnywhere({ kind: 'wildcard', anyOf, fold: how === 'letters' ? 'none' : 'unicode' }, NO_SPAN, fields);
  });
const clause = fc.oneof(
  { weight: 4, arbitrary: search },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          'product',
          'service',
          'event.code',
          'event.dataset',
          'event.original',
          'message',
          'host.name',
          'process.name',
          'user.name',
          'json.host',
          'log.syslog.appname',
          'log.syslog.procid',
          'args',
          'process.args',
          'process.command_line',
          '@timestamp',
          'process.pid',
          'observer.hostname',
        ),
        words,
        fc.boolean(),
      )
      .map(([name, text, isWhole]) => (isWhole ? is(name, text) : contains(name, text))),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      is('event.code', 'user_logged'),
      is('event.module', 'cisco_ios'),
      is('event.dataset', 'system.auth'),
      is('host.name', 'sw-1'),
      is('product', 'cisco'),
      is('process.name', 'sshd'),
      is('log.syslog.procid', '77'),
      is('@timestamp', '2026-01-18T11:29:03.000Z'),
    ),
  },
);
const maybeNot = fc.tuple(clause, fc.boolean()).map(([one, isNot]) => (isNot ? not(one, NO_SPAN) : one));
const parts = fc.array(maybeNot, { minLength: 2, maxLength: 3 });
const predicate = fc.oneof(
  clause,
  parts.map((some) => and(some, NO_SPAN)),
  parts.map((some) => or(some, NO_SPAN)),
);

it('changes nothing of what is found in texts inside of JSON, and by their words in documents', () => {
  let passed = 0;
  fc.assert(
    fc.property(
      fc.array(predicate, { minLength: 1, maxLength: 4 }),
      fc.array(line, { minLength: 1, maxLength: 8 }),
      switches,
      (predicates, lines, without) => {
        const rules = predicates.map((one) => ({ predicate: one, reads: () => true }));
        const all = [...lines, ...lines, ...lines.toReversed(), ...lines];
        const sieved = found(
          all,
          rules,
          new LineSieve(rules, settings, () => false, 1, passed > 0 ? without : {}),
          false,
        );
        passed += sieved.passed + sieved.handed;
        expect(sieved.told).toEqual(found(all, rules, undefined, false).told);
      },
    ),
    { numRuns: runs(80) },
  );
  expect(passed).toBeGreaterThan(0);
});

it('takes no letter of an escape for one of a text', () => {
  const message = '<189>Jan 18 11:29:03 sw-1 %AAA-5-USER_LOGGED: User ops executed:\nping\tdir';
  const rules = ['nping', 'tdir', 'ping'].map((text) => ({ predicate: anywhere(text), reads: () => true }));
  const lines = Array.from({ length: 4 }, () => JSON.stringify({ product: 'cisco', message }));
  const { told, handed } = found(lines, rules, new LineSieve(rules, settings, () => false, 1), false);
  expect(handed).toBeGreaterThan(0);
  expect(told.matches).toEqual(found(lines, rules, undefined, false).told.matches);
});

it('tells of an entry of the journal by its first word whether its message says who logged in', () => {
  const messages = [
    'job 7 done',
    'Accepted password for eve from 192.0.2.7 port 4711 ssh2',
    'new user: name=dir, UID=1',
  ];
  const odd = [
    '',
    'eve : TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/bin/ls',
    '\u00e9',
    '\\Accepted',
    'Startup of the show',
  ];
  const tags = ['sshd[77]: ', 'cron: ', 'useradd[1]: ', 'sudo: ', ''];
  const entries = tags.flatMap((tag) =>
    [...messages, ...odd].map((text) => JSON.stringify(entryOf('sw-1', tag, text, false))),
  );
  const all = [...entries, ...entries, ...entries.toReversed(), ...entries];
  const rules = [
    is('event.dataset', 'system.auth'),
    contains('user.name', 'e'),
    contains('event.action', 'login'),
    contains('message', 'dir'),
    contains('process.command_line', 'ls'),
  ].map((one) => ({ predicate: one, reads: () => true }));
  const { told, passed } = found(all, rules, new LineSieve(rules, settings, () => false, 1), false);
  expect(passed).toBeGreaterThan(0);
  expect(told).toEqual(found(all, rules, undefined, false).told);
  expect(new Set(told.matches.map((match) => match.split(' ')[1])).size).toBe(rules.length);
});
