/**
 * Who did what to what in an audit event, as go-libaudit sums it up: `auditd.summary.*`, and the users and groups of ECS
 * that follow from it.
 *
 * Who acts is the login id (`auid`), which stays through `su` and `sudo`, and then the user the process runs as. In what
 * programs say of sessions and accounts (USER_LOGIN, ADD_USER), the account is named in the message.
 */
import type { Json, JsonObject } from '../event/json.ts';
import { APPARMOR_DENIAL, type AuditAction, recordAction, SELINUX_DENIAL, syscallAction } from './auditd-actions.ts';
import { type AuditEvent, field, firstRecord, mainType, socketOf, syscallOf, textOf } from './auditd-event.ts';
import { fileKind, objectPath } from './auditd-file.ts';

/** What happened, before what only an execution or a created file changes; `undefined` for an unknown record type. */
export function normalised(event: AuditEvent): AuditAction | undefined {
  const type = mainType(event);
  if (type === 'SYSCALL') return syscallAction(syscallOf(event) ?? 'syscall');
  const record = recordAction(type) ?? (type === 'AVC' ? denial(event) : undefined);
  const call = syscallOf(event);
  if (record === undefined || call === undefined) return record;
  const beside = syscallAction(call);
  if (beside === record) return record;
  return { ...record, category: union(record.category, beside.category), type: union(record.type, beside.type) };
}

/** `auditd.summary`: actor, object, and how. */
export function summary(event: AuditEvent): JsonObject | undefined {
  const action = normalised(event);
  const actor = {
    primary: nameOrId(event, action?.actor?.primary ?? ['auid']),
    secondary: nameOrId(event, action?.actor?.secondary ?? ['uid']),
  };
  const object = action === undefined ? {} : objectOf(event, action);
  const how = action?.how === undefined ? program(event) : (first(event, action.how) ?? program(event));
  const parts: Record<string, Json> = {};
  for (const [name, part] of Object.entries({ actor, object })) {
    const known = withoutUndefined(part);
    if (Object.keys(known).length > 0) parts[name] = known;
  }
  if (how !== undefined) parts.how = how;
  return Object.keys(parts).length === 0 ? undefined : parts;
}

/** A user or a group as far as it is named; the id that means "not set" names nobody. */
export interface Named {
  readonly id?: string;
  readonly name?: string;
}

export interface AuditPeople {
  /** Whether `user` is who the message names, instead of the process's user. */
  readonly told: boolean;
  readonly user?: Named | undefined;
  readonly effective?: Named | undefined;
  readonly target?: Named | undefined;
  readonly group?: Named | undefined;
}

export function peopleOf(event: AuditEvent): AuditPeople {
  const people = normalised(event)?.people;
  if (people === undefined) return { told: false };
  const user = named(event, ['auid']);
  const runsAs = named(event, ['uid']);
  const account = join(named(event, ['acct']), named(event, ['id']));
  switch (people) {
    case 'session':
      return { told: true, user, effective: account ?? runsAs };
    case 'login':
      return {
        told: true,
        user: named(event, ['old_auid', 'old-auid']),
        effective: named(event, ['new-auid', 'new_auid', 'auid']),
      };
    case 'account':
    case 'password':
      return { told: true, user, effective: runsAs, target: account, group: named(event, ['grp']) };
    case 'group':
      return { told: true, user, effective: runsAs, group: named(event, ['grp']) ?? account };
  }
}

function denial(event: AuditEvent): AuditAction | undefined {
  if (field(event, 'apparmor') !== undefined) return APPARMOR_DENIAL;
  return field(event, 'seresult') === undefined ? undefined : SELINUX_DENIAL;
}

function objectOf(event: AuditEvent, { object }: AuditAction) {
  const type = object.what;
  if (type === 'file' || type === 'filesystem') {
    const path = objectPath(event, object.path ?? 0);
    const kind = fileKind(textOf(path?.get('mode')));
    return {
      type: kind ?? type,
      primary: textOf(path?.get('name')) ?? first(event, object.primary),
      secondary: undefined,
    };
  }
  if (type === 'socket') {
    const address = socketOf(event);
    return { type, primary: address?.addr ?? address?.path, secondary: address?.port?.toString() };
  }
  return { type, primary: first(event, object.primary), secondary: first(event, object.secondary) };
}

/** The program, or of an interpreter's the name that the kernel has for the process: that of the script. */
function program(event: AuditEvent): string | undefined {
  const exe = first(event, ['exe']);
  const comm = first(event, ['comm']);
  return exe === undefined || /^\/usr\/bin\/(?:python|sh|bash|perl)/.test(exe) ? (comm ?? exe) : exe;
}

/** The first of these fields that says something. */
function first(event: AuditEvent, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fieldOf(event, name);
    if (value !== undefined) return value;
  }
  return undefined;
}

function fieldOf(event: AuditEvent, name: string): string | undefined {
  const value = textOf(firstRecord(event, mainType(event))?.get(name)) ?? field(event, name);
  return value === '?' || value === '(none)' || value === '' ? undefined : value;
}

function nameOrId(event: AuditEvent, names: readonly string[]): string | undefined {
  const value = first(event, names);
  if (value === undefined || !/^-?\d+$/.test(value)) return value;
  return isUnset(value) ? 'unset' : (nameOf(event, names, value) ?? value);
}

function named(event: AuditEvent, names: readonly string[]): Named | undefined {
  const value = first(event, names);
  if (value === undefined || isUnset(value)) return undefined;
  if (!/^\d+$/.test(value)) return { name: value };
  const name = nameOf(event, names, value);
  return name === undefined ? { id: value } : { id: value, name };
}

/** As auditd translated it (`AUID="ada"` beside `auid=1000`), else as this machine knows it. */
function nameOf(event: AuditEvent, names: readonly string[], id: string): string | undefined {
  for (const name of names) {
    if (fieldOf(event, name) !== id) continue;
    const told = fieldOf(event, name.toUpperCase());
    if (told !== undefined && told !== 'unset' && !told.startsWith('unknown(')) return told;
  }
  return names.includes('grp') ? undefined : event.context.settings.userName?.(id);
}

function isUnset(id: string): boolean {
  return id === '4294967295' || id === '-1' || id === 'unset';
}

function join(a: Named | undefined, b: Named | undefined): Named | undefined {
  return a === undefined ? b : { ...b, ...a };
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])];
}

function withoutUndefined(parts: Readonly<Record<string, string | undefined>>): Record<string, Json> {
  return Object.fromEntries(Object.entries(parts).filter((part): part is [string, string] => part[1] !== undefined));
}
