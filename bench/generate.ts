/**
 * Generated lanes: what a busy Linux server's processes look like, as an endpoint agent's ECS documents and as the raw
 * audit log. One command in 500 is a Python web server, so that matching and alerting have something to do.
 */
import { type SeededRandom, seededRandom } from './seeded-random.ts';

export const SEED = 20_240;
export const FIRST_MS = Date.UTC(2026, 0, 15);
export const FIRST_PID = 4_000;
export const PIDS = 60_000;
const INTERPRETER = '/lib64/ld-linux-x86-64.so.2';

const COMMANDS: readonly (readonly [executable: string, ...args: string[]])[] = [
  ['/usr/bin/bash', 'bash', '-c', 'test -f /run/nightly.lock || touch /run/nightly.lock'],
  ['/usr/bin/git', 'git', 'fetch', '--prune', 'origin', '+refs/heads/*:refs/remotes/origin/*'],
  ['/usr/bin/grep', 'grep', '-rn', '--include=*.conf', 'listen 443', '/etc/nginx'],
  ['/usr/bin/python3.11', 'python3', '/opt/billing/worker.py', '--queue', 'invoices', '--batch', '250'],
  ['/usr/bin/curl', 'curl', '-fsS', '--max-time', '10', 'https://localhost:8443/health'],
  ['/usr/bin/find', 'find', '/var/cache/app', '-type', 'f', '-mtime', '+7', '-delete'],
  ['/usr/bin/date', 'date', '+%Y-%m-%dT%H:%M:%S'],
  ['/usr/sbin/logrotate', 'logrotate', '/etc/logrotate.conf'],
  ['/usr/bin/cat', 'cat', '/etc/os-release'],
];
const WEB_SERVER = ['/usr/bin/python3.11', 'python3', '-m', 'http.server', '8000'] as const;

export function generateEcs(events: number): Buffer {
  const random = seededRandom(SEED);
  const lines: string[] = [];
  for (let index = 0; index < events; index += 1) {
    const [executable, ...args] = linuxCommand(random, index);
    const host = `srv-${String(random.below(40)).padStart(2, '0')}`;
    const name = executable.slice(executable.lastIndexOf('/') + 1);
    const pid = FIRST_PID + (index % PIDS);
    lines.push(
      JSON.stringify({
        '@timestamp': new Date(FIRST_MS + index * 11).toISOString(),
        agent: { id: `6f1d0e52-0000-4000-8000-0000000000${host.slice(4)}`, type: 'endpoint', version: '8.14.0' },
        data_stream: { dataset: 'endpoint.events.process', namespace: 'default', type: 'logs' },
        ecs: { version: '8.10.0' },
        event: {
          action: 'exec',
          category: ['process'],
          dataset: 'endpoint.events.process',
          id: `N${SEED}+++++${index.toString(36)}`,
          kind: 'event',
          module: 'endpoint',
          type: ['start'],
        },
        host: { hostname: host, id: `0b4c${host.slice(4)}`, name: host, os: { family: 'debian', type: 'linux' } },
        process: {
          args,
          args_count: args.length,
          command_line: args.join(' '),
          entity_id: `${host}-${pid}-${index}`,
          executable,
          name,
          parent: { entity_id: `${host}-1`, executable: '/usr/lib/systemd/systemd', name: 'systemd', pid: 1 },
          pid,
          working_directory: '/srv/app',
        },
        user: { id: '1001', name: 'deploy' },
      }),
    );
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}

export function generateAuditLog(events: number): Buffer {
  const random = seededRandom(SEED);
  const lines: string[] = [];
  for (let index = 0; index < events; index += 1) {
    const [executable, ...args] = linuxCommand(random, index);
    const ms = FIRST_MS + index * 11;
    const stamp = `msg=audit(${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, '0')}:${10_000 + index}):`;
    const pid = FIRST_PID + (index % PIDS);
    const comm = (args[0] ?? '').slice(0, 15);
    const path =
      'dev=fe:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0';
    lines.push(
      `type=SYSCALL ${stamp} arch=c000003e syscall=59 success=yes exit=0 a0=55d0c5d6a2e0 a1=55d0c5d7b5a0 ` +
        `a2=55d0c5d51bb0 a3=8 items=2 ppid=${FIRST_PID - 1} pid=${pid} auid=1001 uid=1001 gid=1001 euid=1001 suid=1001 ` +
        `fsuid=1001 egid=1001 sgid=1001 fsgid=1001 tty=(none) ses=4 comm="${comm}" exe="${executable}" key="proc_exec"`,
      `type=EXECVE ${stamp} argc=${args.length} ${args.map((arg, at) => `a${at}=${auditValue(arg)}`).join(' ')}`,
      `type=CWD ${stamp} cwd="/srv/app"`,
      `type=PATH ${stamp} item=0 name="${executable}" inode=${260_000 + random.below(999)} ${path}`,
      `type=PATH ${stamp} item=1 name="${INTERPRETER}" inode=338944 ${path}`,
      `type=PROCTITLE ${stamp} proctitle=${Buffer.from(args.join('\0')).subarray(0, 128).toString('hex').toUpperCase()}`,
    );
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}

/** @returns the executable, then the arguments */
export function linuxCommand(random: SeededRandom, index: number): readonly [string, ...string[]] {
  return index % 500 === 499 ? WEB_SERVER : random.pick(COMMANDS);
}

/** As the kernel writes it: quoted, or in hex where there is a space, a quote or anything beyond printable ASCII. */
function auditValue(text: string): string {
  return /^[\x21\x23-\x7e]+$/.test(text) ? `"${text}"` : Buffer.from(text).toString('hex').toUpperCase();
}
