/** What an editor shows of the word under the cursor: a field with its type, a word of the language with what it does. */
import { isEcsArray } from '../../event/ecs-fields.ts';
import { kueryFieldType } from './fields.ts';
import { tokenizeKuery } from './tokenize.ts';
import { WORDS } from './words.ts';

export interface KueryHover {
  /** UTF-16 offsets of what it is about. */
  readonly start: number;
  readonly end: number;
  readonly title: string;
  readonly doc: string;
}

export function hoverKuery(text: string, offset: number): KueryHover | undefined {
  const tokens = tokenizeKuery(text);
  const at = tokens.findIndex(({ start, end, kind }) => start <= offset && offset < end && kind !== 'end');
  const token = tokens[at];
  if (token === undefined || token.kind === 'error') return undefined;
  const { start, end, text: title } = token;
  const word = token.kind === 'keyword' || token.kind === 'symbol' ? WORDS.get(title) : undefined;
  if (word !== undefined) return { start, end, title, doc: word };
  const next = tokens[at + 1];
  if (token.kind !== 'word' || next?.kind !== 'symbol' || !/^[:<>]/.test(next.text)) return undefined;
  const type = kueryFieldType(title);
  if (type === undefined) return undefined;
  return { start, end, title, doc: isEcsArray(title) ? `${type}, several values: any of them is enough` : type };
}
