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
import type { AuditEvent, AuditFields, AuditRecords, AuditValues } from './auditd-event.ts';
import type { FormatSettings } from './format.ts';
import { type Format, type ReadLine, rejectLine } from './format-reader.ts';
import { KINDS, kindAt } from './recorded-json.ts';

const ID = /^(\d{1,12}\.\d{1,9}):(\d{1,20})$/;
const RECORD_TYPE = /^(?:[A-Z][A-Z0-9_]*|UNKNOWN\[\d{1,5}\])$/;

export const laurel: Format = {
  name: 'laurel',
  isAlone: true,
  names: ['ID'],
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
  const records = new LaurelRecords(json);
  return id === null || records.size === 0
    ? undefined
    : new LaurelEvent(json, records, { time: id[1] as string, serial: id[2] as string }, settings);
}

/** Values are read out of the object when they are asked for. */
class LaurelEvent implements AuditEvent {
  readonly encoding = 'percent';
  readonly time: string;
  readonly serial: string;
  readonly records: LaurelRecords;
  readonly context: AuditEvent['context'];
  private readonly json: JsonObject;
  private joined: readonly string[] | undefined;

  constructor(
    json: JsonObject,
    records: LaurelRecords,
    { time, serial }: { readonly time: string; readonly serial: string },
    settings: FormatSettings,
  ) {
    this.json = json;
    this.records = records;
    this.time = time;
    this.serial = serial;
    this.context = { settings, ingested: settings.now() };
  }

  get node(): string | undefined {
    const { NODE: node } = this.json;
    return typeof node === 'string' ? decodePercent(node) : undefined;
  }

  get args(): readonly string[] | undefined {
    if (this.records.has('EXECVE')) this.joined ??= this.records.objects('EXECVE').flatMap(argumentsOf);
    return this.joined;
  }

  get title(): string | undefined {
    const [first] = this.records.objects('PROCTITLE');
    return first === undefined ? undefined : titleOf(first);
  }
}

class LaurelRecords implements AuditRecords {
  private readonly json: JsonObject;
  private readonly types: ReadonlySet<string>;
  private readonly known = new Map<string, readonly AuditFields[]>();

  constructor(json: JsonObject) {
    this.json = json;
    this.types = typesIn(json);
  }

  get size(): number {
    return this.types.size;
  }

  has(type: string): boolean {
    return this.types.has(type);
  }

  keys(): Iterable<string> {
    return this.types;
  }

  get(type: string): readonly AuditFields[] | undefined {
    if (!this.types.has(type)) return undefined;
    let all = this.known.get(type);
    if (all === undefined) {
      all = this.objects(type).map((record) => ({ fields: new LaurelFields(type, record) }));
      this.known.set(type, all);
    }
    return all;
  }

  objects(type: string): readonly JsonObject[] {
    const value = Object.hasOwn(this.json, type) ? this.json[type] : undefined;
    return (Array.isArray(value) ? value : [value]).filter(isJsonObject);
  }
}

/** Of objects that are told to be of the same members, told once. */
const KNOWN_TYPES = new WeakMap<object, ReadonlySet<string>>();

function typesIn(json: JsonObject): ReadonlySet<string> {
  const { [KINDS]: kinds } = json as { readonly [KINDS]?: object };
  const known = kinds && KNOWN_TYPES.get(kinds);
  if (known !== undefined) return known;
  // What is in a list is not looked at: that need not be read to tell what the event is about.
  const isRecord = (type: string) => RECORD_TYPE.test(type) && ['array', 'object'].includes(kindAt(json, type));
  const types = new Set(Object.keys(json).filter((type) => type !== 'ID' && type !== 'NODE' && isRecord(type)));
  if (kinds !== undefined) KNOWN_TYPES.set(kinds, types);
  return types;
}

class LaurelFields implements AuditValues {
  private readonly type: string;
  private readonly record: JsonObject;
  private readonly known = new Map<string, Json | undefined>();

  constructor(type: string, record: JsonObject) {
    this.type = type;
    this.record = record;
  }

  get(name: string): Json | undefined {
    const known = this.known.get(name);
    if (known !== undefined || this.known.has(name)) return known;
    const value = this.find(name);
    this.known.set(name, value);
    return value;
  }

  private find(name: string): Json | undefined {
    if (REGISTER.test(name) && this.type === 'SYSCALL') {
      const registers = valueAt(this.record, 'ARGV');
      const register = Array.isArray(registers) ? registers[Number(name.slice(1))] : undefined;
      if (register !== undefined) return withoutPrefix(asText(register));
    }
    const value = valueAt(this.record, name);
    return value === undefined || value === null || isApart(name) ? undefined : this.read(name, value);
  }

  *[Symbol.iterator](): Iterator<readonly [string, Json]> {
    const names = new Set<string>();
    for (const [name, value] of Object.entries(this.record)) {
      if (value === null) continue;
      if (name === 'ARGV' && this.type === 'SYSCALL' && Array.isArray(value)) {
        for (const index of value.keys()) names.add(`a${index}`);
      } else if (!isApart(name)) {
        names.add(name);
      }
    }
    for (const name of names) yield [name, this.get(name) as Json];
  }

  private read(name: string, value: Json): Json {
    const isPrefixed = name === 'arch' || (this.type === 'PATH' && name === 'mode');
    return isPrefixed ? withoutPrefix(asText(value)) : asRaw(value);
  }
}

const REGISTER = /^a(?:0|[1-9]\d{0,3})$/;

/** Of EXECVE and PROCTITLE, what is no field. */
function isApart(name: string): boolean {
  return name === 'ARGV' || name === 'ARGV_STR';
}

function valueAt(record: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
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

/** Of what is no scalar, which laurel does not write there, nothing. */
function asText(value: Json): string {
  if (typeof value === 'string') return decodePercent(value);
  return typeof value === 'object' ? '' : String(value);
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
