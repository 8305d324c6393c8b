/**
 * Operators that people bring along from other languages, with what EQL has for them.
 */
import { nearestName } from '../../diagnostic/nearest.ts';
import { KEYWORDS } from './token.ts';

const FOREIGN_WORDS: ReadonlyMap<string, string> = new Map([
  ['is', 'write == for equality; field == null tests that a field is missing'],
  ['isnot', 'write !=; field != null tests that a field is there'],
  ['eq', 'write =='],
  ['equals', 'write =='],
  ['ne', 'write !='],
  ['gt', 'write >'],
  ['gte', 'write >='],
  ['lt', 'write <'],
  ['lte', 'write <='],
  ['contains', 'write field like "*text*", or : "*text*" to ignore case'],
  ['has', 'write field : "*text*"'],
  ['includes', 'write field like "*text*", or in ("a", "b")'],
  ['startswith', 'write field like "text*", or like~ "text*" to ignore case'],
  ['endswith', 'write field like "*text", or like~ "*text" to ignore case'],
  ['matches', 'write like for * and ?, or regex for a regular expression'],
  ['match', 'write like for * and ?, or regex for a regular expression'],
  ['wildcard', 'write like, or : to ignore case'],
  ['ilike', 'write like~'],
  ['rlike', 'write regex'],
  ['regexp', 'write regex'],
  ['iregex', 'write regex~'],
  ['exists', 'write field != null'],
  ['between', 'write field >= a and field <= b'],
  ['xor', 'write a != b, or (a or b) and not (a and b)'],
  ['as', 'EQL has no names for values'],
]);

/** What to write for a word that stands where an operator is expected. */
export function operatorHint(word: string): string | undefined {
  const lower = word.toLowerCase();
  if (KEYWORDS.has(lower) && lower !== word) return `EQL’s words are lower case: write ${lower}`;
  const foreign = FOREIGN_WORDS.get(lower);
  if (foreign !== undefined) return foreign;
  const near = nearestName(word, ['and', 'or', 'not', 'in', 'like', 'like~', 'regex', 'regex~']);
  return near === undefined ? undefined : `did you mean ${near}?`;
}
