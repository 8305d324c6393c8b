/**
 * What shippers of a small company send over `_bulk`: process starts of Linux servers, as an endpoint agent's documents, and
 * of Windows machines, as winlogbeat's. One in a thousand of each kind is something that rules are about.
 */
import { FORMAT_LANES } from './generate-formats.ts';
import { seededRandom } from './seeded-random.ts';
import type { Start } from './start-lines.ts';

export const TRAFFICS = ['linux', 'windows', 'mixed'] as const;
export type Traffic = (typeof TRAFFICS)[number];

/** One event in so many is none of the ordinary ones. */
const NOTABLE_EVERY = 1_000;
const HOSTS = 50;
const PIDS = 60_000;

type Command = readonly [executable: string, ...args: string[]];

const LINUX: readonly Command[] = [
  ['/usr/bin/ls', 'ls', '-la', '/srv/app'],
  ['/usr/bin/git', 'git', 'status', '--short'],
  ['/usr/bin/date', 'date', '+%Y-%m-%dT%H:%M:%S'],
  ['/usr/sbin/logrotate', 'logrotate', '/etc/logrotate.conf'],
  ['/usr/bin/python3.11', 'python3', '/opt/billing/worker.py', '--queue', 'invoices', '--batch', '250'],
  ['/usr/bin/grep', 'grep', '-rn', '--include=*.conf', 'listen 443', '/etc/nginx'],
];
const LINUX_NOTABLE: Command = ['/usr/bin/python3.11', 'python3', '-m', 'http.server', '8000'];
const WINDOWS: readonly Command[] = [
  ['C:\\Program Files\\Ledger\\sync.exe', 'sync.exe', '--profile', 'office', '--batch', '250'],
  ['C:\\Windows\\System32\\SearchProtocolHost.exe', 'SearchProtocolHost.exe', 'Global\\UsGthrFltPipeMssGthrPipe', '1'],
  ['C:\\Program Files\\Ledger\\ledger.exe', 'ledger.exe', '/open', 'D:\\books\\2026.led'],
];
const WINDOWS_NOTABLE: Command = ['C:\\Windows\\System32\\vssadmin.exe', 'vssadmin.exe', 'delete', 'shadows', '/all'];

const winlogbeat = FORMAT_LANES.find(({ format }) => format === 'winlogbeat');

interface Batch {
  /** The number of its first event, which is its id; the others follow. */
  readonly first: number;
  readonly count: number;
  /** A text that each event has besides. */
  readonly padding?: string;
}

/** The body of a request, of events that happen now. */
export function bulkBody(traffic: Traffic, { first, count, padding = '' }: Batch): Buffer {
  const lines: string[] = [];
  const now = Date.now();
  const message = padding === '' ? '{' : `{"message":"${padding}",`;
  for (let number = first; number < first + count; number += 1) {
    const isWindows = traffic === 'windows' || (traffic === 'mixed' && number % 2 === 1);
    const index = isWindows ? 'winlogbeat-8.14.0' : 'logs-endpoint.events.process-default';
    lines.push(`{"create":{"_index":"${index}","_id":"${number}"}}`);
    const document = (isWindows ? windowsStart : linuxStart)(startOf(number, now, isWindows));
    lines.push(message + document.slice(1));
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}

function startOf(index: number, ms: number, isWindows: boolean): Start {
  const random = seededRandom(index);
  const isNotable = index % NOTABLE_EVERY === (isWindows ? 7 : 8);
  const ordinary = random.pick(isWindows ? WINDOWS : LINUX);
  const [executable, ...args] = isNotable ? (isWindows ? WINDOWS_NOTABLE : LINUX_NOTABLE) : ordinary;
  return {
    ...{ index, ms, time: new Date(ms).toISOString(), pid: 1_000 + (Math.floor(index / HOSTS) % PIDS) },
    ...{ host: String(index % HOSTS).padStart(2, '0'), executable, args, line: args.join(' ') },
    name: executable.slice(Math.max(executable.lastIndexOf('/'), executable.lastIndexOf('\\')) + 1),
  };
}

function windowsStart(start: Start): string {
  if (winlogbeat === undefined) throw new Error('there is no lane of winlogbeat');
  return winlogbeat.write(start);
}

function linuxStart({ time, index, host, executable, name, args, line, pid }: Start): string {
  return JSON.stringify({
    '@timestamp': time,
    agent: { type: 'endpoint', version: '8.17.0', id: `agent-${host}` },
    ecs: { version: '8.11.0' },
    event: {
      ...{ category: ['process'], type: ['start'], kind: 'event' },
      ...{ module: 'endpoint', dataset: 'endpoint.events.process' },
    },
    data_stream: { type: 'logs', dataset: 'endpoint.events.process', namespace: 'default' },
    host: { name: `srv-${host}`, os: { type: 'linux', name: 'Debian' } },
    user: { name: 'ana', id: '1001' },
    process: {
      ...{ entity_id: `e${index}`, pid, name, args, args_count: args.length, executable },
      ...{ command_line: line, working_directory: '/srv' },
      parent: { entity_id: `p${host}`, pid: 700, name: 'bash', executable: '/usr/bin/bash', args: ['bash'] },
    },
  });
}
