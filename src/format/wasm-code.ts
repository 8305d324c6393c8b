/**
 * Functions of WebAssembly, put together from their instructions: there are a hundred of them, and a compiler would be a dependency.
 *
 *   functions as lists of instructions ──module──▶ bytes ──open──▶ exports
 *
 * Names are those of the specification's text form, as far as they are used; the numbers are its binary form.
 */

/** Bytes, in lists of lists as they are put together. */
export type Code = readonly (number | Code)[];

export const [I32, V128] = [0x7f, 0x7b];

export interface WasmFunction {
  readonly name: string;
  /** How many numbers it takes; it gives one. */
  readonly takes: number;
  /** Local variables beside, in the order of their numbers: numbers first, then vectors. */
  readonly numbers: number;
  readonly vectors: number;
  readonly body: Code;
}

/** Of the global object, which Node's types do not tell of. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** A module of these functions and a memory, all exported. */
export function compileWasm(functions: readonly WasmFunction[], pages: number): () => unknown {
  const types = functions.map(({ takes }) => [0x60, takes, ...new Array<number>(takes).fill(I32), 1, I32]);
  const exports = [...functions.map(({ name }, at) => exported(name, 0, at)), exported('memory', 2, 0)];
  const bodies = functions.map(({ numbers, vectors, body }) => {
    const code = [2, ...unsigned(numbers), I32, ...unsigned(vectors), V128, ...flat(body), END];
    return [...unsigned(code.length), ...code];
  });
  const bytes = [
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(
      3,
      functions.map((_, at) => [at]),
    ),
    ...section(5, [[0, ...unsigned(pages)]]),
    ...section(7, exports),
    ...section(10, bodies),
  ];
  const module = new WebAssembly.Module(Uint8Array.from(bytes));
  return () => new WebAssembly.Instance(module).exports;
}

const END = 0x0b;
const NO_VALUE = 0x40;

export const block = (...body: Code): Code => [0x02, NO_VALUE, ...body, END];
export const loop = (...body: Code): Code => [0x03, NO_VALUE, ...body, END];
export const when = (condition: Code, ...body: Code): Code => [condition, 0x04, NO_VALUE, ...body, END];
/** To the end of the block, or the start of the loop, so many around this one. */
export const goTo = (depth: number): Code => [0x0c, depth];
export const goToWhen = (depth: number): Code => [0x0d, depth];
export const call = (number: number): Code => [0x10, number];
export const giveBack: Code = [0x0f];
export const unreachable: Code = [0x00];

export const get = (local: number): Code => [0x20, local];
export const set = (local: number): Code => [0x21, local];
/** Sets it, and leaves its value. */
export const keep = (local: number): Code => [0x22, local];

export const byteAt = (offset: number): Code => [0x2d, 0, ...unsigned(offset)];
export const numberAt = (offset: number): Code => [0x28, 2, ...unsigned(offset)];
export const storeByteAt = (offset: number): Code => [0x3a, 0, ...unsigned(offset)];
export const storeNumberAt = (offset: number): Code => [0x36, 2, ...unsigned(offset)];
export const storeVectorAt = (offset: number): Code => [0xfd, 0x0b, 0, ...unsigned(offset)];
export const vectorAt = (offset: number): Code => [0xfd, 0x00, 0, ...unsigned(offset)];

export const isZero: Code = [0x45];
export const isEqual: Code = [0x46];
export const isNotEqual: Code = [0x47];
export const isLess: Code = [0x48];
export const isLessUnsigned: Code = [0x49];
export const isGreater: Code = [0x4a];
export const trailingZeros: Code = [0x68];
export const add: Code = [0x6a];
export const subtract: Code = [0x6b];
export const multiply: Code = [0x6c];
export const and: Code = [0x71];
export const or: Code = [0x72];
export const exclusiveOr: Code = [0x73];
export const shiftLeft: Code = [0x74];
/** What comes in is zeros. */
export const shiftRight: Code = [0x76];
export const rotateLeft: Code = [0x77];

/** Of vectors of 16 bytes, byte by byte. */
export const equalBytes: Code = [0xfd, 0x23];
export const notEqualBytes: Code = [0xfd, 0x24];
export const lessBytes: Code = [0xfd, 0x26];
/** As signed: bytes beyond ASCII are less than all others. */
export const lessSignedBytes: Code = [0xfd, 0x25];
/** Of vectors of four numbers. */
export const fourOf: Code = [0xfd, 0x11];
export const addFours: Code = [0xfd, 0xae, 0x01];
export const notMoreBytes: Code = [0xfd, 0x2a];
export const notLessBytes: Code = [0xfd, 0x2c];
export const bothBytes: Code = [0xfd, 0x4e];
export const eitherBytes: Code = [0xfd, 0x50];
/** As eight numbers of sixteen bits. */
export const shiftPairsRight: Code = [0xfd, 0x8d, 0x01];
/** Of the first vector the bytes at the places that the second holds, all of them below sixteen. */
export const pick: Code = [0xfd, 0x80, 0x02];
/** Of two vectors in a row the sixteen bytes that end so many before the end of the second. */
export const before = (bytes: number): Code => [0xfd, 0x0d, ...Array.from({ length: 16 }, (_, at) => 16 - bytes + at)];
/** Whether a byte is not zero. */
export const anyByte: Code = [0xfd, 0x53];
/** Whether no byte is zero. */
export const everyByte: Code = [0xfd, 0x63];
/** A bit for each byte: its highest. */
export const highBits: Code = [0xfd, 0x64];
export const sixteenOf = (byte: number): Code => [0xfd, 0x0c, ...new Array<number>(16).fill(byte)];

export function value(number: number): Code {
  const bytes = [0x41];
  for (let rest = number; ; rest >>= 7) {
    const low = rest & 0x7f;
    const isLast = rest >> 7 === ((low & 0x40) === 0 ? 0 : -1);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

/** Numbers of local variables. */
interface Compared {
  readonly place: number;
  readonly other: number;
  /** How many bytes; all four are changed. */
  readonly left: number;
  readonly marks: number;
}

const VECTOR = 16;
const ALL_DIFFER = 0xffff;

/** Leaves the block around it where bytes at two places, the second `offset` further, are not the same; sixteen at a time. */
export function leaveUnlessSame({ place, other, left, marks }: Compared, offset: number): Code {
  const goOn = (local: number): Code => [get(local), value(VECTOR), add, set(local)];
  return loop(
    ...[get(place), vectorAt(0), get(other), vectorAt(offset), equalBytes, highBits],
    ...[value(ALL_DIFFER), exclusiveOr, set(marks)],
    when(
      [get(left), value(VECTOR - 1), isGreater],
      ...[get(marks), goToWhen(2), goOn(place), goOn(other)],
      ...[get(left), value(VECTOR), subtract, set(left), goTo(1)],
    ),
    ...[get(marks), value(1), get(left), shiftLeft, value(1), subtract, and, goToWhen(1)],
  );
}

function unsigned(number: number): number[] {
  return number < 0x80 ? [number] : [(number & 0x7f) | 0x80, ...unsigned(number >>> 7)];
}

function section(id: number, items: readonly (readonly number[])[]): number[] {
  const content = [...unsigned(items.length), ...items.flat()];
  return [id, ...unsigned(content.length), ...content];
}

function exported(name: string, kind: number, number: number): number[] {
  return [name.length, ...Buffer.from(name), kind, number];
}

function flat(code: Code): number[] {
  return code.flatMap((part) => (typeof part === 'number' ? part : flat(part)));
}
