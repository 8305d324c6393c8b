/**
 * What operators make of one cell: the elements of `mv-expand`, the captures of `parse` and `parse-kv`.
 *
 * Source: Microsoft's pages on the operators, and recorded answers: `[]` has no element and null one that is null; a
 * capture of `kind=regex` takes as much as it can; the first of equal keys counts.
 */
import type { Json } from '../../event/json.ts';
import type { Cell, ScalarType } from './cell.ts';
import { bagOf, convertCell } from './cell-number.ts';
import { readJson } from './functions/cast.ts';
import type { Parse, ParseKeys } from './node.ts';
import { regexOf } from './text-regex.ts';

export function elementsOf(value: Json, bags: 'bag' | 'array'): readonly Json[] {
  if (Array.isArray(value)) return value;
  const bag = bagOf(value);
  if (bag === null) return [value];
  return Object.entries(bag).map(([name, item]) =>
    bags === 'array' ? [name, item] : Object.fromEntries([[name, item]]),
  );
}

/** A cell for each capture; `undefined` where the text does not match. */
export function parseText(
  { parts, mode, flags }: Pick<Parse, 'parts' | 'mode' | 'flags'>,
  text: string,
): Cell[] | undefined {
  const types = parts.flatMap((part) => (part.kind === 'capture' ? [part.type] : []));
  const regex = regexOf(parsePattern({ parts, mode }), mode === 'regex' ? flags : 's');
  for (const { named } of regex?.matches(text) ?? []) {
    const texts = types.map((_, at) => named(`c${at}`));
    const cells = types.map((type, at) => captured(texts[at] ?? '', type));
    // A value that is not of its type is no match, unless the query relaxes that.
    const isStrict = mode === 'simple' && cells.some((cell, at) => cell === null && types[at] !== 'dynamic');
    return isStrict ? undefined : cells;
  }
  return undefined;
}

/** A text that becomes a dynamic value is read as JSON. */
function captured(text: string, type: ScalarType): Cell {
  return type === 'dynamic' ? readJson(text) : convertCell(text, 'string', type);
}

/** A cell for each key. */
export function parseTextKeys(
  node: Omit<ParseKeys, 'kind' | 'input' | 'value' | 'columns' | 'span'>,
  text: string,
): Cell[] {
  const found = new Map<string, string>();
  for (const [key, value] of pairsOf(node, text)) if (!found.has(key)) found.set(key, value);
  return node.keys.map(({ name, type }) => captured(found.get(name) ?? '', type));
}

const INTEGER = '-?\\d+';
const NUMBER = '-?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?';
const NUMBERS: Partial<Readonly<Record<ScalarType, string>>> = {
  int: INTEGER,
  long: INTEGER,
  real: NUMBER,
  decimal: NUMBER,
};

/** From the start of the text; without `kind=regex` to its end, each capture taking as little as it can. */
export function parsePattern({ parts, mode }: Pick<Parse, 'parts' | 'mode'>): string {
  const any = mode === 'regex' ? '.*' : '.*?';
  let captures = 0;
  const pieces = parts.map((part) => {
    if (part.kind === 'skip') return any;
    if (part.kind === 'text') return mode === 'regex' ? part.text : quoted(part.text);
    const value = mode === 'relaxed' ? any : (NUMBERS[part.type] ?? any);
    captures += 1;
    return `(?P<c${captures - 1}>${value})`;
  });
  return `^${pieces.join('')}${mode === 'regex' ? '' : '$'}`;
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function* pairsOf(
  node: Omit<ParseKeys, 'kind' | 'input' | 'value' | 'columns' | 'span'>,
  text: string,
): Generator<readonly [string, string]> {
  if (node.regex !== undefined) {
    for (const { groups } of regexOf(node.regex)?.matches(text) ?? []) yield [groups[1] ?? '', groups[2] ?? ''];
    return;
  }
  if (node.pairDelimiter === undefined || node.keyDelimiter === undefined) yield* loosePairs(node, text);
  else yield* delimitedPairs({ ...node, pair: node.pairDelimiter, kv: node.keyDelimiter }, text);
}

/** Without delimiters, whatever is no letter or digit separates. */
function* loosePairs(
  { keys, quotes, escape: escaping }: Pick<ParseKeys, 'keys' | 'quotes' | 'escape'>,
  text: string,
): Generator<readonly [string, string]> {
  for (const { name } of keys) {
    for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
      const end = at + name.length;
      if (/[\p{L}\p{N}_]/u.test(text.charAt(at - 1)) || /[\p{L}\p{N}_]/u.test(text.charAt(end))) continue;
      const from = end + (/^[^\p{L}\p{N}_]*?(?=$|[\p{L}\p{N}_"'])/u.exec(text.slice(end))?.[0].length ?? 0);
      const inQuotes = quotedValue(text, from, quotes, escaping);
      yield [name, inQuotes?.value ?? /^[\p{L}\p{N}_]*/u.exec(text.slice(from))?.[0] ?? ''];
      break;
    }
  }
}

type Delimited = Pick<ParseKeys, 'keys' | 'quotes' | 'escape' | 'isGreedy'> & {
  readonly pair: string;
  readonly kv: string;
};

function* delimitedPairs(
  { keys, quotes, escape: escaping, isGreedy, pair, kv }: Delimited,
  text: string,
): Generator<readonly [string, string]> {
  if (pair === '' || kv === '') return;
  let at = 0;
  while (at < text.length) {
    const split = text.indexOf(kv, at);
    if (split === -1) return;
    const before = text.slice(at, split).trimEnd();
    const lastPair = before.lastIndexOf(pair);
    const key = unquoted(before.slice(lastPair === -1 ? 0 : lastPair + pair.length).trim(), quotes);
    let from = split + kv.length;
    while (/\s/.test(text.charAt(from)) && !text.startsWith(kv, from)) from += 1;
    const inQuotes = quotedValue(text, from, quotes, escaping);
    const plainEnd = isGreedy ? nextKey(text, from, keys, pair, kv) : text.indexOf(pair, from);
    const end = inQuotes === undefined ? (plainEnd === -1 ? text.length : plainEnd) : inQuotes.end;
    yield [key, inQuotes?.value ?? text.slice(from, end).trim()];
    const next = text.indexOf(pair, end);
    at = next === -1 ? text.length : next + pair.length;
  }
}

/** Where the pair of the next key that is asked for begins. */
function nextKey(text: string, from: number, keys: ParseKeys['keys'], pair: string, kv: string): number {
  const places = keys.map(({ name }) => text.indexOf(`${pair}${name}${kv}`, from)).filter((at) => at !== -1);
  return places.length === 0 ? -1 : Math.min(...places);
}

function quotedValue(
  text: string,
  from: number,
  quotes: ParseKeys['quotes'],
  escaping: string | undefined,
): { readonly value: string; readonly end: number } | undefined {
  const pair = quotes.find(([open]) => text.startsWith(open, from));
  if (pair === undefined) return undefined;
  const [open, close] = pair;
  let value = '';
  for (let at = from + open.length; at < text.length; at += 1) {
    if (escaping !== undefined && escaping !== '' && text.startsWith(escaping, at)) {
      at += escaping.length;
      value += text.charAt(at);
    } else if (text.startsWith(close, at)) return { value, end: at + close.length };
    else value += text.charAt(at);
  }
  return undefined;
}

function unquoted(key: string, quotes: ParseKeys['quotes']): string {
  const pair = quotes.find(
    ([open, close]) => key.length >= open.length + close.length && key.startsWith(open) && key.endsWith(close),
  );
  return pair === undefined ? key : key.slice(pair[0].length, -pair[1].length);
}
