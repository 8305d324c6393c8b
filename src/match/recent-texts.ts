/**
 * What is known of texts by themselves, of those that came last: some short ones, which are hashed, and a few long ones, which are
 * compared one by one, as that takes less than to hash them. All are ASCII, and copies: a slice would keep all that it was cut from.
 */

/** Of the short ones, in two generations of half as many each. */
const SHORT_ONES = 512;
const LONGEST_SHORT = 256;
const LONG_ONES = 4;
const LONGEST = 32_768;

interface Long<T> {
  readonly text: string;
  readonly known: T;
}

export class RecentTexts<T> {
  private young = new Map<string, T>();
  private old = new Map<string, T>();
  private readonly long: Long<T>[] = [];
  /** Where the next one goes. */
  private next = 0;

  find(text: string): T | undefined {
    if (text.length <= LONGEST_SHORT) return this.young.get(text) ?? this.old.get(text);
    const { long } = this;
    for (let at = 0; at < long.length; at += 1) {
      const one = long[at] as Long<T>;
      if (one.text === text) return one.known;
    }
    return undefined;
  }

  add(text: string, known: T): void {
    if (text.length > LONGEST) return;
    const copy = Buffer.from(text, 'latin1').toString('latin1');
    if (text.length > LONGEST_SHORT) {
      this.long[this.next] = { text: copy, known };
      this.next = (this.next + 1) % LONG_ONES;
      return;
    }
    this.young.set(copy, known);
    if (this.young.size < SHORT_ONES / 2) return;
    this.old = this.young;
    this.young = new Map();
  }
}
