/**
 * An answer as a file: JSON as `answer-json.ts` writes it, CSV with a line of names, or Parquet.
 *
 * CSV has the texts that `tostring` gives. Parquet has numbers, truth values and times as such; spans of time, decimals
 * and guids as their texts, dynamic values as JSON. A time has microseconds there, or nanoseconds where ticks of 100 ns
 * ask for them and the years 1678 to 2261 allow it; otherwise it is text.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBAppender } from '@duckdb/node-api';
import { named, physicalNames, quote } from '../../dialect/duckdb/sql-text.ts';
import type { TableAnswer } from '../../plan/relation/answer.ts';
import { answerJson, answerText } from '../../plan/relation/answer-json.ts';
import type { Cell, Row } from '../../plan/relation/cell.ts';
import { jsonText, textOf } from '../../plan/relation/cell-text.ts';
import type { RelationColumn } from '../../plan/relation/node.ts';
import { csvLine } from './delimited-text.ts';

export const ANSWER_FORMATS = ['csv', 'json', 'parquet'] as const;
export type AnswerFormat = (typeof ANSWER_FORMATS)[number];
/** `page`: JSON in which no number is beyond what JavaScript's hold. */
export type WrittenFormat = AnswerFormat | 'page';

export async function answerFile(answer: TableAnswer, format: WrittenFormat): Promise<Buffer> {
  if (format === 'page') return Buffer.from(JSON.stringify(answerJson(answer)), 'utf8');
  if (format === 'parquet') return parquetOf(answer);
  return Buffer.from(format === 'json' ? `${answerText(answer)}\n` : csvOf(answer), 'utf8');
}

function csvOf({ columns, rows }: TableAnswer): string {
  const lines = rows.map((row) => csvLine(columns.map(({ type }, at) => textOf(row[at] ?? null, type))));
  return `${[csvLine(columns.map(({ name }) => name)), ...lines].join('\r\n')}\r\n`;
}

async function parquetOf({ columns, rows }: TableAnswer): Promise<Buffer> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const folder = await mkdtemp(join(tmpdir(), 'vedette-answer-'));
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  try {
    const connection = await instance.connect();
    const held = columns.map((column, at) => heldAs(column, at, rows));
    const names = physicalNames(columns);
    const heads = columns.map(({ name }, at) => `${names.get(name)} ${held[at]?.type}`);
    await connection.run(`CREATE TABLE answer (${heads.length === 0 ? 'nothing BOOLEAN' : heads.join(', ')})`);
    const appender = await connection.createAppender('answer');
    for (const row of rows) {
      for (const [at, each] of held.entries()) each.append(appender, row[at] ?? null);
      if (held.length === 0) appender.appendNull();
      appender.endRow();
    }
    appender.closeSync();
    const file = join(folder, 'answer.parquet');
    const values = columns.map(
      ({ name }, at) => `${held[at]?.value(String(names.get(name)))} AS ${aliasOf(columns, at)}`,
    );
    const chosen = values.length === 0 ? '*' : values.join(', ');
    await connection.run(`COPY (SELECT ${chosen} FROM answer) TO ${quote(file)} (FORMAT parquet, COMPRESSION zstd)`);
    return await readFile(file);
  } finally {
    instance.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}

/** DuckDB takes names that differ in their case only for the same; a later one gets its place behind it. */
function aliasOf(columns: readonly RelationColumn[], at: number): string {
  const { name } = columns[at] as RelationColumn;
  const isTaken = columns.slice(0, at).some((each) => each.name.toLowerCase() === name.toLowerCase());
  return named(isTaken ? `${name}_${at + 1}` : name);
}

interface Held {
  /** Of the column that cells are put into. */
  readonly type: string;
  readonly append: (appender: DuckDBAppender, cell: Cell) => void;
  /** What is written of it. */
  readonly value: (column: string) => string;
}

function heldAs({ type }: RelationColumn, at: number, rows: readonly Row[]): Held {
  const asItIs = (column: string) => column;
  switch (type) {
    case 'bool':
      return { type: 'BOOLEAN', append: orNull((to, cell) => to.appendBoolean(cell as boolean)), value: asItIs };
    case 'int':
      return { type: 'INTEGER', append: orNull((to, cell) => to.appendInteger(Number(cell))), value: asItIs };
    case 'long':
      return { type: 'BIGINT', append: orNull((to, cell) => to.appendBigInt(BigInt(cell as bigint))), value: asItIs };
    case 'real':
      return { type: 'DOUBLE', append: orNull((to, cell) => to.appendDouble(cell as number)), value: asItIs };
    case 'datetime':
      return heldTime(rows.map((row) => row[at] ?? null));
    case 'dynamic':
      return {
        type: 'VARCHAR',
        append: orNull((to, cell) => to.appendVarchar(jsonText(cell as never).toWellFormed())),
        value: (column) => `${column}::JSON`,
      };
    default:
      return {
        type: 'VARCHAR',
        append: (to, cell) => {
          if (cell === null && type !== 'string') to.appendNull();
          else to.appendVarchar(textOf(cell, type).toWellFormed());
        },
        value: asItIs,
      };
  }
}

/** Ticks that 64 bits of nanoseconds hold. */
const NANO_RANGE = 92_233_720_368_547_758n;

function heldTime(cells: readonly Cell[]): Held {
  const ticks = cells.filter((cell) => typeof cell === 'bigint');
  const append = orNull((to, cell) => to.appendBigInt(cell as bigint));
  if (ticks.every((each) => each % 10n === 0n))
    return { type: 'BIGINT', append, value: (column) => `make_timestamp(${column} // 10)` };
  if (ticks.every((each) => each > -NANO_RANGE && each < NANO_RANGE))
    return { type: 'BIGINT', append, value: (column) => `make_timestamp_ns(${column} * 100)` };
  return {
    type: 'VARCHAR',
    append: orNull((to, cell) => to.appendVarchar(textOf(cell, 'datetime'))),
    value: (column) => column,
  };
}

function orNull(append: (appender: DuckDBAppender, cell: Cell) => void): Held['append'] {
  return (appender, cell) => {
    if (cell === null) appender.appendNull();
    else append(appender, cell);
  };
}
