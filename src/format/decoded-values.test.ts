import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../test/effort.ts';
import { readEvents } from '../../test/read-events.ts';
import { requireCorpora } from '../../test/requirement.ts';
import type { Event } from '../event/event.ts';
import { expectDecoded } from './decoded-values.fixture.ts';

/** How many of these lines something is told of. */
function expectAllDecoded(lines: readonly string[]): number {
  const { events } = readEvents(lines.join('\n'));
  expect(events).toHaveLength(lines.length);
  return lines.filter((line, at) => expectDecoded(Buffer.from(line), events[at] as Event)).length;
}

const plain = fc.constantFrom(
  ...['ls', '-la', '/bin/sh', 'b/../c', './x', 'sub/dir', 'a%20b', 'caf%c3%a9', 'é', '%00', 'x%00', '%ff', '100%', ''],
  ...[
    '"quoted"',
    'back\\slash',
    'a\nb',
    'EACCES',
    '0100002F746D702F78',
    '02000050A9FEA9FE',
    '010000414200',
    '0001002F61',
  ],
  ...['name', '-13', '/', 'A B', '(none)', '?', 'd: e', '@f'],
);
const text = fc.oneof({ weight: 60, arbitrary: plain }, fc.constantFrom('%e2%84%aa', '\u212a', 'x\u0001y'));
const other = fc.oneof(text, fc.constantFrom(null, true, 5, -13, 1.5), fc.constant({ comm: 'x', name: 'deep' }));
const list = fc.array(fc.oneof({ weight: 30, arbitrary: text }, other), { maxLength: 4 });
const fields = (names: readonly string[]) =>
  fc.dictionary(
    fc.constantFrom(...names),
    fc.oneof({ weight: 4, arbitrary: text }, other, { weight: 2, arbitrary: list }),
    {
      minKeys: 1,
      maxKeys: 5,
    },
  );
const record = fields(['exe', 'comm', 'key', 'arch', 'exit', 'ARGV', 'a0', 'syscall', 'SYSCALL', 'uid', 'UID', 'mode']);
const path = fields(['name', 'mode', 'nametype', 'obj', 'item']);
const event = fc.record(
  {
    ID: fc.constant('1.2:3'),
    NODE: text,
    SYSCALL: record,
    EXECVE: fc.oneof({ weight: 9, arbitrary: fields(['argc', 'ARGV', 'ARGV_STR']) }, fc.array(fields(['ARGV']))),
    CWD: fields(['cwd', 'cwd:']),
    PATH: fc.oneof(fc.array(path, { maxLength: 3 }), path),
    PROCTITLE: fields(['ARGV', 'proctitle']),
    SOCKADDR: fc.oneof(fields(['saddr']), fc.array(fields(['saddr', 'exit']))),
    USER_CMD: fields(['cmd', 'name', 'acct', 'exit']),
    X: fc.record({ EXECVE: fields(['ARGV']), CWD: fields(['cwd']) }),
  },
  { requiredKeys: ['ID', 'SYSCALL'] },
);

test('each value of an event stands in the texts of its line, decoded, and what is whole there in a value', () => {
  let told = 0;
  let count = 0;
  fc.assert(
    fc.property(event, fc.nat(9), (object, spread) => {
      const json = JSON.stringify(object);
      count += 1;
      told += expectAllDecoded([spread === 0 ? json.replace(/,(?=")/g, ', ') : json]);
    }),
    { numRuns: runs(400) },
  );
  expect(told).toBeGreaterThan(count / 10);
});

test('nearly all of a laurel’s lines are told', (context) => {
  const log = requireCorpora(context, 'linux-audit/laurel-clean.ndjson');
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  expect(expectAllDecoded(lines)).toBeGreaterThan(lines.length * 0.9);
});
