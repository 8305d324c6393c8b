/**
 * Which needs of rules a line meets by one field.
 *
 *   members that hold the field's values ──their bytes──▶ texts that stand there ──▶ needs
 *   members that it is made of ──bytes seen before──▶ needs      └──new──▶ read the field; once more──▶ read the line, remember
 */
import type { Values } from '../event/field-path.ts';
import { ARRAY, FALSE, type LineScanner, type LineShape, NULL, NUMBER, STRING, TRUE } from '../format/line-shape.ts';
import { LONGEST_VALUE } from '../format/line-values.ts';

import { type ByteIndex, isOddlyWritten, type SearchedBytes } from './byte-index.ts';
import { type Marks, MarksOfValues, mark, marksIn } from './byte-marks.ts';
import { escaped } from './byte-text.ts';
import type { Noted } from './field-facts.ts';
import { isAscii, searchedForm } from './literal.ts';
import type { NumberNeeds } from './number-needs.ts';
import { Patience } from './patience.ts';
import { RecentTexts } from './recent-texts.ts';
import type { SieveSwitches } from './sieve-switches.ts';
import { ValueTree } from './value-tree.ts';

/** What rules need of a field. */
export interface Needs {
  /** Met by any value. */
  readonly present: Marks;
  /** Met by values that hold a text. */
  readonly texts: ByteIndex;
  readonly numbers: NumberNeeds;
}

export interface Probe {
  /**
   * Marks what the line that was scanned last meets.
   * @returns false where that cannot be told without reading it, or hardly ever
   */
  meet(scanner: LineScanner<unknown>, line: Uint8Array, met: Int32Array): boolean;
  /** About what it costs, in bytes, by the line that was scanned last. */
  costOf(scanner: LineScanner<unknown>): number;
  /** The member that holds a text by which alone it tells; -1, or absent, where there is more to it. */
  readonly onlyText?: number;
}

/** To look up what is remembered, or to read the field. */
const REMEMBERED = 1_000;

const [QUOTE, BACKSLASH, POINT, MINUS, ZERO, COMMA, SPACE, CLOSING_BRACKET] = [
  0x22, 0x5c, 0x2e, 0x2d, 0x30, 0x2c, 0x20, 0x5d,
];

/** Of a field whose values stand in the line as they are. What a value meets is remembered by its bytes. */
export class CopyProbe implements Probe {
  private readonly members: readonly LineShape<unknown>[];
  private readonly needs: Needs;
  private readonly always: Int32Array;
  /** What any value meets. */
  private readonly anyway: readonly Marks[];
  private readonly isEverThere: boolean;
  /** By number of value (`line-values.ts`), what it meets beside that. */
  private readonly known = new MarksOfValues();
  private generation = 0;
  private readonly patience: Patience;

  /** @param always what each line meets; the probe adds what it does by there being a value */
  constructor(members: readonly LineShape<unknown>[], needs: Needs, always: Int32Array, switches: SieveSwitches) {
    this.patience = patienceOf(switches);
    this.members = members.filter(({ kind }) => kind !== NULL);
    this.needs = needs;
    this.always = always;
    this.anyway = [needs.present, ...needs.texts.common.map(({ marks }) => marks)];
    this.isEverThere = this.members.some(({ kind }) => kind !== ARRAY);
    if (this.isEverThere) for (const marks of this.anyway) mark(marks, always);
  }

  get onlyText(): number {
    const [member, ...others] = this.members;
    return member?.kind === STRING && others.length === 0 ? member.number : -1;
  }

  meet(scanner: LineScanner<unknown>, _line: Uint8Array, met: Int32Array): boolean {
    const { members } = this;
    const { bytes, starts, ends } = scanner;
    for (let at = 0; at < members.length; at += 1) {
      const { number, kind } = members[at] as LineShape<unknown>;
      const start = starts[number] as number;
      const end = ends[number] as number;
      if (kind === STRING) {
        if (!this.meetValue(scanner, number, start + 1, end - 1, met)) return false;
      } else if (kind === NUMBER) {
        if (!isPlainNumber(bytes, start, end) || !this.meetValue(scanner, number, start, end, met)) return false;
      } else if (kind === TRUE || kind === FALSE) {
        if (!this.meetValue(scanner, number, start, end, met)) return false;
      } else if (kind !== ARRAY || !this.meetValue(scanner, number, start, end, met, true)) {
        return false;
      }
    }
    return true;
  }

  costOf({ starts, ends }: LineScanner<unknown>): number {
    return this.members.reduce((sum, { number }) => sum + (ends[number] as number) - (starts[number] as number), 0);
  }

  private search(scanner: LineScanner<unknown>, start: number, end: number, met: Int32Array): boolean {
    if (scanner.isOdd && isOddlyWritten(scanner.bytes, start, end)) return false;
    if (!this.isEverThere) for (const marks of this.anyway) mark(marks, met);
    this.needs.texts.search(scanner, start, end, met);
    this.needs.numbers.meetBytes(scanner.bytes, start, end, met);
    return true;
  }

  private searchIn(
    scanner: LineScanner<unknown>,
    start: number,
    end: number,
    met: Int32Array,
    isArray: boolean,
  ): boolean {
    return isArray ? this.searchStrings(scanner, start, end, met) : this.search(scanner, start, end, met);
  }

  /** @param isArray whether the member is not one value, but some */
  private meetValue(
    scanner: LineScanner<unknown>,
    member: number,
    start: number,
    end: number,
    met: Int32Array,
    isArray = false,
  ): boolean {
    if (this.patience.isLost) return this.searchIn(scanner, start, end, met, isArray);
    const number = scanner.valueOf(member);
    const { generation } = scanner.values;
    if (this.generation !== generation) this.forget(generation);
    const known = number === -1 ? undefined : this.known.get(number);
    this.patience.told(known !== undefined);
    if (known !== undefined) {
      mark(known, met);
      return true;
    }
    if (!this.patience.isLeft || end - start > LONGEST_VALUE) return this.searchIn(scanner, start, end, met, isArray);
    this.patience.learned();
    const own = new Int32Array(met.length);
    if (!this.searchIn(scanner, start, end, own, isArray)) return false;
    const marks = marksIn(own, this.always);
    mark(marks, met);
    this.remember(scanner, member, marks);
    return true;
  }

  private remember(scanner: LineScanner<unknown>, member: number, marks: Marks): void {
    const number = scanner.addValueOf(member);
    if (number !== -1) this.known.set(number, marks);
  }

  private forget(generation: number): void {
    this.known.clear();
    this.generation = generation;
  }

  /** Of an array that holds nothing but strings. */
  private searchStrings(scanner: LineScanner<unknown>, start: number, end: number, met: Int32Array): boolean {
    const { bytes } = scanner;
    let at = start + 1;
    while (at < end) {
      const byte = bytes[at] as number;
      if (byte === CLOSING_BRACKET) return true;
      if (byte === QUOTE) {
        const first = at + 1;
        at = first;
        while (bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
        if (!this.search(scanner, first, at, met)) return false;
      } else if (byte !== COMMA && byte > SPACE) {
        return false;
      }
      at += 1;
    }
    return true;
  }
}

/** Whether the number is written as JavaScript writes it: without a fraction, and not `-0`. */
function isPlainNumber(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] === POINT) return false;
  return !(bytes[start] === MINUS && bytes[start + 1] === ZERO);
}

function patienceOf({ withoutMemory, isHasty }: SieveSwitches): Patience {
  const patience = new Patience(isHasty);
  patience.isLost = withoutMemory === true;
  return patience;
}

interface MadeOptions {
  /** Of the marks, in integers. */
  readonly size: number;
  readonly grew: (branches: number) => void;
  readonly switches: SieveSwitches;
}

/** What the field's values meet; undefined where they are not all ASCII. */
type Met = { readonly met: Marks | undefined };

/** Of a field whose values are made of others: remembered by those. */
export class MadeProbe implements Probe {
  private readonly needs: Needs;
  private readonly size: number;
  private readonly grew: (branches: number) => void;
  private readonly valuesIn: (line: Uint8Array) => Noted | undefined;
  private readonly valuesOf: (line: Uint8Array) => Values | undefined;
  private readonly tree = new ValueTree<Met>();
  private readonly patience: Patience;
  private readonly byText = new RecentTexts<Marks>();
  /** Whether texts come again at all. */
  private readonly textPatience: Patience;

  /**
   * @param valuesOf the field's values, read with nothing noted
   */
  constructor(
    needs: Needs,
    { size, grew, switches }: MadeOptions,
    valuesIn: (line: Uint8Array) => Noted | undefined,
    valuesOf: (line: Uint8Array) => Values | undefined,
  ) {
    this.needs = needs;
    this.size = size;
    this.grew = grew;
    this.patience = patienceOf(switches);
    this.textPatience = patienceOf(switches);
    this.valuesIn = valuesIn;
    this.valuesOf = valuesOf;
  }

  meet(scanner: LineScanner<unknown>, line: Uint8Array, met: Int32Array): boolean {
    const found = this.patience.isLost ? undefined : this.known(scanner, line);
    if (found === undefined) {
      const values = this.valuesOf(line);
      return values !== undefined && this.meetAll(values, met);
    }
    if (found.met === undefined) return false;
    mark(found.met, met);
    return true;
  }

  private known(scanner: LineScanner<unknown>, line: Uint8Array): Met | undefined {
    const found = this.tree.find(scanner);
    this.patience.told(found !== undefined);
    return found ?? this.learn(scanner, line);
  }

  costOf(): number {
    return REMEMBERED;
  }

  private learn(scanner: LineScanner<unknown>, line: Uint8Array): Met | undefined {
    const { tree } = this;
    if (!this.patience.isLeft || tree.isBeyond(scanner) || tree.isFirst(scanner)) return undefined;
    this.patience.learned();
    const noted = this.valuesIn(line);
    if (noted === undefined) return undefined;
    const met = new Int32Array(this.size);
    const found = { met: this.meetAll(noted.values, met) ? marksIn(met, NONE) : undefined };
    this.grew(tree.add(scanner, noted.made, found) ?? 0);
    return found;
  }

  /** @returns whether all are ASCII */
  private meetAll(values: Values, met: Int32Array): boolean {
    for (const value of values) {
      const text = String(value);
      const known = this.textPatience.isLost ? undefined : this.recent(text);
      if (known !== undefined) mark(known, met);
      else if (!this.search(text, met)) return false;
    }
    return true;
  }

  /** What a text meets, remembered; undefined where it is not ASCII. */
  private recent(text: string): Marks | undefined {
    const found = this.byText.find(text);
    this.textPatience.told(found !== undefined);
    if (found !== undefined || !isAscii(text)) return found;
    const met = new Int32Array(this.size);
    // What is remembered is looked for whole: short texts are not taken to stand in each value.
    if (!this.search(text, met, false)) return undefined;
    const marks = marksIn(met, NONE);
    this.byText.add(text, marks);
    return marks;
  }

  /**
   * @param takesShort whether the shortest texts are taken to stand in it unseen
   * @returns whether it is ASCII
   */
  private search(value: string, met: Int32Array, takesShort = true): boolean {
    const form = searchedForm(value);
    if (!isAscii(form)) return false;
    mark(this.needs.present, met);
    this.needs.numbers.meetValue(value, met);
    const searched = searchable(escaped(form));
    this.needs.texts.search(searched, 0, searched.length, met);
    const bytes = searched.bytes.subarray(0, searched.length);
    for (const { text, marks } of this.needs.texts.common)
      if (takesShort || bytes.indexOf(text.bytes) !== -1) mark(marks, met);
    return true;
  }
}

const NONE = new Int32Array(0);

/** For texts that are searched as bytes, one at a time. */
const ROOM = Buffer.from(new ArrayBuffer(4_096));
const SEARCHED = { bytes: ROOM, words: new Int32Array(ROOM.buffer) };

interface Searchable extends SearchedBytes {
  readonly bytes: Buffer;
  readonly length: number;
}

function searchable(text: string): Searchable {
  const { length } = text;
  if (length <= ROOM.length) {
    ROOM.write(text, 'latin1');
    return { ...SEARCHED, length };
  }
  const room = new ArrayBuffer(Math.ceil(length / 4) * 4);
  const bytes = Buffer.from(room);
  bytes.write(text, 'latin1');
  return { bytes, words: new Int32Array(room), length };
}
