/**
 * The Linux audit log as laurel writes it: one JSON object an event, record types as keys.
 *
 *   object ──percent-decode, same names and number forms as audit.log──▶ AuditEvent ──derivations──▶ Event
 *
 * Laurel encodes what is no valid UTF-8, controls, `%` and `+` as `%xx` in every string; it writes decimal numbers as
 * numbers and registers as `"0x…"`, the registers of SYSCALL as `ARGV`, and adds `PID`, `PPID`, `SCRIPT` and the like,
 * which are kept as they are (decoded) under `auditd.record.syscall`.
 */
import type { Json, JsonObject } from '../event/json.ts';
import { isJsonObject } from '../event/json.ts';
import { auditEvent } from './auditd-ecs.ts';
import type { AuditEvent, AuditFields } from './auditd-event.ts';
import type { FormatSettings } from './format.ts';
import { type Format, type ReadLine, rejectLine } from './format-reader.ts';

const ID = /^(\d{1,12}\.\d{1,9}):(\d{1,20})$/;
const RECORD_TYPE = /^(?:[A-Z][A-Z0-9_]*|UNKNOWN\[\d{1,5}\])$/;

export const laurel: Format = {
  name: 'laurel',
  recognises: ({ json }) => json !== undefined && typeof json.ID === 'string' && ID.test(json.ID),
  open: (settings, sink) => ({
    line(line: ReadLine): void {
      const record = line.json && readLaurel(line.json, settings);
      if (record === undefined) {
        rejectLine(sink, line, 'bad-audit-record', 'The object has an audit event’s ID and no audit record.');
      } else {
        sink.event(auditEvent('laurel', record, line.bytes, line.origin));
      }
    },
  }),
};

function readLaurel(json: JsonObject, settings: FormatSettings): AuditEvent | undefined {
  const id = ID.exec(String(json.ID));
  const records = new Map<string, AuditFields[]>();
  let args: readonly string[] | undefined;
  let title: string | undefined;
  for (const [type, value] of Object.entries(json)) {
    if (type === 'ID' || type === 'NODE' || !RECORD_TYPE.test(type)) continue;
    const all = (Array.isArray(value) ? value : [value]).filter(isJsonObject);
    if (all.length === 0) continue;
    if (type === 'EXECVE') args = all.flatMap(argumentsOf);
    if (type === 'PROCTITLE') title = titleOf(all[0] as JsonObject);
    records.set(
      type,
      all.map((record) => readFields(type, record)),
    );
  }
  if (id === null || records.size === 0) return undefined;
  return {
    node: typeof json.NODE === 'string' ? decodePercent(json.NODE) : undefined,
    time: id[1] as string,
    serial: id[2] as string,
    records,
    args,
    title,
    context: { settings, ingested: settings.now() },
  };
}

function readFields(type: string, record: JsonObject): AuditFields {
  const fields = new Map<string, Json>();
  for (const [name, value] of Object.entries(record)) {
    if (value === null) continue;
    if (name === 'ARGV' && type === 'SYSCALL' && Array.isArray(value)) {
      for (const [index, register] of value.entries()) fields.set(`a${index}`, withoutPrefix(asText(register)));
    } else if (name === 'ARGV' || name === 'ARGV_STR') {
      // EXECVE and PROCTITLE: read apart.
    } else if (name === 'arch' || (type === 'PATH' && name === 'mode')) {
      fields.set(name, withoutPrefix(asText(value)));
    } else {
      fields.set(name, asRaw(value));
    }
  }
  return { fields };
}

/** `execve-argv` is configurable: a list, one string (whose boundaries are lost), or both. */
function argumentsOf(record: JsonObject): string[] {
  if (Array.isArray(record.ARGV)) return record.ARGV.map(asText);
  return typeof record.ARGV_STR === 'string' ? record.ARGV_STR.split(' ').map(decodePercent) : [];
}

/** A list, in which laurel leaves the NUL of an empty argument; or one string. */
function titleOf(record: JsonObject): string | undefined {
  const { ARGV: list, proctitle: line = null } = record;
  const title = Array.isArray(list) ? list.map(asText).join(' ') : line === null ? undefined : asText(line);
  return title?.replaceAll('\0', ' ');
}

/** As the audit log has it: scalars as text, what laurel adds as it is. */
function asRaw(value: Json): Json {
  if (Array.isArray(value)) return value.map(asRaw);
  if (isJsonObject(value)) return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, asRaw(part)]));
  return value === null ? null : asText(value);
}

function asText(value: Json): string {
  if (typeof value === 'string') return decodePercent(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** `0xc000003e` → `c000003e`, `0o100755` → `0100755`. */
function withoutPrefix(text: string): string {
  if (text.startsWith('0x')) return text.slice(2);
  return text.startsWith('0o') ? `0${text.slice(2)}` : text;
}

/** Undoes `%xx` by bytes, so that several of them may make one character; what is no valid UTF-8 is replaced. */
function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  const latin = Buffer.from(text, 'utf8').toString('latin1');
  const bytes = latin.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
