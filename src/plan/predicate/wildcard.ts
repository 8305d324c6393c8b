/**
 * Wildcard patterns: literal text, `*` (any run, also empty), `?` (one code point), against a whole value.
 *
 *   pattern ──split at stars──▶ head · middles · tail ──▶ head at the start, tail at the end, middles leftmost in between
 *
 * Taking each middle piece as far left as it fits is complete for such patterns, so there is no backtracking: the cost
 * is at most (length of value) × (length of one piece), whatever the pattern. Matching by `?` counts code points, as
 * Lucene's automata do.
 */
import type { CaseFold, WildcardPart, WildcardPattern } from './node.ts';
import { foldCase } from './scalar.ts';

/** Half-open ranges of UTF-16 units that the pattern's literal text took up in the value. */
export type Ranges = readonly (readonly [number, number])[];

type Piece = readonly Exclude<WildcardPart, '*'>[];

export interface CompiledWildcard {
  readonly matches: (text: string) => boolean;
  /** Where the literal parts stand, `undefined` where the value does not match. */
  readonly find: (text: string) => Ranges | undefined;
}

export function compileWildcard(pattern: WildcardPattern, fold: CaseFold): CompiledWildcard {
  const pieces = splitAtStars(pattern, fold);
  const find = (text: string) => findPieces(pieces, foldCase(text, fold));
  const simple = simpleMatch(pieces, fold);
  return { find, matches: simple ?? ((text) => find(text) !== undefined) };
}

function splitAtStars(pattern: WildcardPattern, fold: CaseFold): readonly Piece[] {
  const pieces: Exclude<WildcardPart, '*'>[][] = [[]];
  for (const part of pattern) {
    if (part === '*') pieces.push([]);
    else
      (pieces.at(-1) as Exclude<WildcardPart, '*'>[]).push(part === '?' ? part : { text: foldCase(part.text, fold) });
  }
  return pieces;
}

/** The common shapes (`x`, `x*`, `*x`, `*x*`) without `?`, where no ranges are asked for. */
function simpleMatch(pieces: readonly Piece[], fold: CaseFold): ((text: string) => boolean) | undefined {
  if (pieces.length > 3 || pieces.some((piece) => piece.length > 1 || piece[0] === '?')) return undefined;
  const [first = '', second, third] = pieces.map((piece) => (piece[0] as { text: string } | undefined)?.text ?? '');
  if (second === undefined) return (text) => foldCase(text, fold) === first;
  if (third !== undefined) {
    return first === '' && third === '' ? (text) => foldCase(text, fold).includes(second) : undefined;
  }
  if (second === '') return (text) => foldCase(text, fold).startsWith(first);
  if (first === '') return (text) => foldCase(text, fold).endsWith(second);
  return (text) => {
    const folded = foldCase(text, fold);
    return folded.length >= first.length + second.length && folded.startsWith(first) && folded.endsWith(second);
  };
}

function findPieces(pieces: readonly Piece[], text: string): Ranges | undefined {
  const ranges: [number, number][] = [];
  const head = pieces[0] as Piece;
  let at = matchPiece(head, text, 0, ranges);
  if (at === undefined) return undefined;
  if (pieces.length === 1) return at === text.length ? ranges : undefined;
  for (const piece of pieces.slice(1, -1)) {
    at = findPiece(piece, text, at, ranges);
    if (at === undefined) return undefined;
  }
  const tailRanges: [number, number][] = [];
  const start = matchPieceBackwards(pieces.at(-1) as Piece, text, tailRanges);
  return start !== undefined && start >= at ? [...ranges, ...tailRanges] : undefined;
}

/** Matches a piece exactly at `start`; gives its end. */
function matchPiece(piece: Piece, text: string, start: number, ranges: [number, number][]): number | undefined {
  let at = start;
  const found: [number, number][] = [];
  for (const part of piece) {
    if (part === '?') {
      if (at >= text.length) return undefined;
      at += (text.codePointAt(at) as number) > 0xffff ? 2 : 1;
    } else {
      if (!text.startsWith(part.text, at)) return undefined;
      found.push([at, at + part.text.length]);
      at += part.text.length;
    }
  }
  ranges.push(...found);
  return at;
}

function findPiece(piece: Piece, text: string, from: number, ranges: [number, number][]): number | undefined {
  const first = piece[0];
  for (let start = from; start <= text.length; start += 1) {
    if (first !== undefined && first !== '?') {
      start = text.indexOf(first.text, start);
      if (start === -1) return undefined;
    }
    const end = matchPiece(piece, text, start, ranges);
    if (end !== undefined) return end;
  }
  return undefined;
}

function matchPieceBackwards(piece: Piece, text: string, ranges: [number, number][]): number | undefined {
  let at = text.length;
  for (const part of [...piece].reverse()) {
    if (part === '?') {
      if (at <= 0) return undefined;
      const low = text.charCodeAt(at - 1);
      const pair = low >= 0xdc00 && low < 0xe000 && at >= 2 && (text.codePointAt(at - 2) as number) > 0xffff;
      at -= pair ? 2 : 1;
    } else {
      if (!text.endsWith(part.text, at)) return undefined;
      at -= part.text.length;
      ranges.unshift([at, at + part.text.length]);
    }
  }
  return at;
}
