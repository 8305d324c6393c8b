/**
 * Tables, watchlists and functions of one's own, for queries in Kusto: a folder that people keep beside their rules.
 *
 *   tables/Assets.yaml         columns, and the file that has the rows
 *   watchlists/VIPUsers.csv    a header, then a line an item; the first column is the search key
 *   functions/Unusual.kql      a body in Kusto, with or without `(parameters) { … }` around it
 *
 * Each is named as its file. What cannot be read is told and left out; the rest is there. Rows are read when a query
 * asks for them, so that a list may change while a service runs.
 */
import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, parse } from 'node:path';
import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import { NO_SPAN } from '../../diagnostic/span.ts';
import type { KustoFunction } from '../../language/kusto/schema.ts';
import { parseYaml, plainYaml } from '../../language/yaml.ts';
import { constant } from '../../plan/predicate/node.ts';
import type { External } from '../../plan/relation/node.ts';
import { KUSTO_TABLES } from '../../vocabulary/kusto-tables.ts';
import type { Column, ColumnType, Table } from '../../vocabulary/table.ts';
import { delimitedRecords } from './delimited-text.ts';
import { externalFiles } from './external-files.ts';
import { type GivenSchema, type GivenTable, withGivenTables } from './given-tables.ts';
import { type Watchlist, watchlistTables } from './watchlists.ts';

export interface OwnSchema extends GivenSchema {
  readonly problems: readonly OwnProblem[];
}

export interface OwnProblem {
  readonly file: string;
  readonly diagnostic: Diagnostic;
}

const MOST_BYTES = 32 * 1024 * 1024;

/** @param lists further watchlists, asked for when a query names one; they give way to those of the folder */
export function readOwnSchema(folder: string, lists: () => readonly Watchlist[] = () => []): OwnSchema {
  const problems: OwnProblem[] = [];
  const read = <T>(kind: string, ending: string, make: (path: string, name: string) => T): T[] =>
    filesOf(join(folder, kind), ending).flatMap((path) => {
      const { name } = parse(path);
      try {
        if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && kind !== 'watchlists')
          throw new OwnMistake('Its name is no name in Kusto: letters, digits and _.');
        if (kind !== 'watchlists' && TAKEN.has(name)) throw new OwnMistake(`There is a table “${name}” already.`);
        return [make(path, name)];
      } catch (error) {
        if (!(error instanceof OwnMistake) && !isSystem(error)) throw error;
        problems.push({ file: path, diagnostic: diagnose('kusto-own', 'error', error.message, NO_SPAN) });
        return [];
      }
    });
  const own = read('watchlists', '.csv', watchlistOf);
  const tables = read('tables', '.yaml', (path, name) => tableOf(path, name, folder));
  const functions = read('functions', '.kql', functionOf);
  const watchlists = watchlistTables(own, () => [...own, ...lists()]);
  const given = [...watchlists, ...tables];
  return {
    // Whoever has no names of his own shares the parser of the house.
    ...(own.length + tables.length === 0 ? {} : { tables: withGivenTables(given) }),
    ...(functions.length === 0 ? {} : { functions }),
    given,
    digest: digestOf(given, functions),
    problems,
  };
}

/** Another where a query may mean something else. */
function digestOf(given: readonly Table[], functions: readonly KustoFunction[]): string {
  const columns = given.map(({ names, columns: all, lists }) => [
    names,
    all.map(({ name, type }) => [name, type]),
    [...(lists ?? [])],
  ]);
  return createHash('sha256')
    .update(JSON.stringify([columns, functions]))
    .digest('hex');
}

class OwnMistake extends Error {}

const TAKEN: ReadonlySet<string> = new Set(KUSTO_TABLES.flatMap(({ names }) => names));

function isSystem(error: unknown): error is Error {
  return error instanceof Error && 'code' in error;
}

function filesOf(folder: string, ending: string): readonly string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map(({ name }) => join(folder, name))
    .sort();
}

function textOf(path: string): string {
  if (statSync(path).size > MOST_BYTES) throw new OwnMistake(`It is larger than ${MOST_BYTES / 1024 ** 2} MiB.`);
  return readFileSync(path, 'utf8').replace(/^\ufeff/, '');
}

function watchlistOf(path: string, name: string): Watchlist {
  const [header = []] = delimitedRecords(textOf(path).split(/\r?\n/, 1)[0] ?? '', ',');
  const columns = header.map((column) => column.trim()).filter((column) => column !== '');
  if (columns.length === 0) throw new OwnMistake('It has no header: the names of its columns, parted by commas.');
  return {
    aliases: [name],
    columns: columns.filter((column) => column !== 'SearchKey'),
    items: async () => {
      const kept = header.flatMap((column, at) =>
        columns.includes(column.trim()) && column.trim() !== 'SearchKey' ? [at] : [],
      );
      return delimitedRecords(textOf(path), ',')
        .slice(1)
        .map((record) => [record[0] ?? '', ...kept.map((at) => record[at] ?? '')]);
    },
  };
}

const TYPES: ReadonlySet<string> = new Set(['bool', 'datetime', 'dynamic', 'int', 'long', 'real', 'string']);
const FORMATS: Readonly<Record<string, External['format']>> = {
  csv: 'csv',
  json: 'multijson',
  ndjson: 'json',
  parquet: 'parquet',
  psv: 'psv',
  tsv: 'tsv',
  txt: 'txt',
};

function tableOf(path: string, name: string, folder: string): GivenTable {
  const [document] = parseYaml(textOf(path));
  const root = document?.root === undefined ? undefined : plainYaml(document.root);
  if (typeof root !== 'object' || root === null) throw new OwnMistake(`It says no columns. ${EXAMPLE}`);
  const { columns: types, rows: file } = root as { readonly columns?: unknown; readonly rows?: unknown };
  if (typeof types !== 'object' || types === null || Array.isArray(types))
    throw new OwnMistake(`“columns” has to name each column and its type. ${EXAMPLE}`);
  const columns = Object.entries(types).map(([column, type]): Column => {
    if (!TYPES.has(String(type)))
      throw new OwnMistake(`The column “${column}” is of no type that there is: ${[...TYPES].join(', ')}.`);
    return { name: column, type: String(type) as ColumnType, fields: [] };
  });
  const format = typeof file === 'string' ? FORMATS[parse(file).ext.slice(1).toLowerCase()] : undefined;
  if (typeof file !== 'string' || format === undefined)
    throw new OwnMistake(`“rows” has to name a file of the folder: ${Object.keys(FORMATS).join(', ')}. ${EXAMPLE}`);
  const node: External = {
    kind: 'external',
    uris: [file],
    format,
    ignoreFirstRecord: DELIMITED.has(format),
    columns,
    span: NO_SPAN,
  };
  const read = externalFiles(join(folder, 'tables'));
  return { names: [name], columns, rows: (span) => constant(false, span), given: () => read(node) };
}

/** These begin with a header, in which the names may be others. */
const DELIMITED: ReadonlySet<string> = new Set(['csv', 'tsv', 'psv']);

const EXAMPLE = 'For example: columns: {Host: string, Owner: string}, rows: assets.csv.';

function functionOf(path: string, name: string): KustoFunction {
  const text = withoutComments(textOf(path)).trim();
  if (text === '') throw new OwnMistake('It is empty.');
  const end = text.startsWith('(') ? closing(text) : undefined;
  const rest = end === undefined ? '' : text.slice(end + 1).trim();
  if (end === undefined || !rest.startsWith('{') || !rest.endsWith('}')) return { name, parameters: '', body: text };
  return { name, parameters: text.slice(1, end).trim(), body: rest.slice(1, -1).trim() };
}

/** Lines of comment before the first that is none. */
function withoutComments(text: string): string {
  return text.replace(/^(?:\s*\/\/[^\n]*\n)+/, '');
}

/** Where the parenthesis that begins the text is closed. */
function closing(text: string): number | undefined {
  let depth = 0;
  let quote: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] as string;
    if (quote !== undefined) {
      if (sign === '\\') at += 1;
      else if (sign === quote) quote = undefined;
    } else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === '(') depth += 1;
    else if (sign === ')') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return undefined;
}
