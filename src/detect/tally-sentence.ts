/**
 * What came of a rule that does not alert on each of its events, in words before the sentence of the last event.
 */
import { shownText } from '../diagnostic/shown-text.ts';
import type { Event } from '../event/event.ts';
import { describeEvent } from './sentence.ts';
import type { QueryResult, Tallied, Term } from './tallied.ts';

const LONGEST_VALUE = 80;
const MOST_SHOWN = 3;
const MOST_CELLS = 4;

export function describeTally(tallied: Tallied, last: Event): string {
  if (tallied.kind === 'rows') return describeRows(tallied.result);
  return `${saying(tallied)}: ${describeEvent(last)}`;
}

/** A row by its first cells that say something; of several how many, and the first. */
function describeRows({ columns, rows, count }: QueryResult): string {
  const [first] = rows;
  if (first === undefined) return 'The query gave no row';
  const cells = columns.flatMap(({ name, type }, at) => {
    const cell = first[at] ?? null;
    return cell === null || cell === '' || type === 'dynamic'
      ? []
      : [`${name} ${shownText(String(cell), LONGEST_VALUE)}`];
  });
  const shown = cells.slice(0, MOST_CELLS).join(', ');
  return count === 1 ? `The query gave ${shown}` : `The query gave ${count.toLocaleString('en-US')} rows: ${shown}; …`;
}

function saying(tallied: Exclude<Tallied, { kind: 'rows' }>): string {
  switch (tallied.kind) {
    case 'threshold': {
      const { terms, count, cardinality } = tallied.result;
      const events = count === 1 ? '1 event' : `${count.toLocaleString('en-US')} events`;
      const different = cardinality === undefined ? '' : ` and ${cardinality.value} different ${cardinality.field}`;
      return `${events}${different}${terms.length === 0 ? '' : ` of ${inWords(terms)}`}`;
    }
    case 'new-terms':
      return `First time ${some(tallied.terms.map(inWords), ' or ')}`;
    case 'indicators':
      return `Known as bad: ${some(
        tallied.enrichments.map(({ matched }) => atomicOf(matched)),
        ', ',
      )}`;
  }
}

function inWords(terms: readonly Term[]): string {
  return terms.map(({ field, value }) => `${field} ${shownText(String(value), LONGEST_VALUE)}`).join(', ');
}

function atomicOf(matched: unknown): string {
  const value = typeof matched === 'object' && matched !== null && 'atomic' in matched ? matched.atomic : '';
  return shownText(String(value), LONGEST_VALUE);
}

function some(texts: readonly string[], joint: string): string {
  const different = [...new Set(texts)];
  const more = different.length - MOST_SHOWN;
  return `${different.slice(0, MOST_SHOWN).join(joint)}${more > 0 ? ` and ${more} more` : ''}`;
}
