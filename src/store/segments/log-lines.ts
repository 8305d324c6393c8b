/** Lines that are written to the log together, as bytes: no text, nor buffer of its own, is held of any of them. */
const NEWLINE = 10;
/** UTF-8 of a UTF-16 unit. */
const MOST_BYTES = 3;

export class LogLines {
  private room: Buffer;
  private length = 0;
  /** Bytes of the longest one, its end included. */
  longest = 0;

  /** @param size about how many bytes there will be */
  constructor(size: number) {
    this.room = Buffer.allocUnsafe(size);
  }

  add(line: string): void {
    const most = this.length + MOST_BYTES * line.length + 1;
    if (most > this.room.length) this.grow(most);
    const end = this.length + this.room.write(line, this.length);
    this.room[end] = NEWLINE;
    this.longest = Math.max(this.longest, end + 1 - this.length);
    this.length = end + 1;
  }

  get bytes(): Buffer {
    return this.room.subarray(0, this.length);
  }

  private grow(least: number): void {
    const room = Buffer.allocUnsafe(Math.max(least, 2 * this.room.length));
    this.bytes.copy(room);
    this.room = room;
  }
}
