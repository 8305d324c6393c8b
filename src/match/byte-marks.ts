/**
 * Bits that are set where a text stands in a value: of the needs that it meets (`sieve-plan.ts`).
 */

/** Marks to set where the text stands in a value: at `words[i]` the bits of `masks[i]`. */
export interface Marks {
  readonly words: Int32Array;
  readonly masks: Int32Array;
}

/** Those that are set, but for those that are set in others. */
export function marksIn(marked: Int32Array, others: Int32Array): Marks {
  const words: number[] = [];
  const masks: number[] = [];
  for (let word = 0; word < marked.length; word += 1) {
    const mask = (marked[word] as number) & ~(others[word] ?? 0);
    if (mask === 0) continue;
    words.push(word);
    masks.push(mask);
  }
  return { words: Int32Array.from(words), masks: Int32Array.from(masks) };
}

export function mark({ words, masks }: Marks, marked: Int32Array): void {
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as number;
    marked[word] = (marked[word] as number) | (masks[at] as number);
  }
}
