/**
 * From a rule document to its plan: one line a language.
 */
import { diagnose } from '../diagnostic/diagnostic.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import { compileEql, type EqlOptions } from '../language/eql/eql.ts';
import { compileKuery } from '../language/kuery/kuery.ts';
import { compileKusto } from '../language/kusto/kusto.ts';
import type { KustoNames } from '../language/kusto/schema.ts';
import type { Compiled } from '../language/language.ts';
import { compileLucene } from '../language/lucene/lucene.ts';
import type { RuleNames } from '../language/sigma/lower-correlation.ts';
import type { Placeholders } from '../language/sigma/modifiers.ts';
import { generates } from '../language/sigma/parse-correlation.ts';
import type { Pipeline } from '../language/sigma/pipeline/pipeline.ts';
import type { RuleFacts } from '../language/sigma/pipeline/work.ts';
import { compileCorrelation, compileSigma, type SigmaOptions } from '../language/sigma/sigma.ts';
import { entryOf, parseYaml, plainYaml } from '../language/yaml.ts';
import { type EventPlan, eventPlan, type WindowPlan } from '../plan/plan.ts';
import { constant, type Predicate } from '../plan/predicate/node.ts';
import { readFilters, withFilters } from './elastic-filters.ts';
import type { RuleDocument, RuleLanguage } from './rule.ts';
import type { SigmaFilters } from './sigma-filters.ts';
import { isTable } from './toml.ts';

/** What of a rule its plan follows from. */
type Query = Pick<RuleDocument, 'language' | 'query'> & Partial<Pick<RuleDocument, 'id' | 'extra' | 'source'>>;

export interface CompileOptions {
  /** Processing pipelines for Sigma rules; `loadPipelines` reads them. */
  readonly pipeline?: Pipeline;
  /** Values of placeholders in Sigma rules, by name without percent signs; `loadPlaceholders` reads them. */
  readonly placeholders?: Placeholders;
  /** Filters for Sigma rules. */
  readonly filters?: SigmaFilters;
  /** What queries in Kusto may name beside the tables of the house. */
  readonly names?: RuleNamesInKusto;
}

/** Tables, watchlists and functions of people's own. */
export interface RuleNamesInKusto extends Partial<KustoNames> {
  /** Another where a query may mean something else. */
  readonly digest: string;
}

/** Of a rule that cannot run. */
export const NO_EVENTS: EventPlan = eventPlan(constant(false, NO_SPAN));

type Compiler = (rule: Query, options: CompileOptions) => Compiled | Promise<Compiled>;

const COMPILERS: Readonly<Record<RuleLanguage, Compiler>> = {
  eql: ({ query, extra }) => compileEql(query, categoryOverride(extra)),
  kuery: ({ query }) => compileKuery(query),
  kusto: ({ query }) => compileKusto(query),
  lucene: ({ query }) => compileLucene(query),
  esql: () => notRun('Rules in ES|QL are read and shown, and not run: only Elasticsearch runs that language.'),
  ml: () =>
    notRun('Machine-learning rules are read and shown, and not run: a job in Elasticsearch finds what they alert on.'),
  sigma: (rule, options) => compileSigma(rule.query, sigmaOptions(rule, options)),
};

function notRun(idle: string): Compiled {
  return { plan: NO_EVENTS, diagnostics: [diagnose('rule-not-run', 'info', idle)], idle };
}

/**
 * Spans of the diagnostics are in `rule.query`. A promise for a language that is compiled in another thread; it is
 * never rejected.
 */
export function compileRule(rule: Query, options: CompileOptions = {}): Compiled | Promise<Compiled> {
  const compiled = COMPILERS[rule.language](rule, options);
  const elastic = isTable(rule.extra?.rule) ? rule.extra.rule : {};
  const { predicate } = readFilters(elastic.filters);
  if (predicate === undefined) return compiled;
  return compiled instanceof Promise
    ? compiled.then((done) => filtered(done, predicate))
    : filtered(compiled, predicate);
}

function filtered(compiled: Compiled, filter: Predicate): Compiled {
  return compiled.plan === undefined ? compiled : { ...compiled, plan: withFilters(compiled.plan, filter) };
}

/** Whether the rule puts other rules together, so that its plan follows from them. */
export function isCorrelation({ language, query }: Pick<RuleDocument, 'language' | 'query'>): boolean {
  if (language !== 'sigma' || !/\bcorrelation\b/.test(query)) return false;
  const root = parseYaml(query)[0]?.root;
  return root?.kind === 'map' && entryOf(root, 'correlation') !== undefined;
}

/** Whether the rules that a correlation rule names alert by themselves too; `generate` stands in the correlation or beside it. */
export function generatesRules({ source }: RuleDocument): boolean {
  const root = parseYaml(source.text)[0]?.root;
  return root?.kind === 'map' && generates(root);
}

/** The plan of a correlation rule, from the rules that it may name. */
export function compileCorrelationRule(
  rule: RuleDocument,
  rules: RuleNames,
  options: CompileOptions = {},
): Compiled<WindowPlan> {
  return compileCorrelation(rule.query, rules, sigmaOptions(rule, options));
}

/** What conditions of pipelines ask of the whole rule is read from its text, of which the query is a part. */
export function sigmaOptions(
  { id, extra, source }: Pick<Query, 'id' | 'extra' | 'source'>,
  { pipeline, placeholders, filters }: CompileOptions,
): SigmaOptions {
  const name = typeof extra?.name === 'string' ? extra.name : undefined;
  return {
    ...(pipeline === undefined ? {} : { pipeline }),
    ...(placeholders === undefined ? {} : { placeholders }),
    ...(pipeline === undefined || source === undefined ? {} : { facts: () => factsOf(source.text) }),
    ...(filters === undefined ? {} : { filters: (logSource) => filters.applyingTo({ logSource, id, name }) }),
  };
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
