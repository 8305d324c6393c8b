/**
 * From a rule document to its plan: one line a language.
 */
import { diagnose } from '../diagnostic/diagnostic.ts';
import { compileEql } from '../language/eql/eql.ts';
import type { Compiled } from '../language/language.ts';
import { compileSigma } from '../language/sigma/sigma.ts';
import type { RuleDocument, RuleLanguage } from './rule.ts';

const COMPILERS: Readonly<Partial<Record<RuleLanguage, (text: string) => Compiled>>> = {
  eql: (text) => compileEql(text),
  sigma: (text) => compileSigma(text),
};

/** Spans of the diagnostics are in `rule.query`. */
export function compileRule(rule: Pick<RuleDocument, 'language' | 'query'>): Compiled {
  const compile = COMPILERS[rule.language];
  if (compile !== undefined) return compile(rule.query);
  const message = `Rules in ${rule.language} cannot be run yet.`;
  return { diagnostics: [diagnose('rule-language-unsupported', 'error', message)] };
}
