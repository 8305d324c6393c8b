/**
 * Letters beyond A–Z where a target folds only those.
 *
 * A plan's fold `unicode` compares lower cases. Elastic's case-insensitive queries fold A to Z alone, so the other
 * letters are written out in every case that has the same lower case: `é` as `é` and `É`. Two signs are left out on
 * purpose: U+212A (Kelvin), whose lower case is `k`, and U+0130, whose lower case is `i` and a dot; a target that folds
 * A to Z does not take them for those letters. docs/convert.md says so.
 */

const NON_ASCII = /[^\0-\x7f]/u;
/** Four letters of two cases in one text. */
const MOST_VARIANTS = 16;

/** Whether a letter beyond A–Z has another case. */
export function hasLettersBeyondAscii(text: string): boolean {
  return [...text].some((character) => NON_ASCII.test(character) && casesOf(character).length > 1);
}

/** Whether any letter has another case. */
export function hasLetters(text: string): boolean {
  return text.toLowerCase() !== text.toUpperCase();
}

/** The texts that, compared with A–Z alike, are together the text compared in lower case; `undefined` for too many. */
export function caseVariants(text: string): readonly string[] | undefined {
  let variants = [''];
  for (const character of text) {
    const cases = NON_ASCII.test(character) ? casesOf(character) : [character];
    if (variants.length * cases.length > MOST_VARIANTS) return undefined;
    variants = variants.flatMap((start) => cases.map((one) => start + one));
  }
  return variants;
}

/** Every character with the same lower case; at least the character itself. */
export function casesOf(character: string): readonly string[] {
  const lower = character.toLowerCase();
  if (/^[a-z]$/.test(lower)) return [lower, lower.toUpperCase()];
  return upperCases().get(lower) ?? [character];
}

let known: ReadonlyMap<string, readonly string[]> | undefined;

/** Lower case → all characters that have it, beyond ASCII. Made once, in some milliseconds. */
function upperCases(): ReadonlyMap<string, readonly string[]> {
  if (known !== undefined) return known;
  const cases = new Map<string, string[]>();
  for (let point = 0x80; point < 0x20000; point += 1) {
    if (point >= 0xd800 && point < 0xe000) continue;
    const character = String.fromCodePoint(point);
    const lower = character.toLowerCase();
    if (lower === character || [...lower].length !== 1 || !NON_ASCII.test(lower)) continue;
    const list = cases.get(lower) ?? [lower];
    cases.set(lower, list);
    list.push(character);
  }
  known = cases;
  return cases;
}
