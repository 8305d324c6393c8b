/**
 * The texts of a line of JSON whose format writes them in a code, decoded and one after the other, for who looks for words in them.
 *
 *   {"ID":"1.2:3","NODE":"vm","EXECVE":{"argc":2,"ARGV":["sh","a%00b"]}}   ──members, by what their names say──▶   ` vm/ sh a b `
 *
 * So a word that is looked for in all values need not be looked for in values that are made of the line. Of audit events, as laurel writes
 * them and as `auditd-json.ts` does:
 *
 * - a blank stands between two texts: arguments stand there as they are joined; after the node's name a slash, as in an event's id;
 * - a name of a file that is not absolute stands there again, behind the working directory;
 * - of the address of a local socket what its bytes say stands there, too, and of an exit code its name;
 * - numbers, `true`, `false` and names of members are not there.
 *
 * What is written otherwise than these formats write it (blanks between members, arguments out of their order, an array of texts and
 * other things) is left to whoever parses.
 *
 * Invariant: more may stand there than in values, less may not, but for letters of hexadecimal numbers (a property test compares).
 */
import { posix } from 'node:path';
import type { Encoding } from '../event/event.ts';
import { ODD_LETTERS } from '../event/odd-letters.ts';
import { isOfArguments } from './auditd-arguments.ts';
import { isEscapedName } from './auditd-record.ts';
import { exitName } from './errno.ts';
import { ARRAY, BESIDE, BESIDE_ROOM, type LineScanner, type LineShape, NUMBER, OBJECT, STRING } from './line-shape.ts';
import { type Members, nameOf } from './recorded-json.ts';

/** How a member is written, as bits: as it is, or, where it may be, in hexadecimal digits; an array; and what else it is. */
const [PLAIN, DIGITS, TEXTS, DIRECTORY, FILE, ADDRESS, NODE, EXIT, NUMERIC] = [0, 1, 2, 4, 8, 16, 32, 64, 128];
/** Of a process's title, in which a zero is a blank; and of what is a value of the event as it is, of arguments with those before. */
const [TITLE, WHOLE, ARGUMENT] = [256, 512, 1024];
const [QUOTE, BACKSLASH, SPACE, SLASH, PERCENT, COMMA, COLON] = [0x22, 0x5c, 0x20, 0x2f, 0x25, 0x2c, 0x3a];
const [OPEN, CLOSE, BRACKET, CLOSING_BRACKET, LETTER_U, DELETE, BEYOND, MINUS] = [
  0x7b, 0x7d, 0x5b, 0x5d, 0x75, 0x7f, 0x80, 0x2d,
];
/** What these escapes stand for has no word: it stands there as another. */
const CONTROL = 1;
const CONTROLS = new Set(Buffer.from('bfnrt'));
const [NAME, SADDR, CODE] = [Buffer.from('name'), Buffer.from('saddr'), Buffer.from('exit')];
/** How the address of a local socket begins, on most machines and on s390x. */
const LOCAL = [Buffer.from('0100'), Buffer.from('0001')];
const END = BESIDE + BESIDE_ROOM;

const [UPPER_A, UPPER_Z, FOLD] = [0x41, 0x5a, 0x20];
/** By byte: one more than the digit that it is. */
const ANY_DIGIT = new Uint8Array(256);
const UPPER_DIGIT = new Uint8Array(256);
for (const [at, digit] of [...'0123456789abcdef'].entries()) {
  ANY_DIGIT[digit.charCodeAt(0)] = at + 1;
  for (const digits of [ANY_DIGIT, UPPER_DIGIT]) digits[digit.toUpperCase().charCodeAt(0)] = at + 1;
}
UPPER_DIGIT.fill(0, 'a'.charCodeAt(0), 'f'.charCodeAt(0) + 1);

interface NamedMember {
  readonly member: LineShape<unknown>;
  /** Of the record that it is in; of none where it is in none. */
  readonly type: string;
  readonly name: string;
  readonly bare: string;
}

interface Member {
  readonly number: number;
  readonly how: number;
}

export class DecodedValues {
  private readonly members: readonly Member[];
  /** By byte, whether it stands for itself. */
  private readonly isItself = new Uint8Array(256).fill(1, SPACE, DELETE);
  private bytes: Uint8Array = new Uint8Array(0);
  private to = 0;
  /** Whether the line is written otherwise. */
  private isOdd = false;
  private directory: string | undefined;
  private readonly files: (readonly [start: number, end: number])[] = [];
  /** By two, where what is a value of the event as it is begins and ends. */
  private readonly wholes: number[] = [];
  /** Where the last of them ends that is an argument. */
  private arguments = 0;

  private constructor(members: readonly Member[], encoding: Encoding) {
    this.members = members;
    this.isItself[BACKSLASH] = 0;
    if (encoding === 'percent') this.isItself[PERCENT] = 0;
  }

  /** @returns undefined where lines of these members are left to whoever parses */
  static of(members: Members, encoding: Encoding): DecodedValues | undefined {
    const inOrder = [...members.values()].sort((a, b) => a.number - b.number);
    const objects = new Map(inOrder.filter(({ kind }) => kind === OBJECT).map((object) => [object.place, object]));
    const isDigits = encoding === 'hexadecimal';
    const named = inOrder.map((member) => {
      const record = objects.get(member.inside);
      const type = record === undefined ? '' : record.inside === 0 ? nameOf(record) : NESTED;
      return { member, type, name: nameOf(member), bare: isDigits ? bareName(member) : nameOf(member) };
    });
    // Of these there is one record, or none of it is told.
    if (named.some(({ member, type, name }) => type === '' && SINGLE.test(name) && member.kind !== OBJECT))
      return undefined;
    if (named.some(({ type, name }) => type === '' && name === 'EXECVE 2')) return undefined;
    if (isDigits && !areInOrder(named.filter(({ type }) => type === 'EXECVE'))) return undefined;
    const uses = Map.groupBy(named, ({ type, bare }) => `${type}.${bare}`);
    const isTwice = ({ type, bare }: NamedMember) => (uses.get(`${type}.${bare}`)?.length ?? 0) > 1;
    if (named.some((one) => one.type === 'CWD' && one.bare === 'cwd' && isTwice(one))) return undefined;
    const isList = uses.has('PROCTITLE.ARGV');
    const written = named.flatMap((one) => {
      const how = howOf(one, isDigits);
      if (how === undefined) return [];
      // Of two only one is a value, and of a title the list is.
      const isValue = !isTwice(one) && !(isList && one.type === 'PROCTITLE' && one.bare === 'proctitle');
      return [{ number: one.member.number, how: isValue ? how : how & ~WHOLE }];
    });
    // Names of files are told by it.
    const isDirectory = ({ how }: Member) => (how & DIRECTORY) !== 0;
    return new DecodedValues([...written.filter(isDirectory), ...written.filter((one) => !isDirectory(one))], encoding);
  }

  /** Writes those of the line that was scanned last beside it, from `BESIDE`. @returns where they end; -1 where the line is left to whoever parses */
  write(scanner: LineScanner<unknown>): number {
    const { members, files } = this;
    const { starts, ends } = scanner;
    this.bytes = scanner.bytes;
    this.bytes[BESIDE] = SPACE;
    this.to = BESIDE + 1;
    this.isOdd = false;
    this.directory = undefined;
    if (files.length > 0) files.length = 0;
    this.wholes.length = 0;
    this.arguments = 0;
    for (let at = 0; at < members.length; at += 1) {
      const { number, how } = members[at] as Member;
      const start = starts[number] as number;
      const end = ends[number] as number;
      if (how === PLAIN) this.text(start + 1, end - 1);
      else if ((how & TEXTS) !== 0) this.array(how, start, end);
      else if (how === NUMERIC) this.exit(start, end);
      else this.special(how, start + 1, end - 1);
    }
    if (files.length > 0) this.addFiles();
    return this.isOdd ? -1 : this.to;
  }

  private special(how: number, start: number, end: number): void {
    const { to } = this;
    if ((how & ADDRESS) !== 0) this.address(start, end);
    else if ((how & DIGITS) === 0 || !this.digits(start, end)) this.text(start, end);
    const isEnded = this.bytes[this.to - 2] === 0;
    if ((how & TITLE) !== 0) this.blankZeros(to);
    // Of a title the last zero is left out.
    if ((how & WHOLE) !== 0) this.addWhole(to, isEnded ? this.to - 2 : this.to - 1, how);
    if ((how & EXIT) !== 0) this.exit(start, end);
    if ((how & FILE) !== 0) this.file(to);
    if ((how & DIRECTORY) !== 0) this.directory = this.written(to, this.to - 1);
    if ((how & NODE) !== 0) {
      this.bytes[this.to - 1] = SLASH;
      this.put(SPACE);
    }
  }

  private array(how: number, start: number, end: number): void {
    const { to } = this;
    const isOfTexts = this.texts(start, end, (how & FILE) === 0 ? FILE : FILE | WHOLE);
    if ((how & TITLE) !== 0) this.blankZeros(to);
    if ((how & WHOLE) !== 0 && isOfTexts) this.addWhole(to, this.to - 1, how);
  }

  private blankZeros(from: number): void {
    const { bytes, to } = this;
    for (let at = from; at < to; at += 1) if (bytes[at] === 0) bytes[at] = SPACE;
  }

  private addWhole(start: number, end: number, how: number): void {
    const { wholes } = this;
    // Joined as they stand there.
    if ((how & ARGUMENT) !== 0 && this.arguments === start - 1) wholes.pop();
    else wholes.push(start);
    wholes.push(end);
    if ((how & ARGUMENT) !== 0) this.arguments = end;
  }

  /** Whether the text, in lower case, stands in what is a value of the event as it is. */
  holds(text: Uint8Array): boolean {
    const { bytes, wholes } = this;
    for (let at = 0; at < wholes.length; at += 2) {
      const last = (wholes[at + 1] as number) - text.length;
      for (let from = wholes[at] as number; from <= last; from += 1) if (isFolded(text, bytes, from)) return true;
    }
    return false;
  }

  /** Whether it stands anywhere in what was written last. */
  stands(text: Uint8Array): boolean {
    const last = this.to - text.length;
    for (let from = BESIDE; from <= last; from += 1) if (isFolded(text, this.bytes, from)) return true;
    return false;
  }

  private put(byte: number): void {
    this.bytes[this.to] = byte;
    this.to += 1;
  }

  private written(start: number, end: number): string {
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + start, end - start).toString('latin1');
  }

  /** A text as JSON writes it, with a blank behind it. */
  private text(start: number, end: number): void {
    const { bytes, isItself } = this;
    let { to } = this;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] as number;
      if (isItself[byte] === 1) bytes[to] = byte;
      else if (byte === PERCENT) {
        const high = at + 2 < end ? (ANY_DIGIT[bytes[at + 1] as number] as number) : 0;
        const low = at + 2 < end ? (ANY_DIGIT[bytes[at + 2] as number] as number) : 0;
        if (high === 0 || low === 0) bytes[to] = byte;
        else {
          bytes[to] = this.decoded(high, low, to);
          at += 2;
        }
      } else if (byte === BACKSLASH) {
        at += 1;
        const escaped = bytes[at] as number;
        if (escaped === LETTER_U) this.isOdd = true;
        bytes[to] = CONTROLS.has(escaped) ? CONTROL : escaped;
      } else {
        bytes[to] = byte;
        if (byte >= BEYOND) this.beyond(byte, to);
      }
      to += 1;
    }
    bytes[to] = SPACE;
    this.to = to + 1;
  }

  /** @param high one more than the digit, as is `low`; the byte stands at `to` */
  private decoded(high: number, low: number, to: number): number {
    const byte = ((high - 1) << 4) | (low - 1);
    if (byte >= BEYOND) this.beyond(byte, to);
    return byte;
  }

  /** Whoever compares letters in whatever case takes a few beyond ASCII for ones of it. */
  private beyond(byte: number, to: number): void {
    const { bytes } = this;
    for (const [first, ...rest] of ODD_LETTERS) {
      const start = to - rest.length;
      if (byte === rest.at(-1) && bytes[start] === first && (rest.length === 1 || bytes[start + 1] === rest[0]))
        this.isOdd = true;
    }
  }

  /** @returns false where it is not all in digits, two for a byte */
  private digits(start: number, end: number, digits = UPPER_DIGIT): boolean {
    const { bytes } = this;
    if (start === end || ((end - start) & 1) !== 0) return false;
    for (let at = start; at < end; at += 1) if (digits[bytes[at] as number] === 0) return false;
    for (let at = start; at < end; at += 2) {
      const high = ANY_DIGIT[bytes[at] as number] as number;
      this.put(this.decoded(high, ANY_DIGIT[bytes[at + 1] as number] as number, this.to));
    }
    this.put(SPACE);
    return true;
  }

  /** The family and the name of a local socket; the address of another one stands in numbers there. */
  private address(start: number, end: number): void {
    const { bytes } = this;
    this.text(start, end);
    if (LOCAL.some((family) => isAt(family, bytes, start, end))) this.digits(start, end, ANY_DIGIT);
  }

  private exit(start: number, end: number): void {
    if (this.bytes[start] !== MINUS) return;
    this.to += Buffer.from(this.bytes.buffer).write(`${exitName(this.written(start, end))} `, this.to, 'latin1');
  }

  private file(start: number): void {
    if (this.to - 1 > start && this.bytes[start] !== SLASH) this.files.push([start, this.to - 1]);
  }

  private addFiles(): void {
    const { directory } = this;
    if (directory === undefined) return;
    for (const [start, end] of this.files) {
      const path = posix.join(directory, this.written(start, end));
      if (this.to + path.length >= END) {
        this.isOdd = true;
        return;
      }
      this.to += Buffer.from(this.bytes.buffer).write(path, this.to, 'latin1');
      this.put(SPACE);
    }
  }

  /**
   * The texts in an array, of records or of texts alone. What stands between two of them tells what it is: nothing but texts, commas
   * between them, or names with what is theirs.
   *
   * @param ofName how names of files are written
   * @returns whether it is of texts alone
   */
  private texts(start: number, end: number, ofName: number): boolean {
    const { bytes } = this;
    let isOfTexts = true;
    let isDeeper = false;
    let isAfterName = true;
    let how = PLAIN;
    /** After the text before; of the array's first, where the colon stands before the bracket. */
    let behind = start - 1;
    for (let at = start; at < end; at += 1) {
      if (bytes[at] !== QUOTE) continue;
      const close = this.endOf(at + 1, end);
      const isName = bytes[close + 1] === COLON;
      const isFirst = behind === start - 1;
      if (!(isAfterName ? this.isAfterName(behind, at, isName, isFirst) : this.isAfterText(behind, at, isName))) {
        this.isOdd = true;
        return false;
      }
      if (isName) {
        isOfTexts = false;
        // What stands deeper may be no value.
        isDeeper ||= isAfterName && !isFirst && (bytes[behind + 1] === OPEN || bytes[behind + 1] === BRACKET);
        how = this.howIn(at + 1, close, isDeeper ? ofName & ~WHOLE : ofName);
        // Of what is a number there nothing is written.
        if (isAll(CODE, bytes, at + 1, close)) this.isOdd = true;
      } else {
        if (how === PLAIN) this.text(at + 1, close);
        else this.special(how, at + 1, close);
        how = PLAIN;
      }
      isAfterName = isName;
      behind = close + 1;
      at = close;
    }
    if (!isAfterName && bytes[behind] === COMMA) this.isOdd = true;
    if (isAfterName && !this.isAfterName(behind, end, true, behind === start - 1)) this.isOdd = true;
    return isOfTexts;
  }

  private howIn(start: number, end: number, ofName: number): number {
    if (isAll(NAME, this.bytes, start, end)) return ofName;
    return isAll(SADDR, this.bytes, start, end) ? ADDRESS : PLAIN;
  }

  /** Whether what stands there after a name leads to a text, or to another name. */
  private isAfterName(from: number, to: number, isName: boolean, isFirst: boolean): boolean {
    const { bytes } = this;
    const isArray = bytes[from + 1] === BRACKET;
    if (!isName) return isArray ? to === from + 2 : to === from + 1 && !isFirst;
    return !isArray || bytes[from + 2] === OPEN || bytes[from + 2] === CLOSING_BRACKET;
  }

  private isAfterText(from: number, to: number, isName: boolean): boolean {
    const first = this.bytes[from];
    if (first === COMMA) return to === from + 1;
    return isName && (first === CLOSE || first === CLOSING_BRACKET);
  }

  private endOf(start: number, end: number): number {
    const { bytes } = this;
    let at = start;
    while (at < end && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
    return at;
  }
}

/** @returns undefined where nothing of it is written */
function howOf({ member, type, name, bare }: NamedMember, isDigits: boolean): number | undefined {
  const known = KNOWN.get(`${type.replace(MORE_PATHS, '')}.${bare}`);
  if (member.kind === ARRAY) return known === undefined || (known & TEXTS) === 0 ? TEXTS : known;
  if (member.kind === NUMBER) return bare === 'exit' ? NUMERIC : undefined;
  if (member.kind !== STRING || (type === '' && name === 'ID')) return undefined;
  const isArgument = isDigits && type === 'EXECVE' && isOfArguments(bare);
  const mayBeDigits = isDigits && name === bare && (isArgument || isEscapedName(name));
  const isKnown = known !== undefined && (known & TEXTS) === 0;
  const how = isArgument ? WHOLE | ARGUMENT : isKnown ? known : (BY_NAME.get(bare) ?? PLAIN);
  return mayBeDigits ? how | DIGITS : how;
}

/** The type of what stands in an object that is no record. */
const NESTED = '{}';
/** Types of which one record counts. */
const SINGLE = /^(?:EXECVE|CWD)$/;
const MORE_PATHS = /(?<=^PATH) \d+$/;
/** By the record's type and the name. */
const KNOWN: ReadonlyMap<string, number> = new Map([
  ['.NODE', NODE],
  ['.PATH', TEXTS | FILE],
  ['EXECVE.ARGV', TEXTS | WHOLE],
  ['PROCTITLE.ARGV', TEXTS | TITLE | WHOLE],
  ['PROCTITLE.proctitle', TITLE | WHOLE],
  ['PATH.name', FILE | WHOLE],
  ['CWD.cwd', DIRECTORY | WHOLE],
  ['SYSCALL.exe', WHOLE],
  ['SYSCALL.comm', WHOLE],
]);
/** Whatever record they stand in. */
const BY_NAME: ReadonlyMap<string, number> = new Map([
  ['saddr', ADDRESS],
  ['exit', EXIT],
  ['name', FILE],
]);

/** Without the colon that tells that it is in quotes (`auditd-json.ts`). */
function bareName(member: LineShape<unknown>): string {
  const name = nameOf(member);
  return name.endsWith(':') ? name.slice(0, -1) : name;
}

/** Whether the arguments of an EXECVE follow each other, each whole. */
function areInOrder(members: readonly NamedMember[]): boolean {
  const args = members.filter(({ bare }) => isOfArguments(bare));
  const first = args[0]?.member.number ?? 0;
  return args.every(({ member, bare }, at) => bare === `a${at}` && member.number === first + at);
}

/** Whether a text in lower case stands there, in whatever case. */
function isFolded(text: Uint8Array, bytes: Uint8Array, from: number): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const byte = bytes[from + at] as number;
    if ((byte >= UPPER_A && byte <= UPPER_Z ? byte | FOLD : byte) !== text[at]) return false;
  }
  return true;
}

function isAt(text: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (start + text.length > end) return false;
  for (let at = 0; at < text.length; at += 1) if (bytes[start + at] !== text[at]) return false;
  return true;
}

function isAll(text: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === text.length && isAt(text, bytes, start, end);
}
