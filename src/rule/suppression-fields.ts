/**
 * Which fields of events a rule suppresses by, where it names them in words of its own: Sigma's taxonomy, columns of the
 * tables that a query in Kusto reads.
 *
 *   name ──as the rule's query has it──▶ fields of events, the best first ─┐
 *        └──else a field of ECS or of an integration──▶ itself ────────────┴──▶ group_by with `homes`
 *
 * A name that nothing knows is told where it stands. By a field that no event has all matches would be alike, so in Kusto,
 * where all columns are known, that is an error; elsewhere a source may bring fields that nobody has heard of.
 */
import { type Diagnostic, type DiagnosticSeverity, diagnose } from '../diagnostic/diagnostic.ts';
import { nearestName } from '../diagnostic/nearest.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import { ecsFieldNames, ecsFieldType } from '../event/ecs-fields.ts';
import { integrationFieldType, isOpenField } from '../event/integration-fields.ts';
import type { Plan } from '../plan/plan.ts';
import type { Tally } from '../plan/tally.ts';
import { KUSTO_TABLES } from '../vocabulary/kusto-tables.ts';
import { isInSigmaTable, sigmaField, sigmaFieldNames } from '../vocabulary/sigma-fields.ts';
import type { LogSource } from '../vocabulary/sigma-log-sources.ts';
import { type Column, columnValue, type Table } from '../vocabulary/table.ts';
import { readsAlerts } from './alert-index.ts';
import type { CompileOptions } from './compile.ts';
import { fieldUses } from './field-report.ts';
import type { RuleLocator } from './locator.ts';
import type { RuleDocument, Suppression, SuppressionField } from './rule.ts';

export interface SuppressingRule {
  readonly document: RuleDocument;
  readonly plan: Plan;
  readonly tally?: Tally;
  readonly logSources?: readonly LogSource[];
}

interface Resolved {
  /** Fields of events; left out where the name is one. */
  readonly homes?: readonly string[];
  readonly problem?: { readonly severity: DiagnosticSeverity; readonly message: string; readonly hint?: string };
}

/** Where the keys of suppression stand in the document. */
export function suppressionPath({ form }: Pick<RuleDocument['source'], 'form'>): readonly string[] {
  return form.startsWith('elastic-') ? ['extra', 'rule', 'alert_suppression'] : ['extra', 'suppression'];
}

/** Of a rule that compiles. What it suppresses by as fields of events, and names that nothing knows. */
export function resolveSuppression(
  rule: SuppressingRule & { readonly document: { readonly suppression: Suppression } },
  options: CompileOptions,
  locate: Pick<RuleLocator, 'value'>,
): { readonly suppression: Suppression; readonly diagnostics: readonly Diagnostic[] } {
  const { suppression, source } = rule.document;
  // A threshold rule counts by these fields, and Sentinel's own key names none.
  if (rule.tally?.kind === 'threshold' || suppression.groupBy.length === 0) return { suppression, diagnostics: [] };
  const resolve = resolverOf(rule, options);
  const diagnostics: Diagnostic[] = [];
  const groupBy = suppression.groupBy.map((by, index): SuppressionField => {
    const { homes, problem } = resolve(by.field);
    if (problem !== undefined) {
      const at = locate.value([...suppressionPath(source), 'group_by', index]);
      diagnostics.push(diagnose('rule-suppression-field', problem.severity, problem.message, at, problem.hint));
    }
    return homes === undefined || homes.length === 0 || (homes.length === 1 && homes[0] === by.field)
      ? by
      : { ...by, homes };
  });
  return { suppression: { ...suppression, groupBy }, diagnostics };
}

function resolverOf(rule: SuppressingRule, options: CompileOptions): (name: string) => Resolved {
  const { document, plan } = rule;
  switch (document.language) {
    case 'sigma':
      return sigmaResolver(rule, options);
    case 'kusto':
      return kustoResolver(rule);
    case 'esql':
    case 'ml':
      return () => ({});
    default: {
      const isUsed = usedIn(document, plan, options);
      return (name) => (isKnownField(name) || isUsed(name) || readsAlerts(document) ? {} : unknown(name, []));
    }
  }
}

function sigmaResolver({ document, plan, logSources = [] }: SuppressingRule, options: CompileOptions) {
  const uses = new Map(fieldUses(document, plan, options).map((use) => [use.field, use.homes]));
  return (name: string): Resolved => {
    const inQuery = uses.get(name);
    if (inQuery !== undefined) return { homes: inQuery };
    const homes = [...new Set(logSources.flatMap((one) => sigmaField(name, one).fields.map((field) => field.name)))];
    if (logSources.some((one) => isInSigmaTable(name, one)) || homes.some(isKnownField)) return { homes };
    return { homes, ...unknown(name, logSources.flatMap(sigmaFieldNames)) };
  };
}

function kustoResolver({ document, tally }: SuppressingRule) {
  const rows = tally?.kind === 'rows' ? tally : undefined;
  const tables = tablesIn(document.query);
  const columns = rows === undefined ? tables.flatMap((table) => table.columns) : [];
  return (name: string): Resolved => {
    if (rows !== undefined) {
      const ofRows = rows.plan?.relation.columns.map((column) => column.name);
      // Columns that follow from the rows are known when it is run.
      if (ofRows === undefined || ofRows.includes(name)) return { homes: [`kusto.${name}`, name] };
      return isKnownField(name) ? {} : unknown(name, ofRows, 'error');
    }
    const named = columns.filter((column) => column.name === name);
    const column = named.find(isInField) ?? named[0];
    if (column !== undefined) return isInField(column) ? { homes: column.fields } : { problem: notInField(column) };
    if (isKnownField(name)) return {};
    const candidates = columns.map((one) => one.name);
    return unknown(name, candidates, 'error');
  };
}

/** Whether the values stand in a field as they are, or in the first of several that has any. */
function isInField(column: Column): boolean {
  return column.constant === undefined && column.fields.length > 0 && columnValue(column, NO_SPAN) === undefined;
}

function notInField({ name, constant, fields }: Column): NonNullable<Resolved['problem']> {
  if (constant !== undefined || fields.length === 0) {
    const message = `The column ${name} has the same value in every row, so all matches would be alike.`;
    return { severity: 'error', message };
  }
  const message = `The column ${name} is computed, so it is no field to suppress by.`;
  return { severity: 'error', message, hint: `Write the fields that it is made of: ${fields.join(', ')}.` };
}

function unknown(name: string, own: Iterable<string>, least: DiagnosticSeverity = 'info'): Resolved {
  const nearest = nearestName(name, [...own, ...ecsFieldNames()]);
  // A source may bring fields that nobody has heard of; one that is nearly another is most likely a slip.
  const severity = least === 'info' && nearest !== undefined ? 'warning' : least;
  const message = `Nothing that is read is known to have the field ${name.slice(0, 80)}; where it is missing, all matches are alike.`;
  const hint =
    nearest === undefined ? 'Write the name that the query uses, or that of ECS.' : `Did you mean ${nearest}?`;
  return { problem: { severity, message, hint } };
}

function usedIn(document: RuleDocument, plan: Plan, options: CompileOptions): (name: string) => boolean {
  let names: ReadonlySet<string> | undefined;
  return (name) => {
    names ??= new Set(fieldUses(document, plan, options).map(({ field }) => field));
    return names.has(name);
  };
}

function isKnownField(name: string): boolean {
  return ecsFieldType(name) !== undefined || integrationFieldType(name) !== undefined || isOpenField(name);
}

/** Those whose names stand in the query. */
function tablesIn(query: string): readonly Table[] {
  const words = new Set(query.match(/[A-Za-z_][A-Za-z0-9_]*/g));
  return KUSTO_TABLES.filter(({ names }) => names.some((name) => words.has(name)));
}
