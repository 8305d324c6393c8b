/**
 * Where an object of JSON ends in bytes that come in pieces: its braces are counted, those within texts are not.
 *
 * Each byte is looked at once, however the bytes were cut. What is no JSON has an end somewhere else or none, so whoever
 * takes the object has to read it.
 */
const [QUOTE, BACKSLASH, OPEN, CLOSE] = [0x22, 0x5c, 0x7b, 0x7d];

export class ObjectEnd {
  private seen = 0;
  private depth = 0;
  private isText = false;
  private isEscaped = false;

  /**
   * @param bytes the next piece
   * @param from where in it to start
   * @param at how many bytes before that belong to what is looked through; those that were seen are passed over
   * @returns the place in the piece behind the first object that closes; `undefined` where none does before `to`
   */
  find(bytes: Uint8Array, from: number, to: number, at: number): number | undefined {
    for (let index = from + Math.max(0, this.seen - at); index < to; index += 1) {
      this.seen = at + index - from + 1;
      if (this.closes(bytes[index] as number)) return index + 1;
    }
    return undefined;
  }

  private closes(byte: number): boolean {
    if (this.isText) {
      const isEscaped = this.isEscaped;
      this.isEscaped = !isEscaped && byte === BACKSLASH;
      if (byte === QUOTE && !isEscaped) this.isText = false;
      return false;
    }
    if (byte === QUOTE) this.isText = true;
    else if (byte === OPEN) this.depth += 1;
    else if (byte === CLOSE) {
      this.depth -= 1;
      return this.depth <= 0;
    }
    return false;
  }
}
