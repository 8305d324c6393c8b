/**
 * Kusto's front end for whole queries over tables: query text → plan over tables, or diagnostics.
 *
 *   text ──parser's thread──▶ bound tree ──lower──▶ TablePlan ──size──▶ answer
 *
 * The columns of some plugins (`bag_unpack`, `pivot`) follow from the rows. Such a query is compiled in steps: the
 * answer names the first such plugin; whoever runs queries finds its columns and compiles again with them.
 *
 * A query over one event at a time, for live rules, is `compileKusto`.
 */
import { type Diagnostic, diagnose, hasErrors } from '../../diagnostic/diagnostic.ts';
import { NO_SPAN, type Span } from '../../diagnostic/span.ts';
import { withIngestionTimes } from '../../plan/relation/ingestion-times.ts';
import type { Evaluate, Relation, RelationColumn, TablePlan } from '../../plan/relation/node.ts';
import { KUSTO_TABLES } from '../../vocabulary/kusto-tables.ts';
import type { Table } from '../../vocabulary/table.ts';
import { type AbsentColumns, absentColumns, type OpenSources, quotedName } from './absent-columns.ts';
import type { Insertion } from './adapt-bound.ts';
import type { BinderDiagnostic } from './adapter.ts';
import { failureDiagnostic, LONGEST, parserFor, tooLarge } from './parsers.ts';
import { addBinderProblems, Problems } from './problems.ts';
import type { KustoFunction } from './schema.ts';
import { isWithinLimits } from './table/limits.ts';
import type { LoweringSchema } from './table/lowering.ts';
import { type Forgiven, type LoweredQuery, lowerQuery } from './table/query.ts';

/** Columns that were found for a plugin of the query. */
export interface SettledColumns {
  /** Of the plugin's node. */
  readonly span: Span;
  readonly columns: readonly RelationColumn[];
}

export interface KustoTableOptions {
  /** The tables a query may name; ASIM's by default. Hand over the same list each time: a parser belongs to it. */
  readonly tables?: readonly Table[];
  /** Functions that a query may call, as Kusto; again the same list each time. */
  readonly functions?: readonly KustoFunction[];
  /** Columns of plugins, from earlier steps. */
  readonly settled?: readonly SettledColumns[];
  /** Gives up: ends the parser's work at once. */
  readonly signal?: AbortSignal;
}

export interface CompiledTable {
  /** Absent where `diagnostics` holds an error, and where a plugin's columns are not known yet. */
  readonly plan?: TablePlan;
  /** Run `input`, see which columns this plugin gives, and compile again with them in `settled`. */
  readonly unsettled?: Evaluate;
  /** Watchlists that are not here, of which the query names columns; '' for one whose name is computed. */
  readonly absentLists?: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compiles one query. Whatever the text is, the answer is a value.
 * @throws the signal's reason when the caller gives up.
 */
export async function compileKustoTable(text: string, options: KustoTableOptions = {}): Promise<CompiledTable> {
  const tables = options.tables ?? KUSTO_TABLES;
  if (text.length > LONGEST) return refuse('kusto-too-long', `The query is longer than ${LONGEST} characters.`);
  const parser = parserFor(tables, options.functions);
  let absent: AbsentColumns | undefined;
  const settled = insertionsOf(options.settled ?? []);
  const bind = (asked: string) =>
    parser.bind(asked, [...settled, ...(absent?.insertions ?? [])].sort(byPlace), options.signal);
  let bound = await bind(text);
  if ('failure' in bound) return { diagnostics: [failureDiagnostic(bound)] };
  const open = openSources(tables);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const more = absentColumns(bound, text, open, absent?.names ?? []);
    if (more === undefined) break;
    absent = more;
    bound = await bind(text);
    if ('failure' in bound) return { diagnostics: [failureDiagnostic(bound)] };
  }
  let own = new Problems();
  let lowered = lowerQuery(bound.statements, schemaOf(tables), own);
  const { leftOut } = lowered;
  const known = withoutCalls(withoutMissing(text, bound.diagnostics, lowered.forgiven), leftOut);
  const left = bound.diagnostics.filter(({ code }) => code === MISSING_LEG);
  if (known !== text && !hasErrors(own.diagnostics)) {
    bound = await bind(known);
    if ('failure' in bound) return { diagnostics: [failureDiagnostic(bound)] };
    const isOfCall = ({ code, span }: BinderDiagnostic) =>
      code === MISSING_LEG && leftOut.some((each) => each.span.start === span.start);
    bound = { ...bound, diagnostics: [...left, ...bound.diagnostics.filter((each) => !isOfCall(each))] };
    own = new Problems();
    lowered = lowerQuery(bound.statements, schemaOf(tables), own);
  }
  const { plan, unsettled, forgiven } = lowered;
  const problems = new Problems();
  // A table that is left out where it is named may be asked for elsewhere.
  const unasked = leftOut.filter(({ unknown }) => !lowered.missed.some(({ start }) => start === unknown.start));
  const places = [...forgiven, ...unasked.map(({ unknown }) => ({ span: unknown, what: 'missing' as const }))];
  addBinderProblems(problems, text, forgive(bound.diagnostics, places), [], {
    tables: tables.flatMap(({ names }) => names),
    columns: tables.flatMap(({ columns }) => columns.map(({ name }) => name)),
    functions: [],
  });
  if (unsettled !== undefined && !hasErrors(problems.diagnostics)) {
    if (!isWithinLimits(unsettled.input)) return { diagnostics: [tooLarge()] };
    const { relation: input, problem } = arriving(unsettled.input);
    if (problem !== undefined) return { diagnostics: [...problems.diagnostics, problem] };
    return { unsettled: { ...unsettled, input }, diagnostics: problems.diagnostics };
  }
  for (const diagnostic of own.diagnostics) problems.take(diagnostic);
  for (const span of absent?.listSpans ?? [])
    problems.warn('kusto-column-empty', span, `This watchlist is not here: its columns are taken for text.`);
  const { diagnostics } = problems;
  if (hasErrors(diagnostics)) return { diagnostics };
  if (plan === undefined)
    return refuse(
      'kusto-syntax',
      'The text holds no query.',
      'Write for example: imProcessCreate | summarize count() by DvcHostname',
    );
  if (!isWithinLimits(plan.relation)) return { diagnostics: [tooLarge()] };
  const { relation, problem } = arriving(plan.relation);
  return problem === undefined
    ? { plan: { ...plan, relation }, diagnostics, ...(absent === undefined ? {} : { absentLists: absent.lists }) }
    : { diagnostics: [...diagnostics, problem] };
}

/** With the times at which rows came, where the query asks for them. */
function arriving(relation: Relation): { readonly relation: Relation; readonly problem?: Diagnostic } {
  const made = withIngestionTimes(relation);
  if ('relation' in made) return made;
  const message = `ingestion_time() is not known after “${made.beyond}”.`;
  const hint = 'Keep it before: extend Arrived = ingestion_time().';
  return { relation, problem: diagnose('kusto-unsupported', 'error', message, made.span, hint) };
}

/** The binder's word for a table of `union isfuzzy=true` that there is not. */
const MISSING_LEG = 'KS205';
const NO_TABLE = 'datatable()[]';

/**
 * The text with no rows and no columns in the place of what a fuzzy union begins with an unknown table: the engine leaves
 * it out, but the binder counts what it chooses as columns, and gives the others of their names other ones. Every place
 * stays where it is.
 */
function withoutMissing(text: string, diagnostics: readonly BinderDiagnostic[], forgiven: readonly Forgiven[]): string {
  const starts = new Set(diagnostics.filter(({ code }) => code === MISSING_LEG).map(({ span }) => span.start));
  return forgiven.reduce((known, { what, span: { start, end } }) => {
    const isChain = what === 'missing' && starts.has(start) && text.slice(start, end).includes('|');
    if (!isChain || end - start < NO_TABLE.length) return known;
    return `${known.slice(0, start)}${NO_TABLE.padEnd(end - start)}${known.slice(end)}`;
  }, text);
}

/** The text with names that nothing has in the place of calls whose tables there are not. */
function withoutCalls(text: string, leftOut: LoweredQuery['leftOut']): string {
  return leftOut.reduce(
    (known, { span: { start, end } }) => known.slice(0, start) + '_'.repeat(end - start) + known.slice(end),
    text,
  );
}

/** The stated columns of a plugin, as its schema clause writes them. */
function insertionsOf(settled: readonly SettledColumns[]): readonly Insertion[] {
  return settled
    .map(({ span, columns }) => ({
      at: span.end,
      text: ` : (${columns.map(({ name, type }) => `${quotedName(name)}: ${type}`).join(', ')})`,
    }))
    .toSorted(byPlace);
}

function byPlace(a: Insertion, b: Insertion): number {
  return a.at - b.at;
}

/** Names that are missing may hide others. */
const MOST_ROUNDS = 3;

function openSources(tables: readonly Table[]): OpenSources {
  return {
    lists: tables.find(({ lists }) => lists !== undefined)?.lists ?? new Set(),
    tables: new Set(tables.flatMap(({ names, isOpen }) => (isOpen === true ? names : []))),
  };
}

const SCHEMAS = new WeakMap<readonly Table[], LoweringSchema>();

function schemaOf(tables: readonly Table[]): LoweringSchema {
  const known = SCHEMAS.get(tables);
  if (known !== undefined) return known;
  const named = tables.flatMap(({ names, columns }, index) => {
    const table = { name: names[0] ?? '', columns: columns.map(({ name, type }) => ({ name, type })) };
    return [...names, `__vedette_${index}`].map((name) => [name, table] as const);
  });
  const schema = { tables: new Map(named) };
  SCHEMAS.set(tables, schema);
  return schema;
}

const FORGIVEN: Readonly<Record<Forgiven['what'], ReadonlySet<string>>> = {
  arguments: new Set(['KS119']),
  missing: new Set(['KS142', 'KS204', 'KS211']),
  type: new Set(['KS106', 'KS107']),
};
/** The engine takes them, and gives null: a fraction where an integer is wanted, a bag where an array is. */
const TAKEN: ReadonlySet<string> = new Set(['KS134', 'KS234']);

/** The binder's findings without those in which the engine is more lenient (its recorded answers say so). */
function forgive(diagnostics: readonly BinderDiagnostic[], forgiven: readonly Forgiven[]): readonly BinderDiagnostic[] {
  return diagnostics.flatMap((each) => {
    if (TAKEN.has(each.code)) return [];
    const place = forgiven.find(
      ({ span, what }) => FORGIVEN[what].has(each.code) && span.start <= each.span.start && each.span.end <= span.end,
    );
    if (place === undefined) return [each];
    return place.what === 'missing' ? [{ ...each, severity: 'Warning' }] : [];
  });
}

function refuse(code: Diagnostic['code'], message: string, hint?: string): CompiledTable {
  return { diagnostics: [diagnose(code, 'error', message, NO_SPAN, hint)] };
}
