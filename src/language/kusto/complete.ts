/**
 * What may stand at the cursor of a Kusto query: tables where rows come from, operators behind a pipe, and in an operator
 * the columns that it is given, with the functions that Vedette runs.
 *
 *   text before the cursor ──brackets, pipes──▶ place ──compile what is before the last pipe──▶ columns
 */
import { AGGREGATE_FUNCTIONS, SCALAR_FUNCTIONS } from '../../plan/relation/functions/index.ts';
import type { RelationColumn } from '../../plan/relation/node.ts';
import { KUSTO_TABLES } from '../../vocabulary/kusto-tables.ts';
import { compileKustoTable, type KustoTableOptions } from './kusto-table.ts';
import { TABLE_OPERATORS } from './table-operators.ts';

export interface KustoCompletion {
  readonly label: string;
  readonly kind: 'table' | 'field' | 'function' | 'keyword' | 'operator';
  /** What replaces the text from `start` to the cursor. */
  readonly insert: string;
  readonly detail?: string;
}

export interface KustoCompletions {
  /** UTF-16 offset from which on the text is replaced. */
  readonly start: number;
  readonly options: readonly KustoCompletion[];
}

/** More than anybody reads. */
const MOST_OPTIONS = 100;

const SOURCES: readonly string[] = [
  ...['let', 'union', 'print', 'range', 'datatable', 'externaldata', 'search', 'find', 'materialize', 'toscalar'],
];
const WORDS: readonly string[] = ['by', 'and', 'or', 'has', 'contains', 'startswith', 'endswith', 'in', 'between'];
/** Behind these words a bracket holds rows. */
const TAKES_ROWS =
  /\b(?:join|union|lookup|materialize|toscalar|in~?|has_any|has_all)\s*(?:\w+\s*=\s*\w+\s*)*(?:\(\s*)?$/i;

export async function completeKusto(
  text: string,
  offset: number,
  options: Pick<KustoTableOptions, 'tables' | 'functions' | 'signal'> = {},
): Promise<KustoCompletions> {
  const typed = /[\w-]*$/.exec(text.slice(0, offset))?.[0] ?? '';
  const place = placeAt(text.slice(0, offset - typed.length));
  const start = offset - typed.length;
  if (place === undefined) return { start: offset, options: [] };
  if (place.kind === 'operator') return { start, options: choose(typed, named(TABLE_OPERATORS, 'operator')) };
  const tables = options.tables ?? KUSTO_TABLES;
  const sources = tables.flatMap(({ names: [name = ''], columns }) => [
    { label: name, kind: 'table' as const, insert: name, detail: `${columns.length} columns` },
  ]);
  const own = (options.functions ?? []).map(({ name }) => name);
  if (place.kind === 'source')
    return { start, options: choose(typed, [...sources, ...named(own, 'function'), ...named(SOURCES, 'keyword')]) };
  const columns = (await columnsBefore(place.before, options)).map(
    ({ name, type }): KustoCompletion => ({
      label: name,
      kind: 'field',
      insert: /^[A-Za-z_]\w*$/.test(name) ? name : `['${name.replace(/[\\']/g, '\\$&')}']`,
      detail: type,
    }),
  );
  const functions = place.isSummary ? [...AGGREGATES, ...SCALARS] : SCALARS;
  return {
    start,
    options: choose(typed, [...columns, ...functions, ...named(own, 'function'), ...named(WORDS, 'keyword')]),
  };
}

type Place =
  | { readonly kind: 'source' }
  | { readonly kind: 'operator' }
  /** `before`: a query whose columns are those at the cursor. */
  | { readonly kind: 'expression'; readonly before: string; readonly isSummary: boolean };

interface Bracket {
  /** Where what it holds begins. */
  readonly start: number;
  readonly holdsRows: boolean;
  statement: number;
  pipe: number | undefined;
}

/** Nothing within a text or a comment. */
function placeAt(text: string): Place | undefined {
  const open: Bracket[] = [{ start: 0, holdsRows: true, statement: 0, pipe: undefined }];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] as string;
    const inner = open.at(-1) as Bracket;
    if (letter === '"' || letter === "'") {
      const isVerbatim = text[at - 1] === '@';
      for (at += 1; at < text.length && text[at] !== letter; at += 1) {
        if (text[at] === '\n') break;
        if (text[at] === '\\' && !isVerbatim) at += 1;
      }
      if (at >= text.length) return undefined;
    } else if (letter === '/' && text[at + 1] === '/') {
      at = text.indexOf('\n', at);
      if (at === -1) return undefined;
    } else if (/[([{]/.test(letter)) {
      const holdsRows = letter === '{' || TAKES_ROWS.test(text.slice(Math.max(0, at - 80), at));
      open.push({ start: at + 1, holdsRows, statement: at + 1, pipe: undefined });
    } else if (/[)\]}]/.test(letter)) {
      if (open.length > 1) open.pop();
    } else if (letter === '|') inner.pipe = at;
    else if (letter === ';') Object.assign(inner, { statement: at + 1, pipe: undefined });
  }
  return placeIn(text, open);
}

function placeIn(text: string, open: readonly Bracket[]): Place {
  const inner = open.at(-1) as Bracket;
  if (inner.pipe !== undefined && text.slice(inner.pipe + 1).trim() === '') return { kind: 'operator' };
  const written = text.slice(inner.statement).trim();
  const isSource = inner.pipe === undefined && inner.holdsRows && (written === '' || /^let\s+\w+\s*=$/.test(written));
  const operator = inner.pipe === undefined ? '' : text.slice(inner.pipe + 1);
  if (isSource || /^\s*(?:join|union|lookup)\b[^()]*$/.test(operator)) return { kind: 'source' };
  const around = open.findLast(({ pipe }) => pipe !== undefined);
  if (around?.pipe === undefined) return { kind: 'source' };
  const outer = open[0] as Bracket;
  const lets = around === outer ? text.slice(0, around.statement) : text.slice(0, outer.statement);
  return {
    kind: 'expression',
    before: `${lets}${text.slice(around.statement, around.pipe)}`,
    isSummary: /^\s*(?:summarize|make-series|top-nested)\b/.test(text.slice(around.pipe + 1)),
  };
}

/** Where that is no query yet, the columns of the tables that it names. */
async function columnsBefore(
  text: string,
  options: Pick<KustoTableOptions, 'tables' | 'functions' | 'signal'>,
): Promise<readonly RelationColumn[]> {
  const { plan } = await compileKustoTable(text, options);
  if (plan !== undefined) return plan.relation.columns;
  const words = new Set(text.match(/\w+/g) ?? []);
  const tables = (options.tables ?? KUSTO_TABLES).filter(({ names }) => names.some((name) => words.has(name)));
  return tables.flatMap(({ columns }) => columns);
}

function named(names: readonly string[], kind: KustoCompletion['kind']): KustoCompletion[] {
  return names.map((label) => ({ label, kind, insert: kind === 'function' ? `${label}(` : label }));
}

const isName = (name: string) => /^[a-z]\w*$/.test(name);
const SCALARS = named([...Object.keys(SCALAR_FUNCTIONS), 'now', 'ago'].filter(isName).sort(), 'function');
const AGGREGATES = named(Object.keys(AGGREGATE_FUNCTIONS).filter(isName).sort(), 'function');

/** Those that begin with what was typed, then those that have it; each once. */
function choose(typed: string, options: readonly KustoCompletion[]): readonly KustoCompletion[] {
  const wanted = typed.toLowerCase();
  const starting: KustoCompletion[] = [];
  const having: KustoCompletion[] = [];
  const seen = new Set<string>();
  for (const option of options) {
    if (seen.has(option.label)) continue;
    seen.add(option.label);
    const at = option.label.toLowerCase().indexOf(wanted);
    if (at === 0) starting.push(option);
    else if (at > 0) having.push(option);
  }
  return [...starting, ...having].slice(0, MOST_OPTIONS);
}
