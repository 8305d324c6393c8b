/**
 * What is looked for in a field for all needs of a plan: texts with what they meet, each once.
 */
import type { Copies } from '../event/event.ts';
import { ByteIndex } from './byte-index.ts';
import { type Marks, marksAt } from './byte-marks.ts';
import type { ByteText } from './byte-text.ts';
import type { Needs } from './line-probe.ts';
import { NumberNeeds } from './number-needs.ts';
import type { Text, WitnessBook } from './witness-book.ts';

/** A text, or any value where there is none, and the need that it meets. */
export type Entry = readonly [text: Text | undefined, need: number];

/** Whether it is looked for, and not taken to stand in each value. */
export function isSought([text]: Entry): boolean {
  return text?.bytes !== undefined && text.bytes.sought !== 'common';
}

/** Whether it is met by a number, or by any value. */
export function isNumberEntry([text]: Entry): boolean {
  return text === undefined || text.literal.anchor === 'number';
}

export function needOf([, need]: Entry): number {
  return need;
}

/** What stands in what a value is a copy or a part of, where the text does in the value. */
export function inCopied([text, need]: Entry, { isPart, isEnd, orNumber }: Copies, book: WitnessBook): Entry {
  if (text === undefined || text.literal.anchor === 'beyond') return [text, need];
  const { literal } = text;
  if (literal.anchor === 'number') return isPart || orNumber ? [undefined, need] : [text, need];
  if (orNumber && DIGITS.test(literal.text)) return [undefined, need];
  if (!isPart) return [text, need];
  const anchor = isEnd && (literal.anchor === 'whole' || literal.anchor === 'end') ? 'end' : 'anywhere';
  return [book.textOf({ ...literal, anchor }), need];
}

const DIGITS = /^[0-9]*$/;

export function needsIn(entries: readonly Entry[], book: WitnessBook): Needs {
  const present: number[] = [];
  const texts: Text[] = [];
  const needsOfTexts: number[][] = [];
  book.lists += 1;
  for (const [text, need] of entries) {
    if (text === undefined) {
      present.push(need);
    } else if (text.list === book.lists) {
      needsOfTexts[text.place]?.push(need);
    } else {
      text.list = book.lists;
      text.place = texts.length;
      texts.push(text);
      needsOfTexts.push([need]);
    }
  }
  const sought: (readonly [ByteText, Marks])[] = [];
  const numbers = new Map<string, Marks>();
  for (const [place, { bytes, literal }] of texts.entries()) {
    const marks = marksOf(needsOfTexts[place] as readonly number[], book);
    if (literal.anchor === 'number') numbers.set(literal.text, marks);
    else if (bytes !== undefined) sought.push([bytes, marks]);
  }
  return {
    present: marksOf(present, book),
    texts: new ByteIndex(sought, book.texts.counts),
    numbers: new NumberNeeds(numbers),
  };
}

export function marksOf(needs: readonly number[], book: WitnessBook): Marks {
  if (needs.length === 1) return book.marksOf(needs[0] as number);
  return marksAt(needs);
}
