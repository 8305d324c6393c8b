import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import { concernsProcesses } from '../format/known-process.ts';
import { snareLine } from '../format/snare.fixture.ts';
import { and, matchAnywhere, not, or, wildcardPattern } from '../plan/predicate/node.ts';
import { LineSieve } from './line-sieve.ts';
import { contains } from './predicates.fixture.ts';
import { found, known, settings, switches } from './sieved-lines.fixture.ts';

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
  let passed = 0;
  fc.assert(
    fc.property(
      fc.array(predicate, { maxLength: 4 }),
      fc.array(snareLine, { minLength: 1, maxLength: 8 }),
      fc.boolean(),
      switches,
      (predicates, lines, isTold, without) => {
        const rules = predicates.map((one) => ({ predicate: one, reads: () => true }));
        const all = [...lines, ...lines, ...lines.toReversed(), ...lines];
        const sieve = new LineSieve(
          rules,
          settings,
          isTold ? concernsProcesses : () => false,
          1,
          passed > 0 ? without : {},
        );
        const [sieved, read] = [found(all, rules, sieve, isTold), found(all, rules, undefined, isTold)];
        passed += sieved.passed + sieved.handed;
        expect(sieved.told).toEqual(read.told);
        if (isTold) expect(known(sieved.processes, lines, [])).toEqual(known(read.processes, lines, []));
      },
    ),
    { numRuns: runs(100) },
  );
  expect(passed).toBeGreaterThan(0);
});

it('asks of a record that leaves a rule open what the process that started it was given, and of nothing else of it', () => {
  const started = (pid: string, ppid: string, command: string) => {
    const columns = ['1', 'Security', '77', 'Tue Jul 28 11:28:00 2026', '4688', 'Microsoft-Windows-Security-Auditing'];
    const text =
      `A new process has been created.    Process Information:   New Process ID:  ${pid}   New Process Name: C:\\x.exe   ` +
      `Creator Process ID: ${ppid}   Creator Process Name: C:\\y.exe   Process Command Line: ${command}`;
    const behind = ['-\\-', 'N/A', 'Success Audit', 'ws-1', 'Process Creation', '', `${text}\t77`];
    return JSON.stringify({
      message: `<131>Jul 28 11:28:41 relay MSWinEventLog\t${[...columns, ...behind].join('\t')}`,
      product: 'windows',
    });
  };
  const lines = ['0x11', '0x12', '0x13'].flatMap((pid, at) => [
    started(pid, '0x10', `tool ${['quiet', 'loud', 'quiet'][at]}`),
    ...['child', 'other'].map((command) => started('0x20', pid, command)),
    started('0x21', '0x99', 'child'),
  ]);
  const all = [...lines, ...lines, ...lines.toReversed(), ...lines];
  const isLoud = contains('process.parent.command_line', 'loud');
  const isChild = contains('process.command_line', 'child');
  const rules = [
    isLoud,
    and([isLoud, isChild], NO_SPAN),
    or([isLoud, isChild], NO_SPAN),
    and([not(isLoud, NO_SPAN), isChild], NO_SPAN),
    and([contains('process.parent.args', 'quiet'), not(isChild, NO_SPAN)], NO_SPAN),
  ].map((predicate) => ({ predicate, reads: () => true }));
  const sieved = found(all, rules, new LineSieve(rules, settings, concernsProcesses, 1));
  const { told } = found(all, rules);
  expect(sieved.told).toEqual(told);
  expect(sieved.handed).toBeGreaterThan(all.length / 2);
  const noted = found(all, [], new LineSieve([], settings, concernsProcesses, 1));
  expect(noted.noted).toBeGreaterThan(all.length / 2);
  expect(known(noted.processes, lines, [])).toEqual(known(found(all, []).processes, lines, []));
  expect(new Set(told.matches.map((match) => match.split(' ')[1])).size).toBe(rules.length);
});
