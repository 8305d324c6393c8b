/**
 * EQL's front end: query text → plan, or diagnostics that say what is wrong, where, and what to write instead.
 *
 *   text ──parse──▶ syntax tree ──lower──▶ plan
 */
import { hasErrors } from '../../diagnostic/diagnostic.ts';
import { ecsFieldType } from '../../event/ecs-fields.ts';
import type { FieldType } from '../../plan/predicate/node.ts';
import type { Compiled } from '../language.ts';
import { lowerStatement } from './lower-eql.ts';
import { parseEql } from './parse-eql.ts';

export interface EqlOptions {
  /** The type of a field, `undefined` for one that no schema knows. Without it ECS's types count. */
  readonly fieldType?: (name: string) => FieldType | undefined;
  /** The field that holds the event's category, `event.category` by default (Elasticsearch's `event_category_field`). */
  readonly categoryField?: string;
}

/**
 * Compiles one EQL query. Never throws on any text.
 * Semantics: Elasticsearch's EQL. A syntax error is reported alone, errors of meaning all at once.
 */
export function compileEql(text: string, options: EqlOptions = {}): Compiled {
  const { statement, diagnostics } = parseEql(text);
  if (statement === undefined) return { diagnostics };
  const lowered = lowerStatement(statement, {
    fieldType: options.fieldType ?? ecsFieldType,
    categoryField: options.categoryField ?? 'event.category',
  });
  return hasErrors(lowered.diagnostics) ? { diagnostics: lowered.diagnostics } : lowered;
}
