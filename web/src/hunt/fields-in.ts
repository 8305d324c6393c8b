/** The fields that some events have, by their dotted names: what there is to choose columns from. */
import type { EventDetail } from '../../../src/serve/triage-api.ts';
import { flatFields } from '../evidence/field-of.ts';

/** As many as tell them all, in practice. */
const LOOKED_AT = 60;

export function fieldsIn(events: readonly Pick<EventDetail, 'document'>[]): readonly string[] {
  const fields = events.slice(0, LOOKED_AT).flatMap(({ document }) => [...flatFields(document).keys()]);
  return [...new Set(fields)].sort();
}
