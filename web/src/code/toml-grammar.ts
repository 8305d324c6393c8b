/** How Elastic's TOML looks, with the EQL that stands in it. */
import type { StringStream } from '@codemirror/language';
import { type EqlState, eqlGrammar } from './eql-grammar.ts';
import { type Grammar, type Piece, skipPast, skipString } from './grammar.ts';

export interface TomlState {
  key: string;
  /** The quotes that close a string over several lines. */
  fence: string;
  query: EqlState | undefined;
  isValue: boolean;
}

export const tomlGrammar: Grammar<TomlState> = {
  name: 'toml',
  startState: () => ({ key: '', fence: '', query: undefined, isValue: false }),
  copyState: (state) => ({ ...state, query: state.query && { ...state.query } }),
  token(stream, state) {
    if (state.fence !== '') return fenced(stream, state);
    if (stream.sol()) state.isValue = false;
    if (stream.eatSpace()) return null;
    if (stream.match('#')) {
      stream.skipToEnd();
      return 'comment';
    }
    if (!state.isValue && stream.match(/^\[.*\]/)) return 'heading';
    const key = state.isValue ? null : stream.match(/^(?:"[^"]*"|'[^']*'|[\w-]+)(?:\.(?:"[^"]*"|[\w-]+))*(?=\s*=)/);
    if (key !== null && typeof key !== 'boolean') {
      state.key = key[0];
      return 'propertyName';
    }
    if (stream.match('=')) {
      state.isValue = true;
      return null;
    }
    return value(stream, state);
  },
};

function value(stream: StringStream, state: TomlState): Piece {
  const fence = stream.match(/^(?:'''|""")/);
  if (fence !== null && typeof fence !== 'boolean') {
    state.fence = fence[0];
    state.query = state.key === 'query' ? eqlGrammar.startState() : undefined;
    return state.query === undefined ? fenced(stream, state) : 'string';
  }
  if (stream.match(/^["']/)) {
    const quote = stream.string.charAt(stream.pos - 1);
    skipString(stream, quote, quote === '"' ? '\\' : undefined);
    return 'string';
  }
  if (stream.match(/^(?:true|false|[+-]?\d[\d_.eE:TZ+-]*)\b/)) return 'number';
  stream.next();
  return null;
}

function fenced(stream: StringStream, state: TomlState): Piece {
  const { fence, query } = state;
  if (query !== undefined && !stream.match(fence, false)) return eqlGrammar.token(stream, query);
  if (skipPast(stream, fence)) {
    state.fence = '';
    state.query = undefined;
  }
  return 'string';
}
