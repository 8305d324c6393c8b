/**
 * Rules in Kusto whose query is no filter over one table, or that do not alert on each row: their plan over tables.
 *
 *   query ──compileRule──▶ a plan over one event? and every row alerts? ──yes──▶ runs live, as it is
 *                              └──no──▶ compileKustoTable ──▶ rows, asked for on the rule's schedule
 */
import { type Diagnostic, diagnose, hasErrors } from '../diagnostic/diagnostic.ts';
import { nearestName } from '../diagnostic/nearest.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import { knownQuery } from '../language/kusto/known-queries.ts';
import { compileKustoTable, type KustoTableOptions } from '../language/kusto/kusto-table.ts';
import type { Compiled } from '../language/language.ts';
import type { Plan } from '../plan/plan.ts';
import { findCall } from '../plan/relation/find-call.ts';
import { isVoid } from '../plan/relation/is-void.ts';
import { mapScans } from '../plan/relation/map-scans.ts';
import type { Relation, TablePlan } from '../plan/relation/node.ts';
import { readsFiles, tableScans } from '../plan/relation/table-scans.ts';
import type { Rows } from '../plan/tally.ts';
import { KUSTO_TABLES } from '../vocabulary/kusto-tables.ts';
import { WATCHLIST_PARAMETER, WATCHLIST_TABLES } from '../vocabulary/watchlist.ts';
import { NO_EVENTS, type RuleNamesInKusto } from './compile.ts';
import { type EventColumns, eventColumns, namedColumns } from './event-columns.ts';
import type { RuleDocument } from './rule.ts';
import { type SentinelSettings, sentinelSettings } from './sentinel-settings.ts';

export type CompiledRule = Compiled<Plan> & { readonly rows?: Rows; readonly columns?: EventColumns };

/** What the rule's query is, where `compiled` is not all that it is. */
export async function compileTableRule(
  document: RuleDocument,
  compiled: Compiled<Plan>,
  names?: RuleNamesInKusto,
): Promise<CompiledRule> {
  const settings = sentinelSettings(document);
  const isOverEvents =
    compiled.plan !== undefined && compiled.output?.count === undefined && compiled.output?.take === undefined;
  if (isOverEvents && alertsOnEachRow(settings)) return withColumns(document, compiled, settings);
  // Nor would it be understood as a query over tables, and trying takes as long again.
  if (compiled.diagnostics.some(({ code }) => code === 'kusto-too-slow')) return compiled;
  const compiledTable = await compileKustoTable(document.query, namedIn(names));
  const { plan, unsettled, diagnostics, absentLists = [] } = compiledTable;
  if (hasErrors(diagnostics)) return { diagnostics: diagnostics.map((one) => ofWatchlist(one, document.query)) };
  if (plan === undefined && unsettled === undefined) return compiled;
  const changing = findCall((plan?.relation ?? unsettled?.input) as Relation, RANDOM);
  if (changing !== undefined) {
    const message = `“${changing.function}” gives something else each time: a rule would find something else when it is run again.`;
    const problem = diagnose(
      'kusto-unsupported',
      'error',
      message,
      changing.nameSpan,
      'Hunts may use it; leave it out of the rule.',
    );
    return { diagnostics: [...diagnostics, problem] };
  }
  const idle = idleOf(plan, absentLists, settings);
  const missing =
    plan === undefined
      ? []
      : missingColumns(
          settings,
          plan.relation.columns.map(({ name }) => name),
        );
  return {
    plan: NO_EVENTS,
    diagnostics: [
      ...diagnostics,
      ...missing,
      ...(idle === undefined ? [] : [diagnose('rule-table-idle', 'info', idle, NO_SPAN)]),
    ],
    rows: {
      kind: 'rows',
      ...(plan === undefined ? {} : { plan }),
      trigger: settings.trigger,
      grouping: settings.grouping ?? 'each',
      by: settings.kind === 'nrt' ? 'arrival' : 'event',
    },
    ...(idle === undefined ? {} : { idle }),
  };
}

const RANDOM: ReadonlySet<string> = new Set(['new_guid', 'rand']);

function namedIn(names: RuleNamesInKusto | undefined): KustoTableOptions {
  return {
    ...(names?.tables === undefined ? {} : { tables: names.tables }),
    ...(names?.functions === undefined ? {} : { functions: names.functions }),
  };
}

async function withColumns(
  { query }: RuleDocument,
  compiled: Compiled<Plan>,
  settings: SentinelSettings,
): Promise<CompiledRule> {
  const names = namedColumns(settings);
  // A bundled rule must not start Kusto's parser; a test looks at its entities.
  const isLookedAt = settings.entities.length === 0 || knownQuery(query) !== undefined;
  if (names.size === 0 && isLookedAt) return compiled;
  const { plan } = await compileKustoTable(query);
  const [name] = plan === undefined ? [] : tableScans(plan.relation);
  const table = KUSTO_TABLES.find((one) => name !== undefined && one.names.includes(name));
  const missing =
    plan === undefined
      ? []
      : missingColumns(
          settings,
          plan.relation.columns.map((one) => one.name),
        );
  return {
    ...compiled,
    diagnostics: [...compiled.diagnostics, ...missing],
    ...(names.size === 0 ? {} : { columns: eventColumns(names, table, compiled.output) }),
  };
}

/** Columns that the rule takes entities, details and texts from, and that its query does not give. */
function missingColumns(settings: SentinelSettings, given: readonly string[]): readonly Diagnostic[] {
  const wanted = new Set([...namedColumns(settings), ...settings.entities.map(({ column }) => column)]);
  return [...wanted]
    .filter((name) => !given.includes(name))
    .map((name) => {
      const near = nearestName(name, given);
      const message = `The query gives no column “${name}”, which the rule takes a value of its alerts from.`;
      return diagnose(
        'rule-column-missing',
        'warning',
        message,
        NO_SPAN,
        near === undefined ? undefined : `Did you mean ${near}?`,
      );
    });
}

/** Which columns a list has is known from its file. */
function ofWatchlist(problem: Diagnostic, query: string): Diagnostic {
  if (problem.code !== 'kusto-name-unknown' || !/_GetWatchlist\s*\(/.test(query)) return problem;
  const hint =
    'If it is a column of a watchlist: put the list into kusto/watchlists/NAME.csv of the data folder (or --own).';
  return { ...problem, hint: problem.hint === undefined ? hint : `${problem.hint} ${hint}` };
}

/** Then a rule over one event is the same live and on schedule. */
function alertsOnEachRow({ trigger, grouping }: SentinelSettings): boolean {
  return trigger.operator === 'gt' && trigger.count === 0 && grouping !== 'all';
}

const WATCHLISTS: ReadonlySet<string> = new Set(WATCHLIST_TABLES.flatMap(({ names }) => names));

/** The table of watchlists, where it is asked for none but these. */
function absentIn({ relation }: TablePlan, absent: readonly string[]): readonly string[] {
  const asked: unknown[] = [];
  mapScans(relation, (scan) => {
    const alias = scan.args[WATCHLIST_PARAMETER];
    if (WATCHLISTS.has(scan.table)) asked.push(alias?.kind === 'constant' ? alias.value : '');
    return scan;
  });
  return asked.every((alias) => absent.includes(String(alias))) ? [...WATCHLISTS] : [];
}

/** Why it finds nothing, or is never run. */
function idleOf(
  plan: TablePlan | undefined,
  absentLists: readonly string[],
  { kind }: SentinelSettings,
): string | undefined {
  if (kind === 'hunting') {
    return 'The query is over tables and has no schedule (queryFrequency, queryPeriod): it is run as a hunt, not as a rule.';
  }
  if (plan === undefined) return undefined;
  if (readsFiles(plan.relation))
    return 'The query reads files (externaldata), which hunts may and rules do not: keep the list as a watchlist, kusto/watchlists/NAME.csv in the data folder.';
  // Lists come and go without a source.
  const names = [...tableScans(plan.relation)].filter((name) => !WATCHLISTS.has(name));
  const isUnfed = (name: string) => KUSTO_TABLES.find((table) => table.names.includes(name))?.isEmpty === true;
  const unfed = names.filter(isUnfed);
  const [list] = absentLists;
  if (list !== undefined && isVoid(plan.relation, new Set([...unfed, ...absentIn(plan, absentLists)])))
    return `The watchlist ${list === '' ? '' : `“${list}” `}is not here: put it into kusto/watchlists/${list || 'NAME'}.csv of the data folder (or --own).`;
  if (unfed.length === 0) return undefined;
  if (unfed.length < names.length && !isVoid(plan.relation, new Set(unfed))) return undefined;
  return `No source gives rows of ${unfed.join(', ')} yet.`;
}
