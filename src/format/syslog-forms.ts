/**
 * Headers of lines of syslog that are as those of lines before (`text-forms.ts`), so that they need not be split again.
 *
 *   <189>Jan 18 11:29:03 sw-1 %AAA-5-USER_LOGGED: User ops …  ──▶ <DDD>Jan D8 HD:MD:SD aa-D %AAA-D-AAAA_AAAAAA: User o
 *
 * A form leaves open digits and letters of names, each of which stays a digit, a capital or a small letter, and of times what leaves
 * them times: all that `SyslogSplitter` asks of such bytes. The first word of a message is the same.
 *
 * Invariant: of each line within a form splitting tells the same parts at the same places (a property test holds it to that).
 */
import { SYSLOG_PARTS, type SyslogSplitter, type TextHeader, TIMESTAMP } from './syslog-parts.ts';
import { LONGEST_FORM, type TextForms } from './text-forms.ts';

const [ZERO, ONE, TWO, THREE, FIVE, EIGHT, NINE] = [0x30, 0x31, 0x32, 0x33, 0x35, 0x38, 0x39];
const [SPACE, POINT, COLON, BACKSLASH, QUOTE, LAST] = [0x20, 0x2e, 0x3a, 0x5c, 0x22, 0x7e];
/** `Jan `, `2026-01-`, `Tue `; after the host, bytes that are looked at. */
const [BEFORE_DAY, BEFORE_ISO_DAY, WEEKDAY, BEHIND_HOST] = [4, 8, 4, 4];
const LENGTH_OF_CLOCK = 8;
/** With the space before it. */
const LENGTH_OF_YEAR = 5;

/** Of lines that are within the form; the end of a message is another in each. */
export interface HeaderForm extends TextHeader {
  /** Whether a record that is no program's message stands where the tag does, and is no part. */
  readonly isRecord: boolean;
}

/** Bytes, and of each the least and the most that it may be. */
class Ranges {
  readonly least: Uint8Array;
  readonly most: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.least = bytes;
    this.most = bytes.slice();
  }

  may(at: number, least: number, most: number): void {
    this.least[at] = least;
    this.most[at] = most;
  }

  /** What is a digit stays one, and so do letters. */
  ofKind(start: number, end: number): void {
    for (let at = start; at < end; at += 1) this.among(at, KINDS);
  }

  /** The byte may be any of the same range, if it is in one. */
  among(at: number, ranges: readonly (readonly [least: number, most: number])[]): void {
    const range = ranges.find(([least, most]) => this.is(at, least, most));
    if (range !== undefined) this.may(at, range[0], range[1]);
  }

  /** A day that all months have, of one digit or two, or the day that it is. @returns the byte after it */
  day(from: number): number {
    const start = this.is(from, SPACE, SPACE) ? from + 1 : from;
    const isLong = this.is(start + 1, ZERO, NINE);
    const at = isLong ? start + 1 : start;
    if (!isLong || this.is(start, ZERO, ZERO)) this.may(at, ONE, NINE);
    else if (this.is(start, ONE, TWO) && this.is(at, ZERO, EIGHT)) {
      this.may(start, ONE, TWO);
      this.may(at, ZERO, EIGHT);
    }
    return at + 1;
  }

  clock(start: number): void {
    if (this.is(start, TWO, TWO)) this.may(start + 1, ZERO, THREE);
    else {
      this.may(start, ZERO, ONE);
      this.may(start + 1, ZERO, NINE);
    }
    for (const at of [start + 3, start + 6]) {
      this.may(at, ZERO, FIVE);
      this.may(at + 1, ZERO, NINE);
    }
  }

  is(at: number, least: number, most: number): boolean {
    const byte = this.least[at] as number;
    return byte >= least && byte <= most;
  }
}

/** Digits, capitals, small letters. */
const KINDS = [
  [ZERO, NINE],
  [0x41, 0x5a],
  [0x61, 0x7a],
] as const;

/** What may stand behind the first word's space: neither sudo's colon, nor what is escaped, nor the end. */
const BEHIND_WORD = [
  [QUOTE + 1, COLON - 1],
  [COLON + 1, BACKSLASH - 1],
  [BACKSLASH + 1, LAST],
] as const;

/**
 * Adds the form of a text that was split, if it has one.
 * @param parts that splitting told; 0 of a record, which begins after the header
 * @param start where the text stands for the splitter
 */
export function addHeader(
  forms: TextForms<HeaderForm>,
  splitter: SyslogSplitter,
  parts: number,
  text: Uint8Array,
  start: number,
): void {
  const isRecord = parts === 0;
  const { header, tagAt } = splitter;
  const numbers = [...SYSLOG_PARTS.keys()].filter((part) => (header & (1 << part)) !== 0);
  const timestamp = (splitter.starts[TIMESTAMP] as number) - start;
  const timestampEnd = (splitter.ends[TIMESTAMP] as number) - start;
  const message = (isRecord ? tagAt : (splitter.starts[numbers.at(-1) as number] as number)) - start;
  // With what is looked at behind what stands where the host does.
  const hostEnd = text.indexOf(SPACE, timestampEnd + 1);
  const looked = hostEnd + 1 + BEHIND_HOST;
  // Not behind the message's start where there is no word with a space behind it.
  const wordEnd = text.indexOf(SPACE, message);
  const length = isRecord ? Math.max(message + BEHIND_HOST, looked) : Math.max(wordEnd + 2, looked);
  if (length > LONGEST_FORM || length > text.length || (!isRecord && wordEnd <= message)) return;
  const ranges = new Ranges(text.slice(0, length));
  if (!ranges.least.every((byte) => byte >= SPACE && byte <= LAST && byte !== QUOTE && byte !== BACKSLASH)) return;
  ranges.ofKind(0, timestamp);
  timeIn(ranges, timestamp, timestampEnd);
  ranges.ofKind(timestampEnd, message);
  if (!isRecord && wordEnd + 1 >= looked) ranges.among(wordEnd + 1, BEHIND_WORD);
  forms.add(ranges.least, ranges.most, {
    parts: header,
    tag: tagAt - start,
    isRecord,
    starts: numbers.map((part) => (splitter.starts[part] as number) - start),
    ends: numbers.map((part) => (splitter.ends[part] as number) - start),
  });
}

/** Adds the form of what `SyslogSplitter.isDate` takes. */
export function addDate(forms: TextForms<true>, bytes: Uint8Array): void {
  const ranges = new Ranges(bytes);
  ranges.ofKind(0, WEEKDAY);
  timeIn(ranges, WEEKDAY, bytes.length - LENGTH_OF_YEAR);
  forms.add(ranges.least, ranges.most, true);
}

/** The month stays the same, and so do the year and the zone. */
function timeIn(ranges: Ranges, start: number, end: number): void {
  const clock = ranges.day(start + (ranges.is(start, ZERO, NINE) ? BEFORE_ISO_DAY : BEFORE_DAY)) + 1;
  ranges.clock(clock);
  let at = clock + LENGTH_OF_CLOCK + 1;
  if (ranges.is(at - 1, POINT, POINT))
    for (; at < end && ranges.is(at, ZERO, NINE); at += 1) ranges.may(at, ZERO, NINE);
}
