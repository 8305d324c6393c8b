/**
 * The rows of one Parquet file, its columns by name, through a DuckDB that may read this file and nothing else.
 */
import { named, quote } from '../../dialect/duckdb/sql-text.ts';
import { parseJson } from '../../event/json.ts';
import type { Cell, Row, ScalarType } from '../../plan/relation/cell.ts';
import { convertCell } from '../../plan/relation/cell-number.ts';
import type { RelationColumn } from '../../plan/relation/node.ts';
import { TableRefusal } from './run-table.ts';

const LIMITS = { threads: '1', memory_limit: '256MB' };

/** @throws {TableRefusal} where it is no Parquet, or has more rows than that */
export async function parquetRows(
  path: string,
  columns: readonly RelationColumn[],
  most: number,
): Promise<readonly Row[]> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    ...LIMITS,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  try {
    const connection = await instance.connect();
    await connection.run(`SET allowed_paths = [${quote(path)}]`);
    await connection.run('SET enable_external_access = false');
    await connection.run("SET GLOBAL TimeZone = 'UTC'");
    const source = `read_parquet(${quote(path)})`;
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
    const stored = new Map(described.getRowsJS().map(([name, type]) => [String(name), String(type)]));
    const values = columns.map(({ name, type }) => {
      const found = stored.get(name);
      return found === undefined ? 'NULL::VARCHAR' : asText(named(name), found, type);
    });
    const sql = `SELECT ${values.join(', ')} FROM ${source} LIMIT ${most + 1}`;
    const read = await connection.runAndReadAll(sql);
    return read.getRowsJS().map((row) => columns.map(({ type }, at) => cellOf(row[at], type)));
  } catch (error) {
    throw new TableRefusal(`“externaldata” cannot read the file as Parquet: ${firstLine(error)}`);
  } finally {
    instance.closeSync();
  }
}

/** Times with all their digits; what is nested as JSON. */
function asText(column: string, stored: string, type: ScalarType): string {
  if (type === 'dynamic') return `to_json(${column})::VARCHAR`;
  if (stored === 'TIMESTAMP_NS') return `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%n')`;
  if (/^TIMESTAMP|^DATE$/.test(stored)) return `strftime(${column}::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%f')`;
  return /^(STRUCT|MAP|JSON)|\[\]$/.test(stored) ? `to_json(${column})::VARCHAR` : `${column}::VARCHAR`;
}

function cellOf(value: unknown, type: ScalarType): Cell {
  if (type === 'string') return String(value ?? '');
  if (value === null || value === undefined) return null;
  // Nine digits, of which seven are known.
  const text = type === 'datetime' ? String(value).replace(/(\.\d{7})\d+$/, '$1') : String(value);
  return type === 'dynamic' ? parseJson(text) : convertCell(text, 'string', type);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}
