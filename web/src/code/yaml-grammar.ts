/**
 * How YAML looks, with what rules write in it: Sigma's modifiers and conditions, and a Kusto query as a block of text.
 */
import type { StringStream } from '@codemirror/language';
import { type Grammar, type Piece, skipString } from './grammar.ts';
import { type KustoState, kustoGrammar } from './kusto-grammar.ts';

export interface YamlState {
  /** The indentation of the key whose block of text this is; -1 outside of one. */
  block: number;
  /** Within a block that holds a query. */
  query: KustoState | undefined;
  key: string;
  /** Within a quoted string that goes on over lines. */
  quote: string;
  /** A value may hold what would be a key at the start of the line. */
  isValue: boolean;
}

/** Keys whose block of text is a query. */
const QUERY_KEYS: ReadonlySet<string> = new Set(['query', 'Query']);
const BLOCK_START = /^[|>][+-]?\d?[+-]?\s*(?:#.*)?$/;
/** A key may hold anything that does not look like the start of something else. */
const KEY = /^(?:"[^"]*"|'[^']*'|[^\s#"'&*!|>%@`[\]{},-][^#:|]*|-[^\s:|][^#:|]*)(?=(?:\|[\w|]*)?\s*:(?:\s|$))/;
const CONDITION_WORD = /^(?:and|or|not|of|them|all|\d+(?=\s+of\b))\b/i;

export const yamlGrammar: Grammar<YamlState> = {
  name: 'yaml',
  startState: () => ({ block: -1, query: undefined, key: '', quote: '', isValue: false }),
  copyState: (state) => ({ ...state, query: state.query && { ...state.query } }),
  token(stream, state) {
    if (stream.sol()) {
      state.isValue = false;
      if (state.block >= 0 && stream.indentation() <= state.block) {
        state.block = -1;
        state.query = undefined;
      }
    }
    if (state.block >= 0) {
      if (state.query !== undefined) return kustoGrammar.token(stream, state.query);
      stream.skipToEnd();
      return 'string';
    }
    if (state.quote !== '') return quoted(stream, state, state.quote);
    if (stream.eatSpace()) return null;
    if (stream.match(/^#/)) {
      stream.skipToEnd();
      return 'comment';
    }
    return state.isValue ? value(stream, state) : lineStart(stream, state);
  },
};

function lineStart(stream: StringStream, state: YamlState): Piece {
  if (stream.match(/^(?:---|\.\.\.)(?=\s|$)/)) return 'heading';
  if (stream.match(/^-(?=\s|$)/)) return null;
  const key = stream.match(KEY);
  if (key !== null && typeof key !== 'boolean') {
    state.key = key[0].replaceAll(/["']/g, '').trim();
    return 'propertyName';
  }
  if (stream.match(/^\|[\w|]+(?=\s*:)/)) return 'keyword';
  state.isValue = true;
  if (stream.match(':')) return null;
  return value(stream, state);
}

function value(stream: StringStream, state: YamlState): Piece {
  if (stream.match(BLOCK_START)) {
    state.block = stream.indentation();
    state.query = QUERY_KEYS.has(state.key) ? kustoGrammar.startState() : undefined;
    return null;
  }
  const quote = stream.match(/^["']/);
  if (quote !== null && typeof quote !== 'boolean') return quoted(stream, state, quote[0]);
  if (stream.match(/^[[\]{},]/)) return null;
  if (state.key === 'condition') return condition(stream);
  if (stream.match(/^(?:true|false|null|~|-?\d+(?:\.\d+)?)(?=\s*(?:[,\]}#]|$))/i)) return 'number';
  // To a comment, which needs a blank before it.
  if (!stream.skipTo(' #')) stream.skipToEnd();
  return 'string';
}

function condition(stream: StringStream): Piece {
  if (stream.match(CONDITION_WORD)) return 'keyword';
  if (stream.match(/^[\w*-]+/)) return 'propertyName';
  stream.next();
  return null;
}

function quoted(stream: StringStream, state: YamlState, quote: string): Piece {
  skipString(stream, quote, quote === '"' ? '\\' : undefined);
  const isClosed = stream.current().length > (state.quote === '' ? 1 : 0) && stream.current().endsWith(quote);
  state.quote = isClosed ? '' : quote;
  return 'string';
}
