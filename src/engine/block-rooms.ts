/**
 * Rooms of one size for bytes that threads share, used again and again: left to the collector they grow to hundreds of
 * megabytes.
 */

/** One takes a scout milliseconds, a message a fraction of one; some seven are under way for each thread. */
const BLOCK_BYTES = 256 * 1024;

export class BlockRooms {
  private readonly free: Buffer[] = [];

  /** @param length in bytes, where it is to be larger than others */
  take(length = BLOCK_BYTES): Buffer {
    const room = length > BLOCK_BYTES ? undefined : this.free.pop();
    return room ?? Buffer.from(new SharedArrayBuffer(Math.max(BLOCK_BYTES, length)));
  }

  /** Takes a room back that nobody reads any more. */
  give(room: Buffer): void {
    if (room.length === BLOCK_BYTES) this.free.push(room);
  }
}
