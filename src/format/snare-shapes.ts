/**
 * Shapes of lines of JSON of which a text is a record of Snare's, with its parts as members (`text-parts.ts`).
 *
 *   text after syslog's header ──walk along ways known (`text-walk.ts`)──▶ way, places ──▶ shape of that way
 *                                └──none──▶ split (`snare-parts.ts`) ──▶ a way more
 *
 * Invariant: of a line with such a shape it is known that the record has an id, and when it was written.
 */
import type { LineScanner, LineShape } from './line-shape.ts';
import { MOST_MEMBERS } from './line-walk.ts';
import { shapeAfter } from './part-names.ts';
import { CODE, COLUMN_OF, CREATED, FIRST_OF_REST, PLAIN, SNARE_SIGN, splitSnare, WINDOWS_TEXT } from './snare-parts.ts';
import { addDate } from './syslog-forms.ts';
import { HOST, LENGTH_OF_DATE, PRIORITY, SYSLOG_PARTS, type SyslogSplitter, TIMESTAMP } from './syslog-parts.ts';
import { TextHabits } from './text-habits.ts';
import type { TextWays } from './text-ways.ts';
import type { ValueRange } from './value-ranges.ts';

/** Texts that were split before those that take no known way are taken for too many sorts; and how many for each that takes one. */
const FIRST = 64;
const WALKED_FOR_ONE = 16;
/** More are not told; with those of the header, and Windows' text. */
const MOST_PARTS = 128;
const LONGEST_CODE = 10;
const [ZERO, NINE, FIRST_OF_SIGN] = [0x30, 0x39, SNARE_SIGN.charCodeAt(0)];
const HEADER = [PRIORITY, TIMESTAMP, HOST] as const;

/** Of a way, what its texts have. */
interface Way {
  /** Those that are walked. */
  readonly values: number;
  readonly names: readonly string[];
  /** Of Windows' text, which holds data: the value before it and the one behind it, by number. */
  readonly text: { readonly before: number; readonly behind: number | undefined } | undefined;
  readonly habits: TextHabits;
}

/** What told of a record's parts, beside the header. */
interface ToldRecord {
  readonly way: number;
  /** How many values the walk tells the places of. */
  readonly values: number;
  readonly ranges: readonly ValueRange[];
}

interface Parted<T> {
  readonly way: number;
  readonly header: number;
  readonly shape: LineShape<T>;
}

export class SnareShapes<T> {
  /** By number. */
  private readonly ways = new Map<number, Way>();
  private readonly known = new WeakMap<LineShape<T>, Map<number, Parted<T>>>();
  private last: { readonly from: LineShape<T>; readonly parted: Parted<T> } | undefined;
  private left = 0;
  private walked: TextWays | undefined;

  /**
   * The shape of the line that was scanned last, with the parts of its text, whose places are the scanner's from then on.
   * @param splitter that told the header of the member's text
   * @param end of the text
   * @returns undefined where it is no such record, or none that is told
   */
  shapeOf(
    scanner: LineScanner<T>,
    shape: LineShape<T>,
    member: LineShape<T>,
    splitter: SyslogSplitter,
    end: number,
  ): LineShape<T> | undefined {
    const { bytes, starts, ends } = scanner;
    const at = splitter.tagAt;
    if (at === -1 || bytes[at] !== FIRST_OF_SIGN || scanner.isOdd) return undefined;
    if (shape.number + MOST_PARTS + HEADER.length + 5 > MOST_MEMBERS) return undefined;
    if (scanner.texts !== this.walked) this.begin(scanner.texts);
    const { header } = splitter;
    const count = shape.number + 1;
    const number = this.wayOf(scanner, at, end, count);
    const way = this.ways.get(number);
    if (way === undefined) return undefined;
    const [code, created] = [count + CODE, count + CREATED];
    if (!isNumber(bytes, (starts[code] as number) + 1, (ends[code] as number) - 1)) return undefined;
    if (!isDate(scanner, splitter, (starts[created] as number) + 1, (ends[created] as number) - 1)) return undefined;
    scanner.holdsParts(count, count + way.values);
    if (way.text !== undefined) {
      const { before, behind } = way.text;
      const last = count + way.names.length - 1;
      // Behind a tab, and up to one.
      starts[last] = (ends[count + before] as number) - 1 + TAB_LENGTH - 1;
      ends[last] = behind === undefined ? end + 1 : (starts[count + behind] as number) + 1 - TAB_LENGTH + 1;
    }
    let next = count + way.names.length;
    for (const part of HEADER) {
      if ((header & (1 << part)) === 0) continue;
      starts[next] = (splitter.starts[part] as number) - 1;
      ends[next] = (splitter.ends[part] as number) + 1;
      next += 1;
    }
    const { last } = this;
    if (last?.from === shape && last.parted.way === number && last.parted.header === header) return last.parted.shape;
    return this.parted(shape, member, number, header, way);
  }

  /**
   * How the line that was scanned last was told, one of whose text the header is of a form (`text-forms.ts`): lines alike have its shape.
   * @param at where the record begins
   */
  toldOf(scanner: LineScanner<T>, count: number, at: number): ToldRecord | undefined {
    const { texts, bytes, starts, ends, dates } = scanner;
    const way = texts.toldAt(at, count);
    const values = this.ways.get(way)?.values;
    if (values === undefined) return undefined;
    const [code, created] = [count + CODE, count + CREATED];
    const date = dates.rangesAt((starts[created] as number) + 1);
    if (date === undefined) return undefined;
    const whole = bytes.slice(starts[created], ends[created]);
    const [least, most] = [whole, whole.slice()];
    least.set(date.least.subarray(0, LENGTH_OF_DATE), 1);
    most.set(date.most.subarray(0, LENGTH_OF_DATE), 1);
    const own = bytes.slice(starts[code], ends[code]);
    return {
      way,
      values,
      ranges: [
        { member: code, least: own, most: own },
        { member: created, least, most },
      ],
    };
  }

  /** Of a line that was taken to be of such a way as one before. */
  sawAgain(scanner: LineScanner<T>, way: number, count: number, at: number, end: number): void {
    this.left += 1;
    this.ways.get(way)?.habits.saw(scanner.texts, way, scanner, count, at, end);
  }

  /** Another scanner numbers its own ways. */
  private begin(walked: TextWays): void {
    this.walked = walked;
    this.ways.clear();
    this.last = undefined;
    this.left = FIRST * WALKED_FOR_ONE;
  }

  private wayOf(scanner: LineScanner<T>, at: number, end: number, count: number): number {
    const { texts, bytes, starts, ends } = scanner;
    const known = texts.walk(at, count);
    if (known !== -1) {
      this.left += 1;
      this.ways.get(known)?.habits.saw(texts, known, scanner, count, at, end);
      return known;
    }
    if (this.left < WALKED_FOR_ONE) return -1;
    this.left -= WALKED_FOR_ONE;
    const split = splitSnare(Buffer.from(bytes.subarray(at, end)).toString('latin1'));
    if (split === undefined || split.parts.length > MOST_PARTS) return -1;
    const way = texts.add(at, end, split.parts);
    const isSo = way !== -1 && texts.walk(at, count) === way;
    const isSame = split.parts.every(
      (part, number) => starts[count + number] === at + part.start - 1 && ends[count + number] === at + part.end + 1,
    );
    if (!isSo || !isSame) return -1;
    const names = split.parts.map(({ name }) => name);
    const behind = names.indexOf(`${COLUMN_OF}${FIRST_OF_REST}`);
    const text = { before: PLAIN, behind: behind === -1 ? undefined : behind };
    const hasText = split.text !== undefined;
    // A time is never the same for long, and is looked at by itself.
    const habits = new TextHabits(scanner, count, names.length, (value) => value === CREATED);
    const own = hasText ? [...names, WINDOWS_TEXT] : names;
    this.ways.set(way, { values: names.length, names: own, text: hasText ? text : undefined, habits });
    return way;
  }

  private parted(shape: LineShape<T>, member: LineShape<T>, way: number, header: number, { names }: Way): LineShape<T> {
    let byWay = this.known.get(shape);
    if (byWay === undefined) {
      byWay = new Map();
      this.known.set(shape, byWay);
    }
    const key = way * (1 << SYSLOG_PARTS.length) + header;
    let parted = byWay.get(key);
    if (parted === undefined) {
      const ofHeader = HEADER.filter((part) => (header & (1 << part)) !== 0).map((part) => SYSLOG_PARTS[part]);
      parted = { way, header, shape: shapeAfter(shape, member, [...names, ...ofHeader]) };
      byWay.set(key, parted);
    }
    this.last = { from: shape, parted };
    return parted.shape;
  }
}

/** As the splitter says it, or as it said of one that is written alike. */
function isDate<T>({ bytes, dates }: LineScanner<T>, splitter: SyslogSplitter, start: number, end: number): boolean {
  if (end - start === LENGTH_OF_DATE && dates.find(start) === true) return true;
  if (!splitter.isDate(bytes, start, end)) return false;
  if (dates.takesMore()) addDate(dates, bytes.slice(start, end));
  return true;
}

const TAB_LENGTH = 2;

function isNumber(bytes: Uint8Array, start: number, end: number): boolean {
  if (end <= start || end - start > LONGEST_CODE) return false;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte < ZERO || byte > NINE) return false;
  }
  return true;
}
