/**
 * Which values of the texts of a way are the same in all of them, as far as was seen (`text-ways.ts` holds them).
 */
import type { TextWays } from './text-ways.ts';

/** Texts after which those that were the same in all are held: what hosts do is seen later than what a record is. */
const HELD_AFTER: readonly number[] = [16, 64, 1_024, 16_384];
/** Beyond the first, one of so many is looked at. */
const FIRST = 64;
const ONE_OF = 16;
/** Longer values are looked for. */
const LONGEST = 256;

/** The line's bytes, and where members are. */
interface Line {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

export class TextHabits {
  private texts = 0;
  private readonly first: readonly Uint8Array[];
  private readonly varies: Uint8Array;
  private varying = 0;
  private held = -1;
  private isOver = false;

  /** @param free whether the value at a place in the text's order is another in each, whatever was seen */
  constructor({ bytes, starts, ends }: Line, count: number, values: number, free: (value: number) => boolean) {
    this.varies = new Uint8Array(values);
    this.first = Array.from({ length: values }, (_, at) =>
      bytes.slice((starts[count + at] as number) + 1, (ends[count + at] as number) - 1),
    );
    for (let at = 0; at < values; at += 1) if (free(at) || (this.first[at]?.length ?? 0) > LONGEST) this.vary(at);
  }

  /**
   * Another text took the way, from `start` to `end`, with its values from the member `count` on.
   */
  saw(ways: TextWays, way: number, line: Line, count: number, start: number, end: number): void {
    if (this.isOver) return;
    this.texts += 1;
    const { texts } = this;
    if (texts > FIRST && texts % ONE_OF !== 0) return;
    this.compare(line, count);
    if (!HELD_AFTER.includes(texts)) return;
    if (this.varying !== this.held) {
      this.held = this.varying;
      const { starts, ends } = line;
      const values = Array.from(this.varies, (_, at) => {
        return { start: (starts[count + at] as number) + 1, end: (ends[count + at] as number) - 1 };
      });
      ways.hold(way, start, end, values, (value) => this.varies[value] === 0);
    }
    this.isOver = texts === HELD_AFTER.at(-1);
  }

  private compare({ bytes, starts, ends }: Line, count: number): void {
    const { first, varies } = this;
    for (let at = 0; at < first.length; at += 1) {
      if (varies[at] === 1) continue;
      const start = (starts[count + at] as number) + 1;
      if (!stands(first[at] as Uint8Array, bytes, start, (ends[count + at] as number) - 1)) this.vary(at);
    }
  }

  private vary(value: number): void {
    this.varies[value] = 1;
    this.varying += 1;
  }
}

function stands(text: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  const { length } = text;
  if (length !== end - start) return false;
  for (let at = 0; at < length; at += 1) if (text[at] !== bytes[start + at]) return false;
  return true;
}
