/**
 * The tokens of EQL, after the lexical part of Elasticsearch's grammar (`EqlBase.g4`).
 */
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';

export type TokenKind =
  /** `process`, `@timestamp`. */
  | 'name'
  /** `` `my-field` `` */
  | 'quoted-name'
  /** `endsWith~`, the case-insensitive form of a function. */
  | 'tilde-name'
  | 'string'
  | 'integer'
  | 'decimal'
  /** A word of the language, `in~` and its like included. */
  | 'keyword'
  /** Operators and punctuation. */
  | 'symbol'
  /** An operator of other languages (`&&`, `<>`, `=~`), known only to name the replacement. */
  | 'foreign'
  | 'end'
  /** What is no token; always the last one. */
  | 'error';

export interface Token {
  readonly kind: TokenKind;
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  /** The text of keywords, symbols and numbers; what strings and names say once unquoted. */
  readonly text: string;
  /** With kind `error`. */
  readonly problem?: Diagnostic;
}

export const KEYWORDS: ReadonlySet<string> = new Set([
  'and',
  'any',
  'by',
  'false',
  'in',
  'in~',
  'join',
  'like',
  'like~',
  'maxspan',
  'not',
  'null',
  'of',
  'or',
  'regex',
  'regex~',
  'sample',
  'sequence',
  'true',
  'until',
  'where',
  'with',
]);

export const SYMBOLS: readonly string[] = ['![', '==', '!=', '<=', '>=', ...':=<>+-*/%.,[]()|?'];

/** Operators of other languages with what EQL has instead. */
export const FOREIGN_SYMBOLS: ReadonlyMap<string, string> = new Map([
  ['===', 'write =='],
  ['!==', 'write !='],
  ['<=>', 'write =='],
  ['=~', 'write : to ignore case, or regex~ for a regular expression'],
  ['==~', 'write regex'],
  ['!~', 'write not … : …, or not … regex~ …'],
  ['!:', 'write not … : …'],
  [':=', 'write =='],
  ['&&', 'write and'],
  ['||', 'write or'],
  ['<>', 'write !='],
  ['=>', 'write >='],
  ['=<', 'write <='],
  ['!', 'write not'],
  ['&', 'write and'],
  ['~', 'write in~, like~ or regex~ to ignore case'],
]);
