/**
 * Which tables of a schema a query may name. The binder is told of these only: making the symbols of two hundred tables
 * takes longer than binding a query, and hardly one names more than three.
 */
import type { KustoTable } from './schema.ts';

/**
 * @param texts of the query, and of the functions that it may call
 * @returns indexes into `tables`, in order; rather too many than too few
 */
export function namedTables(texts: readonly string[], tables: readonly Pick<KustoTable, 'names'>[]): readonly number[] {
  const words = new Set<string>();
  const patterns: RegExp[] = [];
  let isAny = false;
  for (const text of texts) {
    // After a pipe `search` looks at the rows that come to it.
    isAny ||= /(?<!\|\s*)\b(?:search|find)\b|\bunion\b[^|;]*(?<!\w)\*/.test(text);
    for (const word of text.match(/[\w*]+/g) ?? []) {
      if (!word.includes('*')) words.add(word);
      else if (/\w/.test(word) && patterns.length < MOST_PATTERNS) patterns.push(patternOf(word));
    }
  }
  return tables.flatMap(({ names }, index) => {
    const isNamed = names.some((name) => words.has(name) || patterns.some((pattern) => pattern.test(name)));
    return isAny || isNamed ? [index] : [];
  });
}

/** Products are written so, too; a query has a few patterns at most. */
const MOST_PATTERNS = 20;

function patternOf(word: string): RegExp {
  return new RegExp(`^${word.replace(/\*+/g, '.*')}$`);
}
