/**
 * Which ancestors of an alert's process only carried its command: shells with `-c`, sudo, env, timeout, shims. Alerts of
 * these and of the process itself tell one story, so they are grouped.
 *
 * The rule, from the process upwards: a parent wraps its child when it started at most ten seconds before it and
 *
 *   - its command line holds the child's program and arguments, in order, quotes and folders aside and `python3.11` being
 *     `python3` (`sh -c "python3 -m http.server"`, `sudo -u web python3 -m http.server`, a pyenv shim); or
 *   - it is a program whose purpose is to run another (`WRAPPERS`), or a shell that was given its command by `-c`.
 *
 * Where a start is not known, only the first counts. The first ancestor that does not wrap ends the line.
 */
import { valuesAt } from '../event/field-path.ts';
import { parseTime } from '../event/time.ts';
import type { Alert, ProcessSummary } from './alert.ts';

export interface ProcessLineage {
  /** The process of the (last) event; absent where no source and no earlier event gave it an identity. */
  readonly entity?: string;
  /** Entity ids of its wrappers, nearest first. */
  readonly wrappers: readonly string[];
}

const LONGEST_LINE_OF_WRAPPERS = 8;
const WRAPPING_MS = 10_000;
/** Words of a command line that are compared; what is longer is no wrapper that a person would read. */
const MOST_WORDS = 2_000;

const WRAPPERS: ReadonlySet<string> = new Set([
  ...[
    'sudo',
    'doas',
    'su',
    'runuser',
    'pkexec',
    'env',
    'timeout',
    'nohup',
    'setsid',
    'nice',
    'ionice',
    'chrt',
    'taskset',
  ],
  ...['stdbuf', 'unbuffer', 'time', 'flock', 'chroot', 'unshare', 'nsenter', 'setpriv', 'capsh', 'script', 'xargs'],
  ...[
    'watch',
    'strace',
    'ltrace',
    'busybox',
    'systemd-run',
    'systemd-inhibit',
    'dbus-run-session',
    'pyenv',
    'rbenv',
    'asdf',
  ],
  ...['mise', 'uv', 'poetry', 'pipenv', 'direnv', 'tini', 'dumb-init', 'runas', 'cmd'],
]);
const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'ash', 'fish', 'csh', 'tcsh']);

export function processLineage(alert: Alert): ProcessLineage {
  const event = alert.events.at(-1) ?? {};
  const text = (field: string): string | undefined => valuesAt(event, field)[0]?.toString();
  const entity = text('process.entity_id');
  if (entity === undefined) return { wrappers: [] };
  const line = text('process.command_line') ?? valuesAt(event, 'process.args').join(' ');
  const name = text('process.name');
  const start = text('process.start') ?? alert.original_time;
  const wrappers: string[] = [];
  let child: ProcessSummary = { command_line: line, start, ...(name === undefined ? {} : { name }) };
  for (const parent of alert.ancestry.slice(0, LONGEST_LINE_OF_WRAPPERS)) {
    if (parent.entity_id === undefined || parent.entity_id === entity || !isWrapperOf(parent, child)) break;
    wrappers.push(parent.entity_id);
    child = parent;
  }
  return { entity, wrappers };
}

export function isWrapperOf(parent: ProcessSummary, child: ProcessSummary): boolean {
  const apart = startOf(child) - startOf(parent);
  if (apart > WRAPPING_MS || apart < -1_000) return false;
  const words = wordsOf(parent.command_line ?? '');
  if (holds(words, wordsOf(child.command_line ?? child.name ?? ''))) return true;
  return !Number.isNaN(apart) && runsAnother(parent, words);
}

function runsAnother(process: ProcessSummary, words: readonly string[]): boolean {
  const name = programName(process.name ?? words[0] ?? '');
  // Without a command of its own, `su` or `sudo -i` opens a shell for hours of other work.
  if (WRAPPERS.has(name)) return words.length > 1;
  return SHELLS.has(name) && words.slice(1, 6).some((word) => /^-[a-z]*c$/.test(word));
}

/** Whether the child's words stand in the parent's, one after the other. */
function holds(parent: readonly string[], child: readonly string[]): boolean {
  const [program, ...args] = child;
  if (program === undefined || program === '' || child.length >= parent.length) return false;
  const wanted = programName(program);
  return parent.some(
    (word, at) => at > 0 && programName(word) === wanted && args.every((arg, n) => parent[at + 1 + n] === arg),
  );
}

function wordsOf(line: string): readonly string[] {
  return line
    .slice(0, 16_384)
    .replaceAll(/["'`;|&()]/g, ' ')
    .split(/\s+/u, MOST_WORDS)
    .filter((word) => word !== '');
}

/** `/usr/bin/python3.11` and `python` are one program; `C:\\Windows\\cmd.exe` is `cmd`. */
function programName(word: string): string {
  const name = word.slice(Math.max(word.lastIndexOf('/'), word.lastIndexOf('\\')) + 1).toLowerCase();
  return name
    .replace(/^-/, '')
    .replace(/\.exe$/, '')
    .replace(/[\d.]+$/, '');
}

function startOf(process: ProcessSummary): number {
  return process.start === undefined ? Number.NaN : (parseTime(process.start)?.ms ?? Number.NaN);
}
