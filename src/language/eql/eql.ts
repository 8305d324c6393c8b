/**
 * EQL's front end: query text → plan, or diagnostics that say what is wrong, where, and what to write instead.
 *
 *   text ──parse──▶ syntax tree ──lower──▶ plan
 */
import { hasErrors } from '../../diagnostic/diagnostic.ts';
import type { FieldType } from '../../plan/predicate/node.ts';
import { knownFields } from '../field-schema.ts';
import type { Compiled } from '../language.ts';
import { lowerStatement } from './lower-eql.ts';
import { parseEql } from './parse-eql.ts';

export interface EqlOptions {
  /**
   * The type of a field, `undefined` for one that no schema knows. Without it ECS and the integrations' fields count, and
   * names that they do not have are reported.
   */
  readonly fieldType?: (name: string) => FieldType | undefined;
  /** The field that holds the event's category, `event.category` by default (Elasticsearch's `event_category_field`). */
  readonly categoryField?: string;
  /** What `now` in a date means, epoch milliseconds; by default the moment of compiling. */
  readonly now?: number;
}

const KNOWN_FIELDS = knownFields({
  owned: 'a field that may be missing is written ?field',
  free: (name) => `write ?${name} where events may do without it`,
});

/**
 * Compiles one EQL query. Never throws on any text.
 * Semantics: Elasticsearch's EQL. A syntax error is reported alone, errors of meaning all at once.
 */
export function compileEql(text: string, options: EqlOptions = {}): Compiled {
  const { statement, diagnostics } = parseEql(text);
  if (statement === undefined) return { diagnostics };
  const lowered = lowerStatement(statement, {
    schema: options.fieldType === undefined ? KNOWN_FIELDS : { type: options.fieldType },
    categoryField: options.categoryField ?? 'event.category',
    now: options.now ?? Date.now(),
  });
  return hasErrors(lowered.diagnostics) ? { diagnostics: lowered.diagnostics } : lowered;
}
