/**
 * What a statement asks about stored events that their columns do not tell: the document is read as events are read,
 * and asked as they are asked.
 */
import type { EventQuestion } from '../../dialect/duckdb/host-function.ts';
import { documentSource, Event } from '../../event/event.ts';
import type { JsonObject } from '../../event/json.ts';
import { evaluate, evaluateValue } from '../../plan/predicate/evaluate.ts';
import { allTexts, cellOf, firstText, typedCell } from '../../vocabulary/table-row.ts';

/** @param question JSON of an `EventQuestion`; @returns the answer for a document, or a text, that is asked about */
export function eventAnswers(question: string): (text: string) => string | null {
  const asked = JSON.parse(question) as EventQuestion;
  switch (asked.kind) {
    case 'first':
      return (document) => firstText(asked.fields, eventOf(document)) ?? null;
    case 'all':
      return (document) => allTexts(asked.fields, asked.between, eventOf(document)) ?? null;
    case 'value':
      return (document) => {
        const value = evaluateValue(asked.value, eventOf(document));
        return value === null ? null : String(value);
      };
    case 'holds':
      return (document) => String(evaluate(asked.predicate, eventOf(document)));
    case 'time':
      return (text) => typedCell(text, 'datetime')?.toString() ?? null;
    case 'json':
    case 'parts': {
      const parts = asked.kind === 'parts' ? { parts: new Map(asked.parts), fields: [] } : { fields: asked.fields };
      const column = { name: '', type: 'dynamic', ...parts } as const;
      return (document) => {
        const json = cellOf(column, eventOf(document));
        return json === null ? null : JSON.stringify(json);
      };
    }
  }
}

/** Several questions are asked about the rows of a chunk, one question after the other. */
const KEPT = new Map<string, Event>();
const MOST_KEPT = 4_096;
const MOST_CHARACTERS = 8_000_000;
let characters = 0;

function eventOf(document: string): Event {
  const known = KEPT.get(document);
  if (known !== undefined) return known;
  const event = new Event({
    time: { ms: 0, ticks: 0 },
    source: documentSource(JSON.parse(document) as JsonObject),
    raw: new Uint8Array(),
    format: '',
    dataStreams: [],
  });
  if (KEPT.size >= MOST_KEPT || characters + document.length > MOST_CHARACTERS) {
    KEPT.clear();
    characters = 0;
  }
  KEPT.set(document, event);
  characters += document.length;
  return event;
}
