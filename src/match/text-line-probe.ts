/**
 * Which needs of rules a line of JSON meets by a field that is one line of a text in it (`Copies.lines`).
 *
 *   text of a member ──line by line──▶ those of the field's names ──their values' bytes──▶ the same as lately: what these met then
 *                                                                                      └─▶ other: texts that stand there ──▶ needs
 *
 * A text that says something else each time mostly has the same long line in it, a command's, which is neither parsed nor searched.
 * What lines of some name meet is marked for each of them, whichever of them the value is.
 */
import type { LineScanner, LineShape } from '../format/line-shape.ts';
import { isOddlyWritten } from './byte-index.ts';
import { type Marks, mark, marksIn } from './byte-marks.ts';
import type { Needs, Probe } from './line-probe.ts';
import { RecentBytes } from './recent-bytes.ts';
import type { SieveSwitches } from './sieve-switches.ts';

const [SPACE, BACKSLASH, EQUALS] = [0x20, 0x5c, 0x3d];
/** Of the bytes of a text, about how many are looked at for the time that it takes to search one. */
const SEARCHED_FOR = 3;

export class TextLineProbe implements Probe {
  private readonly members: readonly LineShape<unknown>[];
  private readonly names: readonly Uint8Array[];
  private readonly needs: Needs;
  private readonly size: number;
  private readonly recent: Pick<RecentBytes<Marks>, 'find' | 'add'>;

  /**
   * @param members strings
   * @param names without blanks
   * @param size of the marks, in integers
   */
  constructor(
    members: readonly LineShape<unknown>[],
    names: readonly string[],
    needs: Needs,
    { size, switches }: { readonly size: number; readonly switches: SieveSwitches },
  ) {
    this.recent = switches.withoutMemory === true ? NOTHING_RECENT : new RecentBytes();
    this.members = members;
    this.names = names.map((name) => Buffer.from(name, 'latin1'));
    this.needs = needs;
    this.size = size;
  }

  meet(scanner: LineScanner<unknown>, _line: Uint8Array, met: Int32Array): boolean {
    const { members } = this;
    const { bytes, starts, ends } = scanner;
    for (let at = 0; at < members.length; at += 1) {
      const { number } = members[at] as LineShape<unknown>;
      const start = (starts[number] as number) + 1;
      const end = (ends[number] as number) - 1;
      if (scanner.isOdd && isOddlyWritten(bytes, start, end)) return false;
      this.meetLines(scanner, start, end, met);
    }
    return true;
  }

  costOf({ starts, ends }: LineScanner<unknown>): number {
    const size = this.members.reduce(
      (sum, { number }) => sum + (ends[number] as number) - (starts[number] as number),
      0,
    );
    return size / SEARCHED_FOR;
  }

  private meetLines(scanner: LineScanner<unknown>, start: number, end: number, met: Int32Array): void {
    const { names } = this;
    const { bytes } = scanner;
    for (let at = start; at < end; ) {
      const to = scanner.endOfLine(at, end);
      for (let name = 0; name < names.length; name += 1) {
        const equals = afterName(bytes, at, to, names[name] as Uint8Array);
        if (equals !== 0) this.meetValue(scanner, equals, to, met);
      }
      at = to + END_OF_LINE;
    }
  }

  private meetValue(scanner: LineScanner<unknown>, from: number, to: number, met: Int32Array): void {
    const { bytes } = scanner;
    const start = afterBlanks(bytes, from, to);
    const end = beforeBlanks(bytes, start, to);
    if (start >= end) return;
    const known = this.recent.find(bytes, start, end);
    if (known !== undefined) {
      mark(known, met);
      return;
    }
    const { present, texts, numbers } = this.needs;
    const own = new Int32Array(this.size);
    mark(present, own);
    texts.search(scanner, start, end, own);
    texts.searchCommon(bytes, start, end, own);
    numbers.meetBytes(bytes, start, end, own);
    const marks = marksIn(own, NONE);
    mark(marks, met);
    this.recent.add(bytes, start, end, marks);
  }
}

const NONE = new Int32Array(0);
const NOTHING_RECENT = { find: () => undefined, add: () => {} };
/** A backslash and a letter. */
const END_OF_LINE = 2;

/** Where the value of a line of that name begins; 0 where it is of another. What is escaped in a name is taken for a blank. */
function afterName(bytes: Uint8Array, start: number, end: number, name: Uint8Array): number {
  let told = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte === SPACE) continue;
    if (byte === BACKSLASH) at += 1;
    else if (byte === EQUALS) return told === name.length ? at + 1 : 0;
    else if (byte === name[told]) told += 1;
    else return 0;
  }
  return 0;
}

function afterBlanks(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end) {
    if (bytes[at] === SPACE) at += 1;
    else if (bytes[at] === BACKSLASH && isBlank(bytes[at + 1] as number)) at += 2;
    else break;
  }
  return at;
}

function beforeBlanks(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start) {
    if (bytes[at - 1] === SPACE) at -= 1;
    else if (isBlank(bytes[at - 1] as number) && isEscaped(bytes, start, at - 1)) at -= 2;
    else break;
  }
  return at;
}

/** Of white space but the end of a line, as JSON escapes it. */
function isBlank(letter: number): boolean {
  return letter === 0x72 || letter === 0x74 || letter === 0x66;
}

/** Whether an odd number of backslashes stands before it. */
function isEscaped(bytes: Uint8Array, start: number, at: number): boolean {
  let before = at;
  while (before > start && bytes[before - 1] === BACKSLASH) before -= 1;
  return ((at - before) & 1) === 1;
}
