/**
 * Lucene's front end: query string → plan, or diagnostics that say what is wrong, where, and what to write instead.
 *
 *   text ──parse──▶ syntax tree ──lower──▶ plan
 */
import { hasErrors } from '../../diagnostic/diagnostic.ts';
import { type EventPlan, eventPlan } from '../../plan/plan.ts';
import type { FieldType } from '../../plan/predicate/node.ts';
import { knownFields } from '../field-schema.ts';
import type { Compiled } from '../language.ts';
import { lowerLucene } from './lower-lucene.ts';
import { parseLucene } from './parse-lucene.ts';

export interface LuceneOptions {
  /** The type of a field, `undefined` for one that no schema knows. Without it ECS and the integrations' fields count. */
  readonly fieldType?: (name: string) => FieldType | undefined;
  /** What `now` in a date means, epoch milliseconds; by default the moment of compiling. */
  readonly now?: number;
}

const KNOWN_FIELDS = knownFields({});

/** Compiles one query string. Never throws on any text. A syntax error is reported alone, errors of meaning all at once. */
export function compileLucene(text: string, options: LuceneOptions = {}): Compiled<EventPlan> {
  const parsed = parseLucene(text);
  if ('problem' in parsed) return { diagnostics: [parsed.problem] };
  const schema = options.fieldType === undefined ? KNOWN_FIELDS : { type: options.fieldType };
  const { predicate, diagnostics } = lowerLucene(parsed.query, schema, options.now ?? Date.now());
  return hasErrors(diagnostics) ? { diagnostics } : { plan: eventPlan(predicate), diagnostics };
}
