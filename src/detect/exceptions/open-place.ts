/**
 * What a scenario leaves to be filled in, written in angle brackets: `<folder>`.
 */
import { diagnose } from '../../diagnostic/diagnostic.ts';
import type { ExceptionCondition } from '../exception.ts';
import type { ExceptionFinding } from './draft.ts';

/** Only for exceptions made from a scenario: elsewhere such a text may be meant. */
export function findOpenPlaces(condition: ExceptionCondition): readonly ExceptionFinding[] {
  return textsOf(condition, 'condition').flatMap(([place, text]) => {
    const open = /<[a-z][a-z ]{0,60}>/.exec(text)?.[0];
    if (open === undefined) return [];
    return [{ ...diagnose('exception-open-place', 'error', `${open} is still to be filled in.`), at: place }];
  });
}

function textsOf(value: unknown, place: string): readonly (readonly [place: string, text: string])[] {
  if (typeof value === 'string') return [[place, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => textsOf(part, `${place}.${name}`));
}
