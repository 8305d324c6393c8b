/**
 * Texts and their parts. Positions and lengths count code points, from 0.
 *
 * Source: Microsoft's page on each function, and recorded answers of the engine (a negative start of `substring`, an
 * empty needle, `split` of '').
 */
import type { Json } from '../../../event/json.ts';
import { arrayOf } from '../cell-number.ts';
import { textOf } from '../cell-text.ts';
import type { ScalarFunction } from '../function.ts';
import { regexOf } from '../text-regex.ts';
import { countAt, longAt, textAt, typeAt } from './arguments.ts';

/** What one function may make: UTF-16 units of a text. */
export const LONGEST_TEXT = 16_777_216;
const MOST_REPEATS = 1_024;

export const TEXT_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  strlen: (args, signature) => BigInt(lengthOf(textAt(args, signature, 0))),
  string_size: (args, signature) => BigInt(Buffer.byteLength(textAt(args, signature, 0))),
  tolower: (args, signature) => casedText(textAt(args, signature, 0), (point) => point.toLowerCase()),
  toupper: (args, signature) => casedText(textAt(args, signature, 0), (point) => point.toUpperCase()),
  reverse: (args, signature) => [...textAt(args, signature, 0)].reverse().join(''),
  strcat: (args, signature) => args.map((_, at) => textAt(args, signature, at)).join(''),
  strcat_delim: (args, signature) =>
    args
      .slice(1)
      .map((_, at) => textAt(args, signature, at + 1))
      .join(textAt(args, signature, 0)),
  strcat_array: ([cell = null, ...rest], signature) =>
    (arrayOf(cell) ?? []).map((item) => textOf(item, 'dynamic')).join(textAt([cell, ...rest], signature, 1)),
  strrep: (args, signature) => {
    const [text, count] = [textAt(args, signature, 0), countAt(args, signature, 1) ?? 0];
    const delimiter = args.length > 2 ? textAt(args, signature, 2) : '';
    if (count <= 0 || count > MOST_REPEATS || (text.length + delimiter.length) * count > LONGEST_TEXT) return '';
    return Array.from({ length: count }, () => text).join(delimiter);
  },
  substring: (args, signature) => {
    const points = [...textAt(args, signature, 0)];
    const start = countAt(args, signature, 1);
    if (start === null) return '';
    const from = start < 0 ? points.length + start : start;
    const length = args.length > 2 ? countAt(args, signature, 2) : points.length;
    return from < 0 || length === null || length <= 0 ? '' : points.slice(from, from + length).join('');
  },
  split: (args, signature) => {
    const [text, delimiter] = [textAt(args, signature, 0), textAt(args, signature, 1)];
    const parts: readonly Json[] = delimiter === '' ? [text] : text.split(delimiter);
    if (args.length < 3) return parts;
    const at = countAt(args, signature, 2);
    const part = at === null ? undefined : parts[at];
    return part === undefined ? null : [part];
  },
  indexof: (args, signature) => {
    const [text, part] = [textAt(args, signature, 0), textAt(args, signature, 1)];
    if (part === '') return null;
    return placeOf(
      text,
      args.slice(2).map((_, at) => countAt(args, signature, at + 2)),
      function* (within) {
        for (let at = within.indexOf(part); at !== -1; at = within.indexOf(part, at + 1)) yield at;
      },
    );
  },
  indexof_regex: (args, signature) => {
    const regex = regexOf(textAt(args, signature, 1));
    if (regex === undefined) return null;
    return placeOf(
      textAt(args, signature, 0),
      args.slice(2).map((_, at) => countAt(args, signature, at + 2)),
      function* (within) {
        for (const { start } of regex.matches(within)) yield start;
      },
    );
  },
  countof: (args, signature) => {
    const [text, part] = [textAt(args, signature, 0), textAt(args, signature, 1)];
    if (part === '') return 0n;
    let count = 0;
    if (args.length > 2 && textAt(args, signature, 2) === 'regex') {
      for (const _ of regexOf(part)?.matches(text) ?? []) count += 1;
    } else for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) count += 1;
    return BigInt(count);
  },
  replace_string: (args, signature) =>
    replaced(textAt(args, signature, 0), textAt(args, signature, 1), textAt(args, signature, 2)),
  replace_strings: (args, signature) => {
    const [text, found, put] = [textAt(args, signature, 0), arrayOf(args[1] ?? null), args[2] ?? null];
    const one = arrayOf(put) === null ? textOf(put, typeAt(signature, 2)) : undefined;
    return (found ?? []).reduce<string>((made, part, at) => {
      const by = one ?? textOf(arrayOf(put)?.[at] ?? null, 'dynamic');
      return replaced(made, textOf(part, 'dynamic'), by);
    }, text);
  },
  translate: (args, signature) => {
    const [searched, replacement] = [[...textAt(args, signature, 0)], [...textAt(args, signature, 1)]];
    const put = new Map(searched.map((point, at) => [point, replacement[at] ?? replacement.at(-1) ?? '']));
    return [...textAt(args, signature, 2)].map((point) => put.get(point) ?? point).join('');
  },
  isascii: (args, signature) => /^[\0-\x7f]*$/.test(textAt(args, signature, 0)),
  isutf8: () => true,
  tohex: (args, signature) => {
    const value = longAt(args, signature, 0);
    const least = args.length > 1 ? (countAt(args, signature, 1) ?? 0) : 0;
    return value === null
      ? ''
      : BigInt.asUintN(64, value)
          .toString(16)
          .padStart(Math.min(Math.max(0, least), 1_024), '0');
  },
  unicode_codepoints_from_string: (args, signature) =>
    [...textAt(args, signature, 0)].map((point) => point.codePointAt(0) ?? 0),
  unicode_codepoints_to_string: (args, signature) => {
    const points = args.flatMap((cell, at) => arrayOf(cell)?.map(Number) ?? Number(countAt(args, signature, at)));
    const isPoint = (point: number) => Number.isInteger(point) && point >= 0 && point <= 0x10ffff;
    return points.every(isPoint) ? points.map((point) => String.fromCodePoint(point)).join('') : '';
  },
};

/** Letters that have no single other form (`ß`) stay. */
function casedText(text: string, change: (point: string) => string): string {
  const changed = change(text);
  if (changed.length === text.length && /^[\0-\x7f]*$/.test(text)) return changed;
  return Array.from(text, (point) => {
    const made = change(point);
    return lengthOf(made) === 1 ? made : point;
  }).join('');
}

function lengthOf(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    // The second half of a pair does not count.
    const isPair =
      unit >= 0xd800 && unit < 0xdc00 && text.charCodeAt(at + 1) >= 0xdc00 && text.charCodeAt(at + 1) < 0xe000;
    if (isPair) at += 1;
    count += 1;
  }
  return count;
}

function replaced(text: string, part: string, by: string): string {
  if (part === '') return text;
  const pieces = text.split(part);
  return text.length + (pieces.length - 1) * by.length > LONGEST_TEXT ? '' : pieces.join(by);
}

/** Of start, length and occurrence, as many as there are; -1 where there is none, null where they make no sense. */
function placeOf(
  text: string,
  [start = 0, length = -1, occurrence = 1]: readonly (number | null)[],
  places: (within: string) => Generator<number>,
): bigint | null {
  if (start === null || length === null || occurrence === null || length < -1 || occurrence < 1) return null;
  const points = [...text];
  const from = start < 0 ? Math.max(0, points.length + start) : start;
  const within = points.slice(from, length === -1 ? points.length : from + length).join('');
  let seen = 0;
  for (const at of places(within)) {
    seen += 1;
    if (seen === occurrence) return BigInt(from + lengthOf(within.slice(0, at)));
  }
  return -1n;
}
