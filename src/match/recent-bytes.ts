/**
 * What is known of a few values by their bytes, of those that came last: compared one by one, which of long ones takes less than to
 * hash them.
 */

const REMEMBERED = 4;
const LONGEST = 32_768;

interface Recent<T> {
  readonly bytes: Buffer;
  readonly known: T;
}

export class RecentBytes<T> {
  private readonly values: Recent<T>[] = [];
  /** Where the next one goes. */
  private next = 0;

  find(bytes: Uint8Array, start: number, end: number): T | undefined {
    const { values } = this;
    for (let at = 0; at < values.length; at += 1) {
      const { bytes: own, known } = values[at] as Recent<T>;
      if (own.length === end - start && own.compare(bytes, start, end) === 0) return known;
    }
    return undefined;
  }

  add(bytes: Uint8Array, start: number, end: number, known: T): void {
    if (end - start > LONGEST) return;
    this.values[this.next] = { bytes: Buffer.from(bytes.subarray(start, end)), known };
    this.next = (this.next + 1) % REMEMBERED;
  }
}
