/**
 * Where the parts of a line of syslog stand, told by one look at its bytes up to the first word of the message.
 *
 *   <189>Jan 18 11:29:03 sw-1 %AAA-5-USER_LOGGED: User ops executed: …
 *    priority  timestamp  host  program            text
 *
 * For lines as nearly all are: as RFC 3164 has them, with a valid time, of which nothing that counts is written as an escape.
 * What it tells is what `parseSyslog` says of the same line (a property test holds it to that); of other lines it tells nothing.
 * The bytes may be those of a JSON string as well as those of a text.
 */
import { opensAuthMessage } from './auth-message.ts';

/** Names of the parts, by number. The message is `text` where its first word says that it is nothing but that. */
export const SYSLOG_PARTS = ['priority', 'timestamp', 'host', 'program', 'pid', 'message', 'text'] as const;
export const [PRIORITY, TIMESTAMP, HOST, PROGRAM, PID, MESSAGE, TEXT] = [0, 1, 2, 3, 4, 5, 6] as const;

const [SPACE, QUOTE, PERCENT, PLUS, MINUS] = [0x20, 0x22, 0x25, 0x2b, 0x2d];
const [POINT, ZERO, COLON, LESS, GREATER] = [0x2e, 0x30, 0x3a, 0x3c, 0x3e];
const [LETTER_T, LETTER_Z, OPENING, BACKSLASH, CLOSING, BEYOND] = [0x54, 0x5a, 0x5b, 0x5c, 0x5d, 0x7f];

const LONGEST_HOST = 255;
const LONGEST_PROGRAM = 128;
const LONGEST_WORD = 64;
/** `Tue Jul 28 11:28:00 2026` */
export const LENGTH_OF_DATE = 24;
/** Of a second, digits. */
const MOST_FRACTION = 6;
/** More than the longest parts before a message and its first word take. */
export const HEADER_ROOM = 640;

const MONTHS: ReadonlyMap<number, number> = new Map(
  ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].map((name, at) => [
    (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2),
    at + 1,
  ]),
);

/** Parts of a line up to its message, their places told from its first byte: those that there are, in order. */
export interface TextHeader {
  readonly parts: number;
  /** Where the tag begins, or what stands in its place. */
  readonly tag: number;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

export class SyslogSplitter {
  /** By number of part: where it begins and ends. */
  readonly starts = new Int32Array(SYSLOG_PARTS.length);
  readonly ends = new Int32Array(SYSLOG_PARTS.length);
  /** A bit for each part that there is. */
  private layout = 0;
  private bytes: Uint8Array = new Uint8Array(0);
  private end = 0;
  /** Where the message begins, with the tag before it, of a line whose header was told; else -1. */
  tagAt = -1;
  /** Of the line before, and its number; 0 for none. */
  private monthName = 0;
  private month = 0;

  /**
   * @param end of the line; where `isCut`, of what is given of it. A byte stands there that is no part of it: zero, or a quote
   * @param record where one begins that is no message of a program, if it is known
   * @returns a bit for each part that there is, by its number; 0 where it is not told
   */
  split(bytes: Uint8Array, start: number, end: number, isCut = false, record = -1): number {
    this.layout = 0;
    this.bytes = bytes;
    this.end = end;
    let at = this.afterPriority(start);
    at = at === -1 ? -1 : this.afterTime(at);
    at = at === -1 ? -1 : this.afterHost(at);
    this.tagAt = at;
    if (at !== -1 && at === record) return 0;
    at = at === -1 ? -1 : this.afterTag(at);
    // Of a line that is cut the message has begun, and its first word is whole.
    if (at === -1 || (isCut && at + LONGEST_WORD + 2 >= end)) return 0;
    this.found(this.isPlain(at) ? TEXT : MESSAGE, at, end);
    return this.layout;
  }

  /** Of a message alone, which has no header. @returns the bit of the part that it is */
  splitMessage(bytes: Uint8Array, start: number, end: number): number {
    this.layout = 0;
    this.bytes = bytes;
    this.end = end;
    this.tagAt = -1;
    this.found(this.isPlain(start) ? TEXT : MESSAGE, start, end);
    return this.layout;
  }

  /** A bit for each part of the header that there is, where the rest was not told. */
  get header(): number {
    return this.layout;
  }

  /** Takes the header of a line, from its first byte on, as it was told before, of one with a record after that. @returns as `split` does of it */
  retell(start: number, { parts, tag, starts, ends }: TextHeader): number {
    this.layout = parts;
    this.tagAt = start + tag;
    let number = 0;
    for (let part = 0; part < SYSLOG_PARTS.length; part += 1) {
      if ((parts & (1 << part)) === 0) continue;
      this.starts[part] = start + (starts[number] as number);
      this.ends[part] = start + (ends[number] as number);
      number += 1;
    }
    return 0;
  }

  /** Whether the bytes are `Tue Jul 28 11:28:00 2026`, and a day that every year has. */
  isDate(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start !== LENGTH_OF_DATE || !isUpper(bytes[start])) return false;
    if (!isLower(bytes[start + 1]) || !isLower(bytes[start + 2]) || bytes[start + 3] !== SPACE) return false;
    this.bytes = bytes;
    const at = this.endOfStamp(start + 4, 0);
    return (
      at === end - 5 &&
      bytes[at] === SPACE &&
      twoDigits(bytes, at + 1) >= 19 &&
      twoDigits(bytes, at + 1) <= 99 &&
      twoDigits(bytes, at + 3) <= 99
    );
  }

  private found(part: number, start: number, end: number): void {
    this.starts[part] = start;
    this.ends[part] = end;
    this.layout |= 1 << part;
  }

  private afterPriority(start: number): number {
    const { bytes } = this;
    if (bytes[start] !== LESS) return start;
    let at = start + 1;
    while (isDigit(bytes[at])) at += 1;
    const digits = at - start - 1;
    if (digits < 1 || digits > 3 || bytes[at] !== GREATER) return -1;
    this.found(PRIORITY, start + 1, at);
    return at + 1;
  }

  /** The place after the time and a space. */
  private afterTime(start: number): number {
    const { bytes } = this;
    const at = isDigit(bytes[start]) ? this.endOfIsoTime(start) : this.endOfStamp(start, MOST_FRACTION);
    if (at === -1 || bytes[at] !== SPACE) return -1;
    this.found(TIMESTAMP, start, at);
    return at + 1;
  }

  /** `Jan  2 03:04:05`, and so many digits of a fraction at most. */
  private endOfStamp(start: number, longest: number): number {
    const { bytes } = this;
    const name = ((bytes[start] as number) << 16) | ((bytes[start + 1] as number) << 8) | (bytes[start + 2] as number);
    const month = name === this.monthName ? this.month : this.monthNamed(name);
    if (month === 0 || bytes[start + 3] !== SPACE) return -1;
    let at = start + (bytes[start + 4] === SPACE ? 5 : 4);
    const isShort = bytes[at + 1] === SPACE;
    const day = isShort ? digit(bytes[at]) : twoDigits(bytes, at);
    at += isShort ? 1 : 2;
    // February 29th is a day of some years only.
    if (!(day >= 1 && day <= daysOf(month)) || bytes[at] !== SPACE) return -1;
    return this.endOfClock(at + 1, longest);
  }

  private monthNamed(name: number): number {
    this.monthName = name;
    this.month = MONTHS.get(name) ?? 0;
    return this.month;
  }

  private endOfIsoTime(start: number): number {
    const { bytes } = this;
    const [year, month] = [twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2), twoDigits(bytes, start + 5)];
    const day = twoDigits(bytes, start + 8);
    if (bytes[start + 4] !== MINUS || bytes[start + 7] !== MINUS || bytes[start + 10] !== LETTER_T) return -1;
    if (!(year >= 1900 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysOf(month))) return -1;
    const at = this.endOfClock(start + 11, 9);
    if (at === -1) return -1;
    const zone = bytes[at];
    if (zone === LETTER_Z) return at + 1;
    if (zone !== PLUS && zone !== MINUS) return at;
    const isZone = twoDigits(bytes, at + 1) < 24 && bytes[at + 3] === COLON && twoDigits(bytes, at + 4) < 60;
    return isZone ? at + 6 : -1;
  }

  /** `23:59:59`, and so many digits of a fraction at most. */
  private endOfClock(start: number, longest: number): number {
    const { bytes } = this;
    if (bytes[start + 2] !== COLON || bytes[start + 5] !== COLON) return -1;
    const isTime = twoDigits(bytes, start) < 24 && twoDigits(bytes, start + 3) < 60 && twoDigits(bytes, start + 6) < 60;
    let at = start + 8;
    if (!isTime || bytes[at] !== POINT) return isTime ? at : -1;
    const first = at + 1;
    at = first;
    while (isDigit(bytes[at])) at += 1;
    return at === first || at - first > longest ? -1 : at;
  }

  /** The place where the tag begins. What is written locally has no host; Cisco's devices put a colon behind it, or do not. */
  private afterHost(start: number): number {
    const { bytes } = this;
    let at = start;
    while (isOf(VISIBLE, bytes[at])) at += 1;
    const length = at - start;
    if (length === 0 || length > LONGEST_HOST || at >= this.end || bytes[at] !== SPACE) return -1;
    const rest = at + 1;
    for (let next = rest; next < rest + 4; next += 1) if (!isTold(bytes, next, this.end)) return -1;
    const hasColon = bytes[at - 1] === COLON;
    const code = bytes[rest] === COLON && bytes[rest + 1] === SPACE ? rest + 2 : rest;
    const isCoded = bytes[start] !== PERCENT && bytes[code] === PERCENT && isUpper(bytes[code + 1]);
    if (hasColon && !isCoded) return start;
    const end = hasColon ? at - 1 : at;
    if (end === start) return -1;
    this.found(HOST, start, end);
    return isCoded ? code : rest;
  }

  /** The place where the message begins. */
  private afterTag(start: number): number {
    const { bytes, end } = this;
    let at = start;
    while (isOf(OF_NAME, bytes[at])) at += 1;
    const length = at - start;
    if (length > LONGEST_PROGRAM || length === 0 || at >= end || bytes[at] === SPACE || bytes[at] === CLOSING)
      return isTold(bytes, at, end) ? start : -1;
    const name = at;
    let pid = -1;
    if (bytes[at] === OPENING) {
      at += 1;
      pid = at;
      while (isDigit(bytes[at]) && at < end) at += 1;
      if (!isTold(bytes, at, end)) return -1;
      if (at === pid || at - pid > 10 || at >= end || bytes[at] !== CLOSING) return start;
      at += 1;
    }
    if (at >= end) return start;
    if (bytes[at] !== COLON) return isTold(bytes, at, end) ? start : -1;
    at += 1;
    if (at < end && bytes[at] !== SPACE) return isTold(bytes, at, end) ? start : -1;
    this.found(PROGRAM, start, name);
    if (pid !== -1) this.found(PID, pid, at - 2);
    return at < end ? at + 1 : at;
  }

  /** Whether the message's first word says that it is no record of another format's, and nothing that authentication says. */
  private isPlain(start: number): boolean {
    const { bytes, end } = this;
    let at = start;
    while (isOf(VISIBLE, bytes[at])) at += 1;
    const length = at - start;
    if (length === 0 || length > LONGEST_WORD) return length === 0 && start === end;
    if (at < end && bytes[at] !== SPACE) return false;
    // Of sudo, who it is stands first: `deploy : TTY=…`.
    if (at < end && (bytes[at + 1] === COLON || bytes[at + 1] === BACKSLASH)) return false;
    return bytes[start] !== OPENING && !opensRecord(bytes, start) && !opensAuthMessage(bytes, start, at);
  }
}

/** `type=…`, `node=…`, `audit: …` */
function opensRecord(bytes: Uint8Array, start: number): boolean {
  if (!isOf(OF_RECORD, bytes[start])) return false;
  return RECORDS.some((record) => record.every((byte, at) => bytes[start + at] === byte));
}

const RECORDS: readonly Uint8Array[] = ['type=', 'node=', 'audit:'].map((text) => Buffer.from(text));

/** False where no reader takes the bytes of a string for a line of syslog: by what it begins with. */
export function beginsAsSyslog(bytes: Uint8Array, start: number, end: number): boolean {
  if (start >= end) return false;
  const first = bytes[start] as number;
  if (!isVisible(first) || first === LESS || isDigit(first)) return true;
  if (!isUpper(first)) return false;
  const isName = isLower(bytes[start + 1]) && isLower(bytes[start + 2]) && bytes[start + 3] === SPACE;
  return isName || !isTold(bytes, start + 1, end) || !isTold(bytes, start + 2, end) || !isTold(bytes, start + 3, end);
}

/** Whether what stands last in the bytes of a string is, or may be, a space of some sort: readers leave it out. */
export function endsInSpace(bytes: Uint8Array, start: number, end: number): boolean {
  const last = bytes[end - 1] as number;
  if (end <= start || last <= SPACE || last >= BEYOND) return true;
  return bytes[end - 2] === BACKSLASH || (bytes[end - 6] === BACKSLASH && end - 6 >= start);
}

/** Whether the byte is what it looks like: not an escape, nor a part of a character. */
function isTold(bytes: Uint8Array, at: number, end: number): boolean {
  return at >= end || isVisible(bytes[at]) || bytes[at] === SPACE;
}

function isVisible(byte: number | undefined): boolean {
  return isOf(VISIBLE, byte);
}

function isOf(kind: number, byte: number | undefined): boolean {
  return ((KINDS[byte as number] as number) & kind) !== 0;
}

/** Of a byte: whether it is what it looks like, and no space; what a program's name may have; what a record begins with. */
const [VISIBLE, OF_NAME, OF_RECORD] = [1, 2, 4];
const KINDS = new Uint8Array(256);
for (let byte = SPACE + 1; byte < BEYOND; byte += 1) {
  if (byte === BACKSLASH || byte === QUOTE) continue;
  const isOfName = byte !== COLON && byte !== OPENING && byte !== CLOSING;
  const isOfRecord = RECORDS.some(([first]) => first === byte);
  KINDS[byte] = VISIBLE | (isOfName ? OF_NAME : 0) | (isOfRecord ? OF_RECORD : 0);
}

function isLower(byte: number | undefined): boolean {
  return (byte as number) >= 0x61 && (byte as number) <= 0x7a;
}

function isUpper(byte: number | undefined): boolean {
  return (byte as number) >= 0x41 && (byte as number) <= LETTER_Z;
}

function isDigit(byte: number | undefined): boolean {
  return (byte as number) >= ZERO && (byte as number) <= 0x39;
}

/** `NO_NUMBER` where it is none. */
function digit(byte: number | undefined): number {
  return isDigit(byte) ? (byte as number) - ZERO : NO_NUMBER;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  return digit(bytes[at]) * 10 + digit(bytes[at + 1]);
}

/** More than any part of a time: whole, as all the others are. */
const NO_NUMBER = 100_000;

function daysOf(month: number): number {
  if (month === 2) return 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
