/**
 * Beginnings of texts that are as those of texts before: of each byte the least and the most that it may be.
 *
 *   forms, the newest first ──compared sixteen bytes at a time──▶ what is known of the first one that the text is within / none
 *
 * What a form may leave open is for whoever adds it to know: that the same is told of all texts within. Memory is bounded: when there is
 * no room, all forms are forgotten; where they seldom help, they are not looked at for a while.
 */
import { sixteenWithin } from './value-ranges.ts';
import {
  add,
  block,
  get,
  giveBack,
  goTo,
  goToWhen,
  isZero,
  keep,
  loop,
  numberAt,
  set,
  subtract,
  unreachable,
  value,
  type WasmFunction,
  when,
} from './wasm-code.ts';

const VECTOR = 16;
/** Of a form: the next one, its number from 1, how many pairs of vectors there are. */
const [NEXT, NUMBER, VECTORS, BYTES] = [0, 4, 8, VECTOR];
const MOST_VECTORS = 12;
/** The longest beginning. */
export const LONGEST_FORM = MOST_VECTORS * VECTOR;
const MOST_FORMS = 32;
/** Of memory, what all forms take. */
export const ROOM_OF_FORMS = MOST_FORMS * (BYTES + MOST_VECTORS * 2 * VECTOR);
/** Texts that are of no form before it is given up for a while; a form is added for so many that were of one. */
const PATIENCE = 640;
const FOR_FORM = 16;
/** Texts that it is given up for, twice as many each time until it is seen to help. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [16_384, 1_048_576];

/** `formOf(first, at)`: the number of the form that the bytes are of; 0 where there is none. */
export function formOfWith(): WasmFunction {
  const [FORM, AT, PLACE, OTHER, LEFT, SIXTEEN] = [0, 1, 2, 3, 4, 5] as const;
  const body = [
    loop(
      when([get(FORM), isZero], value(0), giveBack),
      block(
        ...[get(AT), set(PLACE), get(FORM), set(OTHER), get(FORM), numberAt(VECTORS), set(LEFT)],
        loop(
          ...sixteenWithin(PLACE, [OTHER, BYTES], SIXTEEN),
          ...[isZero, goToWhen(1)],
          ...[get(PLACE), value(VECTOR), add, set(PLACE), get(OTHER), value(2 * VECTOR), add, set(OTHER)],
          when([get(LEFT), value(1), subtract, keep(LEFT)], goTo(1)),
        ),
        ...[get(FORM), numberAt(NUMBER), giveBack],
      ),
      ...[get(FORM), numberAt(NEXT), set(FORM), goTo(0)],
    ),
    unreachable,
  ];
  return { name: 'formOf', takes: 2, numbers: 3, vectors: 1, body };
}

/** A memory that has these, of which `ROOM_OF_FORMS` bytes from `start` on are theirs alone. */
export interface FormMemory {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly start: number;
  readonly formOf: (first: number, at: number) => number;
}

export class TextForms<T> {
  private readonly memory: FormMemory;
  private free: number;
  private first = 0;
  /** By number. */
  private readonly known: (T | undefined)[] = [undefined];
  private left = PATIENCE;
  private pause = 0;
  private nextPause = FIRST_PAUSE;

  constructor(memory: FormMemory) {
    this.memory = memory;
    this.free = memory.start;
  }

  /** For tests: no text is of a form from now on. */
  leave(): void {
    this.pause = Number.POSITIVE_INFINITY;
  }

  /** What is known of the form of the text that begins at `at`. */
  find(at: number): T | undefined {
    if (this.pause > 0) {
      this.pause -= 1;
      return undefined;
    }
    const number = this.memory.formOf(this.first, at);
    if (number !== 0) {
      if (this.left < PATIENCE) this.left += 1;
      else this.nextPause = FIRST_PAUSE;
    } else {
      this.left -= 1;
      if (this.left === 0) this.giveUp();
    }
    return this.known[number];
  }

  /** Of the text that begins at `at`, the least and the most that its first bytes may be in texts of its form, if it has one. */
  rangesAt(at: number): { readonly least: Uint8Array; readonly most: Uint8Array } | undefined {
    const { bytes, words, formOf } = this.memory;
    const number = formOf(this.first, at);
    if (number === 0) return undefined;
    let form = this.first;
    while (words[(form + NUMBER) >> 2] !== number) form = words[(form + NEXT) >> 2] as number;
    const length = (words[(form + VECTORS) >> 2] as number) * VECTOR;
    const [least, most] = [new Uint8Array(length), new Uint8Array(length)];
    for (let from = 0; from < length; from += VECTOR) {
      const place = form + BYTES + 2 * from;
      least.set(bytes.subarray(place, place + VECTOR), from);
      most.set(bytes.subarray(place + VECTOR, place + 2 * VECTOR), from);
    }
    return { least, most };
  }

  /** Whether a form more is worth it now; to try to make one counts. */
  takesMore(): boolean {
    if (this.pause > 0 || this.left <= FOR_FORM) return false;
    this.left -= FOR_FORM;
    return true;
  }

  /** @param least as long as `most`, and no longer than `LONGEST_FORM` */
  add(least: Uint8Array, most: Uint8Array, known: T): void {
    const { bytes, words, start } = this.memory;
    if (this.known.length > MOST_FORMS) {
      this.free = start;
      this.first = 0;
      this.known.length = 1;
    }
    const form = this.free;
    const vectors = Math.ceil(least.length / VECTOR);
    words[(form + NEXT) >> 2] = this.first;
    words[(form + NUMBER) >> 2] = this.known.length;
    words[(form + VECTORS) >> 2] = vectors;
    let at = form + BYTES;
    for (let from = 0; from < least.length; from += VECTOR, at += 2 * VECTOR) {
      // What follows may be anything.
      bytes.fill(0, at, at + VECTOR).set(least.subarray(from, from + VECTOR), at);
      bytes.fill(0xff, at + VECTOR, at + 2 * VECTOR).set(most.subarray(from, from + VECTOR), at + VECTOR);
    }
    this.free = at;
    this.first = form;
    this.known.push(known);
  }

  private giveUp(): void {
    this.pause = this.nextPause;
    this.nextPause = Math.min(2 * this.nextPause, LONGEST_PAUSE);
    this.left = PATIENCE;
  }
}
