/**
 * Lines of a block that a scan needs, as words of shared memory: where each stands; and of one that nothing but rules needs, which
 * ones match it, so that the scan need not read it where these only count.
 *
 *   line: start, end, offset, number, rules │ where there are rules: time (2), and of each its number and its alert's id (5)
 *
 * How many rules there are takes the lower bits of its word, whether the event is unrouted the sign.
 */
import type { FoundMatches } from './detector.ts';

export interface NeededLine {
  /** Of the block's bytes. */
  readonly start: number;
  readonly end: number;
  /** Where its bytes were read, from the block on. */
  readonly offset: number;
  /** In the block. */
  readonly line: number;
  /** Absent where it has to be read. */
  readonly found?: FoundLine;
}

export interface FoundLine extends FoundMatches {
  readonly isUnrouted: boolean;
}

const [START, END, OFFSET, LINE, RULES] = [0, 1, 2, 3, 4];
/** Of one that has to be read. */
export const WORDS_OF_LINE = 5;
const WORDS_OF_TIME = 2;
const WORDS_OF_MATCH = 6;
const WORD = Int32Array.BYTES_PER_ELEMENT;
const BYTES_OF_ID = 20;
/** The rest is kept for lines that have to be read: without room for these, a block is read for nothing. */
const MOST_FOUND = 1 / 2;
const UNROUTED = -0x80000000;
const MOST_RULES = 0xffff;

/** More of them than there is room for are not taken. */
export class NeededLines {
  private readonly numbers: Int32Array;
  private readonly bytes: Buffer;
  /** Words that are taken. */
  size = 0;

  constructor(numbers: Int32Array) {
    this.numbers = numbers;
    this.bytes = Buffer.from(numbers.buffer as ArrayBuffer, numbers.byteOffset, numbers.byteLength);
  }

  /** @returns whether there was room for it */
  add(line: NeededLine): boolean {
    const { numbers, size } = this;
    if (size + WORDS_OF_LINE > numbers.length) return false;
    numbers[size + START] = line.start;
    numbers[size + END] = line.end;
    numbers[size + OFFSET] = line.offset;
    numbers[size + LINE] = line.line;
    numbers[size + RULES] = 0;
    this.size += WORDS_OF_LINE;
    if (line.found !== undefined) this.addFound(line.found, size + RULES);
    return true;
  }

  /** @param size words that were taken */
  read(size: number): readonly NeededLine[] {
    const { numbers } = this;
    const lines: NeededLine[] = [];
    for (this.size = 0; this.size < size; ) {
      const at = this.size;
      this.size += WORDS_OF_LINE;
      const rules = numbers[at + RULES] as number;
      lines.push({
        start: numbers[at + START] as number,
        end: numbers[at + END] as number,
        offset: numbers[at + OFFSET] as number,
        line: numbers[at + LINE] as number,
        ...(rules === 0 ? {} : { found: this.readFound(rules) }),
      });
    }
    return lines;
  }

  /** Where there is no room for it, the line is to be read. */
  private addFound({ time, matches, isUnrouted }: FoundLine, rules: number): void {
    const { numbers, bytes } = this;
    const end = this.size + WORDS_OF_TIME + matches.length * WORDS_OF_MATCH;
    if (end > numbers.length * MOST_FOUND || matches.length > MOST_RULES) return;
    numbers[rules] = matches.length | (isUnrouted ? UNROUTED : 0);
    bytes.writeDoubleLE(time, this.size * WORD);
    for (let at = this.size + WORDS_OF_TIME, next = 0; at < end; at += WORDS_OF_MATCH, next += 1) {
      const { rule, alertId } = matches[next] as FoundMatches['matches'][number];
      numbers[at] = rule;
      bytes.write(alertId, (at + 1) * WORD, 'hex');
    }
    this.size = end;
  }

  private readFound(rules: number): FoundLine {
    const { numbers, bytes } = this;
    const time = bytes.readDoubleLE(this.size * WORD);
    const begin = this.size + WORDS_OF_TIME;
    this.size = begin + (rules & MOST_RULES) * WORDS_OF_MATCH;
    const matches: FoundMatches['matches'][number][] = [];
    for (let at = begin; at < this.size; at += WORDS_OF_MATCH) {
      const id = (at + 1) * WORD;
      matches.push({ rule: numbers[at] as number, alertId: bytes.toString('hex', id, id + BYTES_OF_ID) });
    }
    return { time, matches, isUnrouted: rules < 0 };
  }
}
