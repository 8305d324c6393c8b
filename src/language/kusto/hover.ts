/**
 * What an editor shows of the word under the cursor of a Kusto query: a column with its type and the fields that it comes
 * from, a function with its arguments and what it does, an operator, a table.
 *
 *   word ──Microsoft's parser: what is it, bound here──▶ title ──our words──▶ one line
 */
import { KUSTO_TABLES } from '../../vocabulary/kusto-tables.ts';
import type { Table } from '../../vocabulary/table.ts';
import type { KustoTableOptions } from './kusto-table.ts';
import { LONGEST, parserFor } from './parsers.ts';
import { FUNCTION_WORDS, OPERATOR_WORDS } from './words.ts';

export interface KustoHover {
  /** UTF-16 offsets of what it is about. */
  readonly start: number;
  readonly end: number;
  readonly title: string;
  readonly doc: string;
}

/** Columns of a table that are named; an editor offers the others. */
const MOST_NAMED = 12;

export async function hoverKusto(
  text: string,
  offset: number,
  { tables = KUSTO_TABLES, functions }: Pick<KustoTableOptions, 'tables' | 'functions'> = {},
): Promise<KustoHover | undefined> {
  const place = wordAt(text, offset);
  if (place === undefined || text.length > LONGEST || isComment(text.slice(0, offset))) return undefined;
  const found = await parserFor(tables, functions).word(text, offset);
  if ('failure' in found) return undefined;
  const said = described(place.word, found.info, tables, text);
  return said === undefined ? undefined : { start: place.start, end: place.end, ...said };
}

/** Names, and operators as they are written: `!has_any`, `mv-expand`, `in~`. */
function wordAt(text: string, offset: number): { word: string; start: number; end: number } | undefined {
  for (const { 0: word, index: start } of text.matchAll(/!?[A-Za-z_]\w*(?:-[a-z]+)*~?/g)) {
    if (start > offset) return undefined;
    const end = start + word.length;
    if (offset < end) return { word, start, end };
  }
  return undefined;
}

function isComment(before: string): boolean {
  const line = before.slice(before.lastIndexOf('\n') + 1);
  return line.replace(/"[^"]*"|'[^']*'/g, '').includes('//');
}

type Said = Pick<KustoHover, 'title' | 'doc'>;

function described(word: string, info: string, tables: readonly Table[], text: string): Said | undefined {
  const [, kind = '', what = ''] = /^(?:\(([a-z ]+)\) )?([\s\S]*)$/.exec(info) ?? [];
  const [named = ''] = /^[\w-]+/.exec(what) ?? [];
  if (kind === 'literal') return undefined;
  if (kind === 'table') return describedTable(word, tables);
  const table = tables.find(({ names }) => names.includes(word));
  if (kind === 'function' && table !== undefined) return describedTable(word, tables);
  if (kind === 'function') return { title: what, doc: FUNCTION_WORDS.get(named) ?? 'A function.' };
  if (kind === 'operator' || what === '') {
    const doc = OPERATOR_WORDS.get(word);
    return doc === undefined ? undefined : { title: word, doc };
  }
  return { title: what, doc: origin(word, tables, text) ?? (kind === '' ? 'A column.' : 'A name that “let” gives.') };
}

function describedTable(word: string, tables: readonly Table[]): Said {
  const columns = tables.find(({ names }) => names.includes(word))?.columns ?? [];
  const some = columns.slice(0, MOST_NAMED).map(({ name }) => name);
  const more = columns.length > some.length ? ` and ${columns.length - some.length} more` : '';
  return { title: word, doc: columns.length === 0 ? 'A table.' : `A table: ${some.join(', ')}${more}.` };
}

/** The fields of events that fill a column of the tables which the text names. */
function origin(column: string, tables: readonly Table[], text: string): string | undefined {
  const words = new Set(text.match(/\w+/g) ?? []);
  const fields = tables
    .filter(({ names }) => names.some((name) => words.has(name)))
    .flatMap(({ columns }) => columns.find(({ name }) => name === column)?.fields ?? []);
  return fields.length === 0 ? undefined : `From ${[...new Set(fields)].join(', else ')}.`;
}
