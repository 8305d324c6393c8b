/**
 * What the encoding modifiers make of a text. A text that stands for bytes (after one of the utf16 modifiers) holds one
 * character a byte.
 *
 * Sources: the modifiers appendix of the specification; for the offsets, the static middle of the three ways in which a
 * text can stand in a longer Base64 text, as pySigma cuts them.
 */

/** The bytes as a text of one character each. */
export function utf16Bytes(text: string, order: 'le' | 'be'): string {
  let bytes = '';
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    const [low, high] = [String.fromCharCode(unit & 0xff), String.fromCharCode(unit >> 8)];
    bytes += order === 'le' ? low + high : high + low;
  }
  return bytes;
}

/** UTF-16, little-endian, behind its byte order mark. */
export function utf16WithMark(text: string): string {
  return `\u00ff\u00fe${utf16Bytes(text, 'le')}`;
}

export function base64(text: string, isBytes: boolean): string {
  return bytesOf(text, isBytes).toString('base64');
}

const STARTS = [0, 2, 3] as const;
const CUT_ENDS = [0, 3, 2] as const;

/** The three forms in which the text can occur inside Base64, without the characters that its neighbours decide. */
export function base64Offsets(text: string, isBytes: boolean): readonly string[] {
  const bytes = bytesOf(text, isBytes);
  return STARTS.map((start, shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    return encoded.slice(start, encoded.length - (CUT_ENDS[(bytes.length + shift) % 3] as number));
  });
}

const DASHES = ['-', '/', '–', '—', '―'] as const;

/** A dash that begins an option: no word character before it, one behind it. */
const OPTION_DASH = /(?<![\p{L}\p{N}_])[-/–—―](?=[\p{L}\p{N}_])/gu;

/** Where option dashes stand in a text. */
export function optionDashes(text: string): readonly number[] {
  return [...text.matchAll(OPTION_DASH)].map(({ index }) => index);
}

/** Every way to write the option dashes of a text: five for each, so count them with `optionDashes` first. */
export function dashVariants(text: string): readonly string[] {
  let variants = [text];
  for (const at of optionDashes(text)) {
    variants = variants.flatMap((one) => DASHES.map((dash) => one.slice(0, at) + dash + one.slice(at + 1)));
  }
  return variants;
}

function bytesOf(text: string, isBytes: boolean): Buffer {
  return Buffer.from(text, isBytes ? 'latin1' : 'utf8');
}
