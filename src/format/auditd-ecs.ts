/**
 * An audit event as ECS: the derivations, shared by audit.log and laurel.
 *
 * Names are those of Elastic's auditd_manager integration (`auditd.data.*`, `auditd.paths`, `auditd.user.*`), plus
 * `auditd.record.<type>.<name>`, every field of every record under its raw name (PATH stands in `auditd.paths`; EXECVE,
 * CWD and PROCTITLE wholly in `process.args`, `process.working_directory`, `process.title`). docs/formats.md lists where
 * this differs from auditbeat, and why.
 */
import { isIP } from 'node:net';
import { Event, LOG_SOURCE_FIELDS } from '../event/event.ts';
import type { Json, JsonObject } from '../event/json.ts';
import { formatTime, timeFromMs, timeFromSeconds } from '../event/time.ts';
import { type AuditAction, RECEIVING, SENDING } from './auditd-actions.ts';
import {
  type AuditEvent,
  type AuditFields,
  auditEventId,
  field,
  firstRecord,
  isExecCall,
  isExecution,
  mainType,
  socketOf,
  syscallOf,
  textOf,
} from './auditd-event.ts';
import { describedPath, fullPath, isCreated, objectPath, permissions, selinuxLabel } from './auditd-file.ts';
import type { SocketAddress } from './auditd-sockaddr.ts';
import { normalised, peopleOf, summary } from './auditd-summary.ts';
import { architectureName } from './auditd-syscalls.ts';
import { auditTexts, auditWords } from './auditd-texts.ts';
import { AUDITD_STREAM, streamsOfProcessStart } from './data-stream.ts';
import { type Derivation, DerivedSource, derivationTable, type Transform } from './derivation.ts';
import { exitName } from './errno.ts';
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

/** What the records of user space say of users. */
const TOLD = 'records.auid records.acct records.id';

export const AUDIT = derivationTable<AuditEvent>([
  derive('@timestamp', 'time', 'time', (event) => formatTime(timeFromSeconds(event.time) ?? { ms: 0, ticks: 0 })),
  derive('event.id', 'compute', 'node time serial', auditEventId),
  derive('event.kind', 'compute', 'records', (event) => normalised(event)?.kind ?? 'event'),
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

  derive('user.id', 'compute', `SYSCALL.uid ${TOLD}`, (event) => userOf(event, 'id')),
  derive('user.name', 'compute', `SYSCALL.UID SYSCALL.uid ${TOLD}`, (event) => userOf(event, 'name')),
  same('user.group.id', 'gid'),
  derive('user.group.name', 'compute', 'SYSCALL.GID', (event) => resolved(field(event, 'GID'))),
  derive('user.effective.id', 'compute', `SYSCALL.euid SYSCALL.uid ${TOLD}`, (event) => effectiveUser(event, 'id')),
  derive('user.effective.name', 'compute', `SYSCALL.EUID SYSCALL.euid SYSCALL.uid ${TOLD}`, (event) =>
    effectiveUser(event, 'name'),
  ),
  derive('user.effective.group.id', 'compute', 'SYSCALL.egid SYSCALL.gid', (event) =>
    field(event, 'egid') === field(event, 'gid') ? undefined : meaningful(field(event, 'egid')),
  ),
  derive('user.effective.group.name', 'compute', 'SYSCALL.EGID SYSCALL.egid SYSCALL.gid', (event) =>
    field(event, 'egid') === field(event, 'gid') ? undefined : resolved(field(event, 'EGID')),
  ),
  derive('user.target.id', 'compute', 'records.id records.acct', (event) => peopleOf(event).target?.id),
  derive('user.target.name', 'compute', 'records.acct records.ID', (event) => peopleOf(event).target?.name),
  derive('group.id', 'compute', 'records.id', (event) => peopleOf(event).group?.id),
  derive('group.name', 'compute', 'records.grp records.acct', (event) => peopleOf(event).group?.name),
  derive('related.user', 'compute', `SYSCALL.AUID SYSCALL.UID SYSCALL.EUID ${TOLD}`, relatedUsers),

  number('process.pid', 'pid'),
  derive('process.name', 'basename', 'SYSCALL.exe SYSCALL.comm', processName),
  derive('process.executable', 'compute', 'SYSCALL.exe', executable),
  derive('process.args', 'compute', 'EXECVE USER_CMD.cmd', argumentsOf),
  derive('process.args_count', 'number', 'EXECVE.argc USER_CMD.cmd', (event) =>
    event.args === undefined
      ? argumentsOf(event)?.length
      : (integer(textOf(firstRecord(event, 'EXECVE')?.get('argc'))) ?? event.args.length),
  ),
  derive('process.command_line', 'compute', 'EXECVE USER_CMD.cmd', (event) =>
    event.args === undefined ? commandOf(event) : commandLine(event.args),
  ),
  derive('process.title', 'compute', 'PROCTITLE.proctitle', (event) => event.title),
  derive(
    'process.working_directory',
    'same',
    'CWD.cwd',
    (event) => textOf(firstRecord(event, 'CWD')?.get('cwd')) ?? field(event, 'cwd'),
  ),
  derive('process.tty', 'compute', 'SYSCALL.tty', (event) => terminal(field(event, 'tty'))),
  number('process.parent.pid', 'ppid'),

  derive('file.path', 'compute', 'PATH.name CWD.cwd SYSCALL.a0', (event) => {
    const path = fileOf(event);
    return path && fullPath(event, path);
  }),
  derive('file.name', 'basename', 'PATH.name', (event) => basename(fileField(event, 'name') ?? '') || undefined),
  derive('file.inode', 'same', 'PATH.inode', (event) => fileField(event, 'inode')),
  derive('file.device', 'same', 'PATH.rdev', (event) => fileField(event, 'rdev')),
  derive('file.mode', 'compute', 'PATH.mode', (event) => permissions(fileField(event, 'mode'))),
  derive('file.uid', 'same', 'PATH.ouid', (event) => fileField(event, 'ouid')),
  derive('file.gid', 'same', 'PATH.ogid', (event) => fileField(event, 'ogid')),
  derive('file.owner', 'compute', 'PATH.OUID PATH.ouid', (event) => {
    const id = fileField(event, 'ouid');
    return resolved(fileField(event, 'OUID')) ?? (id && event.context.settings.userName?.(id)) ?? undefined;
  }),
  derive('file.group', 'compute', 'PATH.OGID', (event) => resolved(fileField(event, 'OGID'))),
  derive('auditd.file.selinux', 'compute', 'PATH.obj', (event) => {
    const label = fileField(event, 'obj');
    return label && selinuxLabel(label);
  }),

  derive('source.ip', 'compute', 'SOCKADDR.saddr records.addr', (event) => sourceIp(event)),
  derive('source.port', 'number', 'SOCKADDR.saddr', (event) => peer(event, RECEIVING)?.port),
  derive('destination.ip', 'compute', 'SOCKADDR.saddr', (event) => peer(event, SENDING)?.addr),
  derive('destination.port', 'number', 'SOCKADDR.saddr', (event) => peer(event, SENDING)?.port),
  derive('network.direction', 'compute', 'SYSCALL.syscall records.addr', (event) => {
    const call = syscallOf(event) ?? '';
    if (SENDING.has(call)) return 'egress';
    return RECEIVING.has(call) || sourceIp(event) !== undefined ? 'ingress' : undefined;
  }),
  derive('related.ip', 'compute', 'SOCKADDR.saddr records.addr', (event) =>
    nonEmpty([sourceIp(event), peer(event, SENDING)?.addr].filter((ip) => ip !== undefined)),
  ),

  derive('tags', 'compute', 'SYSCALL.key', (event) => nonEmpty(keys(event))),
  derive('auditd.message_type', 'lower', 'records', (event) => mainType(event).toLowerCase()),
  derive('auditd.result', 'compute', 'SYSCALL.success res', (event) => RESULTS[outcome(event)]),
  derive('auditd.session', 'compute', 'SYSCALL.ses', (event) => unset(field(event, 'ses'))),
  derive('auditd.summary', 'compute', 'records', summary),
  {
    ...derive('auditd.user', 'compute', 'SYSCALL.auid SYSCALL.suid SYSCALL.fsuid SYSCALL.subj', auditUsers),
    member: auditUser,
  },
  { ...derive('auditd.data', 'compute', 'SYSCALL records', data), member: dataMember },
  derive('auditd.paths', 'compute', 'PATH', (event) => nonEmpty((event.records.get('PATH') ?? []).map(describedPath))),
  { ...derive('auditd.record', 'same', 'records', rawRecords), member: rawRecord },
]);

const PROMISES = {
  texts: auditTexts,
  words: (event: AuditEvent) =>
    auditWords(
      event,
      LOG_SOURCE_FIELDS.map((field) => AUDIT.byField.get(field)?.compute(event)),
    ),
};

/** The event of a joined record, from audit.log or laurel. */
export function auditEvent(format: string, record: AuditEvent, raw: Uint8Array, origin: Event['origin']): Event {
  const { settings } = record.context;
  return new Event({
    time: timeFromSeconds(record.time) ?? { ms: 0, ticks: 0 },
    source: new DerivedSource(record, AUDIT, PROMISES),
    raw,
    format,
    ...(isExecution(record) ? streamsOfProcessStart(AUDITD_STREAM, settings) : { dataStreams: [AUDITD_STREAM] }),
    ...(origin === undefined ? {} : { origin }),
    id: () => auditEventId(record),
  });
}

const RESULTS = { success: 'success', failure: 'fail', unknown: 'unknown' } as const;

/**
 * A failed execve is no process start: it says `info`, where auditbeat says `start`, so that a rule over starts does
 * not count the tries of `execvp` along the PATH. And an `open` that made its file says so.
 */
function actionOf(event: AuditEvent): Pick<AuditAction, 'action' | 'category' | 'type'> {
  const action = normalised(event) ?? { action: mainType(event).toLowerCase(), category: [], type: [] };
  if (mainType(event) !== 'SYSCALL') return action;
  if (isExecution(event)) return { ...action, action: 'exec' };
  if (isExecCall(event)) return { ...action, type: ['info'] };
  if (action.action === 'opened-file' && outcome(event) === 'success' && isCreated(fileOf(event))) {
    return { ...action, type: ['creation'] };
  }
  return action;
}

/** What sudo says it runs: the arguments joined by spaces, so that their boundaries are lost. */
function commandOf(event: AuditEvent): string | undefined {
  return meaningful(textOf(firstRecord(event, 'USER_CMD')?.get('cmd')));
}

function argumentsOf(event: AuditEvent): readonly string[] | undefined {
  return (
    event.args ??
    commandOf(event)
      ?.split(' ')
      .filter((word) => word !== '')
  );
}

function fileOf(event: AuditEvent): AuditFields['fields'] | undefined {
  const object = normalised(event)?.object;
  const isFile = object?.what === 'file' || object?.what === 'filesystem';
  return isFile ? objectPath(event, object.path ?? 0) : undefined;
}

function fileField(event: AuditEvent, name: string): string | undefined {
  return textOf(fileOf(event)?.get(name));
}

/** The other side of a call that has one. */
function peer(event: AuditEvent, calls: ReadonlySet<string>): SocketAddress | undefined {
  return calls.has(syscallOf(event) ?? '') ? socketOf(event) : undefined;
}

/** Where a connection was accepted from, or whence a program says that a user came. */
function sourceIp(event: AuditEvent): string | undefined {
  const accepted = peer(event, RECEIVING)?.addr;
  if (accepted !== undefined) return accepted;
  const told = textOf(firstRecord(event, mainType(event))?.get('addr'));
  return told !== undefined && isIP(told) !== 0 ? told : undefined;
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

function userOf(event: AuditEvent, part: 'id' | 'name'): string | undefined {
  const { told, user } = peopleOf(event);
  if (told) return user?.[part];
  return part === 'name' ? userName(event, 'uid') : meaningful(field(event, 'uid'));
}

function effectiveUser(event: AuditEvent, part: 'id' | 'name'): string | undefined {
  const { told, effective } = peopleOf(event);
  if (told) return effective?.[part];
  const id = meaningful(field(event, 'euid'));
  if (id === undefined || id === field(event, 'uid')) return undefined;
  return part === 'name' ? userName(event, 'euid') : id;
}

function relatedUsers(event: AuditEvent): readonly string[] | undefined {
  const { target } = peopleOf(event);
  const names = [
    userOf(event, 'name'),
    effectiveUser(event, 'name'),
    target?.name,
    userName(event, 'uid'),
    resolved(field(event, 'AUID')),
  ];
  return nonEmpty([...new Set(names.filter((name) => name !== undefined))]);
}

function userName(event: AuditEvent, raw: 'uid' | 'euid'): string | undefined {
  const id = field(event, raw);
  return resolved(field(event, raw.toUpperCase())) ?? (id && event.context.settings.userName?.(id)) ?? undefined;
}

function auditUsers(event: AuditEvent): JsonObject | undefined {
  const users: Record<string, Json> = {};
  for (const name of ['audit', 'saved', 'filesystem', 'selinux']) {
    const user = auditUser(event, name);
    if (user !== undefined) users[name] = user;
  }
  return Object.keys(users).length === 0 ? undefined : users;
}

function auditUser(event: AuditEvent, name: string): Json | undefined {
  const label = name === 'selinux' ? field(event, 'subj') : undefined;
  if (label !== undefined) return selinuxLabel(label);
  const [raw, group] = AUDIT_USERS.get(name) ?? [];
  const id = raw && unset(field(event, raw));
  if (raw === undefined || id === undefined) return undefined;
  const groupId = group && field(event, group);
  return {
    ...identified(event, raw, id),
    ...(group === undefined || groupId === undefined ? {} : { group: identified(event, group, groupId) }),
  };
}

/** Of each, what its id and its group's are called in the record. */
const AUDIT_USERS: ReadonlyMap<string, readonly [string, string?]> = new Map([
  ['audit', ['auid']],
  ['saved', ['suid', 'sgid']],
  ['filesystem', ['fsuid', 'fsgid']],
]);

function identified(event: AuditEvent, raw: string, id: string): JsonObject {
  const known = resolved(field(event, raw.toUpperCase()));
  return known === undefined ? { id } : { id, name: known };
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
  for (const type of typesOfData(event)) {
    for (const [name, value] of firstRecord(event, type) ?? [])
      if (isData(name) && !merged.has(name) && value !== '?' && value !== '') merged.set(name, value);
  }
  for (const name of ['arch', 'syscall', 'exit', 'socket']) {
    const value = inWords(event, name, merged.get(name));
    if (value !== undefined) merged.set(name, value);
  }
  return merged.size === 0 ? undefined : Object.fromEntries(merged);
}

function dataMember(event: AuditEvent, name: string): Json | undefined {
  let found: Json | undefined;
  if (isData(name)) {
    for (const type of typesOfData(event)) {
      const value = firstRecord(event, type)?.get(name);
      if (value === undefined || value === '?' || value === '') continue;
      found = value;
      break;
    }
  }
  return inWords(event, name, found);
}

function typesOfData(event: AuditEvent): Iterable<string> {
  const additions = [...event.records.keys()].filter((type) => !ELSEWHERE.has(type) && type !== 'SOCKADDR');
  return new Set(['SYSCALL', mainType(event), ...additions]);
}

/** Upper-case names are ENRICHED translations of others; a colon is in none. */
function isData(name: string): boolean {
  return !HAS_HOME.has(name) && !/^[A-Z]|:/.test(name);
}

/** What is a number in the log; `?` and nothing say nothing. */
function inWords(event: AuditEvent, name: string, value: Json | undefined): Json | undefined {
  const text = textOf(value);
  switch (name) {
    case 'arch':
      return architectureName(text ?? '') ?? value;
    case 'syscall':
      return syscallOf(event) ?? value;
    case 'exit':
      return text === undefined ? value : exitName(text);
    case 'socket': {
      const socket = socketOf(event);
      return socket === undefined ? value : { ...socket };
    }
    default:
      return value;
  }
}

function rawRecords(event: AuditEvent): JsonObject | undefined {
  const records: [string, Json][] = [];
  for (const type of event.records.keys()) {
    const record = rawRecord(event, type.toLowerCase(), '');
    if (record !== undefined) records.push([type.toLowerCase(), record]);
  }
  return records.length === 0 ? undefined : Object.fromEntries(records);
}

function rawRecord(event: AuditEvent, name: string, below: string): Json | undefined {
  const type = name.toUpperCase();
  const all = ELSEWHERE.has(type) || name !== type.toLowerCase() ? [] : (event.records.get(type) ?? []);
  const [first] = all;
  if (first === undefined) return undefined;
  if (all.length > 1) return all.map(asObject);
  if (!PLAIN_NAME.test(below)) return asObject(first);
  const value = first.fields.get(below);
  return value === undefined ? {} : { [below]: value };
}

/** One that no path can be read as more than. */
const PLAIN_NAME = /^[A-Za-z][\w-]*$/;

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
