/**
 * An answer as JSON: `{columns: [{name, type}], rows: [[…]]}` with Kusto's names of types, times and spans of time as
 * Kusto writes them, reals that JSON has no number for as `NaN`, `Infinity` and `-Infinity`, decimals as text.
 */
import type { Json } from '../../event/json.ts';
import type { TableAnswer } from './answer.ts';
import type { Cell, ScalarType } from './cell.ts';
import { jsonOf } from './cell-number.ts';
import { dynamicText, plainJson } from './exact-number.ts';
import type { RelationColumn } from './node.ts';

export interface AnswerJson {
  readonly columns: readonly RelationColumn[];
  readonly rows: readonly (readonly Json[])[];
}

/** An integer beyond 2^53 is its decimal text. */
export function answerJson({ columns, rows }: TableAnswer): AnswerJson {
  const types = columns.map(({ type }) => type);
  return {
    columns: columns.map(({ name, type }) => ({ name, type })),
    rows: rows.map((row) => types.map((type, at) => plainJson(jsonOf(row[at] ?? null, type)))),
  };
}

/** The text of the answer's JSON, in which longs are numbers with all their digits. */
export function answerText({ columns, rows }: TableAnswer): string {
  const types = columns.map(({ type }) => type);
  const head = JSON.stringify(columns.map(({ name, type }) => ({ name, type })));
  const lines = rows.map((row) => `[${types.map((type, at) => cellJsonText(row[at] ?? null, type)).join(',')}]`);
  return `{"columns":${head},"rows":[${lines.join(',\n')}]}`;
}

function cellJsonText(cell: Cell, type: ScalarType): string {
  if (typeof cell === 'bigint' && (type === 'int' || type === 'long')) return String(cell);
  return type === 'real' ? JSON.stringify(plainJson(jsonOf(cell, type))) : dynamicText(jsonOf(cell, type));
}
