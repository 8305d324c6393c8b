/**
 * What the table of processes is told of lines that start or end a process and that nobody reads.
 *
 *   line ──members that hold pid, parent's pid, entity ids; host and session by bytes seen before──▶ note, with the line itself
 *
 * Sound because each of the former is the text or the number of one member, by promise of the format (`FieldSource.form`), and a
 * member that is written in any other way than plainly makes the line be read; the latter are learned of lines that are read.
 */
import { type Event, type Form, LOG_SOURCE_FIELDS } from '../event/event.ts';
import { NO_VALUES } from '../event/field-path.ts';
import type { Json } from '../event/json.ts';
import { hostOf, type ProcessChange, processChange } from '../format/known-process.ts';
import type { LineScanner } from '../format/line-shape.ts';
import { LAUREL, type Login, laurelParentOf, loginOf, type ProcessNote } from '../format/process-note.ts';
import { LONGEST_KEPT_LINE, type ToldLine } from '../format/told-process.ts';
import { DecisionTree } from './decision-tree.ts';
import { FieldFacts, type Noted } from './field-facts.ts';
import { Patience } from './patience.ts';
import type { PlannedLines } from './sieve-plan.ts';

interface Part {
  readonly member: number;
  readonly isGuid: boolean;
}

interface Parts {
  readonly change: ProcessChange;
  readonly format: string;
  readonly pid: Part;
  /** These are absent where lines like this never say them. */
  readonly ppid: Part | undefined;
  readonly entityId: Part | undefined;
  readonly parentEntityId: Part | undefined;
  /** Whether these lines never say when a process began. */
  readonly lacksStart: boolean;
}

/** @returns undefined where lines like the one at hand have to be read */
export function processNotesOf(lines: PlannedLines): ProcessNotes | undefined {
  const { read, readAtOtherTime, readChanged } = lines.reader();
  const line = read();
  if (line === undefined) return undefined;
  const { event, recorded } = line;
  for (const field of LOG_SOURCE_FIELDS) event.read(field);
  const decided = recorded.read.filter((member) => !lines.times.has(member));
  const facts = new FieldFacts(read, readAtOtherTime, new Set(decided), () => false);
  const change = processChange(event);
  const lacks = (field: string) => {
    const fact = facts.of(field);
    return fact.kind === 'constant' && fact.values.length === 0;
  };
  if (change === undefined || change === 'login') return undefined;
  const partOf = (field: string): Part | undefined => {
    const form = event.form(field);
    const { values, made } = facts.valuesIn(read, readAtOtherTime, field) ?? NOTHING;
    const [member, ...others] = made;
    if (form === undefined || member === undefined || others.length > 0) return undefined;
    const to = (value: Json) => (typeof value === 'number' ? 1 : SAID[form]);
    // A text where the field would be inside an object is looked at, too, and never says anything.
    const isSaid = values.length > 0 || readChanged({ members: new Set(made), to })?.event.read(field).length === 1;
    return isSaid ? { member, isGuid: form === 'guid' } : undefined;
  };
  const partOrNone = (field: string) => (lacks(field) ? undefined : (partOf(field) ?? NO_PART));
  const parts: Parts = {
    change,
    format: event.format,
    pid: partOf('process.pid') ?? NO_PART,
    ppid: partOrNone('process.parent.pid'),
    entityId: partOrNone('process.entity_id'),
    parentEntityId: partOrNone('process.parent.entity_id'),
    lacksStart: lacks('process.start'),
  };
  const used = change === 'end' ? [parts.pid] : [parts.pid, parts.ppid, parts.entityId, parts.parentEntityId];
  return used.includes(NO_PART) ? undefined : new ProcessNotes(parts, facts, lines);
}

const NO_PART: Part = { member: -1, isGuid: false };
/** What each form of a field takes for a value. */
const SAID: Readonly<Record<Form, string>> = { same: '1', number: '1', guid: '11111111-1111-1111-1111-111111111111' };
const NOTHING: Noted = { values: NO_VALUES, made: [] };

export class ProcessNotes {
  private readonly parts: Parts;
  private readonly hosts: Learned<string>;
  private readonly logins: Learned<Login>;
  private readonly bytes: Buffer;
  /** By what they end in. */
  private readonly parents = new Array<string>(MOST_PARENTS).fill('');

  constructor(parts: Parts, facts: FieldFacts, lines: PlannedLines) {
    this.parts = parts;
    this.hosts = new Learned(['host.id', 'host.name'], hostOf, facts, lines);
    this.logins = new Learned(['auditd.session', 'auditd.user.audit.id'], loginOf, facts, lines);
    const { bytes } = lines.scanner;
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Of the line that was scanned last; undefined where it has to be read. */
  of(scanner: LineScanner<unknown>, line: Uint8Array): ProcessNote | undefined {
    const { change, format, pid: pidPart, ppid: ppidPart, entityId: idPart, parentEntityId: parentPart } = this.parts;
    if (line.length > LONGEST_KEPT_LINE) return undefined;
    const pid = numberAt(scanner, pidPart);
    if (pid === 0) return undefined;
    const host = this.hosts.of(scanner, line);
    if (host === undefined) return undefined;
    if (change === 'end') return { kind: 'end', host, pid };
    const login = this.logins.of(scanner, line);
    if (login === undefined) return undefined;
    const ppid = ppidPart && numberAt(scanner, ppidPart);
    const entityId = idPart && this.textAt(scanner, idPart);
    const parentEntityId = parentPart && this.textAt(scanner, parentPart, this.parents);
    if (ppid === 0 || entityId === '' || parentEntityId === '') return undefined;
    const told: ToldLine = { line: this.bytes.toString('latin1', 0, scanner.length), format, at: 'process' };
    return {
      kind: 'start',
      host,
      pid,
      ppid,
      entityId,
      parentEntityId,
      start: this.parts.lacksStart ? undefined : null,
      told,
      login,
      laurelParent: format === LAUREL ? () => laurelParentOf(told) : undefined,
    };
  }

  /**
   * @param recent where texts of this part often come again
   * @returns an empty text where it is not plainly written
   */
  private textAt(scanner: LineScanner<unknown>, part: Part, recent?: string[]): string {
    const { member, isGuid } = part;
    const { bytes } = scanner;
    const start = (scanner.starts[member] as number) + 1;
    const end = (scanner.ends[member] as number) - 1;
    if (bytes[start - 1] !== QUOTE) return numberAt(scanner, part) === 0 ? '' : String(numberAt(scanner, part));
    if (end <= start || end - start > LONGEST_ID) return '';
    // As `bracedGuid` does, in one piece: a text of pieces is put together again where it is looked up.
    if (isGuid && isBareGuid(bytes, start, end)) return textOf(BRACED, 0, BRACED.length, recent);
    let says = 0;
    for (let at = start; at < end; at += 1) {
      const kind = ID_BYTES[bytes[at] as number] as number;
      if (kind === 0) return '';
      says |= kind;
    }
    // Of zeros and signs alone it may say nothing.
    return says < SAYS ? '' : textOf(this.bytes, start, end, recent);
  }
}

/** What is made of a few values that come again and again, by their bytes. */
class Learned<V> {
  private readonly fields: readonly string[];
  private readonly readFrom: (event: Event) => V;
  private readonly facts: FieldFacts;
  private readonly lines: PlannedLines;
  private readonly known = new DecisionTree<{ readonly value: V }>();
  private readonly patience = new Patience();

  /** @param fields all that the value is made of */
  constructor(fields: readonly string[], readFrom: (event: Event) => V, facts: FieldFacts, lines: PlannedLines) {
    this.fields = fields;
    this.readFrom = readFrom;
    this.facts = facts;
    this.lines = lines;
  }

  /** Of the line that was scanned last; undefined where it has to be read. */
  of(scanner: LineScanner<unknown>, line: Uint8Array): V | undefined {
    if (this.patience.isLost) return undefined;
    const found = this.known.find(scanner);
    this.patience.told(found !== undefined);
    if (found !== undefined) return found.value;
    return this.patience.isLeft ? this.learn(scanner, line) : undefined;
  }

  private learn(scanner: LineScanner<unknown>, line: Uint8Array): V | undefined {
    this.patience.learned();
    const { read, readAtOtherTime } = this.lines.reader(line);
    const noted = this.fields.map((field) => this.facts.valuesIn(read, readAtOtherTime, field));
    const event = read()?.event;
    if (event === undefined || noted.includes(undefined)) return undefined;
    const value = this.readFrom(event);
    const made = new Set(noted.flatMap((one) => one?.made ?? []));
    this.lines.grew(this.known.add(scanner, [...made], { value }) ?? 0);
    return value;
  }
}

/** Made anew only where it is none of the recent ones: a text that was looked up before is found again in less time. */
function textOf(bytes: Buffer, start: number, end: number, recent: string[] | undefined): string {
  if (recent === undefined) return bytes.toString('latin1', start, end);
  // Of a short one what stands before it counts, too, which does no harm.
  const last = ((bytes[end - 1] as number) * 31 + (bytes[end - 2] as number)) * 31 + (bytes[end - 3] as number);
  const place = (last * 31 + (bytes[end - 4] as number)) % recent.length;
  const known = recent[place] as string;
  if (isWrittenAs(known, bytes, start, end)) return known;
  const text = bytes.toString('latin1', start, end);
  recent[place] = text;
  return text;
}

function isWrittenAs(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  const { length } = text;
  if (length !== end - start) return false;
  for (let at = 0; at < length; at += 1) if (text.charCodeAt(at) !== bytes[start + at]) return false;
  return true;
}

/** Ids of parents that are kept for the processes that they start next. */
const MOST_PARENTS = 256;
/** The GUID that was seen last. */
const BRACED = Buffer.from(`{${' '.repeat(36)}}`);
const [QUOTE, DASH] = [0x22, 0x2d];
/** Where a GUID without braces has its dashes. */
const GUID_LENGTH = 36;
const DASHES = Uint8Array.from({ length: GUID_LENGTH }, (_, at) => ([8, 13, 18, 23].includes(at) ? 1 : 0));
const [ZERO, NINE] = [0x30, 0x39];
const LONGEST_ID = 128;
const LONGEST_NUMBER = 15;
const SAYS = 2;
/** Of what an id is written of plainly: 1 for signs and zeros, 2 for what says something. */
const ID_BYTES = new Uint8Array(256);
for (const sign of '{}-0_.:') ID_BYTES[sign.charCodeAt(0)] = 1;
for (const sign of '123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ') {
  ID_BYTES[sign.charCodeAt(0)] = SAYS;
}

const HEX_BYTES = new Uint8Array(256);
for (const digit of '0123456789abcdefABCDEF') HEX_BYTES[digit.charCodeAt(0)] = 1;

/** In either case, as `bracedGuid` has it, and not of zeros alone. What it sees is written into `BRACED`. */
function isBareGuid(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== GUID_LENGTH) return false;
  let says = 0;
  for (let at = 0; at < GUID_LENGTH; at += 1) {
    const byte = bytes[start + at] as number;
    if (byte === DASH) {
      if (DASHES[at] !== 1) return false;
    } else {
      if (HEX_BYTES[byte] !== 1 || DASHES[at] === 1) return false;
      says |= byte ^ ZERO;
    }
    BRACED[at + 1] = byte;
  }
  return says !== 0;
}

/** A whole number in decimal, as it stands or as text; 0 where it is written in another way. */
function numberAt({ bytes, starts, ends }: LineScanner<unknown>, { member }: Part): number {
  let start = starts[member] as number;
  let end = ends[member] as number;
  if (bytes[start] === QUOTE) {
    start += 1;
    end -= 1;
  }
  if (end - start > LONGEST_NUMBER) return 0;
  let number = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte < ZERO || byte > NINE) return 0;
    number = number * 10 + byte - ZERO;
  }
  return number;
}
