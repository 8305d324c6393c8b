/**
 * Base64, percent-encoding and compressed texts. What cannot be decoded is '' (or null, of an array or a guid).
 *
 * Source: Microsoft's page on each function. Letters and digits and `-_.!*()` stay as they are in a URL; hexadecimal
 * digits are small.
 */
import { gunzipSync, inflateSync } from 'node:zlib';
import type { Json } from '../../../event/json.ts';
import { arrayOf, guidOf } from '../cell-number.ts';
import type { ScalarFunction } from '../function.ts';
import { textAt } from './arguments.ts';
import { LONGEST_TEXT } from './text.ts';

export const ENCODING_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  base64_encode_tostring: (args, signature) => Buffer.from(textAt(args, signature, 0)).toString('base64'),
  base64_decode_tostring: (args, signature) => textOfBytes(bytesOfBase64(textAt(args, signature, 0))),
  base64_decode_toarray: (args, signature) => {
    const bytes = bytesOfBase64(textAt(args, signature, 0));
    return bytes === undefined ? null : [...bytes];
  },
  base64_encode_fromarray: ([cell = null]) => {
    const items: readonly Json[] | null = arrayOf(cell);
    const isByte = (item: Json) => typeof item === 'number' && Number.isInteger(item) && item >= 0 && item < 256;
    return items?.every(isByte) ? Buffer.from(items as number[]).toString('base64') : '';
  },
  base64_encode_fromguid: ([cell = null]) =>
    typeof cell === 'string' ? mixedEndian(Buffer.from(cell.replaceAll('-', ''), 'hex')).toString('base64') : '',
  base64_decode_toguid: (args, signature) => {
    const bytes = bytesOfBase64(textAt(args, signature, 0));
    return bytes?.length === 16 ? guidOf(mixedEndian(bytes).toString('hex')) : null;
  },
  url_encode: (args, signature) => percentEncoded(textAt(args, signature, 0)).replaceAll('%20', '+'),
  url_encode_component: (args, signature) => percentEncoded(textAt(args, signature, 0)),
  url_decode: (args, signature) => percentDecoded(textAt(args, signature, 0)),
  gzip_decompress_from_base64_string: (args, signature) => unpacked(textAt(args, signature, 0), gunzipSync),
  zlib_decompress_from_base64_string: (args, signature) => unpacked(textAt(args, signature, 0), inflateSync),
};

export function percentDecoded(text: string): string {
  const bytes: Buffer[] = [];
  let at = 0;
  for (const match of text.matchAll(/(?:%[0-9a-fA-F]{2})+/g)) {
    bytes.push(Buffer.from(text.slice(at, match.index).replaceAll('+', ' ')));
    bytes.push(Buffer.from(match[0].replaceAll('%', ''), 'hex'));
    at = match.index + match[0].length;
  }
  return Buffer.concat([...bytes, Buffer.from(text.slice(at).replaceAll('+', ' '))]).toString();
}

function percentEncoded(text: string): string {
  return text.replace(/[^A-Za-z0-9\-_.!*()]+/gu, (part) =>
    Array.from(Buffer.from(part), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}

function bytesOfBase64(text: string): Buffer | undefined {
  const trimmed = text.trim();
  if (trimmed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(trimmed)) return undefined;
  return Buffer.from(trimmed, 'base64');
}

/** Only UTF-8 is a text. */
function textOfBytes(bytes: Buffer | undefined): string {
  if (bytes === undefined) return '';
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return '';
  }
}

/** The first three parts of a guid are stored the other way around. */
function mixedEndian(bytes: Buffer): Buffer {
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  return Buffer.from(order.map((at) => bytes[at] ?? 0));
}

function unpacked(text: string, unpack: (bytes: Buffer, options: { maxOutputLength: number }) => Buffer): string {
  const bytes = bytesOfBase64(text);
  if (bytes === undefined || bytes.length === 0) return '';
  try {
    return textOfBytes(unpack(bytes, { maxOutputLength: LONGEST_TEXT }));
  } catch {
    return '';
  }
}
