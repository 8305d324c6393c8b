/**
 * The tokens of Kibana's query language. A value without quotes may be several words; the parser joins them.
 */
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { WildcardPart } from '../../plan/predicate/node.ts';

export type TokenKind =
  /** A run of characters that are neither blank nor special. */
  | 'word'
  | 'string'
  /** `and`, `or`, `not` in any case. */
  | 'keyword'
  /** `( ) { } : < <= > >=` */
  | 'symbol'
  | 'end'
  /** What is no token; always the last one. */
  | 'error';

export interface Token {
  readonly kind: TokenKind;
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  /** Symbols as they are, keywords in lower case, words and strings as they are meant. */
  readonly text: string;
  /** Of words and strings: the text with the wildcards in it. */
  readonly parts: readonly WildcardPart[];
  /** With kind `error`. */
  readonly problem?: Diagnostic;
}
