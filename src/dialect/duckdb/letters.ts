/**
 * Letters that DuckDB does not change to lower or upper case as the reference does: those of Unicode 16 and 17, which came
 * later than its tables, and a few that are more than one letter in the other case. `native-case.test.ts` looks at every code point.
 */

/** Code points, first and last, both inclusive. */
type Range = readonly [number, number];

const NEW_LETTERS: readonly Range[] = [
  [0x1c80, 0x1c8f],
  [0xa7c0, 0xa7ff],
  [0x10d40, 0x10d8f],
  [0x16ea0, 0x16edf],
];

/** `İ` is `i` and a dot above. */
const LOWERED: readonly Range[] = [[0x130, 0x130], ...NEW_LETTERS];
/** Sharp s, letters for sounds, and Greek with a small iota below. */
const RAISED: readonly Range[] = [[0xdf, 0xdf], [0x19b, 0x19b], [0x264, 0x264], [0x1f00, 0x1fff], ...NEW_LETTERS];

/** As RE2 has it. */
const classOf = (ranges: readonly Range[], sign: string): string =>
  `[${ranges.map((range) => range.map((point) => `\\${sign}{${point.toString(16)}}`).join('-')).join('')}]`;

/** A regular expression of RE2's that finds a letter which `lower`, or `upper`, changes otherwise. */
export const ODD_LETTERS: Readonly<Record<'lower' | 'upper', string>> = Object.freeze({
  lower: classOf(LOWERED, 'x'),
  upper: classOf(RAISED, 'x'),
});

/** Whether DuckDB's `lower` may give something else of the text than the reference. */
export function isLoweredOddly(text: string): boolean {
  return ODD_LOWERED.test(text);
}

const ODD_LOWERED = new RegExp(classOf(LOWERED, 'u'), 'u');
