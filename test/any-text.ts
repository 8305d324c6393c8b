/**
 * Texts of any characters, as `fc.string({ unit: 'binary' })` has them. That makes a table of all million characters first, in each
 * process that asks: half a second, and what its garbage takes afterwards.
 */
import fc from 'fast-check';

const [FIRST_SURROGATE, SURROGATES, LAST] = [0xd800, 0x800, 0x10ffff];
const character = fc
  .nat({ max: LAST - SURROGATES })
  .map((code) => String.fromCodePoint(code < FIRST_SURROGATE ? code : code + SURROGATES));
/** Names that objects have already. */
const NAMES = ['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty', 'length', 'key'];

export function anyText(length: { readonly maxLength?: number } = {}): fc.Arbitrary<string> {
  const { maxLength = Number.POSITIVE_INFINITY } = length;
  const names = NAMES.filter((name) => name.length <= maxLength);
  const text = fc.array(character, length).map((characters) => characters.join(''));
  if (names.length === 0) return text;
  return fc.oneof({ weight: 15, arbitrary: text }, { weight: 1, arbitrary: fc.constantFrom(...names) });
}
