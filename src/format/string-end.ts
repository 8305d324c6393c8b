/**
 * Where a JSON string ends, sixteen bytes at a time.
 *
 *   place after the opening quote ──quotes, backslashes, controls of 16 bytes at once──▶ place of the closing quote
 *
 * A loop over bytes in JavaScript reads strings at half the speed of `JSON.parse`; this reads them at several times it, which
 * is what makes looking at a line cheaper than parsing it. It is a function in WebAssembly with SIMD, written down as its
 * instructions, since there are sixty of them and a compiler would be a dependency.
 *
 * Invariants: it reads nothing beyond `LINE_ROOM` and what follows it here; whatever the bytes, it ends: each turn goes on
 * by at least two bytes, and the bytes after a line are no part of a string (`lineRoom` ends it with a zero).
 */

/** The longest line that fits. */
export const LINE_ROOM = 65_536;
/** A vector that begins at the last byte ends here; so does an escape. */
const MARGIN = 64;
/** By byte after a backslash: 1 where it is an escape by itself, 2 for `u`. */
const ESCAPES = LINE_ROOM + MARGIN;
/** By byte: 1 for a hexadecimal digit. */
const DIGITS = ESCAPES + 256;
/** Not zero once there was an escape by number. */
export const NUMBER_ESCAPED = DIGITS + 256;
const PAGES = 2;

export interface StringEnds {
  /**
   * Where lines are put, from 0, with a zero after the last byte. What is at `NUMBER_ESCAPED` is set by escapes such as
   * `\\u0041`, and cleared by whoever asks.
   */
  readonly room: Uint8Array;
  /** The place of the closing quote; negative where the string has none, or holds what JSON does not allow. */
  readonly endOf: (start: number) => number;
}

/** Of the global object, which Node's types do not tell of. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: ModuleExports };
};

interface ModuleExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly endOf: StringEnds['endOf'];
}

/** Once for all; each has a room of its own. */
let compiled: object | undefined;

export function openStringEnds(): StringEnds {
  compiled ??= new WebAssembly.Module(Uint8Array.from(module()));
  const { exports } = new WebAssembly.Instance(compiled);
  const room = new Uint8Array(exports.memory.buffer);
  for (const letter of '"\\/bfnrt') room[ESCAPES + letter.charCodeAt(0)] = 1;
  room[ESCAPES + 'u'.charCodeAt(0)] = 2;
  for (const digit of '0123456789abcdefABCDEF') room[DIGITS + digit.charCodeAt(0)] = 1;
  return { room, endOf: exports.endOf };
}

type Code = readonly (number | readonly number[])[];

function module(): number[] {
  const body = [2, 2, I32, 1, V128, ...flat(endOf()), END];
  return [
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 1, I32, 1, I32]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, PAGES]),
    ...section(7, [2, ...exported('endOf', 0), ...exported('memory', 2)]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ];
}

/** Locals: where we are (the argument), which of 16 bytes stand out, the byte there, the 16 bytes. */
const [AT, MARKS, BYTE, VECTOR] = [0, 1, 2, 3];
const [I32, V128] = [0x7f, 0x7b];
const [LOOP, IF, END, RETURN, UNREACHABLE, NO_VALUE] = [0x03, 0x04, 0x0b, 0x0f, 0x00, 0x40];
const [EQUALS_ZERO, EQUALS, DIFFERS, TRAILING_ZEROS, ADD, AND] = [0x45, 0x46, 0x47, 0x68, 0x6a, 0x71];
const OR_V128 = [0xfd, 0x50];
const [EQUALS_I8X16, LESS_I8X16, BITMASK_I8X16] = [
  [0xfd, 0x23],
  [0xfd, 0x26],
  [0xfd, 0x64],
];
const [QUOTE, BACKSLASH, SPACE] = [0x22, 0x5c, 0x20];

function endOf(): Code {
  const goOn = (depth: number) => [0x0c, depth];
  const when = (condition: Code, then: Code): Code => [...condition, IF, NO_VALUE, ...then, END];
  return [
    ...[LOOP, NO_VALUE],
    ...[get(AT), [0xfd, 0x00, 0, 0], set(VECTOR)],
    ...[get(VECTOR), every(QUOTE), EQUALS_I8X16],
    ...[get(VECTOR), every(BACKSLASH), EQUALS_I8X16, OR_V128],
    ...[get(VECTOR), every(SPACE), LESS_I8X16, OR_V128],
    ...when([BITMASK_I8X16, keep(MARKS), EQUALS_ZERO], [get(AT), value(16), ADD, set(AT), goOn(1)]),
    ...[get(AT), get(MARKS), TRAILING_ZEROS, ADD, keep(AT), byteAt(0), keep(BYTE)],
    ...when([value(QUOTE), EQUALS], [get(AT), RETURN]),
    ...when([get(BYTE), value(BACKSLASH), DIFFERS], [value(-1), RETURN]),
    ...when(
      [get(AT), byteAt(1), byteAt(ESCAPES), keep(BYTE), value(1), EQUALS],
      [get(AT), value(2), ADD, set(AT), goOn(1)],
    ),
    ...when([get(BYTE), EQUALS_ZERO], [value(-1), RETURN]),
    ...[2, 3, 4, 5].flatMap((place) => [get(AT), byteAt(place), byteAt(DIGITS), ...(place === 2 ? [] : [AND])]),
    ...when([EQUALS_ZERO], [value(-1), RETURN]),
    ...[value(0), value(1), storeAt(NUMBER_ESCAPED)],
    ...[get(AT), value(6), ADD, set(AT), goOn(0), END, UNREACHABLE],
  ];
}

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const keep = (local: number) => [0x22, local];
const byteAt = (offset: number) => [0x2d, 0, ...unsigned(offset)];
const storeAt = (offset: number) => [0x3a, 0, ...unsigned(offset)];
const every = (byte: number) => [0xfd, 0x0c, ...new Array<number>(16).fill(byte)];

function value(number: number): number[] {
  const bytes = [0x41];
  for (let rest = number; ; rest >>= 7) {
    const low = rest & 0x7f;
    const isLast = rest >> 7 === ((low & 0x40) === 0 ? 0 : -1);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

function unsigned(number: number): number[] {
  return number < 0x80 ? [number] : [(number & 0x7f) | 0x80, ...unsigned(number >>> 7)];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function exported(name: string, kind: number): number[] {
  return [name.length, ...Buffer.from(name), kind, 0];
}

function flat(code: Code): number[] {
  return code.flat() as number[];
}
