/**
 * A set of texts for millions of them: their bytes in one buffer and an open-addressed table of numbers, so that it
 * costs the bytes themselves and about 14 more for each text, and no object.
 *
 *   text ──UTF-8──▶ hash ──table──▶ number ──same hash?──▶ bytes to compare
 *
 * A text with half a surrogate pair has no UTF-8 of its own and is in no set. The hash is seeded, so that nobody can
 * write a list whose look-ups are slow.
 */
export interface TextSet {
  readonly size: number;
  has(text: string): boolean;
  texts(): Iterable<string>;
}

/** Of the table; beyond it look-ups get slower, and the table is the smaller part. */
const FULLEST = 0.75;
const FIRST_BYTES = 1 << 16;
const FIRST_TEXTS = 1 << 10;

/** Every text once, whatever the order. */
export function createTextSet(texts: Iterable<string>): TextSet {
  const set = new PackedTexts();
  for (const text of texts) set.add(text);
  set.trim();
  return set;
}

class PackedTexts implements TextSet {
  size = 0;
  private readonly seed = Math.floor(Math.random() * 2 ** 32) >>> 0;
  private bytes = Buffer.allocUnsafe(FIRST_BYTES);
  private used = 0;
  /** `ends[n]` is the end of text n, which begins where n - 1 ends. */
  private ends = new Uint32Array(FIRST_TEXTS);
  private hashes = new Uint32Array(FIRST_TEXTS);
  /** Numbers of texts from 1; 0 is a free place. */
  private table = new Uint32Array(FIRST_TEXTS * 2);
  private scratch = Buffer.allocUnsafe(1024);

  add(text: string): void {
    if (!text.isWellFormed()) return;
    this.reserve(text.length * 3);
    const end = this.used + this.bytes.write(text, this.used, 'utf8');
    const hash = hashOf(this.bytes, this.used, end, this.seed);
    const place = this.placeOf(hash, this.bytes, this.used, end);
    if (this.table[place] !== 0) return;
    this.ends[this.size] = end;
    this.hashes[this.size] = hash;
    this.size += 1;
    this.used = end;
    this.table[place] = this.size;
    if (this.size > this.table.length * FULLEST) this.enlargeTable();
  }

  /** Gives back what was reserved for more. */
  trim(): void {
    this.bytes = Buffer.from(this.bytes.subarray(0, this.used));
    this.ends = this.ends.slice(0, this.size);
    this.hashes = this.hashes.slice(0, this.size);
  }

  has(text: string): boolean {
    if (this.size === 0 || !text.isWellFormed()) return false;
    if (text.length * 3 > this.scratch.length) this.scratch = Buffer.allocUnsafe(text.length * 3);
    const end = this.scratch.write(text, 0, 'utf8');
    return this.table[this.placeOf(hashOf(this.scratch, 0, end, this.seed), this.scratch, 0, end)] !== 0;
  }

  *texts(): Iterable<string> {
    for (let index = 0; index < this.size; index += 1) {
      yield this.bytes.toString('utf8', this.startOf(index), this.ends[index]);
    }
  }

  /** Where the text of these bytes stands in the table, or the free place for it. */
  private placeOf(hash: number, probe: Uint8Array, start: number, end: number): number {
    const mask = this.table.length - 1;
    let place = hash & mask;
    for (let number = this.table[place] as number; number !== 0; number = this.table[place] as number) {
      if (this.hashes[number - 1] === hash && this.isText(number - 1, probe, start, end)) return place;
      place = (place + 1) & mask;
    }
    return place;
  }

  private isText(index: number, probe: Uint8Array, start: number, end: number): boolean {
    const from = this.startOf(index);
    if ((this.ends[index] as number) - from !== end - start) return false;
    for (let at = 0; at < end - start; at += 1) if (this.bytes[from + at] !== probe[start + at]) return false;
    return true;
  }

  private startOf(index: number): number {
    return index === 0 ? 0 : (this.ends[index - 1] as number);
  }

  private reserve(bytes: number): void {
    if (this.used + bytes > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.used + bytes));
      this.bytes.copy(larger, 0, 0, this.used);
      this.bytes = larger;
    }
    if (this.size < this.ends.length) return;
    this.ends = enlarged(this.ends);
    this.hashes = enlarged(this.hashes);
  }

  private enlargeTable(): void {
    this.table = new Uint32Array(this.table.length * 2);
    const mask = this.table.length - 1;
    for (let index = 0; index < this.size; index += 1) {
      let place = (this.hashes[index] as number) & mask;
      while (this.table[place] !== 0) place = (place + 1) & mask;
      this.table[place] = index + 1;
    }
  }
}

function enlarged(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}

/** FNV-1a of 32 bits, stirred at the end so that its low bits depend on all of it. */
function hashOf(bytes: Uint8Array, start: number, end: number, seed: number): number {
  let value = (seed ^ 0x811c9dc5) >>> 0;
  for (let at = start; at < end; at += 1) value = Math.imul(value ^ (bytes[at] as number), 0x01000193);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  value = Math.imul(value ^ (value >>> 12), 0x297a2d39);
  return (value ^ (value >>> 15)) >>> 0;
}
