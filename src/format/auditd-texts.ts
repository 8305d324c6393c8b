/**
 * Texts in which every value of an audit event stands, so that a search for words need not make the whole document (`Event.texts`).
 *
 *   raw lines ──as they are, and what is in hexadecimal digits read──▶ what the log says ┐
 *   few derived fields ──────────────────────────────────────────────▶ what is made of it ┴▶ texts
 *
 * Sound because each derived value is a part of one in the log (an id, the end of a path, a label's part), or a constant, or one
 * of those named here (a property test compares with the document). They hold more than that: names, and digits that are no text.
 */
import type { OwnWords } from '../event/event.ts';
import type { Json } from '../event/json.ts';
import { isJsonObject } from '../event/json.ts';
import { type AuditEvent, firstRecord, mainType, socketOf, syscallOf, textOf } from './auditd-event.ts';
import { fileKind, fileKinds, objectPath } from './auditd-file.ts';
import { normalised } from './auditd-summary.ts';
import { architectureName, architectureNames } from './auditd-syscalls.ts';
import { exitName } from './errno.ts';

/** What all events may say, whatever the log does. */
const CONSTANTS = 'auditd_manager.auditd\nlinux\nunset\nevent';
/** Fields whose values are made: of several, in other words, or of what the reader knows. */
const MADE: readonly string[] = [
  ...['@timestamp', 'event.id', 'event.kind', 'event.category', 'event.type', 'event.action', 'event.outcome'],
  ...['event.ingested', 'host.name', 'host.id', 'host.architecture', 'process.args_count', 'process.command_line'],
  ...[
    'process.title',
    'process.tty',
    'file.path',
    'file.mode',
    'network.direction',
    'auditd.message_type',
    'auditd.result',
  ],
];

/** As `CONSTANTS`, of values that are other words for what the log says in numbers. */
const IN_WORDS = [
  ...[CONSTANTS, 'auditd', 'success', 'failure', 'fail', 'unknown', 'ingress', 'egress', 'true', 'false'],
  ...[...architectureNames(), ...fileKinds(), 'unix', 'ipv4', 'ipv6', 'netlink'],
]
  .join('\n')
  .toLowerCase();

/**
 * Of an event in a line of JSON, what its values say that the line's texts do not, decoded (`decoded-values.ts`).
 *
 * @param source values of the fields that say which log source it is of
 */
export function auditWords(event: AuditEvent, source: readonly (Json | undefined)[]): OwnWords | undefined {
  const { encoding, context } = event;
  const { userName, hostId = '', hostName = '' } = context.settings;
  if (encoding === undefined || userName !== undefined) return undefined;
  // As ids of events begin.
  const made = [`${hostId}/`, `${hostName}/`, 'localhost/', mainType(event), syscallOf(event) ?? ''];
  for (const value of source) addScalars(value, made);
  made.push(normalised(event)?.object.what ?? '');
  return { fixed: IN_WORDS, made, unquoted: () => [], isWritten: true, encoding };
}

/** @returns undefined where users are named by who reads the log */
export function auditTexts(
  event: AuditEvent,
  raw: Uint8Array,
  get: (field: string) => Json | undefined,
): readonly string[] | undefined {
  if (event.context.settings.userName !== undefined) return undefined;
  const texts: string[] = [CONSTANTS];
  if (event.isAsWritten === true) texts.push(textsIn(raw, event.isEscaped === true));
  else addRecords(event, texts);
  for (const field of MADE) addScalars(get(field), texts);
  const { what, path = 0 } = normalised(event)?.object ?? {};
  if (what !== undefined) texts.push(what);
  if (what === 'file' || what === 'filesystem') {
    const kind = fileKind(textOf(objectPath(event, path)?.get('mode')));
    if (kind !== undefined) texts.push(kind);
  }
  texts.push(syscallOf(event) ?? '');
  addScalars(asJson(socketOf(event)), texts);
  addNumbered(event, texts);
  return texts;
}

/** Names of what is a number in the log, of the record that `auditd.data` has it of. */
function addNumbered(event: AuditEvent, texts: string[]): void {
  for (const type of event.records.keys()) {
    const record = firstRecord(event, type);
    const exit = textOf(record?.get('exit'));
    const arch = textOf(record?.get('arch'));
    if (exit !== undefined) texts.push(exitName(exit));
    if (arch !== undefined) texts.push(architectureName(arch) ?? '');
    if (type === 'SYSCALL' && isSaid(exit) && isSaid(arch)) return;
  }
}

function isSaid(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '?';
}

function addRecords(event: AuditEvent, texts: string[]): void {
  for (const type of event.records.keys()) {
    for (const { fields } of event.records.get(type) ?? []) for (const [, value] of fields) addScalars(value, texts);
  }
}

function addScalars(value: Json | undefined, texts: string[]): void {
  if (Array.isArray(value)) for (const item of value) addScalars(item, texts);
  else if (isJsonObject(value)) for (const item of Object.values(value)) addScalars(item, texts);
  else if (value !== undefined && value !== null) texts.push(String(value));
}

function asJson(value: object | undefined): Json | undefined {
  return value && { ...value };
}

const [EQUALS, QUOTE, LINE_FEED] = [0x3d, 0x22, 0x0a];
/** By byte: one more than the digit that it is, in the case that the kernel writes. */
const DIGITS = new Uint8Array(256);
for (const [at, digit] of [...'0123456789ABCDEF'].entries()) DIGITS[digit.charCodeAt(0)] = at + 1;
const FIRST_ROOM = 4_096;
let room = Buffer.alloc(FIRST_ROOM);

/** The bytes as text, and after it what their runs of hexadecimal digits say. */
function textsIn(raw: Uint8Array, isEscaped: boolean): string {
  const { length } = raw;
  // Of two digits and the sign before them there is a byte and a line feed.
  if (room.length < length) room = Buffer.alloc(2 * length);
  const into = room;
  let to = 0;
  for (let at = 0; at < length; at += 1) {
    const byte = raw[at];
    if (byte !== EQUALS && byte !== QUOTE) continue;
    const start = to;
    let next = at + 1;
    let high = digitAt(raw, next);
    let low = digitAt(raw, next + 1);
    while (high !== 0 && low !== 0) {
      into[to] = ((high - 1) << 4) | (low - 1);
      to += 1;
      next += 2;
      high = digitAt(raw, next);
      low = digitAt(raw, next + 1);
    }
    // An odd number of digits is a number.
    if (high !== 0 || to === start) to = start;
    else {
      into[to] = LINE_FEED;
      to += 1;
    }
    at = next - 1;
  }
  const text = Buffer.from(raw.buffer, raw.byteOffset, length).toString();
  return `${isEscaped ? text.replaceAll('\\\\', '\\') : text}\n${into.toString('utf8', 0, to)}`;
}

function digitAt(raw: Uint8Array, at: number): number {
  return at < raw.length ? (DIGITS[raw[at] as number] as number) : 0;
}
