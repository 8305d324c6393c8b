/**
 * A generated lane for each vendor's format: the start of a process as that vendor writes it, in about the size and with
 * about the fields that it has there. Linux's commands are those of generate.ts, so that rules have something to find.
 */
import { AGENT_LANES } from './agent-lines.ts';
import { FIRST_MS, FIRST_PID, linuxCommand, PIDS, SEED } from './generate.ts';
import { LINUX_LANES } from './linux-lines.ts';
import { seededRandom } from './seeded-random.ts';
import { type FormatLines, HOSTS, twoDigits } from './start-lines.ts';
import { SYSMON_LANES } from './sysmon-lines.ts';

const WINDOWS_COMMANDS: readonly (readonly [executable: string, ...args: string[]])[] = [
  ['C:\\Windows\\System32\\svchost.exe', 'svchost.exe', '-k', 'netsvcs', '-p', '-s', 'Schedule'],
  ['C:\\Windows\\System32\\cmd.exe', 'cmd.exe', '/d', '/c', 'D:\\jobs\\nightly.cmd'],
  ['C:\\Windows\\System32\\conhost.exe', 'conhost.exe', '0xffffffff', '-ForceV1'],
  ['C:\\Program Files\\Ledger\\sync.exe', 'sync.exe', '--profile', 'office', '--batch', '250'],
  ['C:\\Windows\\System32\\robocopy.exe', 'robocopy.exe', 'D:\\data', 'E:\\mirror', '/mir', '/r:2'],
  ['C:\\Windows\\System32\\tasklist.exe', 'tasklist.exe', '/fo', 'csv'],
];

export const FORMAT_LANES: readonly FormatLines[] = [...AGENT_LANES, ...SYSMON_LANES, ...LINUX_LANES];

/** So many events of a format, the same bytes every time. */
export function generateFormat(lines: FormatLines, events: number): Buffer {
  const random = seededRandom(SEED);
  const written = [...(lines.head?.() ?? [])];
  for (let index = 0; written.length < events; index += 1) {
    const [executable, ...args] =
      lines.system === 'linux' ? linuxCommand(random, index) : random.pick(WINDOWS_COMMANDS);
    const ms = FIRST_MS + index * 11;
    written.push(
      lines.write({
        index,
        ms,
        time: new Date(ms).toISOString(),
        pid: FIRST_PID + (index % PIDS),
        host: twoDigits(random.below(HOSTS)),
        executable,
        name: executable.slice(Math.max(executable.lastIndexOf('/'), executable.lastIndexOf('\\')) + 1),
        args,
        line: args.join(' '),
      }),
    );
  }
  return Buffer.from(`${written.join('\n')}\n`);
}
