/**
 * A highlighting grammar: what each piece of a line is, for the eye only. What a rule means, and what is wrong with it,
 * the service says; a grammar that errs miscolours a word and nothing else.
 *
 * Works line by line, so that an edit costs the lines after it at most; what spans lines stands in the state.
 */
import type { StringStream } from '@codemirror/language';

/** Kinds of pieces; each has its style in `code-style.ts`. `null` is ordinary text. */
export type Piece = 'keyword' | 'string' | 'comment' | 'number' | 'propertyName' | 'variableName' | 'heading' | null;

export interface Grammar<State> {
  readonly name: string;
  readonly startState: () => State;
  /** Always moves the stream on. */
  readonly token: (stream: StringStream, state: State) => Piece;
  readonly blankLine?: (state: State) => void;
  readonly copyState: (state: State) => State;
}

/** Moves to the end of a string behind its opening quote, or to the end of the line. */
export function skipString(stream: StringStream, quote: string, escaping: string | undefined): void {
  for (let next = stream.next(); next !== undefined; next = stream.next()) {
    if (next === quote) return;
    if (next === escaping) stream.next();
  }
}

/** Moves behind `end`, or to the end of the line. @returns whether `end` was there */
export function skipPast(stream: StringStream, end: string): boolean {
  if (stream.skipTo(end)) {
    stream.match(end);
    return true;
  }
  stream.skipToEnd();
  return false;
}
