/**
 * What an editor shows of the word under the cursor: a function with its arguments and what it gives, a field with its
 * type, a word of the language with what it does.
 */
import { isEcsArray } from '../../event/ecs-fields.ts';
import { knownFieldType } from '../field-schema.ts';
import { nameAt } from './cursor.ts';
import { eqlFunction, signatureOf } from './functions.ts';
import { tokenize } from './tokenize.ts';
import { WORDS } from './words.ts';

export interface EqlHover {
  /** UTF-16 offsets of what it is about. */
  readonly start: number;
  readonly end: number;
  readonly title: string;
  readonly doc: string;
}

export function hoverEql(text: string, offset: number): EqlHover | undefined {
  const token = tokenize(text).find(({ start, end, kind }) => start <= offset && offset < end && kind !== 'end');
  if (token === undefined) return undefined;
  const { start, end } = token;
  const name = nameAt(text, offset);
  const called = /^~?\s*\(/.test(text.slice(token.kind === 'tilde-name' ? end - 1 : end));
  const known = called ? eqlFunction(token.text) : undefined;
  if (known !== undefined) {
    return { start, end, title: signatureOf(known), doc: `${known.doc} Gives a ${known.returns}.` };
  }
  const word = name === undefined || name.name === token.text ? WORDS.get(token.text) : undefined;
  if (word !== undefined && token.kind !== 'string') return { start, end, title: token.text, doc: word };
  if (name === undefined || token.kind === 'string') return undefined;
  const type = knownFieldType(name.name);
  if (type === undefined) return undefined;
  const doc = isEcsArray(name.name) ? `${type}, several values: any of them is enough` : type;
  return { start: name.start, end: name.end, title: name.name, doc };
}
