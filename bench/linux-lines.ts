/**
 * Process starts and logins as Linux's own logs, Falco and OCSF have them.
 */
import { FIRST_PID } from './generate.ts';
import { BASH, type FormatLines, jsonLines, SHA256, type Start } from './start-lines.ts';

export const LINUX_LANES: readonly FormatLines[] = [
  jsonLines('falco', 'linux', ({ time, ms, pid, host, executable, name, args, line, index }) => ({
    uuid: `77b0-${index}`,
    hostname: `srv-${host}`,
    time: time.replace('Z', '456789Z'),
    rule: 'Process started on a server',
    priority: 'Notice',
    source: 'syscall',
    tags: ['host', 'process'],
    output: `${time} a process started (user=deploy command=${line})`,
    output_fields: {
      'container.id': 'host',
      'evt.category': 'process',
      'evt.res': 'SUCCESS',
      'evt.time': ms * 1_000_000,
      'evt.type': 'execve',
      'proc.args': args.slice(1).join(' '),
      'proc.cmdline': line,
      'proc.cwd': '/srv/app/',
      'proc.exe': args[0],
      'proc.exepath': executable,
      'proc.name': name,
      'proc.pcmdline': 'bash -i',
      'proc.pexepath': BASH,
      'proc.pid': pid,
      'proc.pname': 'bash',
      'proc.ppid': FIRST_PID - 1,
      'user.loginuid': 1001,
      'user.name': 'deploy',
      'user.uid': 1001,
    },
  })),
  jsonLines('ocsf', 'linux', ({ ms, pid, host, executable, name, line, index }) => ({
    activity_id: 1,
    activity_name: 'Launch',
    actor: {
      process: { pid: FIRST_PID - 1, name: 'bash', cmd_line: 'bash -i', uid: `p-${host}`, file: { path: BASH } },
      user: { name: 'deploy', uid: '1001' },
    },
    category_name: 'System Activity',
    category_uid: 1,
    class_name: 'Process Activity',
    class_uid: 1007,
    device: { hostname: `srv-${host}`, uid: `d-${host}`, type_id: 1, os: { name: 'Debian', type_id: 200 } },
    metadata: { uid: `e-${index}`, version: '1.3.0', product: { name: 'Sensor', vendor_name: 'Example' } },
    process: {
      pid,
      uid: `p-${index}`,
      name,
      cmd_line: line,
      created_time: ms,
      working_directory: '/srv/app',
      file: {
        name,
        path: executable,
        type_id: 1,
        hashes: [{ algorithm: 'SHA-256', algorithm_id: 3, value: SHA256 }],
      },
      user: { name: 'deploy', uid: '1001' },
    },
    severity_id: 1,
    status_id: 1,
    time: ms,
    type_uid: 100_701,
  })),
  jsonLines('journald', 'linux', journalEntry),
  {
    format: 'journald-export',
    system: 'linux',
    json: false,
    // The line end that follows makes the blank line after the entry.
    write: (start) =>
      Object.entries(journalEntry(start))
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
  },
  {
    format: 'syslog',
    system: 'linux',
    json: false,
    write: ({ time, pid, host, line, index }) =>
      index % 3 === 0
        ? `<38>1 ${time} srv-${host} sshd ${pid} - - Accepted publickey for deploy from 192.0.2.${index % 200} port ${
            30_000 + (index % 20_000)
          } ssh2: ED25519 SHA256:Zb0d`
        : `<86>1 ${time} srv-${host} sudo ${pid} - - deploy : TTY=pts/1 ; PWD=/srv/app ; USER=root ; COMMAND=${line}`,
  },
  jsonLines('json', 'linux', ({ time, pid, host, executable, name, args, line, index }) => ({
    time,
    level: 'info',
    request: `r-${index}`,
    host: { name: `srv-${host}` },
    process: { pid, name, executable, args, command_line: line, working_directory: '/srv/app' },
    user: { name: 'deploy' },
  })),
  jsonLines('laurel', 'linux', ({ ms, pid, host, executable, name, args, index }) => ({
    ID: `${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, '0')}:${10_000 + index}`,
    NODE: `srv-${host}`,
    SYSCALL: {
      arch: '0xc000003e',
      syscall: 59,
      success: 'yes',
      exit: 0,
      items: 2,
      ppid: FIRST_PID - 1,
      pid,
      auid: 1001,
      uid: 1001,
      gid: 1001,
      euid: 1001,
      suid: 1001,
      fsuid: 1001,
      egid: 1001,
      sgid: 1001,
      fsgid: 1001,
      tty: '(none)',
      ses: 4,
      comm: name.slice(0, 15),
      exe: executable,
      key: 'proc_exec',
      ARCH: 'x86_64',
      SYSCALL: 'execve',
      UID: 'deploy',
      GID: 'deploy',
      PPID: { comm: 'bash', exe: BASH, ppid: 1 },
    },
    EXECVE: { argc: args.length, ARGV: args },
    CWD: { cwd: '/srv/app' },
    PATH: [
      {
        item: 0,
        name: executable,
        inode: 260_000 + (index % 999),
        dev: 'fe:00',
        mode: '0o100755',
        nametype: 'NORMAL',
      },
      { item: 1, name: '/lib64/ld-linux-x86-64.so.2', inode: 338_944, dev: 'fe:00', mode: '0o100755' },
    ],
    PROCTITLE: { ARGV: args },
  })),
];

function journalEntry({ ms, pid, host, index, executable, name, line }: Start): { readonly [name: string]: string } {
  return {
    __CURSOR: `s=5be0;i=${index.toString(16)};b=91d4`,
    __REALTIME_TIMESTAMP: `${ms}123`,
    __MONOTONIC_TIMESTAMP: `${index * 11_000}`,
    _BOOT_ID: `91d4${host}`,
    _CAP_EFFECTIVE: '1ffffffffff',
    _CMDLINE: line,
    _COMM: name,
    _EXE: executable,
    _GID: '1001',
    _HOSTNAME: `srv-${host}`,
    _MACHINE_ID: `0b4c${host}`,
    _PID: String(pid),
    _SYSTEMD_CGROUP: '/system.slice/app.service',
    _SYSTEMD_SLICE: 'system.slice',
    _SYSTEMD_UNIT: 'app.service',
    _TRANSPORT: 'syslog',
    _UID: '1001',
    MESSAGE: `job ${index} done in ${index % 97} ms`,
    PRIORITY: '6',
    SYSLOG_FACILITY: '3',
    SYSLOG_IDENTIFIER: name,
    SYSLOG_PID: String(pid),
  };
}
