/**
 * From a rule document to its plan: one line a language.
 */
import { compileEql, type EqlOptions } from '../language/eql/eql.ts';
import { compileKusto } from '../language/kusto/kusto.ts';
import type { Compiled } from '../language/language.ts';
import { compileSigma } from '../language/sigma/sigma.ts';
import type { RuleDocument, RuleLanguage } from './rule.ts';
import { isTable } from './toml.ts';

/** What of a rule its plan follows from. */
type Query = Pick<RuleDocument, 'language' | 'query'> & Partial<Pick<RuleDocument, 'extra'>>;

const COMPILERS: Readonly<Record<RuleLanguage, (rule: Query) => Compiled | Promise<Compiled>>> = {
  eql: ({ query, extra }) => compileEql(query, categoryOverride(extra)),
  kusto: ({ query }) => compileKusto(query),
  sigma: ({ query }) => compileSigma(query),
};

/**
 * Spans of the diagnostics are in `rule.query`. A promise for a language that is compiled in another thread; it is
 * never rejected.
 */
export function compileRule(rule: Query): Compiled | Promise<Compiled> {
  return COMPILERS[rule.language](rule);
}

/** Elastic's `event_category_override`: the field that `process where` reads instead of `event.category`. */
function categoryOverride(extra: RuleDocument['extra'] = {}): EqlOptions {
  const field = isTable(extra.rule) ? extra.rule.event_category_override : undefined;
  return typeof field === 'string' && field !== '' ? { categoryField: field } : {};
}
