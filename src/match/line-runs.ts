/**
 * Lines in a row that are passed over at once, without being handed over one by one.
 *
 *   block of bytes ──copied, as much as there is room for──▶ line ──scan, to its newline──▶ shape ──told at once?──▶ the next line …
 *                                                                             └──not, or cut off──▶ handed over from there on
 *
 * To find a line's end, hand it over and copy it takes a quarter of what a line takes that is known otherwise. Where lines seldom come in
 * a row, they are not looked at so for a while.
 */
import type { LineBlock, PassedLine } from '../format/format.ts';
import { BLOCK, type LineScanner, type LineShape } from '../format/line-shape.ts';

/** A line that was looked at so in vain costs about what so many save that were passed over. */
const LINES_FOR_MISS = 5;
const [FIRST_LEFT, MOST_LEFT] = [64, 1_024];
/** Lines that are not looked at so, twice as many each time until it pays. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [64, 1_024];
const NEWLINE = 0x0a;

/** Of a line that was scanned, from `start` to `end` of the bytes. */
type Tell<T> = (shape: LineShape<T>, bytes: Uint8Array, start: number, end: number) => PassedLine | undefined;

export class LineRuns<T> {
  private scanner: LineScanner<T> | undefined;
  private block: LineBlock | undefined;
  /** Its bytes, of which parts are made in less time than of a `Buffer`. */
  private bytes: Uint8Array = new Uint8Array(0);
  /** Which of its bytes the scanner has. */
  private first = 0;
  private end = 0;
  private left = FIRST_LEFT;
  private pausing = 0;
  private pause = FIRST_PAUSE;

  /** As `LineFilter.passOver`. @param tell what is known of a line; undefined where that takes more */
  passOver(
    scanner: LineScanner<T>,
    block: LineBlock,
    from: number,
    tell: Tell<T>,
    take: (passed: PassedLine) => void,
  ): number {
    if (this.pausing > 0) {
      this.pausing -= 1;
      return from;
    }
    const { length } = block.bytes;
    let at = from;
    while (at < length) {
      const shape = this.scan(scanner, block, at);
      if (shape === undefined) break;
      const end = scanner.endOfScanned - BLOCK + this.first;
      const passed = tell(shape, this.bytes, at, end);
      if (passed === undefined) break;
      take(passed);
      at = end + 1;
      this.left += 1;
    }
    if (at < length) this.missed();
    return at;
  }

  private scan(scanner: LineScanner<T>, block: LineBlock, at: number): LineShape<T> | undefined {
    const isThere = scanner === this.scanner && block === this.block && at >= this.first && at < this.end;
    if (!isThere) this.take(scanner, block, at);
    const shape = scanner.scanInBlock(BLOCK + at - this.first);
    if (shape !== undefined || at === this.first || this.end === block.bytes.length) return shape;
    const newline = block.bytes.indexOf(NEWLINE, at);
    if (newline !== -1 && newline < this.end) return undefined;
    this.take(scanner, block, at);
    return scanner.scanInBlock(BLOCK);
  }

  private take(scanner: LineScanner<T>, block: LineBlock, at: number): void {
    const { bytes } = block;
    this.scanner = scanner;
    if (block !== this.block) this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    this.block = block;
    this.first = at;
    this.end = at + scanner.beginBlock(bytes, at);
  }

  private missed(): void {
    this.left -= LINES_FOR_MISS;
    if (this.left > 0) {
      if (this.left >= FIRST_LEFT) this.pause = FIRST_PAUSE;
      this.left = Math.min(this.left, MOST_LEFT);
      return;
    }
    this.pausing = this.pause;
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
    this.left = LINES_FOR_MISS * 3;
  }
}
