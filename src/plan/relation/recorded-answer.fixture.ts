/**
 * Recorded answers of the real Kusto engine, and whether an answer of ours is the same: names and classes of columns,
 * and the rows, as a multiset unless the query sorts. Numbers are compared to 12 digits, longs exactly.
 */
import { readFileSync } from 'node:fs';
import { isJsonObject, type Json, parseJson } from '../../event/json.ts';
import type { TableAnswer } from './answer.ts';
import { answerJson } from './answer-json.ts';
import type { ScalarType } from './cell.ts';
import type { Relation, TablePlan } from './node.ts';

export interface RecordedAnswer {
  readonly id: string;
  readonly family: string;
  readonly query: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly Json[])[];
}

/** The recording knows classes of types only. */
const CLASSES: Readonly<Record<ScalarType, string>> = {
  bool: 'Bool',
  datetime: 'DateTime',
  decimal: 'Real',
  dynamic: 'Dynamic',
  guid: 'Guid',
  int: 'Int',
  long: 'Int',
  real: 'Real',
  string: 'String',
  timespan: 'TimeSpan',
};

export function readRecorded(path: string): readonly RecordedAnswer[] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((line) => parseJson(line) as unknown as RecordedAnswer);
}

/**
 * What differs, `undefined` where nothing does. Rows that are equal in what the query sorts by stand in any order.
 */
export function differenceFrom(recorded: RecordedAnswer, answer: TableAnswer, plan: TablePlan): unknown {
  const columns = answer.columns.map(({ name, type }) => `${name}:${CLASSES[type]}`).join();
  const wanted = recorded.columns.map(({ name, type }) => `${name}:${type}`).join();
  if (columns !== wanted) return { query: recorded.query, columns, wanted };
  const types = answer.columns.map(({ type }) => type);
  const { rows } = answerJson(answer);
  const [got, expected] = [rows, recorded.rows].map((each) => each.map((row) => rowText(row, types)));
  const sorted = plan.isOrdered
    ? sortedColumns(
        plan.relation,
        plan.relation.columns.map(({ name }) => name),
      )
    : [];
  const inOrder = [rows, recorded.rows].map((each) =>
    each.map((row) =>
      rowText(
        sorted.map((at) => row[at] ?? null),
        [],
      ),
    ),
  );
  const isSame =
    JSON.stringify(got?.toSorted()) === JSON.stringify(expected?.toSorted()) &&
    JSON.stringify(inOrder[0]) === JSON.stringify(inOrder[1]);
  return isSame ? undefined : { query: recorded.query, got, expected };
}

/** Which of the columns an answer is sorted by, as far as it has them. */
function sortedColumns(relation: Relation, names: readonly (string | undefined)[]): number[] {
  switch (relation.kind) {
    case 'sort':
      return relation.keys.flatMap(({ value }) => {
        const at = value.kind === 'column' ? names.indexOf(value.name) : -1;
        return at === -1 ? [] : [at];
      });
    case 'project': {
      const sources = new Map(relation.values.map(({ name, value }) => [name, value]));
      const inner = names.map((name) => {
        const source = name === undefined ? undefined : sources.get(name);
        return source?.kind === 'column' ? source.name : undefined;
      });
      return sortedColumns(relation.input, inner);
    }
    case 'take':
    case 'filter':
      return sortedColumns(relation.input, names);
    default:
      return [];
  }
}

function rowText(row: readonly Json[], types: readonly ScalarType[]): string {
  return JSON.stringify(row.map((cell, at) => (types[at] === 'decimal' ? rounded(Number(cell)) : rounded(cell))));
}

function rounded(value: Json): Json {
  if (typeof value === 'number') return Number(value.toPrecision(12)) + 0;
  if (Array.isArray(value)) return value.map(rounded);
  if (isJsonObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, rounded(item)]));
  return value;
}
