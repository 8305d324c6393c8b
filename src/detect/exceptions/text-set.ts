/**
 * A set of texts for millions of them: their bytes in one buffer and an open-addressed table of numbers, so that it
 * costs the bytes themselves and about 13 more for each text, and no object.
 *
 *   text ──UTF-8──▶ hash ──table──▶ number ──offsets──▶ bytes to compare
 *
 * A text with half a surrogate pair has no UTF-8 of its own and is in no set. The hash is seeded, so that nobody can
 * write a list whose look-ups are slow.
 */
export interface TextSet {
  readonly size: number;
  has(text: string): boolean;
  texts(): Iterable<string>;
}

/** Three quarters full at most: measured look-ups get slower beyond that, and the table is the smaller part. */
const FULLEST = 0.75;
const FIRST_BYTES = 1 << 16;

/** Every text once, whatever the order. */
export function createTextSet(texts: Iterable<string>): TextSet {
  const seed = Math.floor(Math.random() * 2 ** 32) >>> 0;
  let bytes = Buffer.allocUnsafe(FIRST_BYTES);
  let used = 0;
  /** `ends[n]` is the end of text n, which begins where n - 1 ends. */
  let ends = new Uint32Array(1024);
  let table = new Uint32Array(2048);
  let size = 0;

  /** Where the text of these bytes stands in the table, or the free place for it. */
  const placeOf = (probe: Uint8Array, start: number, end: number): number => {
    const mask = table.length - 1;
    let place = hash(probe, start, end, seed) & mask;
    for (let number = table[place] as number; number !== 0; number = table[place] as number) {
      const from = number === 1 ? 0 : (ends[number - 2] as number);
      if (sameBytes(bytes, from, ends[number - 1] as number, probe, start, end)) return place;
      place = (place + 1) & mask;
    }
    return place;
  };
  const rehash = (): void => {
    table = new Uint32Array(table.length * 2);
    const mask = table.length - 1;
    for (let number = 1; number <= size; number += 1) {
      let place = hash(bytes, number === 1 ? 0 : (ends[number - 2] as number), ends[number - 1] as number, seed) & mask;
      while (table[place] !== 0) place = (place + 1) & mask;
      table[place] = number;
    }
  };

  for (const text of texts) {
    if (!text.isWellFormed()) continue;
    const most = text.length * 3;
    if (used + most > bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(bytes.length * 2, used + most));
      bytes.copy(larger, 0, 0, used);
      bytes = larger;
    }
    const end = used + bytes.write(text, used, 'utf8');
    const place = placeOf(bytes, used, end);
    if (table[place] !== 0) continue;
    if (size === ends.length) {
      const larger = new Uint32Array(ends.length * 2);
      larger.set(ends);
      ends = larger;
    }
    ends[size] = end;
    size += 1;
    used = end;
    table[place] = size;
    if (size > table.length * FULLEST) rehash();
  }
  bytes = Buffer.from(bytes.subarray(0, used));
  ends = ends.slice(0, size);
  let scratch = Buffer.allocUnsafe(1024);
  return {
    size,
    has(text) {
      if (size === 0 || !text.isWellFormed()) return false;
      if (text.length * 3 > scratch.length) scratch = Buffer.allocUnsafe(text.length * 3);
      return table[placeOf(scratch, 0, scratch.write(text, 0, 'utf8'))] !== 0;
    },
    *texts() {
      for (let number = 0; number < size; number += 1) {
        yield bytes.toString('utf8', number === 0 ? 0 : ends[number - 1], ends[number]);
      }
    },
  };
}

/** FNV-1a of 32 bits, and a last stir so that its low bits depend on all of it. */
function hash(bytes: Uint8Array, start: number, end: number, seed: number): number {
  let value = (seed ^ 0x811c9dc5) >>> 0;
  for (let at = start; at < end; at += 1) value = Math.imul(value ^ (bytes[at] as number), 0x01000193);
  value ^= value >>> 15;
  return Math.imul(value, 0x2c1b3c6d) >>> 0;
}

function sameBytes(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): boolean {
  if (aEnd - aStart !== bEnd - bStart) return false;
  for (let at = 0; at < aEnd - aStart; at += 1) if (a[aStart + at] !== b[bStart + at]) return false;
  return true;
}
