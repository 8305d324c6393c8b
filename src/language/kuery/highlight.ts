/**
 * What an editor colours: the tokens of the parser with what each one is, in the order of the text. White space is left
 * out; where the text is no query any more, one `error` ends the list.
 */
import type { Token } from './token.ts';
import { tokenizeKuery } from './tokenize.ts';

export type KueryTokenClass = 'operator' | 'field' | 'string' | 'number' | 'constant' | 'bracket' | 'error';

/** UTF-16 offsets. */
export interface KueryHighlight {
  readonly start: number;
  readonly end: number;
  readonly class: KueryTokenClass;
}

export function highlightKuery(text: string): readonly KueryHighlight[] {
  const tokens = tokenizeKuery(text);
  return tokens.flatMap((token, at) =>
    token.kind === 'end' ? [] : [{ start: token.start, end: token.end, class: classOf(token, tokens[at + 1]) }],
  );
}

function classOf(token: Token, next: Token | undefined): KueryTokenClass {
  switch (token.kind) {
    case 'keyword':
      return 'operator';
    case 'symbol':
      return /^[(){}]$/.test(token.text) ? 'bracket' : 'operator';
    case 'word':
    case 'string':
      if (next?.kind === 'symbol' && /^[:<>]/.test(next.text)) return 'field';
      if (token.kind === 'string') return 'string';
      if (/^(?:true|false)$/.test(token.text)) return 'constant';
      return /^[+-]?\d+(?:\.\d+)?$/.test(token.text) ? 'number' : 'string';
    default:
      return 'error';
  }
}
