/**
 * One rule file seen through: recognised, read, checked, compiled.
 *
 *   text ──form──▶ documents ──check──▶ diagnostics ─┐
 *                       └─────compile──▶ plan        └─place──▶ findings in the file
 *
 * Whether a rule can run is decided here and nowhere else: it can exactly when no finding is an error.
 */
import { type Diagnostic, diagnose, hasErrors } from '../diagnostic/diagnostic.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import type { RuleNames } from '../language/sigma/lower-correlation.ts';
import type { Plan } from '../plan/plan.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import type { Tally } from '../plan/tally.ts';
import type { LogSource } from '../vocabulary/sigma-log-sources.ts';
import { checkRule } from './check.ts';
import {
  type CompileOptions,
  compileCorrelationRule,
  compileRule,
  generatesRules,
  isCorrelation,
  NO_EVENTS,
} from './compile.ts';
import { type CompiledRule, compileTableRule } from './compile-table.ts';
import { correlated } from './correlated.ts';
import type { EventColumns } from './event-columns.ts';
import { type Finding, toFindings } from './finding.ts';
import type { RuleFormReader } from './form.ts';
import { FORM_NAMES, ruleFormOf } from './forms.ts';
import { given } from './given.ts';
import type { RuleLocator } from './locator.ts';
import type { ParsedRule } from './parsed-rule.ts';
import type { RuleDocument, Schedule } from './rule.ts';
import type { RuleHead } from './rule-head.ts';
import { addFilters } from './sigma-filter-texts.ts';
import { SigmaFilters } from './sigma-filters.ts';
import { checkSuppression } from './suppression.ts';
import { resolveSuppression } from './suppression-fields.ts';

/** A rule that can run. */
export interface LoadedRule {
  /** May be read from a cache when it is asked for. */
  readonly document: RuleDocument;
  /** Where that is known without the document; `ruleHead` gives it of any rule. */
  readonly head?: RuleHead;
  /** May be read from a cache when it is asked for. */
  readonly plan: Plan;
  /** What a plan over one event says of the log source (`outlineOf`), where that is known without the plan. */
  readonly outline?: { readonly predicate: Predicate };
  /** What it alerts on, where that is not each event that its plan holds for: then it runs on its interval. */
  readonly tally?: Tally;
  /** Columns of its query that its alerts name, of a rule over one event. */
  readonly columns?: EventColumns;
  /** Why no event that is read today can match it; absent for a rule that can. */
  readonly idle?: string;
  /** Of a Sigma rule: the log sources of the rules over one event in it. */
  readonly logSources?: readonly LogSource[];
  /** Of a correlation rule: the rules that it names, by id, and whether they alert by themselves as well. */
  readonly uses?: { readonly rules: readonly string[]; readonly generate: boolean };
}

export interface Inspection {
  /** As findings name the file. */
  readonly file: string;
  /** What was read; absent where nothing could be. */
  readonly text?: string;
  /** What the text, or its part, is meant as; absent where nothing was read, or its findings stand in another entry too. */
  readonly kind?: 'rule' | 'correlation' | 'filter';
  /** The document, also where its query or a setting has errors; absent where what is required is missing. */
  readonly document?: RuleDocument;
  /** From the document to the text; absent where nothing could be read. */
  readonly locate?: RuleLocator;
  /** Absent where a finding is an error. */
  readonly rule?: LoadedRule;
  /** In the order of the text. */
  readonly findings: readonly Finding[];
  /**
   * The whole inspection, where the query is compiled in another thread: what stands here is then without `rule` and
   * without the findings of the query. Never rejected.
   */
  readonly pending?: Promise<Inspection>;
  /**
   * Of a correlation rule, which has no rule before this is called: the whole inspection, from the rules that it may name.
   * @param used gets the ids of those that it names, by the time this returns
   */
  readonly correlate?: (rules: RuleNames, used: ReadonlySet<string>) => Inspection;
}

/** When a near-real-time rule of Sentinel's runs that is no filter of events. */
const EVERY_MINUTE: Schedule = { interval: '1m', from: 'now-1m' };

/**
 * Every rule of a text, in its order; at least one entry, which says what is wrong where there is no rule. An entry may
 * be `pending`; `inspectWhole` waits for it.
 */
export function inspectText(text: string, file: string, options: CompileOptions = {}): readonly Inspection[] {
  const form = ruleFormOf(text, file);
  if (form !== undefined)
    return form.parse(text, file).map((parsed) => inspectParsed(parsed, form, text, file, options));
  const hint = `Rules are read as ${FORM_NAMES}.`;
  const unknown = diagnose('rule-form-unknown', 'error', 'This is no rule in a form that is known.', NO_SPAN, hint);
  return [{ file, text, kind: 'rule', findings: toFindings([unknown], text, file, {}) }];
}

/**
 * Every rule of a text, with those whose queries are compiled in another thread, its own filters and correlations.
 * @param beside rules that its correlation rules may name too
 */
export async function inspectWhole(
  text: string,
  file: string,
  options: CompileOptions = {},
  beside: readonly Pick<Inspection, 'document' | 'rule' | 'findings'>[] = [],
): Promise<readonly Inspection[]> {
  const filters = options.filters ?? filtersOf(text, file);
  const own = await inspectEach(text, file, { ...options, filters });
  const ids = new Set(own.map(({ document }) => document?.id));
  const others = beside.flatMap(({ document, rule, findings }): readonly Inspection[] => {
    if (document === undefined || ids.has(document.id)) return [];
    return [rule === undefined ? { file: '', document, findings } : { file: '', document, rule, findings }];
  });
  return correlated([...own, ...others]).slice(0, own.length);
}

/** As `inspectWhole`, correlation rules left to complete with `correlated`. */
export function inspectEach(text: string, file: string, options: CompileOptions): Promise<readonly Inspection[]> {
  return Promise.all(inspectText(text, file, options).map((inspection) => inspection.pending ?? inspection));
}

function filtersOf(text: string, file: string): SigmaFilters {
  const filters = new SigmaFilters();
  addFilters(filters, text, file);
  return filters;
}

function inspectParsed(
  parsed: ParsedRule,
  form: RuleFormReader,
  text: string,
  file: string,
  options: CompileOptions,
): Inspection {
  const { rule: document } = parsed;
  if (document !== undefined && isCorrelation(document)) {
    return inspectCorrelation(parsed, document, form, text, file, options);
  }
  const compiled = document === undefined ? undefined : compiledWhole(document, options);
  if (!(compiled instanceof Promise)) return inspectCompiled(parsed, form, text, file, options, compiled);
  const pending = compiled.then((done) => inspectCompiled(parsed, form, text, file, options, done));
  return { ...inspectCompiled(parsed, form, text, file, options), pending };
}

/** With the plan over tables of a query that has one. */
function compiledWhole(document: RuleDocument, options: CompileOptions): CompiledRule | Promise<CompiledRule> {
  const compiled = compileRule(document, options);
  if (document.language !== 'kusto') return compiled;
  return Promise.resolve(compiled).then((done) => compileTableRule(document, done, options.names));
}

function inspectCorrelation(
  parsed: ParsedRule,
  document: RuleDocument,
  form: RuleFormReader,
  text: string,
  file: string,
  options: CompileOptions,
): Inspection {
  return {
    ...inspectCompiled(parsed, form, text, file, options),
    correlate: (rules, used) => {
      const compiled = compileCorrelationRule(document, rules, options);
      const uses = { rules: [...used], generate: generatesRules(document) };
      const inspection = inspectCompiled(parsed, form, text, file, options, compiled);
      return inspection.rule === undefined ? inspection : { ...inspection, rule: { ...inspection.rule, uses } };
    },
  };
}

function inspectCompiled(
  parsed: ParsedRule,
  form: RuleFormReader,
  text: string,
  file: string,
  options: CompileOptions,
  compiled?: CompiledRule,
): Inspection {
  const { kind = 'rule', rule: parsedRule, draft, diagnostics: parsing, locate } = parsed;
  const diagnostics: Diagnostic[] = [...parsing];
  if (draft !== undefined) diagnostics.push(...checkRule(draft, locate), ...(form.check?.(draft, locate) ?? []));
  for (const diagnostic of compiled?.diagnostics ?? []) {
    diagnostics.push({ ...diagnostic, span: locate.query(diagnostic.span) });
  }
  const plan = parsed.idle === undefined ? compiled?.plan : NO_EVENTS;
  const idle = parsed.idle ?? compiled?.idle;
  const filters = compiled?.filters;
  let document = parsedRule && {
    ...parsedRule,
    ...(filters === undefined ? {} : { filters }),
    ...(compiled?.rows?.by === 'arrival' ? { schedule: EVERY_MINUTE } : {}),
  };
  const tally = parsed.tally ?? compiled?.rows;
  const logSources = compiled?.logSources;
  if (plan !== undefined) {
    diagnostics.push(...checkPipes(plan, locate));
    if (document !== undefined) diagnostics.push(...checkSuppression(document, plan, locate));
    if (document?.suppression !== undefined) {
      const rule = {
        document: { ...document, suppression: document.suppression },
        plan,
        ...given({ tally, logSources }),
      };
      const resolved = resolveSuppression(rule, options, locate);
      diagnostics.push(...resolved.diagnostics);
      document = { ...document, suppression: resolved.suppression };
    }
  }
  const findings = toFindings(diagnostics, text, file, draft ?? {});
  if (document === undefined) return { file, text, kind, locate, findings };
  if (plan === undefined || hasErrors(diagnostics)) return { file, text, kind, document, locate, findings };
  return {
    file,
    text,
    kind,
    document,
    rule: {
      document,
      plan,
      ...(tally === undefined ? {} : { tally }),
      ...(compiled?.columns === undefined ? {} : { columns: compiled.columns }),
      ...(idle === undefined ? {} : { idle }),
      ...(compiled?.logSources === undefined ? {} : { logSources: compiled.logSources }),
    },
    locate,
    findings,
  };
}

/** What a query may be and no rule can. */
function* checkPipes(plan: Plan, locate: RuleLocator): Iterable<Diagnostic> {
  const [pipe] = plan.pipes ?? [];
  if (pipe === undefined) return;
  const message = `A rule alerts on every match of its query, so the query cannot take some of them by ${pipe.kind}.`;
  yield diagnose('rule-trigger-unsupported', 'error', message, locate.query(pipe.span), 'Leave the pipe out.');
}
