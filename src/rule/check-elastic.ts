/**
 * What can be said of an Elastic rule besides what is said of every rule: keys that are kept but not followed, its query
 * for indicators, and rules that their author has retired.
 */
import { type Diagnostic, type DiagnosticSeverity, diagnose } from '../diagnostic/diagnostic.ts';
import { compileKuery } from '../language/kuery/kuery.ts';
import type { Compiled } from '../language/language.ts';
import { compileLucene } from '../language/lucene/lucene.ts';
import { readFilters } from './elastic-filters.ts';
import { UNFOLLOWED_KEYS, WIDENING_KEYS } from './elastic-keys.ts';
import type { DocumentPath, RuleLocator } from './locator.ts';
import type { RuleDocument } from './rule.ts';
import { isTable } from './toml.ts';

export function* checkElastic({ extra }: Pick<RuleDocument, 'extra'>, locate: RuleLocator): Iterable<Diagnostic> {
  const rule = isTable(extra.rule) ? extra.rule : {};
  for (const [key, effect] of Object.entries(UNFOLLOWED_KEYS)) {
    if (!Object.hasOwn(rule, key) || isEmpty(rule[key])) continue;
    // An export that brings them: they are applied.
    if (key === 'exceptions_list' && Array.isArray(extra.exceptions)) continue;
    const severity: DiagnosticSeverity = WIDENING_KEYS.has(key) ? 'warning' : 'info';
    const message = `${key} is kept but not followed: ${effect}.`;
    yield diagnose('rule-key-unfollowed', severity, message, locate.key(['extra', 'rule', key]));
  }
  for (const key of ['filters', 'threat_filters']) {
    for (const { at, name } of readFilters(rule[key]).unknown) {
      const message = `${key} has what is not followed: ${name}. Events that this filter leaves out still match.`;
      yield diagnose('rule-key-unfollowed', 'warning', message, locate.value(['extra', 'rule', key, at]));
    }
  }
  const category = rule.event_category_override;
  if (category !== undefined && typeof category !== 'string') {
    const at = locate.value(['extra', 'rule', 'event_category_override']);
    yield diagnose(
      'rule-value-type',
      'error',
      'event_category_override is the name of a field.',
      at,
      'Write "event.type".',
    );
  }
  yield* checkOverrides(rule, locate);
  if (rule.type === 'threat_match') yield* checkThreatQuery(rule, locate);
  const metadata = isTable(extra.metadata) ? extra.metadata : {};
  if (metadata.maturity === 'deprecated') {
    const at = locate.value(['extra', 'metadata', 'maturity']);
    yield diagnose('rule-deprecated', 'info', 'The author has retired this rule.', at);
  }
}

/** What overrides take: names of fields, and lists of tables. */
function* checkOverrides(rule: Readonly<Record<string, unknown>>, locate: RuleLocator): Iterable<Diagnostic> {
  const wrong = (path: DocumentPath, message: string) =>
    diagnose('rule-value-type', 'error', message, locate.value(['extra', 'rule', ...path]));
  for (const key of ['rule_name_override', 'timestamp_override']) {
    if (rule[key] !== undefined && typeof rule[key] !== 'string') yield wrong([key], `${key} is the name of a field.`);
  }
  for (const [key, columns] of OVERRIDE_TABLES) {
    const list = rule[key] ?? [];
    if (!Array.isArray(list) || !list.every(isTable)) {
      yield wrong([key], `${key} must be a list of tables with ${columns.join(', ')}.`);
      continue;
    }
    for (const [at, table] of list.entries()) {
      const missing = columns.find((column) => typeof table[column] !== 'string');
      if (missing !== undefined) yield wrong([key, at], `An entry of ${key} needs ${missing}.`);
      else if (columns.includes('severity') && !SEVERITIES.has(String(table.severity))) {
        yield wrong([key, at, 'severity'], `severity must be one of ${[...SEVERITIES].join(', ')}.`);
      }
    }
  }
  if (rule.building_block_type !== undefined && rule.building_block_type !== 'default') {
    yield wrong(['building_block_type'], 'building_block_type can only be default.');
  }
}

const OVERRIDE_TABLES: readonly (readonly [key: string, columns: readonly string[]])[] = [
  ['severity_mapping', ['field', 'value', 'severity']],
  ['risk_score_mapping', ['field']],
];
const SEVERITIES: ReadonlySet<string> = new Set(['low', 'medium', 'high', 'critical']);

const THREAT_LANGUAGES: Readonly<Record<string, (query: string) => Compiled>> = {
  kuery: compileKuery,
  lucene: compileLucene,
};

/** The query for indicators is one like the rule's own; without `threat_language` Elastic reads it as kuery. */
function* checkThreatQuery(rule: Readonly<Record<string, unknown>>, locate: RuleLocator): Iterable<Diagnostic> {
  const { threat_query: query, threat_language: language = 'kuery' } = rule;
  const at = (key: string): DocumentPath => ['extra', 'rule', key];
  const compile =
    typeof language === 'string' && Object.hasOwn(THREAT_LANGUAGES, language) && THREAT_LANGUAGES[language];
  if (!compile) {
    const place = locate.value(at('threat_language'));
    yield diagnose('rule-value-type', 'error', 'threat_language is kuery or lucene.', place);
    return;
  }
  if (query === undefined) return;
  if (typeof query !== 'string') {
    yield diagnose('rule-value-type', 'error', 'threat_query must be a text.', locate.value(at('threat_query')));
    return;
  }
  for (const diagnostic of compile(query).diagnostics) {
    const place = locate.part?.(at('threat_query'), diagnostic.span) ?? locate.value(at('threat_query'));
    yield { ...diagnostic, span: place };
  }
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
