/**
 * From a rule document to its plan: one line a language.
 */
import { compileEql } from '../language/eql/eql.ts';
import { compileKusto } from '../language/kusto/kusto.ts';
import type { Compiled } from '../language/language.ts';
import { compileSigma } from '../language/sigma/sigma.ts';
import type { RuleDocument, RuleLanguage } from './rule.ts';

const COMPILERS: Readonly<Record<RuleLanguage, (text: string) => Compiled | Promise<Compiled>>> = {
  eql: (text) => compileEql(text),
  kusto: (text) => compileKusto(text),
  sigma: (text) => compileSigma(text),
};

/**
 * Spans of the diagnostics are in `rule.query`. A promise for a language that is compiled in another thread; it is
 * never rejected.
 */
export function compileRule(rule: Pick<RuleDocument, 'language' | 'query'>): Compiled | Promise<Compiled> {
  return COMPILERS[rule.language](rule.query);
}
