/**
 * Sigma: the YAML of a rule to a plan.
 *
 *   text ──YAML──▶ tree ──parse──▶ log source, searches, conditions ──filters, pipeline──▶ changed ──lower──▶ plan
 *                      └──parse──▶ correlation ──names of rules resolved──lower──▶ plan over windows of events
 *
 * Semantics: the Sigma specification 2.1; docs/sigma.md lists what is there and where the specification leaves room.
 */
import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import { type EventPlan, eventPlan, type WindowPlan } from '../../plan/plan.ts';
import type { Compiled } from '../language.ts';
import { entryOf, parseYaml, plainYaml, type YamlMap } from '../yaml.ts';
import type { SigmaDetection, SigmaLogSource } from './ast.ts';
import { checkFields } from './check-fields.ts';
import { checkValues } from './check-values.ts';
import { type SigmaFilter, withFilters } from './filter.ts';
import { lowerCorrelation, type RuleNames, rulesOf } from './lower-correlation.ts';
import { lowerSigma } from './lower-sigma.ts';
import type { Placeholders } from './modifiers.ts';
import { parseCorrelation, type SigmaCorrelation } from './parse-correlation.ts';
import { parseDetection, refuseOtherKind } from './parse-rule.ts';
import { type AppliedPipeline, applyPipeline } from './pipeline/apply-pipeline.ts';
import { applyToCorrelation, type PipedCorrelation } from './pipeline/apply-to-correlation.ts';
import type { Pipeline } from './pipeline/pipeline.ts';
import type { RuleFacts } from './pipeline/work.ts';

export interface SigmaOptions {
  /** Values for placeholders under `expand`, by name without percent signs; they count more than a pipeline’s `vars`. */
  readonly placeholders?: Placeholders;
  /** Changes the rule before it is lowered. */
  readonly pipeline?: Pipeline;
  /** The keys of the whole rule, where the text is a part of it; a pipeline’s conditions may ask for them. */
  readonly facts?: () => RuleFacts;
  /** The filters that apply to the rule, of this log source. */
  readonly filters?: (logSource: SigmaLogSource) => readonly SigmaFilter[];
}

/** @param text a whole rule, or as little of it as `logsource` and `detection` */
export function compileSigma(text: string, options: SigmaOptions = {}): Compiled<EventPlan> {
  const [document, second] = parseYaml(text);
  if (document?.root === undefined) return { diagnostics: document?.diagnostics ?? [] };
  if (second !== undefined) {
    return refused(diagnose('sigma-detection', 'error', 'Here one rule is wanted; this is several.', second.span));
  }
  const { root } = document;
  if (root.kind !== 'map') {
    const hint = 'A Sigma rule is a YAML map with logsource and detection.';
    return refused(diagnose('sigma-detection', 'error', 'This is no Sigma rule.', root.span, hint));
  }
  const other = refuseOtherKind(root);
  if (other !== undefined) return refused(other);
  const parsed = parseDetection(root, text);
  if (parsed.detection === undefined) return { diagnostics: parsed.diagnostics };
  const { logSource } = parsed.detection;
  const filters = options.filters?.(logSource) ?? [];
  const titles = filters.length === 0 ? {} : { filters: filters.map(({ title }) => title) };
  const { detection, diagnostics: refusals } = piped(withFilters(parsed.detection, filters), root, options);
  if (detection === undefined) return { diagnostics: refusals };
  const { predicate, diagnostics, unserved } = lowerSigma(detection, options.placeholders ?? new Map());
  if (predicate === undefined) return { diagnostics };
  const plan = eventPlan(predicate);
  const fields = unserved.length === 0 ? checkFields(detection, parsed.detection) : [];
  const told = [...diagnostics, ...checkValues(parsed.detection), ...fields];
  const rule = { plan, diagnostics: told, logSources: [logSource], ...titles };
  if (unserved.length === 0) return rule;
  return { ...rule, idle: `No format gives events of ${unserved.join(', ')} yet.` };
}

/**
 * @param text a whole correlation rule, or no more than its `correlation`
 * @param rules those that it may name
 */
export function compileCorrelation(
  text: string,
  rules: RuleNames,
  options: Pick<SigmaOptions, 'pipeline' | 'facts'> = {},
): Compiled<WindowPlan> {
  const [document] = parseYaml(text);
  const root = document?.root;
  const entry = root?.kind === 'map' ? entryOf(root, 'correlation') : undefined;
  if (entry === undefined) return { diagnostics: document?.diagnostics ?? [] };
  const { correlation, diagnostics } = parseCorrelation(entry, text);
  if (correlation === undefined) return { diagnostics };
  const changed = pipedCorrelation(correlation, rules, options);
  if (changed.correlation === undefined) return { diagnostics: [...diagnostics, ...changed.diagnostics] };
  const lowered = lowerCorrelation(changed.correlation, rules);
  return { ...lowered, diagnostics: [...diagnostics, ...lowered.diagnostics] };
}

function pipedCorrelation(
  correlation: SigmaCorrelation,
  rules: RuleNames,
  { pipeline, facts = () => ({}) }: Pick<SigmaOptions, 'pipeline' | 'facts'>,
): PipedCorrelation {
  if (pipeline === undefined) return { correlation, diagnostics: [] };
  const logSources = rulesOf(correlation).flatMap(({ name }) => {
    const found = rules.find(name);
    if (found === undefined || found.kind === 'unusable') return [];
    return found.kind === 'event' ? [found.logSource] : found.logSources;
  });
  return applyToCorrelation(correlation, pipeline, facts, logSources);
}

function piped(
  detection: SigmaDetection,
  root: YamlMap,
  { pipeline, placeholders, facts }: SigmaOptions,
): Pick<AppliedPipeline, 'detection' | 'diagnostics'> {
  if (pipeline === undefined) return { detection, diagnostics: [] };
  const vars = placeholders === undefined ? pipeline.vars : new Map([...pipeline.vars, ...placeholders]);
  return applyPipeline(detection, { ...pipeline, vars }, facts ?? (() => plainYaml(root) as RuleFacts));
}

function refused(diagnostic: Diagnostic): Compiled<EventPlan> {
  return { diagnostics: [diagnostic] };
}
