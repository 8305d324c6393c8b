import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import { concernsProcesses } from '../format/known-process.ts';
import { snareLine } from '../format/snare.fixture.ts';
import { and, matchAny, matchAnywhere, not, type Predicate, wildcardPattern } from '../plan/predicate/node.ts';
import { LineSieve } from './line-sieve.ts';
import { found, known, settings } from './sieved-lines.fixture.ts';

const contains = (name: string, text: string): Predicate =>
  matchAny(
    { name, type: 'keyword' },
    { kind: 'wildcard', anyOf: [wildcardPattern(['*', { text }, '*'])], fold: 'unicode' },
    NO_SPAN,
  );
const clause = fc
  .tuple(
    fc.constantFrom(
      ...[
        'process.executable',
        'process.command_line',
        'process.args',
        'process.pid',
        'process.parent.executable',
        'user.name',
      ],
      ...[
        'process.parent.name',
        'user.id',
        'host.name',
        'host.hostname',
        'event.code',
        'message',
        'event.original',
        '@timestamp',
      ],
      ...[
        'winlog.event_data.NewProcessName',
        'winlog.event_data.SubjectUserSid',
        'winlog.event_data.Data',
        'winlog.channel',
      ],
      ...[
        'winlog.event_data.LogonId',
        'winlog.event_data',
        'snare.counter',
        'snare.rest',
        'product',
        'json.host',
        'winlog.time_created',
      ],
    ),
    fc.constantFrom(
      'cmd',
      'ada',
      'S-1-0-0',
      'NULL',
      '32',
      '0x',
      'token',
      'label',
      'relay',
      'ws-2',
      'b',
      '7',
      'say',
      'Tail',
      '2026',
      '\\new',
    ),
  )
  .map(([name, text]) => contains(name, text));
const search = fc
  .constantFrom(
    'cmd',
    'ada',
    'null sid',
    'audit success',
    'process',
    'relay',
    'echo  a',
    'product',
    'token',
    'here',
    'S-1-0',
  )
  .map((text) =>
    matchAnywhere({ kind: 'wildcard', anyOf: [wildcardPattern(['*', { text }, '*'])], fold: 'unicode' }, NO_SPAN),
  );
const predicate = fc.oneof(
  clause,
  search,
  fc
    .tuple(clause, clause, fc.boolean())
    .map(([one, other, isNot]) => and([one, isNot ? not(other, NO_SPAN) : other], NO_SPAN)),
);

it('changes nothing of what is found in records of Snare, nor of what is known of processes', () => {
  let [passed, noted] = [0, 0];
  fc.assert(
    fc.property(
      fc.array(predicate, { maxLength: 4 }),
      fc.array(snareLine, { minLength: 1, maxLength: 8 }),
      fc.boolean(),
      (predicates, lines, isTold) => {
        const rules = predicates.map((one) => ({ predicate: one, reads: () => true }));
        const all = [...lines, ...lines, ...lines.toReversed(), ...lines, ...lines.toReversed()];
        const sieve = new LineSieve(rules, settings, isTold ? concernsProcesses : () => false, 1);
        const [sieved, read] = [found(all, rules, sieve, isTold), found(all, rules, undefined, isTold)];
        passed += sieved.passed + sieved.handed;
        noted += sieved.noted;
        expect(sieved.told).toEqual(read.told);
        if (isTold) expect(known(sieved.processes, lines, [])).toEqual(known(read.processes, lines, []));
      },
    ),
    { numRuns: runs(100) },
  );
  expect(passed).toBeGreaterThan(0);
  expect(noted).toBeGreaterThan(0);
});
