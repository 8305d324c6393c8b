/**
 * Recorded answers of the real Kusto engine, for queries over a table written in the query: the table becomes events,
 * the query a plan, and the plan must let through the same rows and compute the same cells.
 *
 * Queries with what is not supported yet are left out; their number is asserted, so that a change of it is seen.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { requireCorpora } from '../../../test/requirement.ts';
import { NO_SPAN } from '../../diagnostic/span.ts';
import { documentSource, Event } from '../../event/event.ts';
import { type Json, parseJson } from '../../event/json.ts';
import { evaluate, evaluateValue } from '../../plan/predicate/evaluate.ts';
import { constant } from '../../plan/predicate/node.ts';
import { datetimeText } from '../../plan/relation/time-text.ts';
import type { ColumnType, Table } from '../../vocabulary/table.ts';
import { compileKusto } from './kusto.ts';
import { literalValue } from './literal.ts';

interface Case {
  readonly id: string;
  readonly query: string;
  readonly columns: readonly { readonly name: string }[];
  readonly rows: readonly (readonly Json[])[];
}

interface Prepared {
  readonly recorded: Case;
  readonly query: string;
  readonly events: readonly Event[];
}

const COLUMN = /^\s*(?:\["(\w+)"\]|(\w+))\s*:\s*(\w+)\s*$/;
const CELL = /\s*("(?:[^"\\]|\\.)*"|[a-z]+\([^)]*\)|-?[\w.]+)\s*(?:,|$)/gy;
const QUERY = /^\s*datatable\s*\(([^)]*)\)\s*\[([\s\S]*?)\]\s*(\|[\s\S]*)$/;
/** Pipelines of operators that are supported, sorting left aside. */
const SUPPORTED = /^(?:\s*\|\s*(?:where|extend|project|take|limit|count|sort|order)\b[^|]*)+$/;
const TYPES = new Set(['bool', 'datetime', 'int', 'long', 'real', 'string']);

test('the engine’s answers', async (context) => {
  const lines = readFileSync(requireCorpora(context, 'kusto', 'cases.ndjson'), 'utf8')
    .trimEnd()
    .split('\n');
  const cases = lines.map((line) => parseJson(line) as unknown as Case);
  const tables: Table[] = [];
  const prepared = cases.flatMap((recorded) => prepare(recorded, tables) ?? []);
  const wrong: unknown[] = [];
  const refusals = new Map<string, number>();
  let right = 0;
  for (const { recorded, query, events } of prepared) {
    const { plan, output, diagnostics } = await compileKusto(query, { tables, now: 0 });
    if (plan === undefined || output === undefined) {
      const { code, message } = diagnostics[0] as { code: string; message: string };
      refusals.set(code, (refusals.get(code) ?? 0) + 1);
      if (code !== 'kusto-literal' && !/supported/.test(message)) wrong.push({ query: recorded.query, code, message });
      continue;
    }
    const matches = events.filter((event) => evaluate(plan.predicate, event));
    const names = output.columns === undefined ? undefined : new Map(output.columns.map((each) => [each.name, each]));
    const extended = new Map(output.extended.map((each) => [each.name, each]));
    const cell = (event: Event, name: string): Json => {
      const column = names?.get(name) ?? extended.get(name);
      return column === undefined ? (event.json(name) ?? null) : evaluateValue(column.value, event);
    };
    const rows =
      output.count === undefined
        ? matches.map((event) => recorded.columns.map(({ name }) => cell(event, name)))
        : [[matches.length]];
    const got = rows.map(asText).sort();
    const expected = recorded.rows.map(asText).sort();
    if (JSON.stringify(got) === JSON.stringify(expected)) right += 1;
    else wrong.push({ query: recorded.query, got, expected });
  }
  expect(wrong).toEqual([]);
  expect({ prepared: prepared.length, right, refusals: Object.fromEntries(refusals) }).toEqual({
    prepared: 251,
    right: 165,
    refusals: { 'kusto-function-unsupported': 65, 'kusto-literal': 1, 'kusto-unsupported': 20 },
  });
});

function prepare(recorded: Case, tables: Table[]): Prepared | undefined {
  const [, schema, body, pipes] = QUERY.exec(recorded.query) ?? [];
  if (schema === undefined || body === undefined || pipes === undefined || !SUPPORTED.test(pipes)) return undefined;
  const columns = schema.split(',').map((part) => {
    const [, quoted, plain, type = ''] = COLUMN.exec(part) ?? [];
    return { name: quoted ?? plain ?? '', type };
  });
  if (!columns.every(({ name, type }) => name !== '' && TYPES.has(type))) return undefined;
  const cells = readCells(body);
  if (cells === undefined || cells.length % columns.length !== 0) return undefined;
  const events: Event[] = [];
  for (let at = 0; at < cells.length; at += columns.length) {
    const document: Record<string, Json> = {};
    for (const [index, column] of columns.entries()) {
      const value = cellValue(cells[at + index] as string, column.type as ColumnType);
      if (value === undefined) return undefined;
      document[column.name] = value;
    }
    events.push(
      new Event({
        time: { ms: 0, ticks: 0 },
        source: documentSource(document),
        raw: new Uint8Array(),
        format: 'test',
        dataStreams: [],
      }),
    );
  }
  const name = tableOf(
    columns.map((column) => ({ name: column.name, type: column.type as ColumnType, fields: [column.name] })),
    tables,
  );
  // The order of rows is not compared.
  const query = `${name} ${pipes.replace(/\|\s*(?:sort|order) by [^|]*$/, '')}`;
  return { recorded, query, events };
}

/** The name of the table with these columns; one is added where there is none. */
function tableOf(columns: Table['columns'], tables: Table[]): string {
  const schema = JSON.stringify(columns);
  const known = tables.find((table) => JSON.stringify(table.columns) === schema);
  if (known !== undefined) return known.names[0] as string;
  const name = `T${tables.length}`;
  tables.push({ names: [name], columns, rows: () => constant(true, NO_SPAN) });
  return name;
}

function readCells(body: string): string[] | undefined {
  const cells: string[] = [];
  const text = body.trim();
  CELL.lastIndex = 0;
  while (CELL.lastIndex < text.length) {
    const match = CELL.exec(text);
    if (match === null) return undefined;
    cells.push(match[1] as string);
  }
  return cells;
}

function cellValue(text: string, type: ColumnType): Json | undefined {
  const inner = text.startsWith('"') ? (JSON.parse(text.replace(/\\'/g, "'")) as string) : text;
  const value = literalValue({ kind: 'literal', type, text: inner, span: NO_SPAN });
  return typeof value === 'bigint' ? datetimeText(value) : value;
}

/** Numbers to 12 digits: the recording rounds. */
function asText(row: readonly Json[]): string {
  return JSON.stringify(row.map((cell) => (typeof cell === 'number' ? Number(cell.toPrecision(12)) : cell)));
}
