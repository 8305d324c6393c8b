/**
 * The audit log of the drill (`docs/drill.md`): ten web servers of mixed truth on one host, and two more for after the
 * exception. `node test/browser/drill-log.ts` prints the ten, `… after` the two.
 */
interface Process {
  readonly user: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly parent: 'bash' | 'cron' | 'script';
  /** What it is in truth: how it is to be closed. */
  readonly truth: 'true_positive' | 'benign_positive' | 'false_positive' | 'duplicate';
}

const server = (...args: readonly string[]) => ['python3', '-m', 'http.server', ...args];

export const DRILL: readonly Process[] = [
  { user: 'www-data', args: server('8000'), cwd: '/tmp', parent: 'bash', truth: 'true_positive' },
  {
    user: 'dev',
    args: server('8000', '--bind', '127.0.0.1'),
    cwd: '/home/dev/site',
    parent: 'bash',
    truth: 'false_positive',
  },
  { user: 'docs', args: server('8080', '-d', '/srv/docs'), cwd: '/', parent: 'cron', truth: 'benign_positive' },
  {
    user: 'dev',
    args: server('9000', '-b', 'localhost', '-d', 'docs'),
    cwd: '/home/dev/api',
    parent: 'bash',
    truth: 'false_positive',
  },
  // The last --bind is the one that counts.
  {
    user: 'dev',
    args: server('-b', '127.0.0.1', '-b', '0.0.0.0', '4444'),
    cwd: '/home',
    parent: 'bash',
    truth: 'true_positive',
  },
  { user: 'netadmin', args: server('8443'), cwd: '/home/netadmin/empty', parent: 'bash', truth: 'benign_positive' },
  { user: 'dev', args: server('--bind=::1', '8888'), cwd: '/home/dev/site', parent: 'bash', truth: 'false_positive' },
  { user: 'tester', args: server('7001'), cwd: '/opt/api-testing', parent: 'script', truth: 'benign_positive' },
  { user: 'root', args: server('443', '--directory', '/'), cwd: '/root', parent: 'bash', truth: 'true_positive' },
  { user: 'root', args: server('443', '--directory', '/'), cwd: '/root', parent: 'bash', truth: 'duplicate' },
];

/** One that the exception for loopback removes, and one that it must not. */
export const AFTERWARDS: readonly Process[] = [
  {
    user: 'dev',
    args: server('5000', '-b', '127.0.0.1'),
    cwd: '/home/dev/blog',
    parent: 'bash',
    truth: 'false_positive',
  },
  { user: 'dev', args: server('5001'), cwd: '/home/dev', parent: 'bash', truth: 'true_positive' },
];

const PARENTS = {
  bash: { pid: 700, args: ['-bash'], exe: '/usr/bin/bash' },
  cron: { pid: 710, args: ['/usr/sbin/cron', '-f'], exe: '/usr/sbin/cron' },
  script: { pid: 720, args: ['/bin/bash', '/opt/api-testing/run.sh'], exe: '/usr/bin/bash' },
} as const;

const APART_SECONDS = 40;

/** @param first the number of the first process: later ones have other pids and come later */
export function drillLog(processes: readonly Process[], nowMs: number, first = 0): string {
  const start = Math.floor(nowMs / 1000) - 900 + first * APART_SECONDS;
  const parents = Object.values(PARENTS).flatMap(({ pid, args, exe }, index) =>
    first > 0
      ? []
      : records({ serial: 1 + index, seconds: start - 60, pid, ppid: 1, user: 'root', cwd: '/', exe, args }),
  );
  const servers = processes.flatMap(({ user, args, cwd, parent }, index) =>
    records({
      serial: 100 + first + index,
      seconds: start + index * APART_SECONDS,
      pid: 2_000 + first + index,
      ppid: PARENTS[parent].pid,
      user,
      cwd,
      exe: '/usr/bin/python3.11',
      args,
    }),
  );
  return `${[...parents, ...servers].join('\n')}\n`;
}

interface Execution {
  readonly serial: number;
  readonly seconds: number;
  readonly pid: number;
  readonly ppid: number;
  readonly user: string;
  readonly cwd: string;
  readonly exe: string;
  readonly args: readonly string[];
}

function records({ serial, seconds, pid, ppid, user, cwd, exe, args }: Execution): readonly string[] {
  const id = `node=ws-03 type=TYPE msg=audit(${seconds}.000:${serial}):`;
  const uid = user === 'root' ? 0 : 1000 + user.length;
  const ids = `auid=${uid} uid=${uid} gid=${uid} euid=${uid} suid=${uid} fsuid=${uid} egid=${uid} sgid=${uid} fsgid=${uid}`;
  const comm = exe.slice(exe.lastIndexOf('/') + 1);
  const named = `\u001dARCH=x86_64 SYSCALL=execve AUID="${user}" UID="${user}" GID="${user}" EUID="${user}"`;
  return [
    `${id.replace('TYPE', 'SYSCALL')} arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=2 ppid=${ppid} pid=${pid} ${ids} tty=pts0 ses=5 comm="${comm}" exe="${exe}" key=(null)${named}`,
    `${id.replace('TYPE', 'EXECVE')} argc=${args.length} ${args.map((arg, at) => `a${at}="${arg}"`).join(' ')}`,
    `${id.replace('TYPE', 'CWD')} cwd="${cwd}"`,
    `${id.replace('TYPE', 'PROCTITLE')} proctitle=${Buffer.from(args.join('\0')).toString('hex').toUpperCase()}`,
  ];
}

if (import.meta.main) {
  const isAfter = process.argv[2] === 'after';
  process.stdout.write(isAfter ? drillLog(AFTERWARDS, Date.now(), DRILL.length) : drillLog(DRILL, Date.now()));
}
