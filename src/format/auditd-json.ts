/**
 * An audit event's lines as one line of JSON, for who looks at lines of JSON without parsing them (`match/line-sieve.ts`).
 *
 *   node=vm type=EXECVE msg=audit(1795360477.780:650): argc=2 a0="ls" a1=C3A9 …   and the event's other lines
 *   {"ID":"1795360477.780:650","NODE":"vm","EXECVE":{"argc":"2","a0:":"ls","a1":"C3A9"},"PATH":{…},"PATH 2":{…}}
 *
 * A name with a colon is of a value in quotes: one without them may be hexadecimal. Written of lines that are plain (fields of
 * letters and digits, one after the other, in ASCII; `auditd-fields.ts`); of others nothing is made. Where a name stands twice in a
 * record, so it does in the JSON, which has no shape then.
 *
 * Invariant: the JSON gives the event that the lines give (a property test compares the documents).
 */
import type { Json, JsonObject } from '../event/json.ts';
import { isJsonObject } from '../event/json.ts';
import { type ArgumentPieces, addPiece, isOfArguments, joinArguments } from './auditd-arguments.ts';
import type { AuditContext, AuditEvent, AuditFields, AuditRecords, AuditValues } from './auditd-event.ts';
import { AuditFieldWriter, MOST_BYTES } from './auditd-fields.ts';
import { stands } from './auditd-head.ts';
import { type JoinedLines, PLACES } from './auditd-joined.ts';
import { decodedValue } from './auditd-record.ts';

const [SPACE, QUOTE, COMMA, BACKSLASH, COLON, LAST, CLOSE] = [0x20, 0x22, 0x2c, 0x5c, 0x3a, 0x7e, 0x7d];
const bytesOf = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
const [EOE, AVC, EXECVE] = ['EOE', 'AVC', 'EXECVE'].map(bytesOf) as [Uint8Array, Uint8Array, Uint8Array];
const [ID, NODE] = [bytesOf('{"ID":"'), bytesOf('","NODE":"')] as const;

/** Writes the JSON of one event after the other into the same room. */
export class AuditJson {
  private readonly fields = new AuditFieldWriter();
  private readonly out = this.fields.out;
  private readonly lines = this.fields.lines;
  private length = 0;

  /** @returns undefined where the lines are not plain; good until the next event */
  of(event: JoinedLines): Uint8Array | undefined {
    const { head, places, placed, size } = event;
    if (head === undefined || placed === 0 || size > MOST_BYTES) return undefined;
    event.ended.copy(this.lines, 0, 0, size + 1);
    this.length = 0;
    this.put(ID);
    this.copy(head.idStart, head.idEnd);
    if (head.nodeEnd > head.nodeStart) {
      this.put(NODE);
      if (!this.copy(head.nodeStart, head.nodeEnd)) return undefined;
    }
    this.byte(QUOTE);
    let records = 0;
    for (let at = 0; at < placed; at += PLACES) {
      const start = places[at] as number;
      const end = places[at + 1] as number;
      if (this.is(EOE, start, end)) continue;
      if (this.is(AVC, start, end)) return undefined;
      this.name(start, end, this.earlierOf(places, at));
      const isExecve = this.is(EXECVE, start, end);
      const to = this.fields.write(places[at + 2] as number, places[at + 3] as number, this.length, isExecve);
      if (to < 0) return undefined;
      this.length = to;
      records += 1;
    }
    if (records === 0) return undefined;
    this.byte(CLOSE);
    return this.out.subarray(0, this.length);
  }

  /** How many records of the same type stand before it. */
  private earlierOf(places: Int32Array, at: number): number {
    const start = places[at] as number;
    const length = (places[at + 1] as number) - start;
    let earlier = 0;
    for (let other = 0; other < at; other += PLACES) {
      const from = places[other] as number;
      if ((places[other + 1] as number) - from === length && this.isAgain(from, start, length)) earlier += 1;
    }
    return earlier;
  }

  private name(start: number, end: number, earlier: number): void {
    this.byte(COMMA);
    this.byte(QUOTE);
    this.copy(start, end);
    if (earlier > 0) this.length += this.out.write(` ${earlier + 1}`, this.length, 'latin1');
    this.byte(QUOTE);
    this.byte(COLON);
  }

  private is(text: Uint8Array, start: number, end: number): boolean {
    return end - start === text.length && stands(text, this.lines, start);
  }

  private isAgain(start: number, other: number, length: number): boolean {
    for (let at = 0; at < length; at += 1) if (this.lines[start + at] !== this.lines[other + at]) return false;
    return true;
  }

  private put(text: Uint8Array): void {
    for (let at = 0; at < text.length; at += 1) this.out[this.length + at] = text[at] as number;
    this.length += text.length;
  }

  private byte(byte: number): void {
    this.out[this.length] = byte;
    this.length += 1;
  }

  /** @returns whether all of it is plain */
  private copy(start: number, end: number): boolean {
    const { out, lines } = this;
    let to = this.length;
    let isPlain = true;
    for (let at = start; at < end; at += 1) {
      const byte = lines[at] as number;
      out[to] = byte;
      isPlain &&= byte >= SPACE && byte <= LAST && byte !== QUOTE && byte !== BACKSLASH;
      to += 1;
    }
    this.length = to;
    return isPlain;
  }
}

/** The event of such JSON. */
export class JsonAuditEvent implements AuditEvent {
  readonly node: string | undefined;
  readonly time: string;
  readonly serial: string;
  readonly records: AuditRecords;
  readonly context: AuditContext;
  readonly isAsWritten = true;
  readonly isEscaped = true;
  readonly encoding = 'hexadecimal';
  private readonly json: JsonObject;
  private joined: readonly string[] | undefined;

  constructor(json: JsonObject, context: AuditContext) {
    const [time = '', serial = ''] = String(json.ID).split(':');
    this.node = Object.hasOwn(json, 'NODE') ? String(json.NODE) : undefined;
    this.time = time;
    this.serial = serial;
    this.context = context;
    this.json = json;
    this.records = new JsonRecords(json);
  }

  get args(): readonly string[] | undefined {
    if (this.joined === undefined && this.records.has('EXECVE')) this.joined = argumentsIn(this.json);
    return this.joined;
  }

  get title(): string | undefined {
    const title = this.records.get('PROCTITLE')?.[0]?.fields.get('proctitle');
    if (typeof title !== 'string') return undefined;
    return title.slice(0, title.endsWith('\0') ? -1 : undefined).replaceAll('\0', ' ');
  }
}

class JsonRecords implements AuditRecords {
  private readonly byType = new Map<string, AuditFields[]>();

  constructor(json: JsonObject) {
    for (const name of Object.keys(json)) {
      const record = name === 'ID' || name === 'NODE' ? undefined : json[name];
      if (!isJsonObject(record)) continue;
      const type = typeOf(name);
      const all = this.byType.get(type);
      const fields = { fields: new JsonFields(type, record) };
      if (all === undefined) this.byType.set(type, [fields]);
      else all.push(fields);
    }
  }

  get size(): number {
    return this.byType.size;
  }

  has(type: string): boolean {
    return this.byType.has(type);
  }

  keys(): Iterable<string> {
    return this.byType.keys();
  }

  get(type: string): readonly AuditFields[] | undefined {
    return this.byType.get(type);
  }
}

class JsonFields implements AuditValues {
  private readonly type: string;
  private readonly record: JsonObject;

  constructor(type: string, record: JsonObject) {
    this.type = type;
    this.record = record;
  }

  get(name: string): Json | undefined {
    if (this.type === 'EXECVE' && isOfArguments(name)) return undefined;
    const { record } = this;
    const quoted = `${name}:`;
    const isBare = Object.hasOwn(record, name);
    if (Object.hasOwn(record, quoted) && !(isBare && this.standsFirst(name, quoted))) return record[quoted];
    return isBare ? decodedValue(name, String(record[name])) : undefined;
  }

  /** What the kernel says stands before what a program says of itself. */
  private standsFirst(name: string, other: string): boolean {
    return Object.keys(this.record).find((key) => key === name || key === other) === name;
  }

  *[Symbol.iterator](): Iterator<readonly [string, Json]> {
    const names = new Set<string>();
    for (const key of Object.keys(this.record)) names.add(key.endsWith(':') ? key.slice(0, -1) : key);
    for (const name of names) {
      const value = this.get(name);
      if (value !== undefined) yield [name, value];
    }
  }
}

function typeOf(name: string): string {
  const space = name.indexOf(' ');
  return space === -1 ? name : name.slice(0, space);
}

function argumentsIn(json: JsonObject): readonly string[] {
  const args: ArgumentPieces = new Map();
  for (const name of Object.keys(json)) {
    const record = typeOf(name) === 'EXECVE' ? json[name] : undefined;
    if (!isJsonObject(record)) continue;
    for (const key of Object.keys(record)) {
      const isQuoted = key.endsWith(':');
      addPiece(args, isQuoted ? key.slice(0, -1) : key, String(record[key]), isQuoted);
    }
  }
  return joinArguments(args);
}
