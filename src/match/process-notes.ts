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
import { type IdText, LONGEST_ID } from '../format/id-text.ts';
import { hostOf, type ProcessChange, processChange } from '../format/known-process.ts';
import type { LineScanner } from '../format/line-shape.ts';
import { isPart } from '../format/part-names.ts';
import { LineNote, type LineTeller, loginOf, type ProcessNote } from '../format/process-note.ts';
import { LONGEST_KEPT_LINE } from '../format/told-process.ts';
import type { ValueRange } from '../format/value-ranges.ts';
import { DecisionTree } from './decision-tree.ts';
import { FieldFacts, type Noted } from './field-facts.ts';
import { Patience } from './patience.ts';
import type { PlannedLines } from './sieve-plan.ts';

interface Part {
  readonly member: number;
  readonly isGuid: boolean;
  /** Whether it is the part of a text (`text-parts.ts`), around which no quotes stand. */
  readonly isInText: boolean;
  /** Whether a number may be written as `0x…`. */
  readonly takesHex: boolean;
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

type NotedLines = Pick<PlannedLines, 'reader' | 'times' | 'members' | 'grew' | 'switches'>;

/** @returns undefined where lines like the one at hand have to be read */
export function processNotesOf(lines: NotedLines): ProcessNotes | undefined {
  const { read, readAtOtherTime, readChanged } = lines.reader();
  const line = read();
  if (line === undefined) return undefined;
  const { event, recorded } = line;
  for (const field of LOG_SOURCE_FIELDS) event.read(field);
  const decided = recorded.read.filter((member) => !lines.times.has(member));
  const facts = new FieldFacts(read, readAtOtherTime, new Set(decided), () => false);
  const change = processChange(event);
  if (change === undefined || change === 'login') return undefined;
  const partOf = (field: string): Part | undefined => {
    const form = event.form(field);
    const { values, made } = facts.valuesIn(read, readAtOtherTime, field) ?? NOTHING;
    const [member, ...others] = made;
    if (form === undefined || member === undefined || others.length > 0) return undefined;
    const to = (value: Json) => (typeof value === 'number' ? 1 : SAID[form]);
    const saidOf = (what: typeof to) =>
      readChanged({ members: new Set(made), to: what })?.event.read(field) ?? NO_VALUES;
    // A text where the field would be inside an object is looked at, too, and never says anything.
    const isSaid = values.length > 0 || saidOf(to).length === 1;
    const isInText = [...lines.members.values()].some((one) => one.number === member && isPart(one));
    const takesHex = saidOf(() => HEX)[0] === Number(HEX);
    return isSaid ? { member, isGuid: form === 'guid', isInText, takesHex } : undefined;
  };
  const partOrNone = (field: string) => (facts.lacks(field) ? undefined : (partOf(field) ?? NO_PART));
  const parts: Parts = {
    change,
    format: event.format,
    pid: partOf('process.pid') ?? NO_PART,
    ppid: partOrNone('process.parent.pid'),
    entityId: partOrNone('process.entity_id'),
    parentEntityId: partOrNone('process.parent.entity_id'),
    lacksStart: facts.lacks('process.start'),
  };
  const used = change === 'end' ? [parts.pid] : [parts.pid, parts.ppid, parts.entityId, parts.parentEntityId];
  return used.includes(NO_PART) ? undefined : new ProcessNotes(parts, facts, lines);
}

const NO_PART: Part = { member: -1, isGuid: false, isInText: false, takesHex: false };
const HEX = '0x1a';
/** What each form of a field takes for a value. */
const SAID: Readonly<Record<Form, string>> = { same: '1', number: '1', guid: '11111111-1111-1111-1111-111111111111' };
const NOTHING: Noted = { values: NO_VALUES, made: [] };

export class ProcessNotes {
  private readonly parts: Parts;
  private readonly hosts: Learned<string>;
  private readonly tellers: Learned<LineTeller>;
  private readonly start: LineNote;
  private readonly end: { kind: 'end'; host: string; pid: number } = { kind: 'end', host: '', pid: 0 };

  constructor(parts: Parts, facts: FieldFacts, lines: NotedLines) {
    const { format, lacksStart } = parts;
    this.parts = parts;
    this.hosts = new Learned(['host.id', 'host.name'], hostOf, facts, lines);
    const tellerIn = (event: Event) => ({ format, ...loginOf(event) });
    this.tellers = new Learned(['auditd.session', 'auditd.user.audit.id'], tellerIn, facts, lines);
    this.start = new LineNote(lacksStart ? undefined : null);
  }

  /** Of the line that was scanned last, and good until the next one comes; undefined where it has to be read. */
  of(scanner: LineScanner<unknown>, line: Uint8Array): ProcessNote | undefined {
    if (line.length > LONGEST_KEPT_LINE) return undefined;
    const pid = numberAt(scanner, this.parts.pid);
    if (pid === 0) return undefined;
    const host = this.hosts.of(scanner, line);
    if (host === undefined) return undefined;
    if (this.parts.change === 'end') {
      this.end.host = host;
      this.end.pid = pid;
      return this.end;
    }
    return this.startOf(scanner, line, host, pid);
  }

  /** What lines have in common of which the like is noted as of the line that was scanned last. */
  alike(scanner: LineScanner<unknown>): NotedAlike | undefined {
    const { change, pid, ppid, entityId, parentEntityId } = this.parts;
    const host = this.hosts.alike(scanner);
    const teller = change === 'end' ? NO_TELLER : this.tellers.alike(scanner);
    if (host === undefined || teller === undefined) return undefined;
    const parts = change === 'end' ? [pid] : [pid, ppid, entityId, parentEntityId];
    const members = parts.flatMap((part) => (part === undefined ? [] : [part.member]));
    return { host, teller, members };
  }

  /** As `of`, of a line that has this in common with ones before. */
  ofAlike(scanner: LineScanner<unknown>, line: Uint8Array, { host, teller }: NotedAlike): ProcessNote | undefined {
    const pid = line.length > LONGEST_KEPT_LINE ? 0 : numberAt(scanner, this.parts.pid);
    const name = this.hosts.ofAlike(scanner, host);
    if (pid === 0 || name === undefined) return undefined;
    if (this.parts.change !== 'end') {
      const known = this.tellers.ofAlike(scanner, teller as Alike<LineTeller>);
      return known && this.startBy(scanner, line, name, pid, known);
    }
    this.end.host = name;
    this.end.pid = pid;
    return this.end;
  }

  private startOf(scanner: LineScanner<unknown>, line: Uint8Array, host: string, pid: number): ProcessNote | undefined {
    const teller = this.tellers.of(scanner, line);
    return teller && this.startBy(scanner, line, host, pid, teller);
  }

  private startBy(
    scanner: LineScanner<unknown>,
    line: Uint8Array,
    host: string,
    pid: number,
    teller: LineTeller,
  ): ProcessNote | undefined {
    const { start, parts } = this;
    const ppid = parts.ppid === undefined ? 0 : numberAt(scanner, parts.ppid);
    if (ppid === 0 && parts.ppid !== undefined) return undefined;
    if (parts.entityId !== undefined && !writeId(scanner, parts.entityId, start.entityId)) return undefined;
    if (parts.parentEntityId !== undefined && !writeId(scanner, parts.parentEntityId, start.parentEntityId))
      return undefined;
    start.host = host;
    start.pid = pid;
    start.ppid = ppid;
    start.teller = teller;
    start.line = line;
    return start;
  }
}

/** @returns whether it is plainly written */
function writeId(scanner: LineScanner<unknown>, part: Part, id: IdText): boolean {
  const { member, isGuid } = part;
  const { bytes } = scanner;
  const start = (scanner.starts[member] as number) + 1;
  const end = (scanner.ends[member] as number) - 1;
  if (bytes[start - 1] !== QUOTE) {
    const number = numberAt(scanner, part);
    return number !== 0 && id.write(String(number));
  }
  const length = end - start;
  if (length <= 0 || length > LONGEST_ID) return false;
  if (isGuid && length === GUID_LENGTH && writeBareGuid(bytes, start, id)) return true;
  const to = id.bytes;
  let says = 0;
  for (let at = 0; at < length; at += 1) {
    const byte = bytes[start + at] as number;
    const kind = ID_BYTES[byte] as number;
    if (kind === 0) return false;
    says |= kind;
    to[at] = byte;
  }
  // Of zeros and signs alone it may say nothing.
  if (says < SAYS) return false;
  id.end(length);
  return true;
}

/** What is known of lines that hold the same in some members: all that it is made of, or all but one. */
interface Alike<V> {
  readonly ranges: readonly ValueRange[];
  /** By the number of whose value the rest is told; -1 where there is none, and what is known. */
  readonly member: number;
  readonly value: V | undefined;
}

export interface NotedAlike {
  readonly host: Alike<string>;
  readonly teller: Alike<LineTeller | undefined>;
  /** Those that are read of each line. */
  readonly members: readonly number[];
}

const NO_TELLER: Alike<undefined> = { ranges: [], member: -1, value: undefined };

/** What is made of a few values that come again and again, by their bytes. */
class Learned<V> {
  private readonly fields: readonly string[];
  private readonly readFrom: (event: Event) => V;
  private readonly facts: FieldFacts;
  private readonly lines: NotedLines;
  private readonly known: DecisionTree<{ readonly value: V }>;
  private readonly patience: Patience;
  /** By the number of the value of the one member that it is made of. */
  private byValue: (V | undefined)[] = [];
  private generation = 0;

  /** @param fields all that the value is made of */
  constructor(fields: readonly string[], readFrom: (event: Event) => V, facts: FieldFacts, lines: NotedLines) {
    this.fields = fields;
    this.readFrom = readFrom;
    this.facts = facts;
    this.lines = lines;
    this.known = new DecisionTree(lines.switches.withoutUsualWay);
    this.patience = new Patience(lines.switches.isHasty);
  }

  /** Of the line that was scanned last; undefined where it has to be read. */
  of(scanner: LineScanner<unknown>, line: Uint8Array): V | undefined {
    if (this.patience.isLost) return undefined;
    const found = this.known.find(scanner);
    this.patience.told(found !== undefined);
    if (found !== undefined) return found.value;
    return this.patience.isLeft ? this.learn(scanner, line) : undefined;
  }

  alike(scanner: LineScanner<unknown>): Alike<V> | undefined {
    const found = this.known.find(scanner);
    const ranges = this.known.rangesOf(scanner);
    if (found === undefined || ranges === undefined) return undefined;
    const [one, ...others] = ranges;
    if (one === undefined || others.length > 0) return { ranges, member: -1, value: found.value };
    const number = scanner.addValueOf(one.member);
    const { generation } = scanner.values;
    if (number === -1) return undefined;
    if (this.generation !== generation) this.byValue = [];
    this.generation = generation;
    // Without gaps it is no table.
    while (this.byValue.length <= number) this.byValue.push(undefined);
    this.byValue[number] = found.value;
    return { ranges: [], member: one.member, value: undefined };
  }

  ofAlike(scanner: LineScanner<unknown>, { member, value }: Alike<V>): V | undefined {
    if (member === -1) return value;
    const { byValue } = this;
    const number = this.generation === scanner.values.generation ? scanner.valueOf(member) : -1;
    const found = number >= 0 && number < byValue.length ? byValue[number] : undefined;
    if (found !== undefined) this.patience.told(true);
    return found;
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

const [QUOTE, DASH, OPENING, CLOSING] = [0x22, 0x2d, 0x7b, 0x7d];
/** Where a GUID without braces has its dashes. */
const GUID_LENGTH = 36;
const DASHES = Uint8Array.from({ length: GUID_LENGTH }, (_, at) => ([8, 13, 18, 23].includes(at) ? 1 : 0));
const [ZERO, NINE] = [0x30, 0x39];
const LONGEST_NUMBER = 15;
const LONGEST_HEX = 12;
const LETTER_X = 0x78;
const SAYS = 2;
/** Of what an id is written of plainly: 1 for signs and zeros, 2 for what says something. */
const ID_BYTES = new Uint8Array(256);
for (const sign of '{}-0_.:') ID_BYTES[sign.charCodeAt(0)] = 1;
for (const sign of '123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ') {
  ID_BYTES[sign.charCodeAt(0)] = SAYS;
}

const HEX_BYTES = new Uint8Array(256);
for (const digit of '0123456789abcdefABCDEF') HEX_BYTES[digit.charCodeAt(0)] = 1;

/**
 * As `bracedGuid` does: with braces.
 * @returns whether it is one without them, in either case, and not of zeros alone
 */
function writeBareGuid(bytes: Uint8Array, start: number, id: IdText): boolean {
  const to = id.bytes;
  let says = 0;
  for (let at = 0; at < GUID_LENGTH; at += 1) {
    const byte = bytes[start + at] as number;
    if (byte === DASH) {
      if (DASHES[at] !== 1) return false;
    } else {
      if (HEX_BYTES[byte] !== 1 || DASHES[at] === 1) return false;
      says |= byte ^ ZERO;
    }
    to[at + 1] = byte;
  }
  if (says === 0) return false;
  to[0] = OPENING;
  to[GUID_LENGTH + 1] = CLOSING;
  id.end(GUID_LENGTH + 2);
  return true;
}

/** A whole number in decimal, or as `0x…`, as it stands or as text; 0 where it is written in another way. */
function numberAt({ bytes, starts, ends }: LineScanner<unknown>, { member, isInText, takesHex }: Part): number {
  let start = starts[member] as number;
  let end = ends[member] as number;
  if (isInText || bytes[start] === QUOTE) {
    start += 1;
    end -= 1;
  }
  if (takesHex && bytes[start] === ZERO && bytes[start + 1] === LETTER_X) return hexAt(bytes, start + 2, end);
  if (end - start > LONGEST_NUMBER) return 0;
  let number = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte < ZERO || byte > NINE) return 0;
    number = number * 10 + byte - ZERO;
  }
  return number;
}

function hexAt(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > LONGEST_HEX) return 0;
  let number = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (HEX_BYTES[byte] !== 1) return 0;
    number = number * 16 + (byte > NINE ? (byte & 0xf) + 9 : byte - ZERO);
  }
  return number;
}
