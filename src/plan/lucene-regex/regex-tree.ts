/**
 * The syntax tree of a Lucene regular expression.
 *
 * A tree says what was written; how letters fold is decided when it is compiled, because Lucene folds single
 * characters and quoted text but not ranges (`[a-z]` stays lower case under `regex~`).
 */
export type Regex =
  /** Nothing matches (`#`). */
  | { readonly kind: 'nothing' }
  /** Exactly these code points; the empty text is the empty string. */
  | { readonly kind: 'text'; readonly text: string }
  | CharacterClass
  /** Any one code point, line ends included (`.`). */
  | { readonly kind: 'any' }
  | { readonly kind: 'concat'; readonly items: readonly Regex[] }
  | { readonly kind: 'union'; readonly items: readonly Regex[] }
  | { readonly kind: 'intersection'; readonly items: readonly Regex[] }
  | { readonly kind: 'complement'; readonly item: Regex }
  /** `max` is `Infinity` where there is none. */
  | { readonly kind: 'repeat'; readonly item: Regex; readonly min: number; readonly max: number };

export interface CharacterClass {
  readonly kind: 'class';
  readonly negated: boolean;
  /** Code points written one by one: these fold. */
  readonly single: readonly number[];
  /** Ranges, both ends included, and the predefined classes: these do not. */
  readonly ranges: readonly CodePointRange[];
}

export type CodePointRange = readonly [from: number, to: number];

export const LAST_CODE_POINT = 0x10ffff;

export function repeat(item: Regex, min: number, max: number): Regex {
  return { kind: 'repeat', item, min, max };
}

export function concat(items: readonly Regex[]): Regex {
  return items.length === 1 ? (items[0] as Regex) : { kind: 'concat', items };
}

export function union(items: readonly Regex[]): Regex {
  return items.length === 1 ? (items[0] as Regex) : { kind: 'union', items };
}

export function characters(...ranges: readonly CodePointRange[]): CharacterClass {
  return { kind: 'class', negated: false, single: [], ranges };
}
