/**
 * Members of a line of JSON whose text is a record of its own, as if their parts were members, too.
 *
 *   {"message":"<189>Jan 18 11:29:03 sw-1 %AAA-5-…: User …","product":"cisco"} ──scan──▶ shape
 *      └──the text's parts (syslog-parts.ts)──▶ shape after that, one for each set of parts: message␁host, message␁program, …
 *
 * So what is made of a part alone is known by that part, and lines that say other things are alike where it counts. A name of
 * a part holds a character that no name has as JSON writes it. A text that does not begin as syslog does is one part, `prose`.
 *
 * Invariant: lines whose shapes are alike have the same parts of their texts, or none that was told; what is read of parts is
 * what is read of the text (`RecordedJson` gives them).
 */
import type { JsonObject } from '../event/json.ts';
import { isJournalMessage, type LineScanner, type LineShape, mayBeRecord } from './line-shape.ts';
import { MOST_MEMBERS } from './line-walk.ts';
import { partName, shapeAfter } from './part-names.ts';
import { SnareShapes } from './snare-shapes.ts';
import { addHeader, type HeaderForm } from './syslog-forms.ts';
import type { SyslogLine } from './syslog-line.ts';
import { beginsAsSyslog, endsInSpace, SYSLOG_PARTS, SyslogSplitter, TEXT } from './syslog-parts.ts';
import type { ValueRange } from './value-ranges.ts';

export const PROSE = 'prose';
/** For the set of parts of a text that is none. */
const PROSE_ALONE = 1 << SYSLOG_PARTS.length;
const NAMES: readonly string[] = [...SYSLOG_PARTS, PROSE];

/** What a shape has to do with texts: the member that holds one, and by the set of its parts the shapes that follow. */
interface Opened<T> {
  readonly member: LineShape<T> | undefined;
  /** Whether that holds a message without a header. */
  readonly isMessage: boolean;
  readonly byParts: Map<number, Parted<T>>;
  /** Of the line before. */
  last: Parted<T> | undefined;
}

interface Parted<T> {
  readonly parts: number;
  /** The member that the first one is. */
  readonly first: number;
  /** The numbers of the parts, in order. */
  readonly numbers: readonly number[];
  readonly shape: LineShape<T>;
}

/** How it is known of a line without more than its scan, which parts its text has. */
export interface ToldText {
  /** That holds the text; -1 where there is none. */
  readonly member: number;
  /** Where the record begins in the text, the way that it takes, and the member that its first value is. */
  readonly tag: number;
  readonly way: number;
  readonly count: number;
  /** The places of members before that one are told by the scan. */
  readonly told: number;
  readonly ranges: readonly ValueRange[];
}

export class TextParts<T> {
  private readonly splitter = new SyslogSplitter();
  private readonly snare: Pick<SnareShapes<T>, 'shapeOf' | 'toldOf' | 'sawAgain'>;
  private readonly opened = new WeakMap<LineShape<T>, Opened<T>>();
  private last: LineShape<T> | undefined;
  private lastOpened: Opened<T> | undefined;

  /** @param withoutSnare for tests: Snare's records are texts that have no parts */
  constructor(withoutSnare = false) {
    this.snare = withoutSnare ? NO_WAYS : new SnareShapes<T>();
  }

  /** The shape of the line that was scanned last, with the parts of its text, whose places are the scanner's from then on. */
  shapeOf(scanner: LineScanner<T>, shape: LineShape<T>): LineShape<T> {
    const opened = this.openedOf(shape);
    const { member } = opened;
    if (member === undefined) return shape;
    const { bytes, starts, ends } = scanner;
    const start = (starts[member.number] as number) + 1;
    const end = (ends[member.number] as number) - 1;
    const form = opened.isMessage ? undefined : formOf(scanner, start, end);
    if (form?.isRecord === false) {
      const parted = partedAs(form.parts, shape, member, opened);
      place(scanner, parted, form, start, end);
      return parted.shape;
    }
    const parts = opened.isMessage
      ? this.splitter.splitMessage(bytes, start, end)
      : form === undefined
        ? this.partsOf(scanner, start, end)
        : this.splitter.retell(start, form);
    if (parts === 0) return this.snare.shapeOf(scanner, shape, member, this.splitter, end) ?? shape;
    const parted = partedAs(parts, shape, member, opened);
    const { first } = parted;
    if (parts === PROSE_ALONE) {
      starts[first] = start - 1;
      ends[first] = end + 1;
      return parted.shape;
    }
    const { splitter } = this;
    const { numbers } = parted;
    for (let at = 0; at < numbers.length; at += 1) {
      const part = numbers[at] as number;
      // As a string's place holds its quotes.
      starts[first + at] = (splitter.starts[part] as number) - 1;
      ends[first + at] = (splitter.ends[part] as number) + 1;
    }
    return parted.shape;
  }

  /**
   * What tells of lines of a shape that they have the same parts as the line that was scanned last, whose shape was told; undefined where
   * it takes more than the scan tells.
   */
  toldOf(scanner: LineScanner<T>, shape: LineShape<T>): ToldText | undefined {
    const count = shape.number + 1;
    const { member, isMessage } = this.openedOf(shape);
    if (member === undefined) return { member: -1, tag: 0, way: 0, count, told: count, ranges: [] };
    const start = (scanner.starts[member.number] as number) + 1;
    const end = (scanner.ends[member.number] as number) - 1;
    const form = isMessage || scanner.isOdd ? undefined : formOf(scanner, start, end);
    const header = form?.isRecord === true ? scanner.headers.rangesAt(start) : undefined;
    const record = form && this.snare.toldOf(scanner, count, start + form.tag);
    if (form === undefined || header === undefined || record === undefined) return undefined;
    const quoted = (bytes: Uint8Array) => Uint8Array.of(QUOTE, ...bytes);
    const { least, most } = header;
    const beginning = { member: member.number, least: quoted(least), most: quoted(most), isBeginning: true };
    return {
      ...{ member: member.number, tag: form.tag, way: record.way, count },
      told: count + record.values,
      ranges: [beginning, ...record.ranges],
    };
  }

  /** Whether the line that was scanned last, which is within the ranges, has these parts. */
  isTold(scanner: LineScanner<T>, { member, tag, way, count }: ToldText): boolean {
    if (member === -1) return true;
    const start = (scanner.starts[member] as number) + 1;
    const end = (scanner.ends[member] as number) - 1;
    const at = start + tag;
    if (scanner.isOdd || scanner.texts.toldAt(at, count) !== way || endsInSpace(scanner.bytes, start, end))
      return false;
    this.snare.sawAgain(scanner, way, count, at, end);
    return true;
  }

  private partsOf(scanner: LineScanner<T>, start: number, end: number): number {
    const { bytes, headers, texts } = scanner;
    const { splitter } = this;
    if (!beginsAsSyslog(bytes, start, end)) return PROSE_ALONE;
    if (endsInSpace(bytes, start, end)) {
      splitter.tagAt = -1;
      return 0;
    }
    const { sign } = texts;
    const parts = splitter.split(bytes, start, end, false, sign);
    const isTold = parts !== 0 || (splitter.tagAt !== -1 && splitter.tagAt === sign);
    if (isTold && headers.takesMore()) addHeader(headers, splitter, parts, bytes.subarray(start, end), start);
    return parts;
  }

  private openedOf(shape: LineShape<T>): Opened<T> {
    if (shape === this.last && this.lastOpened !== undefined) return this.lastOpened;
    let opened = this.opened.get(shape);
    if (opened === undefined) {
      const hasRoom = shape.number + 1 + NAMES.length < MOST_MEMBERS;
      const member = hasRoom ? textIn(shape) : undefined;
      const isMessage = member !== undefined && isJournalMessage(member);
      opened = { member, isMessage, byParts: new Map(), last: undefined };
      this.opened.set(shape, opened);
    }
    this.last = shape;
    this.lastOpened = opened;
    return opened;
  }
}

/** What is known of how the text begins, where the scan told of no record or of one in its place. */
function formOf<T>(scanner: LineScanner<T>, start: number, end: number): HeaderForm | undefined {
  const form = scanner.headers.find(start);
  if (form === undefined || endsInSpace(scanner.bytes, start, end)) return undefined;
  return (scanner.texts.sign === start + form.tag) === form.isRecord ? form : undefined;
}

/** The parts of a line of syslog that ends with its message; as a string's place holds its quotes, theirs do. */
function place<T>(scanner: LineScanner<T>, { first }: Parted<T>, form: HeaderForm, start: number, end: number): void {
  const { starts, ends } = scanner;
  const { starts: froms, ends: tos } = form;
  for (let at = 0; at < froms.length; at += 1) {
    starts[first + at] = start + (froms[at] as number) - 1;
    ends[first + at] = start + (tos[at] as number) + 1;
  }
  ends[first + froms.length - 1] = end + 1;
}

const NO_WAYS = { shapeOf: () => undefined, toldOf: () => undefined, sawAgain: () => {} };
const QUOTE = 0x22;

function textIn<T>(shape: LineShape<T>): LineShape<T> | undefined {
  for (let at: LineShape<T> | undefined = shape; at?.before !== undefined; at = at.before) {
    if (mayBeRecord(at) || isJournalMessage(at)) return at;
  }
  return undefined;
}

function partedAs<T>(parts: number, shape: LineShape<T>, member: LineShape<T>, opened: Opened<T>): Parted<T> {
  const { last } = opened;
  if (last?.parts === parts) return last;
  let parted = opened.byParts.get(parts);
  if (parted === undefined) {
    const numbers = [...NAMES.keys()].filter((part) => (parts & (1 << part)) !== 0);
    const names = numbers.map((part) => NAMES[part] as string);
    parted = { parts, first: shape.number + 1, numbers, shape: shapeAfter(shape, member, names) };
    opened.byParts.set(parts, parted);
  }
  opened.last = parted;
  return parted;
}

/** Of an object whose reading is noted: what its shape says of the text of a member, asked by its name. */
export const PARTS = Symbol('parts of a text');

/** The line of syslog that a text is, if any; or nothing known. */
export type KnownText = SyslogLine | typeof PROSE | undefined;

/** Asks the object for what is known of the text without reading it whole. */
export function partsIn(json: JsonObject, member: string): KnownText {
  const ask = (json as { readonly [PARTS]?: (member: string) => KnownText })[PARTS];
  return ask?.(member);
}

/** Of the same: whether the text of a member, a message without a header, is known to be no more than text (`SyslogLine.isPlain`). */
export const PLAIN = Symbol('plain text');

export function isPlainIn(json: JsonObject, member: string): boolean {
  const ask = (json as { readonly [PLAIN]?: (member: string) => boolean })[PLAIN];
  return ask?.(member) === true;
}

/** Whether a message without a header is no more than text, by the members that there are. */
export function hasPlain(member: string, names: { has(name: string): boolean }): boolean {
  return names.has(`0 ${partName(member, SYSLOG_PARTS[TEXT])}`);
}
