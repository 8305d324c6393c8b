/**
 * An entity id by its bytes, so that it is looked up and kept without a text being made of it. One is filled again and again.
 *
 * Invariants: it is ASCII, of at most `LONGEST_ID`; the bytes up to the end of the last word are zero, so that ids are compared,
 * hashed and copied four bytes at a time. Of length 0, it is none.
 */
export const LONGEST_ID = 128;

const LAST_ASCII = 0x7f;
const MULTIPLIER = -1640531527;
/** Another in each process: nobody chooses ids that all have one hash. */
const SEED = (Math.random() * 2 ** 32) | 0;

export class IdText {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  length = 0;
  hash = 0;

  constructor() {
    const room = new ArrayBuffer(LONGEST_ID + 4);
    this.bytes = new Uint8Array(room);
    this.words = new Int32Array(room);
  }

  clear(): void {
    this.length = 0;
  }

  /** What was written into `bytes` is the id. */
  end(length: number): void {
    const { bytes, words } = this;
    for (let at = length; (at & 3) !== 0; at += 1) bytes[at] = 0;
    this.length = length;
    let hash = SEED ^ length;
    for (let at = 0; at << 2 < length; at += 1) {
      hash = Math.imul(hash ^ (words[at] as number), MULTIPLIER);
      hash ^= hash >>> 15;
    }
    this.hash = hash;
  }

  /** @returns whether the text is one that may stand here */
  write(text: string): boolean {
    const { length } = text;
    if (length === 0 || length > LONGEST_ID) return false;
    const { bytes } = this;
    for (let at = 0; at < length; at += 1) {
      const code = text.charCodeAt(at);
      if (code > LAST_ASCII) return false;
      bytes[at] = code;
    }
    this.end(length);
    return true;
  }

  /** @param from where its words stand among others */
  copy(words: Int32Array, from: number, length: number): void {
    const count = wordsFor(length);
    for (let at = 0; at < count; at += 1) this.words[at] = words[from + at] as number;
    this.end(length);
  }

  isAt(others: Int32Array, from: number, length: number): boolean {
    if (length !== this.length) return false;
    const { words } = this;
    const count = wordsFor(length);
    for (let at = 0; at < count; at += 1) if (words[at] !== others[from + at]) return false;
    return true;
  }

  isSame(other: IdText): boolean {
    return this.isAt(other.words, 0, other.length);
  }

  isText(text: string): boolean {
    const { length, bytes } = this;
    if (length !== text.length) return false;
    for (let at = 0; at < length; at += 1) if (bytes[at] !== text.charCodeAt(at)) return false;
    return true;
  }

  get text(): string {
    const { buffer } = this.bytes;
    return Buffer.from(buffer, 0, this.length).toString('latin1');
  }
}

/** Words that so many bytes fill. */
export function wordsFor(bytes: number): number {
  return (bytes + 3) >> 2;
}

/** Of keys that are no ids of this kind. */
export function hashOfKey(key: string | number): number {
  if (typeof key === 'number') return Math.imul(key ^ SEED, MULTIPLIER);
  let hash = SEED;
  for (let at = 0; at < key.length; at += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(at), MULTIPLIER);
    hash ^= hash >>> 15;
  }
  return hash;
}
