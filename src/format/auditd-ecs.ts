/**
 * An audit event as ECS: the derivations, shared by audit.log and laurel.
 *
 * Names are those of Elastic's auditd_manager integration (`auditd.data.*`, `auditd.paths`, `auditd.user.*`), plus
 * `auditd.record.<type>.<name>`, every field of every record under its raw name (PATH stands in `auditd.paths`; EXECVE,
 * CWD and PROCTITLE wholly in `process.args`, `process.working_directory`, `process.title`). docs/formats.md lists where
 * this differs from auditbeat, and why.
 */
import { Event } from '../event/event.ts';
import type { Json, JsonObject } from '../event/json.ts';
import { formatTime, timeFromMs, timeFromSeconds } from '../event/time.ts';
import { type AuditAction, recordAction, syscallAction } from './auditd-actions.ts';
import {
  type AuditEvent,
  type AuditFields,
  auditEventId,
  field,
  firstRecord,
  isExecCall,
  isExecution,
  mainType,
  syscallOf,
  textOf,
} from './auditd-event.ts';
import { architectureName } from './auditd-syscalls.ts';
import { AUDITD_STREAM, streamsOfProcessStart } from './data-stream.ts';
import { type Derivation, DerivedSource, derivationTable, type Transform } from './derivation.ts';
import { basename, commandLine, terminal } from './process-fields.ts';

type Compute = (event: AuditEvent) => Json | undefined;

const derive = (name: string, transform: Transform, from: string, compute: Compute): Derivation<AuditEvent> => ({
  field: name,
  from: from.split(' '),
  transform,
  compute,
});
const same = (name: string, raw: string): Derivation<AuditEvent> =>
  derive(name, 'same', `SYSCALL.${raw}`, (event) => meaningful(field(event, raw)));
const number = (name: string, raw: string): Derivation<AuditEvent> =>
  derive(name, 'number', `SYSCALL.${raw}`, (event) => integer(field(event, raw)));
const constant = (name: string, value: Json): Derivation<AuditEvent> => derive(name, 'constant', '', () => value);

/** Fields of SYSCALL and of user-space records that have an ECS home, and so do not stand in `auditd.data` again. */
const HAS_HOME = new Set(
  'auid comm cwd egid euid exe fsgid fsuid gid items key pid ppid res ses sgid subj success suid uid'.split(' '),
);

const TABLE = derivationTable<AuditEvent>([
  derive('@timestamp', 'time', 'time', (event) => formatTime(timeFromSeconds(event.time) ?? { ms: 0, ticks: 0 })),
  derive('event.id', 'compute', 'node time serial', auditEventId),
  constant('event.kind', 'event'),
  constant('event.module', 'auditd'),
  constant('event.dataset', 'auditd_manager.auditd'),
  derive('event.category', 'compute', 'SYSCALL.syscall records', (event) => nonEmpty(actionOf(event).category)),
  derive('event.type', 'compute', 'SYSCALL.syscall SYSCALL.success EXECVE records', (event) =>
    nonEmpty(actionOf(event).type),
  ),
  derive('event.action', 'compute', 'SYSCALL.syscall SYSCALL.success EXECVE records', (event) =>
    isExecution(event) ? ['exec', 'executed'] : [actionOf(event).action],
  ),
  derive('event.outcome', 'compute', 'SYSCALL.success res', outcome),
  derive('event.sequence', 'number', 'serial', (event) => integer(event.serial)),
  derive('event.ingested', 'time', '', (event) => formatTime(timeFromMs(event.context.ingested))),

  derive('host.name', 'same', 'node', (event) => event.node ?? event.context.settings.hostName),
  derive('host.id', 'compute', 'node', hostId),
  constant('host.os.type', 'linux'),
  derive('host.architecture', 'compute', 'SYSCALL.arch', (event) => architectureName(field(event, 'arch') ?? '')),

  same('user.id', 'uid'),
  derive('user.name', 'compute', 'SYSCALL.UID SYSCALL.uid', (event) => userName(event, 'uid')),
  same('user.group.id', 'gid'),
  derive('user.group.name', 'compute', 'SYSCALL.GID', (event) => resolved(field(event, 'GID'))),
  derive('user.effective.id', 'compute', 'SYSCALL.euid SYSCALL.uid', (event) => changedId(event, 'euid')),
  derive('user.effective.name', 'compute', 'SYSCALL.EUID SYSCALL.euid SYSCALL.uid', (event) =>
    changedId(event, 'euid') === undefined ? undefined : userName(event, 'euid'),
  ),

  number('process.pid', 'pid'),
  derive('process.name', 'basename', 'SYSCALL.exe SYSCALL.comm', processName),
  derive('process.executable', 'compute', 'SYSCALL.exe', executable),
  derive('process.args', 'same', 'EXECVE', (event) => event.args),
  derive('process.args_count', 'number', 'EXECVE.argc', (event) =>
    event.args === undefined
      ? undefined
      : (integer(textOf(firstRecord(event, 'EXECVE')?.get('argc'))) ?? event.args.length),
  ),
  derive('process.command_line', 'compute', 'EXECVE', (event) => event.args && commandLine(event.args)),
  derive('process.title', 'compute', 'PROCTITLE.proctitle', (event) => event.title),
  derive(
    'process.working_directory',
    'same',
    'CWD.cwd',
    (event) => textOf(firstRecord(event, 'CWD')?.get('cwd')) ?? field(event, 'cwd'),
  ),
  derive('process.tty', 'compute', 'SYSCALL.tty', (event) => terminal(field(event, 'tty'))),
  number('process.parent.pid', 'ppid'),

  derive('tags', 'compute', 'SYSCALL.key', (event) => nonEmpty(keys(event))),
  derive('auditd.message_type', 'lower', 'records', (event) => mainType(event).toLowerCase()),
  derive('auditd.result', 'compute', 'SYSCALL.success res', (event) => RESULTS[outcome(event)]),
  derive('auditd.session', 'compute', 'SYSCALL.ses', (event) => unset(field(event, 'ses'))),
  derive('auditd.user', 'compute', 'SYSCALL.auid SYSCALL.suid SYSCALL.fsuid', auditUsers),
  derive('auditd.data', 'compute', 'SYSCALL records', data),
  derive('auditd.paths', 'same', 'PATH', (event) => nonEmpty((event.records.get('PATH') ?? []).map(asObject))),
  derive('auditd.record', 'same', 'records', rawRecords),
]);

/** The event of a joined record, from audit.log or laurel. */
export function auditEvent(format: string, record: AuditEvent, raw: Uint8Array, origin: Event['origin']): Event {
  const { settings } = record.context;
  return new Event({
    time: timeFromSeconds(record.time) ?? { ms: 0, ticks: 0 },
    source: new DerivedSource(record, TABLE),
    raw,
    format,
    ...(isExecution(record) ? streamsOfProcessStart(AUDITD_STREAM, settings) : { dataStreams: [AUDITD_STREAM] }),
    ...(origin === undefined ? {} : { origin }),
    id: auditEventId(record),
  });
}

const RESULTS = { success: 'success', failure: 'fail', unknown: 'unknown' } as const;

/**
 * A failed execve is no process start: it says `info`, where auditbeat says `start`, so that a rule over starts does
 * not count the tries of `execvp` along the PATH.
 */
function actionOf(event: AuditEvent): AuditAction {
  const type = mainType(event);
  if (isExecution(event)) return { action: 'exec', category: ['process'], type: ['start'] };
  if (type === 'SYSCALL') {
    if (isExecCall(event)) return { action: 'executed', category: ['process'], type: ['info'] };
    return syscallAction(syscallOf(event) ?? 'syscall');
  }
  return recordAction(type) ?? { action: type.toLowerCase(), category: [], type: [] };
}

function outcome(event: AuditEvent): 'success' | 'failure' | 'unknown' {
  const text = field(event, 'success') ?? field(event, 'res') ?? field(event, 'result');
  if (text === 'yes' || text === 'success' || text === '1') return 'success';
  if (text === 'no' || text === 'failed' || text === 'fail' || text === '0') return 'failure';
  return 'unknown';
}

/** The setting's id is this machine's; `node=` may be its short name or its full one, as auditd's `name_format` has it. */
function hostId(event: AuditEvent): string | undefined {
  const { hostId, hostName } = event.context.settings;
  return event.node === undefined || shortName(event.node) === shortName(hostName) ? hostId : undefined;
}

function shortName(name: string | undefined): string | undefined {
  return name?.split('.')[0]?.toLowerCase();
}

function executable(event: AuditEvent): string | undefined {
  return meaningful(field(event, 'exe'))?.replace(/ \(deleted\)$/, '');
}

function processName(event: AuditEvent): string | undefined {
  const path = executable(event);
  return (path === undefined ? undefined : basename(path)) || meaningful(field(event, 'comm'));
}

function changedId(event: AuditEvent, raw: string): string | undefined {
  const id = field(event, raw);
  return id === field(event, 'uid') ? undefined : meaningful(id);
}

function userName(event: AuditEvent, raw: 'uid' | 'euid'): string | undefined {
  const id = field(event, raw);
  return resolved(field(event, raw.toUpperCase())) ?? (id && event.context.settings.userName?.(id)) ?? undefined;
}

function auditUsers(event: AuditEvent): JsonObject | undefined {
  const users: Record<string, Json> = {};
  for (const [name, raw] of [
    ['audit', 'auid'],
    ['saved', 'suid'],
    ['filesystem', 'fsuid'],
  ] as const) {
    const id = unset(field(event, raw));
    if (id === undefined) continue;
    const known = resolved(field(event, raw.toUpperCase()));
    users[name] = known === undefined ? { id } : { id, name: known };
  }
  return Object.keys(users).length === 0 ? undefined : users;
}

function keys(event: AuditEvent): readonly string[] {
  const key = field(event, 'key');
  if (key === undefined) return [];
  // Several `-k` of one rule are joined with 0x01; some versions of auditctl put `key=` into the value.
  return key
    .split('\x01')
    .map((one) => one.replace(/^key=/, ''))
    .filter((one) => one !== '');
}

function data(event: AuditEvent): JsonObject | undefined {
  const merged = new Map<string, Json>();
  for (const type of new Set(['SYSCALL', mainType(event)])) {
    for (const [name, value] of firstRecord(event, type) ?? []) {
      // Upper-case names are ENRICHED translations of others.
      if (!HAS_HOME.has(name) && !/^[A-Z]/.test(name) && !merged.has(name)) merged.set(name, value);
    }
  }
  const arch = architectureName(textOf(merged.get('arch')) ?? '');
  if (arch !== undefined) merged.set('arch', arch);
  const call = syscallOf(event);
  if (call !== undefined) merged.set('syscall', call);
  return merged.size === 0 ? undefined : Object.fromEntries(merged);
}

function rawRecords(event: AuditEvent): JsonObject | undefined {
  const records: [string, Json][] = [];
  for (const [type, all] of event.records) {
    if (!ELSEWHERE.has(type))
      records.push([type.toLowerCase(), all.length === 1 ? asObject(all[0] as AuditFields) : all.map(asObject)]);
  }
  return records.length === 0 ? undefined : Object.fromEntries(records);
}

function asObject({ fields }: AuditFields): JsonObject {
  return Object.fromEntries(fields);
}

const ELSEWHERE = new Set(['PATH', 'EXECVE', 'CWD', 'PROCTITLE']);

/** `?` and `(none)` are how audit says that there is nothing. */
function meaningful(value: string | undefined): string | undefined {
  return value === '?' || value === '(none)' || value === '' ? undefined : value;
}

/** The id that means "not set" is the largest 32-bit number. */
function unset(id: string | undefined): string | undefined {
  return id === '4294967295' || id === '-1' ? 'unset' : id;
}

/** A name as auditd or laurel resolved it; `unknown(4242)` and `unset` are no names. */
function resolved(name: string | undefined): string | undefined {
  return name === undefined || name === 'unset' || name.startsWith('unknown(') ? undefined : name;
}

function integer(text: string | undefined): number | string | undefined {
  if (text === undefined || !/^-?\d{1,20}$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}

function nonEmpty<T extends Json>(values: readonly T[]): readonly T[] | undefined {
  return values.length === 0 ? undefined : values;
}
