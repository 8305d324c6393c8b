/**
 * From a rule document to its plan: one line a language.
 */
import { compileEql, type EqlOptions } from '../language/eql/eql.ts';
import { compileKuery } from '../language/kuery/kuery.ts';
import { compileKusto } from '../language/kusto/kusto.ts';
import type { Compiled } from '../language/language.ts';
import type { Pipeline } from '../language/sigma/pipeline/pipeline.ts';
import type { RuleFacts } from '../language/sigma/pipeline/work.ts';
import { compileSigma, type SigmaOptions } from '../language/sigma/sigma.ts';
import { parseYaml, plainYaml } from '../language/yaml.ts';
import type { RuleDocument, RuleLanguage } from './rule.ts';
import { isTable } from './toml.ts';

/** What of a rule its plan follows from. */
type Query = Pick<RuleDocument, 'language' | 'query'> & Partial<Pick<RuleDocument, 'extra' | 'source'>>;

export interface CompileOptions {
  /** Processing pipelines for Sigma rules; `loadPipelines` reads them. */
  readonly pipeline?: Pipeline;
}

type Compiler = (rule: Query, options: CompileOptions) => Compiled | Promise<Compiled>;

const COMPILERS: Readonly<Record<RuleLanguage, Compiler>> = {
  eql: ({ query, extra }) => compileEql(query, categoryOverride(extra)),
  kuery: ({ query }) => compileKuery(query),
  kusto: ({ query }) => compileKusto(query),
  sigma: (rule, options) => compileSigma(rule.query, sigmaOptions(rule, options)),
};

/**
 * Spans of the diagnostics are in `rule.query`. A promise for a language that is compiled in another thread; it is
 * never rejected.
 */
export function compileRule(rule: Query, options: CompileOptions = {}): Compiled | Promise<Compiled> {
  return COMPILERS[rule.language](rule, options);
}

/** What conditions of pipelines ask of the whole rule is read from its text, of which the query is a part. */
function sigmaOptions({ source }: Pick<Query, 'source'>, { pipeline }: CompileOptions): SigmaOptions {
  if (pipeline === undefined) return {};
  return source === undefined ? { pipeline } : { pipeline, facts: () => factsOf(source.text) };
}

function factsOf(text: string): RuleFacts {
  const root = parseYaml(text)[0]?.root;
  const facts = root?.kind === 'map' ? plainYaml(root) : undefined;
  return isTable(facts) ? facts : {};
}

/** Elastic's `event_category_override`: the field that `process where` reads instead of `event.category`. */
function categoryOverride(extra: RuleDocument['extra'] = {}): EqlOptions {
  const field = isTable(extra.rule) ? extra.rule.event_category_override : undefined;
  return typeof field === 'string' && field !== '' ? { categoryField: field } : {};
}
