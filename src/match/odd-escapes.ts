/**
 * A line of JSON with its odd escapes as what they stand for, to look for words in it.
 *
 *   `\\u0041`, `\\/` ──▶ `A`, `/`      `\\u20ac` ──▶ a zero      quotes and backslashes ──▶ nothing
 *
 * No word has a quote, a backslash or a control in it, so that each that stands in a value stands in what is left.
 */

const [BACKSLASH, QUOTE, LETTER_U, ZERO] = [0x5c, 0x22, 0x75, 0x30];
const ESCAPE = 6;
/** Letters beyond ASCII that are one of ASCII in lower case: an `I` with a dot, the long s, the Kelvin sign. */
const ODD_LETTERS: readonly number[] = [0x130, 0x17f, 0x212a];

/**
 * @param into with room for the line
 * @returns how many bytes there are then; undefined where a letter may be escaped once more, or is one that looks like one of ASCII
 *   in lower case
 */
export function writePlain(line: Uint8Array, into: Uint8Array): number | undefined {
  let length = 0;
  for (let at = 0; at < line.length; at += 1) {
    let byte = line[at] as number;
    if (byte === QUOTE) continue;
    if (byte === BACKSLASH) {
      at += 1;
      byte = line[at] as number;
      if (byte === LETTER_U) {
        const code = hexAt(line, at + 1);
        if (ODD_LETTERS.includes(code)) return undefined;
        byte = code < 0x80 ? code : 0;
        at += ESCAPE - 2;
      }
      // JSON in a text of JSON may have such an escape of its own.
      if (byte === BACKSLASH && hidesLetter(line, at + 1)) return undefined;
      if (byte === BACKSLASH || byte === QUOTE) continue;
    }
    into[length] = byte;
    length += 1;
  }
  return length;
}

function hidesLetter(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === LETTER_U && bytes[at + 1] === ZERO && bytes[at + 2] === ZERO;
}

function hexAt(bytes: Uint8Array, start: number): number {
  let number = 0;
  for (let at = start; at < start + 4; at += 1) {
    const byte = bytes[at] as number;
    number = number * 16 + (byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57);
  }
  return number;
}
