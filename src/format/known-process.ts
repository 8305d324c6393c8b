/**
 * What an event says of processes: its own, its parent, whether one starts or ends.
 */
import type { Event } from '../event/event.ts';
import { commandLine } from './process-fields.ts';

/** A process, as far as known. */
export interface KnownProcess {
  readonly pid: number;
  readonly ppid?: number;
  readonly entityId?: string;
  readonly name?: string;
  readonly executable?: string;
  readonly args?: readonly string[];
  readonly commandLine?: string;
  /** ISO 8601: when this life of the pid was first seen, or began. */
  readonly start?: string;
  /** Among ancestors: that it is one was concluded from pids and times, not said by the source. */
  readonly derived?: true;
}

// Records of user space (`USER_CMD`, `SERVICE_START`) name the process that wrote them, not one that started.
export function startsProcess(event: Event): boolean {
  if (!has(event, 'event.category', 'process') || !has(event, 'event.type', 'start')) return false;
  const type = event.text('auditd.message_type');
  return type === undefined || type === 'syscall' || has(event, 'event.action', 'exec');
}

export function endsProcess(event: Event): boolean {
  if (!has(event, 'event.category', 'process') || !has(event, 'event.type', 'end')) return false;
  const type = event.text('auditd.message_type');
  // Of system calls, only this ends the process that made it; a `kill` ends another.
  return (
    type === undefined || type === 'anom_abend' || (type === 'syscall' && has(event, 'event.action', 'exit_group'))
  );
}

/** Whether the table of processes learns from the event, or teaches it. */
export function concernsProcesses(event: Event): boolean {
  return startsProcess(event) || endsProcess(event) || event.text('auditd.message_type') === 'login';
}

export function processInEvent(event: Event, pid: number): KnownProcess {
  return { pid, ...described(event, 'process') };
}

export function parentInEvent(event: Event): KnownProcess | undefined {
  const pid = pidOf(event, 'process.parent.pid');
  const entityId = event.text('process.parent.entity_id');
  const start = event.text('process.parent.start');
  if (pid === undefined) return undefined;
  return {
    pid,
    ...described(event, 'process.parent'),
    ...(entityId === undefined ? {} : { entityId }),
    ...(start === undefined ? {} : { start }),
  };
}

/** Written out, because a name put together for every event has to be hashed for every event. */
const FIELDS = {
  process: {
    name: 'process.name',
    executable: 'process.executable',
    args: 'process.args',
    line: 'process.command_line',
    ppid: 'process.parent.pid',
  },
  'process.parent': {
    name: 'process.parent.name',
    executable: 'process.parent.executable',
    args: 'process.parent.args',
    line: 'process.parent.command_line',
    ppid: 'process.parent.parent.pid',
  },
} as const;

function described(event: Event, at: keyof typeof FIELDS): Omit<KnownProcess, 'pid'> {
  const fields = FIELDS[at];
  const name = event.text(fields.name);
  const executable = event.text(fields.executable);
  const args = event.values(fields.args).map(String);
  const line = event.text(fields.line) ?? (args.length === 0 ? undefined : commandLine(args));
  const ppid = pidOf(event, fields.ppid);
  return {
    ...(ppid === undefined ? {} : { ppid }),
    ...(name === undefined ? {} : { name }),
    ...(executable === undefined ? {} : { executable }),
    ...(args.length === 0 ? {} : { args }),
    ...(line === undefined ? {} : { commandLine: line }),
  };
}

export function hostOf(event: Event): string {
  return event.text('host.id') ?? event.text('host.name') ?? '';
}

export function pidOf(event: Event, field: string): number | undefined {
  const value = Number(event.text(field));
  return Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

function has(event: Event, field: string, value: string): boolean {
  return event.values(field).includes(value);
}
