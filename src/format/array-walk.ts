/**
 * Where an array in a line of JSON ends, whatever is in it: one more function of the walk (`line-walk.ts`).
 *
 *   `[` ──values by JSON's grammar, of what is open a bit each: object or array──▶ the byte after the last bracket
 *
 * Invariants: an array that it takes is one that `JSON.parse` takes; what is nested deeper than `MOST_DEPTH`, and numbers that the walk does
 * not take, are left to whoever parses. It reads nothing beyond the zero after a line.
 */
import {
  add,
  and,
  block,
  byteAt,
  type Code,
  call,
  get,
  giveBack,
  goTo,
  isEqual,
  isLess,
  isZero,
  keep,
  loop,
  numberAt,
  or,
  set,
  shiftLeft,
  shiftRight,
  subtract,
  unreachable,
  value,
  type WasmFunction,
  when,
} from './wasm-code.ts';

/** A bit each. */
export const MOST_DEPTH = 32;
const [QUOTE, COMMA, COLON, SPACE, TAB, RETURN] = [0x22, 0x2c, 0x3a, 0x20, 0x09, 0x0d];
const [BRACE, BRACKET, CLOSING_BRACKET, LETTER_E] = [0x7b, 0x5b, 0x5d, 0x65];
/** From an array's bracket to an object's brace, opening or closing. */
const TO_OBJECT = 5;

/**
 * `endOfArray(at)`: from its bracket, the byte after the array; 0 where it is none that is taken.
 * @param places of the functions that tell where a string and a number end
 */
export function endOfArrayWith(places: { readonly endOf: number; readonly endOfNumber: number }): WasmFunction {
  const [AT, DEPTH, OBJECTS, BYTE, END] = [0, 1, 2, 3, 4] as const;
  const goOn = (bytes: number): Code => [get(AT), value(bytes), add, set(AT)];
  const byteIs = (byte: number): Code => [get(AT), byteAt(0), value(byte), isEqual];
  const isIn = (byte: number): Code => [get(BYTE), value(byte), isEqual];
  const blanks: Code = loop(
    ...[get(AT), byteAt(0), keep(BYTE), value(SPACE), isEqual, isIn(TAB), or, isIn(RETURN), or],
    when([], goOn(1), goTo(1)),
  );
  const refuse: Code = [value(0), giveBack];
  const string: Code = [
    ...[get(AT), value(1), add, call(places.endOf), value(1), add, keep(AT), value(1), isLess],
    when([], refuse),
  ];
  const name: Code = [
    when([byteIs(QUOTE), isZero], refuse),
    ...[string, blanks],
    when([byteIs(COLON), isZero], refuse),
    goOn(1),
  ];
  const isInObject: Code = [get(OBJECTS), value(1), and];
  /** What the innermost one ends with. */
  const isClosing: Code = [
    ...[get(AT), byteAt(0), isInObject, value(TO_OBJECT), shiftLeft, value(CLOSING_BRACKET), add, isEqual],
  ];
  const isWord = (four: string): Code => [get(AT), numberAt(0), value(Buffer.from(four).readInt32LE()), isEqual];
  const endAfter = (bytes: number): Code => [get(AT), value(bytes), add, set(END)];
  const body = [
    loop(
      blanks,
      block(
        when(
          [isIn(BRACKET), isIn(BRACE), or],
          when([get(DEPTH), value(MOST_DEPTH), isEqual], refuse),
          ...[get(DEPTH), value(1), add, set(DEPTH), get(OBJECTS), value(1), shiftLeft, isIn(BRACE), or, set(OBJECTS)],
          ...[goOn(1), blanks],
          when(isClosing, goTo(2)),
          when(isInObject, name),
          goTo(2),
        ),
        when(isIn(QUOTE), string, goTo(1)),
        ...[get(AT), call(places.endOfNumber), set(END)],
        when(isWord('true'), endAfter(4)),
        when(isWord('null'), endAfter(4)),
        when([isWord('fals'), get(AT), byteAt(4), value(LETTER_E), isEqual, and], endAfter(5)),
        when([get(END), value(1), isLess], refuse),
        ...[get(END), set(AT)],
      ),
      loop(
        blanks,
        when(
          isClosing,
          ...[goOn(1), get(OBJECTS), value(1), shiftRight, set(OBJECTS)],
          when([get(DEPTH), value(1), subtract, keep(DEPTH), isZero], get(AT), giveBack),
          goTo(1),
        ),
        when([isIn(COMMA), isZero], refuse),
        goOn(1),
        when(isInObject, blanks, name),
        goTo(1),
      ),
    ),
    unreachable,
  ];
  return { name: 'endOfArray', takes: 1, numbers: 4, vectors: 0, body };
}
