/**
 * The records of a Linux audit event as Sigma's rules for auditd name them, one after the other: which events have such a
 * record, and where each of its fields stands. The kernel tells one thing in several records, and a field of the same name
 * says another thing in another record: `a1` of EXECVE is an argument of the command, of SYSCALL one of the system call.
 *
 * Sources: the names of `format/auditd-ecs.ts`; the audit system's own names of records and fields.
 */
import { NO_SPAN } from '../diagnostic/span.ts';
import { ecsFieldType } from '../event/ecs-fields.ts';
import { exists, type FieldRef, matchAny, or, type Predicate } from '../plan/predicate/node.ts';

export interface AuditRecord {
  /** In lower case. */
  readonly type: string;
  /** The array whose objects are the records, where an event may have several. */
  readonly array?: string;
  /** Where a field stands; of none that the record cannot have. */
  fields(name: string): readonly FieldRef[];
  /** Whether an event has such a record. @param names fields that are asked of it */
  present(names: readonly string[]): Predicate;
}

const ARGUMENT = /^a(\d{1,3})$/;

const EXECVE: AuditRecord = {
  type: 'execve',
  fields(name) {
    const [, index] = ARGUMENT.exec(name) ?? [];
    if (index !== undefined) return [ref(`process.args[${index}]`)];
    return name === 'argc' ? [ref('process.args_count')] : [];
  },
  present: () => exists(ref('process.args'), NO_SPAN),
};

/** Fields of SYSCALL that ECS has a place for, which a source without the records themselves fills too. */
const SYSCALL_HOMES: ReadonlyMap<string, readonly string[]> = new Map([
  ['exe', ['process.executable']],
  ['comm', ['auditd.record.syscall.comm', 'process.name']],
  ['syscall', ['auditd.data.syscall', 'auditd.record.syscall.syscall']],
  ['SYSCALL', ['auditd.data.syscall']],
  ['key', ['tags']],
  ['pid', ['process.pid']],
  ['ppid', ['process.parent.pid']],
  ['uid', ['user.id']],
  ['ses', ['auditd.session']],
]);

const SYSCALL: AuditRecord = {
  type: 'syscall',
  fields: (name) => (SYSCALL_HOMES.get(name) ?? [`auditd.record.syscall.${name}`]).map(ref),
  present: () => exists(ref('auditd.record.syscall.syscall'), NO_SPAN),
};

const PATH_FIELDS: ReadonlySet<string> = new Set(
  'name nametype item inode dev mode ouid ogid rdev objtype cap_fp cap_fi cap_fe cap_fver'.split(' '),
);

const PATH: AuditRecord = {
  type: 'path',
  array: 'auditd.paths',
  fields: (name) => (PATH_FIELDS.has(name) ? [ref(`auditd.paths.${name}`)] : []),
  present: () => exists(ref('auditd.paths.name'), NO_SPAN),
};

const CWD: AuditRecord = {
  type: 'cwd',
  fields: (name) => (name === 'cwd' ? [ref('process.working_directory')] : []),
  present: () => exists(ref('process.working_directory'), NO_SPAN),
};

const PROCTITLE: AuditRecord = {
  type: 'proctitle',
  fields: (name) => (name === 'proctitle' ? [ref('process.title'), ref('process.command_line')] : []),
  present: () => exists(ref('process.title'), NO_SPAN),
};

/** Those that a system call's event is made of. */
export const AUDIT_CALL_RECORDS: readonly AuditRecord[] = [SYSCALL, EXECVE, PATH, CWD, PROCTITLE];

/** A record of any other type: the event is named after it, or has fields of it. */
export function otherAuditRecord(type: string): AuditRecord {
  const own = (name: string): FieldRef => ref(`auditd.record.${type}.${name}`);
  return {
    type,
    fields: (name) => [own(name), ref(`auditd.data.${name}`)],
    present(names) {
      const named = matchAny(ref('auditd.message_type'), { kind: 'equals', anyOf: [type], fold: 'unicode' }, NO_SPAN);
      return or([named, ...names.map((name) => exists(own(name), NO_SPAN))], NO_SPAN);
    },
  };
}

function ref(name: string): FieldRef {
  return { name, type: ecsFieldType(name) ?? 'unknown' };
}
