/**
 * What an event says of processes: whose it is, whether one starts or ends.
 */
import type { Event } from '../event/event.ts';

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

export type ProcessChange = 'start' | 'end' | 'login';

/** What happens to the event's process that the table of processes has to know. Of an event that says of both, it ends. */
export function processChange(event: Event): ProcessChange | undefined {
  const type = event.text('auditd.message_type');
  if (has(event, 'event.category', 'process')) {
    const types = event.values('event.type');
    if (types.includes('end') && isEnd(event, type)) return 'end';
    if (types.includes('start') && isStart(event, type)) return 'start';
  }
  return type === 'login' ? 'login' : undefined;
}

/** Whether the table of processes learns from the event, or teaches it. */
export function concernsProcesses(event: Event): boolean {
  return processChange(event) !== undefined;
}

// Records of user space (`USER_CMD`, `SERVICE_START`) name the process that wrote them, not one that started.
function isStart(event: Event, type: string | undefined): boolean {
  return type === undefined || type === 'syscall' || has(event, 'event.action', 'exec');
}

// Of system calls, only this ends the process that made it; a `kill` ends another.
function isEnd(event: Event, type: string | undefined): boolean {
  return (
    type === undefined || type === 'anom_abend' || (type === 'syscall' && has(event, 'event.action', 'exit_group'))
  );
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
