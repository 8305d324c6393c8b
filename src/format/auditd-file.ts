/**
 * The file that an audit event is about: one of its PATH records, as go-libaudit chooses it.
 *
 * A call has a PATH record for each directory it looked through and each name it found; which one is the object depends
 * on the call (`AuditObject.path`), and directories on the way (`PARENT`) are not meant.
 */
import { posix } from 'node:path';
import type { Json, JsonObject } from '../event/json.ts';
import { type AuditEvent, type AuditFields, firstRecord, syscallOf, textOf } from './auditd-event.ts';

/** The PATH record that is meant; `index` counts from 0. */
export function objectPath(event: AuditEvent, index: number): AuditFields['fields'] | undefined {
  const paths = event.records.get('PATH') ?? [];
  const from = paths.length > index ? index : 0;
  const meant = paths.slice(from).find(({ fields }) => !isOnTheWay(fields)) ?? paths[from];
  return meant?.fields;
}

/** A name that is not absolute is completed by the working directory, unless the call took another directory. */
export function fullPath(event: AuditEvent, path: AuditFields['fields']): string | undefined {
  const name = textOf(path.get('name'));
  const cwd = textOf(firstRecord(event, 'CWD')?.get('cwd'));
  if (name === undefined || name === '' || name.startsWith('/') || cwd?.startsWith('/') !== true) return name;
  return takesOtherDirectory(event) ? name : posix.join(cwd, name);
}

/** Permission bits as four octal digits: `0100750` → `0750`. */
export function permissions(mode: string | undefined): string | undefined {
  if (mode === undefined || !/^[0-7]{1,10}$/.test(mode)) return undefined;
  return (Number.parseInt(mode, 8) & 0o7777).toString(8).padStart(4, '0');
}

/** What the type bits of a mode say, in go-libaudit's words. */
export function fileKind(mode: string | undefined): string | undefined {
  if (mode === undefined || !/^[0-7]{1,10}$/.test(mode)) return undefined;
  return KINDS[(Number.parseInt(mode, 8) & 0o170000) >> 12];
}

/** All that `fileKind` says. */
export function fileKinds(): readonly string[] {
  return Object.values(KINDS);
}

/** Whether the call made the file: the kernel says so of the name it found. */
export function isCreated(path: AuditFields['fields'] | undefined): boolean {
  return path !== undefined && nameType(path) === 'CREATE';
}

/** A PATH record with its SELinux label in parts, as Elastic's integration has it. */
export function describedPath({ fields }: AuditFields): JsonObject {
  const described: [string, Json][] = [];
  for (const [name, value] of fields) {
    const label = name === 'obj' && typeof value === 'string' ? selinuxLabel(value) : undefined;
    if (label === undefined) described.push([name, value]);
    else for (const [part, text] of Object.entries(label)) described.push([`obj_${part}`, text]);
  }
  return Object.fromEntries(described);
}

/** `system_u:object_r:etc_t:s0:c0.c1023` in its parts; a label of another security module is its `user` alone. */
export function selinuxLabel(label: string): Readonly<Record<string, string>> {
  const [user = '', role, domain, level, ...category] = label.split(':');
  return {
    user,
    ...(role === undefined ? {} : { role }),
    ...(domain === undefined ? {} : { domain }),
    ...(level === undefined ? {} : { level }),
    ...(category.length === 0 ? {} : { category: category.join(':') }),
  };
}

const KINDS: Readonly<Record<number, string>> = {
  1: 'named-pipe',
  2: 'character-device',
  4: 'directory',
  6: 'block-device',
  8: 'file',
  10: 'symlink',
  12: 'socket',
};

// Kernels before 4.3 call it `objtype`.
function nameType(path: AuditFields['fields']): string | undefined {
  return textOf(path.get('nametype')) ?? textOf(path.get('objtype'));
}

function isOnTheWay(path: AuditFields['fields']): boolean {
  const type = nameType(path);
  return type === 'PARENT' || type === 'UNKNOWN';
}

/** `openat(dirfd, …)` with a directory of its own; AT_FDCWD is -100. */
function takesOtherDirectory(event: AuditEvent): boolean {
  if (!/at2?$/.test(syscallOf(event) ?? '')) return false;
  const directory = textOf(firstRecord(event, 'SYSCALL')?.get('a0'));
  return directory !== undefined && !/^(?:ffffffff)?ffffff9c$/i.test(directory);
}
