/**
 * An audit record's fields as the members of a JSON object (`auditd-json.ts`), sixteen bytes at a time.
 *
 *   argc=2 a0="ls" a1=C3A9   ──writeFields──▶   {"argc":"2","a0:":"ls","a1":"C3A9"}
 *
 * Of fields that are not plainly written nothing is made. Invariant: what is read ends at the line feed after the record, as it stops each
 * run of bytes; what is written is at most four times as long.
 */
import {
  add,
  and,
  byteAt,
  type Code,
  compileWasm,
  eitherBytes,
  equalBytes,
  get,
  giveBack,
  goTo,
  highBits,
  isEqual,
  isGreater,
  isLess,
  isLessUnsigned,
  isNotEqual,
  isZero,
  keep,
  lessBytes,
  loop,
  numberAt,
  or,
  set,
  sixteenOf,
  storeByteAt,
  storeVectorAt,
  subtract,
  trailingZeros,
  unreachable,
  value,
  vectorAt,
  type WasmFunction,
  when,
} from './wasm-code.ts';

/** More is left to who reads the lines. */
export const MOST_BYTES = 30_000;
const MARGIN = 64;
/** Of what a byte may be, by byte; the lines; what is written, of six bytes for a name of one with an empty value. */
const TABLE = 0;
const LINES = 256;
const OUT = LINES + MOST_BYTES + MARGIN;
const OUT_BYTES = 4 * MOST_BYTES;
const PAGES = Math.ceil((OUT + OUT_BYTES + MARGIN) / 65_536);
const VECTOR = 16;

const codeOf = (sign: string) => sign.charCodeAt(0);
const [SPACE, LINE_FEED, ENRICHED, LAST] = [0x20, 0x0a, 0x1d, 0x7e];
const [QUOTE, APOSTROPHE, BACKSLASH, EQUALS, COMMA, COLON, OPENING, CLOSING, OPEN, CLOSE, BRACKET, CLOSING_BRACKET] = [
  ...`"'\\=,:(){}[]`,
].map(codeOf) as [number, number, number, number, number, number, number, number, number, number, number, number];
const LONGEST_NAME = 100;
/** Of the number of an argument's part: `a1[0]`. */
const MOST_DIGITS = 7;

/** What a byte may be: it may start a name, go on with one, stand in a value in parentheses. */
const [STARTS, NAMES, GROUPED] = [1, 2, 4];

const [AT, END, TO, IS_EXECVE, BYTE, NAME, BEFORE, CLOSES, IS_TRANSLATED, FIRST, VALUE, MARKS, BYTES] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
] as const;

const fail: Code = [value(0), giveBack];
const failWhen = (...condition: Code): Code => when(condition, fail);
const isByte = (byte: number): Code => [get(BYTE), value(byte), isEqual];
const isNotByte = (byte: number): Code => [get(BYTE), value(byte), isNotEqual];
const mayBe = (kind: number): Code => [get(BYTE), byteAt(TABLE), value(kind), and];
const move = (local: number, by: Code): Code => [get(local), by, add, set(local)];
const read: Code = [get(AT), byteAt(0), set(BYTE)];
const next: Code = [move(AT, value(1)), read];
const put = (byte: number): Code => [get(TO), value(byte), storeByteAt(0), move(TO, value(1))];
const copyByte: Code = [get(TO), get(BYTE), storeByteAt(0), move(TO, value(1)), next];
const isNextByte = (byte: number): Code => [get(AT), byteAt(1), value(byte), isEqual];
/** Nothing stands right after the byte. */
const isApart: Code = [isNextByte(SPACE), isNextByte(ENRICHED), or, isNextByte(LINE_FEED), or];

const isAnyOf = (bytes: readonly number[]): Code =>
  bytes.flatMap((byte) => [get(BYTES), sixteenOf(byte), equalBytes, eitherBytes]);
/** Where bytes stand that end a value: controls, what is no ASCII, and these. */
const ends = (least: number, others: readonly number[]): Code => [
  ...[get(BYTES), sixteenOf(least), lessBytes, sixteenOf(LAST), get(BYTES), lessBytes, eitherBytes],
  isAnyOf([QUOTE, BACKSLASH, ...others]),
];
const escapeAgain = (depth: number): Code =>
  when(isByte(BACKSLASH), put(BACKSLASH), put(BACKSLASH), next, goTo(depth + 1));
const copyUpTo = (end: Code): Code =>
  loop(
    ...[get(TO), get(AT), vectorAt(0), keep(BYTES), storeVectorAt(0), end, highBits, keep(MARKS)],
    when([isZero], move(AT, value(VECTOR)), move(TO, value(VECTOR)), goTo(1)),
    ...[get(MARKS), trailingZeros, keep(MARKS), get(AT), add, set(AT), move(TO, get(MARKS)), read],
    escapeAgain(0),
  );
const copyGroup = loop(when(mayBe(GROUPED), copyByte, goTo(1)), escapeAgain(0));

/** The number of a part, as in `a1[0]`. */
const copyPart: Code = [
  ...[get(AT), set(VALUE), copyByte],
  loop(when([get(BYTE), value(codeOf('0')), subtract, value(10), isLessUnsigned], copyByte, goTo(1))),
  failWhen(isNotByte(CLOSING_BRACKET)),
  failWhen(get(AT), get(VALUE), subtract, value(2), subtract, value(MOST_DIGITS), isLessUnsigned, isZero),
  copyByte,
];

const isNameNot = (name: string): Code => [
  ...[get(AT), get(NAME), subtract, value(name.length + 1), isNotEqual],
  ...[...name].flatMap((sign, at) => [get(NAME), byteAt(at), value(codeOf(sign)), isNotEqual, or]),
];

/** To the last apostrophe of what the kernel or the program wrote, from the first. */
const openMessage: Code = [
  failWhen(get(IS_TRANSLATED), get(CLOSES), or, isNameNot('msg'), or),
  ...[get(AT), set(VALUE), get(AT), set(CLOSES)],
  loop(
    move(VALUE, value(1)),
    when(
      [get(VALUE), get(END), isLess],
      ...[get(VALUE), byteAt(0), set(BYTE)],
      when(isByte(APOSTROPHE), get(VALUE), set(CLOSES)),
      when(isNotByte(ENRICHED), goTo(2)),
    ),
  ),
  failWhen(get(AT), get(CLOSES), isEqual),
  ...[get(BEFORE), set(TO), move(AT, value(1))],
];

const quotedValue: Code = [
  ...[put(COLON), put(QUOTE), put(COLON), put(QUOTE), next],
  copyUpTo(ends(SPACE, [])),
  // What closes the message does not stand in a value.
  failWhen(isNotByte(QUOTE), get(CLOSES), isZero, get(AT), get(CLOSES), isLess, or, isZero, or),
  ...[put(QUOTE), next],
];

const NULL = Buffer.from('(null)');
const isNull: Code = [
  ...[get(AT), get(VALUE), subtract, value(NULL.length), isEqual],
  ...[get(VALUE), numberAt(0), value(NULL.readInt32LE(0)), isEqual, and],
  ...[get(VALUE), numberAt(2), value(NULL.readInt32LE(2)), isEqual, and],
];
const bareValue: Code = [
  ...[put(QUOTE), put(COLON), put(QUOTE), get(AT), set(VALUE)],
  when(isByte(OPENING), copyGroup),
  when([get(AT), get(VALUE), isEqual], copyUpTo(ends(SPACE + 1, [COMMA, CLOSING, APOSTROPHE]))),
  put(QUOTE),
  when(isNull, get(BEFORE), set(TO)),
];

const field: Code = [
  ...[get(TO), set(BEFORE)],
  when([get(TO), get(FIRST), isGreater], put(COMMA)),
  ...[put(QUOTE), get(AT), set(NAME)],
  loop(when(mayBe(NAMES), copyByte, goTo(1))),
  when(isByte(BRACKET), copyPart),
  failWhen(isNotByte(EQUALS), get(AT), get(NAME), subtract, value(LONGEST_NAME), isGreater, or),
  next,
];

const endValue: Code = when(
  [get(AT), get(END), isLess],
  failWhen(get(AT), get(CLOSES), isNotEqual, isNotByte(SPACE), and, isNotByte(ENRICHED), and),
);

/** `writeFields(at, end, to, isExecve)`: where what was written ends; 0 where the record is not plain. */
const WRITE_FIELDS: WasmFunction = {
  name: 'writeFields',
  takes: 4,
  numbers: 8,
  vectors: 1,
  body: [
    ...[put(OPEN), get(TO), set(FIRST)],
    loop(
      when(
        [get(AT), get(END), isLess, isZero],
        failWhen(get(TO), get(FIRST), isEqual, get(CLOSES), or),
        ...[put(CLOSE), get(TO), giveBack],
      ),
      read,
      when(isByte(SPACE), move(AT, value(1)), goTo(1)),
      // What auditd translates, of EXECVE nothing.
      when(
        isByte(ENRICHED),
        failWhen(get(IS_EXECVE), get(IS_TRANSLATED), or),
        ...[value(1), set(IS_TRANSLATED), value(0), set(CLOSES), move(AT, value(1)), goTo(1)],
      ),
      when(
        [get(AT), get(CLOSES), isEqual],
        ...[failWhen(isApart, isZero), value(0), set(CLOSES), move(AT, value(1)), goTo(1)],
      ),
      // What closes an address: `SADDR={ saddr_fam=inet laddr=192.0.2.1 lport=22 }`.
      when([isByte(CLOSE), isApart, and], move(AT, value(1)), goTo(1)),
      failWhen(mayBe(STARTS), isZero),
      field,
      when(isByte(APOSTROPHE), openMessage, goTo(1)),
      when(isByte(QUOTE), quotedValue, endValue, goTo(1)),
      ...[bareValue, endValue, goTo(0)],
    ),
    unreachable,
  ],
};

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly writeFields: (at: number, end: number, to: number, isExecve: number) => number;
}

let compiled: (() => unknown) | undefined;

export class AuditFieldWriter {
  /** The lines of which records are written. */
  readonly lines: Buffer;
  /** What was written, from its start on. */
  readonly out: Buffer;
  private readonly writeFields: Exports['writeFields'];

  constructor() {
    compiled ??= compileWasm([WRITE_FIELDS], PAGES);
    const { memory, writeFields } = compiled() as Exports;
    this.lines = Buffer.from(memory.buffer, LINES, MOST_BYTES + 1);
    this.out = Buffer.from(memory.buffer, OUT, OUT_BYTES);
    this.writeFields = writeFields;
    const table = new Uint8Array(memory.buffer, TABLE, 256);
    for (let byte = SPACE + 1; byte <= LAST; byte += 1) {
      const sign = String.fromCharCode(byte);
      if (!`"'\\`.includes(sign)) table[byte] = GROUPED;
      if (/[\w.-]/.test(sign)) table[byte] = GROUPED | NAMES;
      if (/[A-Za-z]/.test(sign)) table[byte] = GROUPED | NAMES | STARTS;
    }
  }

  /**
   * Writes the record's fields, which stand in the lines from `start` to `end`, where a line feed is.
   * @param isExecve whose fields auditd translates none of
   * @returns where in `out` they end; negative where they are not plain
   */
  write(start: number, end: number, to: number, isExecve: boolean): number {
    return this.writeFields(LINES + start, LINES + end, OUT + to, isExecve ? 1 : 0) - OUT;
  }
}
