/** Invented sources: one that is busy, one that has ended, one that waits. */
import type { SourceProfile } from '../../src/serve/api.ts';

type Counts = SourceProfile['counts']['formats'];

export function fixtureSources(now: number): readonly SourceProfile[] {
  const at = (secondsAgo: number) => new Date(now - secondsAgo * 1000).toISOString();
  const audit: SourceProfile = {
    ...nothing,
    name: '/var/log/audit/audit.log',
    kind: 'audit-log',
    state: 'running',
    events: 61_204,
    rejected: 3,
    last_event: at(2),
    lag_ms: 1_400,
    formats: counts(['auditd', 61_204]),
    hosts: 2,
    rate: { last_minute: 42, last_quarter_hour: 655 },
    counts: {
      first: at(7200),
      last: at(2),
      formats: counts(['auditd', 61_204]),
      hosts: counts(['web-07', 61_000], ['-', 204]),
      kinds: { ...counts(['process · start · executed', 60_000], ['-', 1_000]), different: 9, rest: 204 },
      dataStreams: counts(['logs-auditd_manager.auditd-default', 61_204]),
      unrouted: 0,
    },
    rejects: {
      total: 3,
      byCode: [
        {
          code: 'bad-audit-record',
          count: 3,
          first: {
            file: '/var/log/audit/audit.log',
            line: 1_807,
            offset: 90_112,
            code: 'bad-audit-record',
            reason: 'An audit record begins with its type.',
            text: 'tpye=EXECVE msg=audit(1767225600.',
          },
        },
      ],
    },
    fields: {
      fields: [
        {
          field: 'host.name',
          events: 3_061,
          different: 1,
          manyMore: false,
          examples: [{ name: 'web-07', count: 3_061 }],
        },
        {
          field: 'process.command_line',
          events: 3_000,
          different: 16,
          manyMore: true,
          examples: [
            { name: 'ls -la', count: 120 },
            { name: 'python3 -m http.server', count: 1 },
          ],
        },
        { field: 'user.name', events: 7, different: 1, manyMore: false, examples: [{ name: 'ana', count: 7 }] },
      ],
      notFollowed: false,
      sampled: 3_061,
    },
    recent: Array.from({ length: 20 }, (_, index) => recentEvent(61_204 - index, at(2 + index))),
  };
  const sample: SourceProfile = {
    ...nothing,
    name: 'sample',
    kind: 'sample',
    state: 'finished',
    events: 298,
    rejected: 0,
    formats: counts(['auditd', 298]),
    hosts: 1,
    note: 'Played once; its times were moved to end when the service started.',
    recent: [{ number: 1, time: at(9000), format: 'auditd', kind: '-', raw: 'type=PROCTITLE', is_cut: true }],
  };
  const processes: SourceProfile = {
    ...nothing,
    name: 'processes',
    kind: 'procfs',
    state: 'waiting',
    note: 'Not needed while the audit log is read. Reading /proc misses processes that live for less than a moment.',
  };
  return [audit, sample, processes];
}

const NONE: Counts = { top: [], different: 0, rest: 0, exceeded: false };

const nothing = {
  events: 0,
  rejected: 0,
  formats: NONE,
  hosts: 0,
  rate: { last_minute: 0, last_quarter_hour: 0 },
  counts: { formats: NONE, hosts: NONE, kinds: NONE, dataStreams: NONE, unrouted: 0 },
  rejects: { total: 0, byCode: [] },
  fields: { fields: [], notFollowed: false, sampled: 0 },
  recent: [],
} as const;

function counts(...top: readonly (readonly [name: string, count: number])[]): Counts {
  return { top: top.map(([name, count]) => ({ name, count })), different: top.length, rest: 0, exceeded: false };
}

function recentEvent(number: number, time: string): SourceProfile['recent'][number] {
  return {
    number,
    time,
    format: 'auditd',
    kind: 'process · start · executed',
    raw: `type=EXECVE msg=audit(${Date.parse(time) / 1000}:${number}): argc=2 a0="ls" a1="-la"`,
    is_cut: false,
    document: {
      '@timestamp': time,
      event: { category: ['process'], type: ['start'], sequence: number },
      process: { args: ['ls', '-la'], name: 'ls' },
    },
  };
}
