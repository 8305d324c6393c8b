/** Letters beyond ASCII that are one of ASCII in lower case, as UTF-8 writes them: the Kelvin sign, an `I` with a dot, the long s. */
export const ODD_LETTERS: readonly (readonly [number, ...number[]])[] = [
  [0xe2, 0x84, 0xaa],
  [0xc4, 0xb0],
  [0xc5, 0xbf],
];
