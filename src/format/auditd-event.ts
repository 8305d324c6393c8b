/**
 * One event of the Linux audit system: all records of one (node, time, serial), however they were written.
 *
 *   audit.log lines ──assemble──▶ AuditEvent ◀──one JSON object── laurel
 *                                     └──derivations (auditd-ecs.ts)──▶ ECS
 *
 * Names and values are those of the log, decoded; numbers stay decimal text, register values bare hexadecimal
 * (`c000003e`), as auditd writes them, so that both ways of writing give the same event.
 */
import type { Encoding } from '../event/event.ts';
import type { Json } from '../event/json.ts';
import { parseSocketAddress, type SocketAddress } from './auditd-sockaddr.ts';
import { architectureName, syscallName } from './auditd-syscalls.ts';
import type { FormatSettings } from './format.ts';

/** A record's values by raw name; may be read out of what they came in only when asked. */
export interface AuditFields {
  readonly fields: AuditValues;
}

export interface AuditValues extends Iterable<readonly [string, Json]> {
  get(name: string): Json | undefined;
}

/** As a map: records by type, in the order of the first of each; of none of the types an empty list. */
export interface AuditRecords {
  readonly size: number;
  has(type: string): boolean;
  keys(): Iterable<string>;
  get(type: string): readonly AuditFields[] | undefined;
}

export interface AuditEvent {
  readonly node: string | undefined;
  /** Decimal seconds as written. */
  readonly time: string;
  readonly serial: string;
  /** By type, in the order of their first record; EXECVE without its arguments, EOE left out. Never empty. */
  readonly records: AuditRecords;
  /** The arguments of an EXECVE in order; absent without one. */
  readonly args: readonly string[] | undefined;
  /** Of a PROCTITLE: the arguments as the process shows them, cut at 128 bytes by the kernel. */
  readonly title: string | undefined;
  /** Whether each value stands in the event's raw bytes as the audit log writes it: as it is, or in hexadecimal digits. */
  readonly isAsWritten?: true;
  /** Whether each backslash is two in the raw bytes, and nothing else is escaped there. */
  readonly isEscaped?: true;
  /** In which code texts stand in the line of JSON that the event is of; absent where it is of none. */
  readonly encoding?: Encoding;
  /** What the reader adds: the host when the records do not name one, names of users, when it was read. */
  readonly context: AuditContext;
}

export interface AuditContext {
  readonly settings: FormatSettings;
  /** Epoch ms. */
  readonly ingested: number;
}

/** Records of the kernel that only add to another one. */
const AUXILIARY: ReadonlySet<string> = new Set(
  (
    'BPF BPRM_FCAPS CAPSET CWD ENRICHED EOE EXECVE FD_PAIR IPC IPC_SET_PERM KERN_MODULE MMAP MQ_GETSETATTR MQ_NOTIFY ' +
    'MQ_OPEN MQ_SENDRECV OBJ_PID OPENAT2 PATH PROCTITLE SOCKADDR SOCKETCALL SYSCALL'
  ).split(' '),
);

export function firstRecord(event: AuditEvent, type: string): AuditValues | undefined {
  return event.records.get(type)?.[0]?.fields;
}

/**
 * The type that says what the event is about: the first that is not a mere addition (LOGIN, CONFIG_CHANGE, AVC, …),
 * else SYSCALL, else whatever there is. As go-libaudit's aucoalesce chooses.
 */
export function mainType(event: AuditEvent): string {
  for (const type of event.records.keys()) if (!AUXILIARY.has(type)) return type;
  if (event.records.has('SYSCALL')) return 'SYSCALL';
  for (const type of event.records.keys()) return type;
  return 'UNKNOWN';
}

/** A field of the SYSCALL record, else of the record that says what the event is about. */
export function field(event: AuditEvent, name: string): string | undefined {
  return textOf(firstRecord(event, 'SYSCALL')?.get(name)) ?? textOf(firstRecord(event, mainType(event))?.get(name));
}

/** The system call's name: as enriched, else from its number and architecture; the number where that is unknown. */
export function syscallOf(event: AuditEvent): string | undefined {
  const record = firstRecord(event, 'SYSCALL');
  if (record === undefined) return undefined;
  const number = textOf(record.get('syscall'));
  const enriched = textOf(record.get('SYSCALL'));
  if (enriched !== undefined && !enriched.startsWith('unknown')) return enriched;
  return number === undefined ? undefined : (syscallName(textOf(record.get('arch')), number) ?? number);
}

/** The address of a SOCKADDR record. */
export function socketOf(event: AuditEvent): SocketAddress | undefined {
  const saddr = textOf(firstRecord(event, 'SOCKADDR')?.get('saddr'));
  const arch = architectureName(textOf(firstRecord(event, 'SYSCALL')?.get('arch')) ?? '');
  return saddr === undefined ? undefined : parseSocketAddress(saddr, arch === 's390x');
}

export function isExecCall(event: AuditEvent): boolean {
  const name = syscallOf(event);
  return name === 'execve' || name === 'execveat';
}

/** A program was started: the call succeeded and the kernel logged its arguments. */
export function isExecution(event: AuditEvent): boolean {
  return (
    event.records.has('EXECVE') && isExecCall(event) && textOf(firstRecord(event, 'SYSCALL')?.get('success')) === 'yes'
  );
}

/**
 * The event's identity, the same from the log and from laurel: node and `time:serial`, which the kernel never repeats.
 * Records that come again without the first of their event, because the log is read on from its midst after a crash,
 * have it too, so that they are known.
 */
export function auditEventId(event: AuditEvent): string {
  const { settings } = event.context;
  return `${event.node ?? settings.hostId ?? settings.hostName ?? 'localhost'}/${event.time}:${event.serial}`;
}

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
