/**
 * Searches for keywords that a line of text alone does not decide: with all steps of the sieve, and without each.
 */
import { expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { readEvents } from '../../test/read-events.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import type { JsonObject } from '../event/json.ts';
import { concernsProcesses } from '../format/known-process.ts';
import {
  and,
  matchAny,
  matchAnywhere,
  not,
  or,
  type Predicate,
  type WildcardPattern,
  wildcardPattern,
} from '../plan/predicate/node.ts';
import { LineSieve } from './line-sieve.ts';
import { found, settings, someSwitches } from './sieved-lines.fixture.ts';
import { CROWDSTRIKE, LAUREL } from './vendor-records.fixture.ts';

const search = (pattern: WildcardPattern, fields?: string, fold: 'unicode' | 'none' = 'unicode'): Predicate =>
  matchAnywhere(
    { kind: 'wildcard', anyOf: [pattern], fold },
    NO_SPAN,
    fields === undefined ? undefined : wildcardPattern([{ text: fields }, '*']),
  );
const has = (text: string): WildcardPattern => wildcardPattern(['*', { text }, '*']);

/** Each of the rules, by itself, holds of some of the lines, and not of all. */
function expectEach(objects: readonly JsonObject[], predicates: readonly Predicate[], isTold = false): void {
  const lines = objects.map((object) => JSON.stringify(object));
  const all = [...lines, ...lines, ...lines, ...lines];
  for (const [number, predicate] of predicates.entries()) {
    const rules = [{ predicate, reads: () => true }];
    const read = found(all, rules, undefined, isTold);
    expect(read.told.matches.length, `rule ${number}`).toBeGreaterThan(0);
    expect(read.told.matches.length, `rule ${number}`).toBeLessThan(all.length);
    for (const without of someSwitches(runs(6))) {
      const sieve = new LineSieve(rules, settings, isTold ? concernsProcesses : () => false, 1, without);
      expect(found(all, rules, sieve, isTold).told, `rule ${number} ${JSON.stringify(without)}`).toEqual(read.told);
    }
  }
}

it('finds what is made of a text, what stands in some of it, and what stands at its end', () => {
  const messages = [
    'Jan 18 11:29:03 sw-1 %AAA-5-USER_LOGGED: User ops executed: ping 10.20.30.1 repeat 5',
    'Jan 18 12:30:04 sw-1 %AAA-5-USER_LOGGED: User ops executed: ping 10.20.30.1 repeat 5 now',
    'Jan 18 12:30:04 ping-1 %AAA-5-USER_LOGGED: User ops executed: PING 10.20.30.1',
    'Jan 18 12:30:04 sw-1 %AAA-5-USER_LOGGED: User ops executed: show users',
  ];
  expectEach(
    messages.map((text) => ({ product: 'cisco', message: `<189>${text}` })),
    [
      ...[search(has('03.000z')), search(has('t11:29')), search(has('ping'), 'host'), search(has('repeat'))],
      ...[search(has('PING'), undefined, 'none'), search(wildcardPattern(['*', { text: 'repeat 5' }]))],
      search(wildcardPattern(['*', { text: 'ping' }, '*', { text: 'repeat' }, '*'])),
    ],
  );
});

it('finds words of an id that is put together, or is a hash', () => {
  const connections = Array.from({ length: 12 }, (_, port) => ({
    ...{ EventID: 3, Channel: 'Microsoft-Windows-Sysmon/Operational', SourceName: 'Microsoft-Windows-Sysmon' },
    ...{ TimeCreated: '2026-02-01T00:00:00Z', Image: 'C:\\x.exe', Protocol: 'tcp' },
    ...{ SourceIp: '10.0.0.5', SourcePort: `${port}`, DestinationIp: '10.0.0.6', DestinationPort: '443' },
  }));
  const sensed = Array.from({ length: 12 }, (_, port) => ({
    ...{ event_simpleName: 'NetworkConnectIP4', event_platform: 'Win', id: `i-${port}`, aid: 'h1', cid: 'c-1' },
    ...{ timestamp: CROWDSTRIKE.timestamp, Protocol: '6', LocalPort: `${port}`, RemotePort: '443' },
    ...{ LocalAddressIP4: '10.0.0.5', RemoteAddressIP4: '10.0.0.6' },
  }));
  // Of a connection a flow might say it.
  const starts = [1, 2, 3].map((number) => ({ ...CROWDSTRIKE, id: `i-${number}` }));
  expectEach(starts, [search(has('i-2|h1'))]);
  for (const lines of [connections, sensed]) {
    const text = lines.map((line) => JSON.stringify(line)).join('\n');
    const ids = readEvents(text).events.map((event) => event.text('network.community_id') ?? '');
    const words = ids.flatMap((id) => id.toLowerCase().match(/[a-z]{3,}/g) ?? []);
    const [word = ''] = words.filter((one) => /[g-z]/.test(one)).sort((a, b) => b.length - a.length);
    expect(word).not.toBe('');
    expectEach(lines, [search(has(word))]);
  }
});

it('finds a keyword beside what only events before tell', () => {
  const call = (pid: number, ppid: number, argv: readonly string[]) => ({
    ...LAUREL,
    SYSCALL: { ...LAUREL.SYSCALL, pid, ppid, PPID: null },
    EXECVE: { argc: argv.length, ARGV: argv },
  });
  const byBash = matchAny(
    { name: 'process.parent.command_line', type: 'keyword' },
    { kind: 'wildcard', anyOf: [has('bash -i')], fold: 'unicode' },
    NO_SPAN,
  );
  const objects = [['bash', '-i'], ['sh']].flatMap((shell) => [
    call(10, 9, shell),
    call(11, 10, ['python3', '-m', 'http.server']),
    call(12, 10, ['ls']),
  ]);
  expectEach(objects, [search(has('http.server')), and([search(has('http.server')), byBash], NO_SPAN)], true);
});

it('finds in events of the audit system what is decoded, joined, put in words, or short', () => {
  const call = (number: number, argv: readonly string[], exit: number, name: string) => ({
    ...{ ID: `1769903999.12${number}:${number}`, NODE: 'h1' },
    SYSCALL: { ...LAUREL.SYSCALL, pid: 10 + number, exit },
    EXECVE: { argc: argv.length, ARGV: argv },
    CWD: { cwd: '/home/ada' },
    PATH: [{ item: 0, name, mode: '0o100755' }],
  });
  const objects = [
    call(1, ['sh', '-c', 'echo%20hi'], 0, 'note.txt'),
    call(2, ['touch', '-t', 'http.server'], -13, '/srv/note.txt'),
    call(3, ['HTTP.SERVER', '-d'], -2, '../x'),
  ];
  expectEach(objects, [
    ...[search(has('sh -c echo hi')), search(has('c echo')), search(has('eacces')), search(has('ada/note'))],
    ...[
      search(has('http.server')),
      search(has('-t')),
      search(has('-d')),
      search(has('home/x')),
      search(has('03999.121:')),
      search(has('31t23:59:59.121z')),
    ],
    and([search(has('note')), or([search(has('-t')), search(has('echo'))], NO_SPAN)], NO_SPAN),
    and([search(has('home')), not(search(has('-t')), NO_SPAN)], NO_SPAN),
  ]);
});
