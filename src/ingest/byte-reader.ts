/**
 * A stream of chunks that can be looked into ahead, read in exact pieces, and given back what was not used: what
 * reading a container format (gzip members, zstd frames) takes.
 *
 * A chunk may be reused by its source as soon as the next one is asked for, so whatever is kept longer is copied here.
 */
const NOTHING = Buffer.alloc(0);

export class ByteReader {
  private readonly source: AsyncIterator<Buffer>;
  private pending: Buffer = NOTHING;
  private received = 0;

  constructor(source: AsyncIterable<Buffer>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** Bytes handed out and not given back. */
  get taken(): number {
    return this.received - this.pending.length;
  }

  /** The next chunk of any size, `undefined` at the end. */
  async next(): Promise<Buffer | undefined> {
    if (this.pending.length > 0) {
      const chunk = this.pending;
      this.pending = NOTHING;
      return chunk;
    }
    for (;;) {
      const { value, done } = await this.source.next();
      if (done === true) return undefined;
      if (value.length === 0) continue;
      this.received += value.length;
      return value;
    }
  }

  /** Gives back the end of the chunk that `next` gave last. */
  unread(rest: Buffer): void {
    this.pending = this.pending.length === 0 ? rest : Buffer.concat([rest, this.pending]);
  }

  /** Up to `size` next bytes without taking them; fewer only at the end. */
  async peek(size: number): Promise<Buffer> {
    while (this.pending.length < size) {
      const held = Buffer.from(this.pending);
      this.pending = NOTHING;
      const more = await this.next();
      this.pending = more === undefined ? held : held.length === 0 ? more : Buffer.concat([held, more]);
      if (more === undefined) break;
    }
    return Buffer.from(this.pending.subarray(0, size));
  }

  /** Exactly `size` bytes, or `undefined` when the stream ends before; what there was is gone then. */
  async take(size: number): Promise<Buffer | undefined> {
    const bytes = await this.peek(size);
    this.pending = this.pending.subarray(bytes.length);
    return bytes.length === size ? bytes : undefined;
  }

  /** Everything that is left. */
  async *chunks(): AsyncGenerator<Buffer> {
    for (let chunk = await this.next(); chunk !== undefined; chunk = await this.next()) yield chunk;
  }

  /** Lets the source go, read to its end or not. */
  async close(): Promise<void> {
    await this.source.return?.();
  }
}
