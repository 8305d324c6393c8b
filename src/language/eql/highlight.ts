/**
 * What an editor colours: the tokens of the parser with what each one is, in the order of the text. Comments and white
 * space are left out; where the text is no EQL any more, one `error` ends the list.
 */
import { eqlFunction } from './functions.ts';
import type { Token } from './token.ts';
import { tokenize } from './tokenize.ts';

export type EqlTokenClass =
  | 'keyword'
  | 'operator'
  | 'category'
  | 'field'
  | 'function'
  | 'option'
  | 'unit'
  | 'string'
  | 'number'
  | 'constant'
  | 'bracket'
  | 'error';

/** UTF-16 offsets. */
export interface EqlHighlight {
  readonly start: number;
  readonly end: number;
  readonly class: EqlTokenClass;
}

export function highlightEql(text: string): readonly EqlHighlight[] {
  const tokens = tokenize(text);
  return tokens.flatMap((token, at) =>
    token.kind === 'end' ? [] : [{ start: token.start, end: token.end, class: classOf(tokens, at) }],
  );
}

function classOf(tokens: readonly Token[], at: number): EqlTokenClass {
  const token = tokens[at] as Token;
  switch (token.kind) {
    case 'string':
      return tokens[at + 1]?.text === 'where' && tokens[at + 1]?.kind === 'keyword' ? 'category' : 'string';
    case 'integer':
    case 'decimal':
      return 'number';
    case 'keyword':
      return keywordClass(token.text);
    case 'symbol':
      return /^[()[\],]$|^!\[$/.test(token.text) ? 'bracket' : 'operator';
    case 'quoted-name':
      return 'field';
    case 'tilde-name':
      return 'function';
    case 'name':
      return nameClass(token, tokens[at - 1], tokens[at + 1]);
    default:
      return 'error';
  }
}

function keywordClass(text: string): EqlTokenClass {
  if (text === 'true' || text === 'false' || text === 'null') return 'constant';
  if (text === 'maxspan') return 'option';
  return ['and', 'or', 'not', 'in', 'in~', 'like', 'like~', 'regex', 'regex~'].includes(text) ? 'operator' : 'keyword';
}

function nameClass(token: Token, before: Token | undefined, after: Token | undefined): EqlTokenClass {
  if (after?.kind === 'keyword' && after.text === 'where') return 'category';
  if (before?.kind === 'symbol' && before.text === '|') return 'keyword';
  if (before?.kind === 'keyword' && before.text === 'with') return 'option';
  if (before?.kind === 'integer' && before.end === token.start) return 'unit';
  if (after?.kind === 'symbol' && after.text === '(') {
    return eqlFunction(token.text) === undefined && before?.text === '.' ? 'field' : 'function';
  }
  return 'field';
}
