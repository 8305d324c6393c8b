/**
 * A data folder as Vedette left it when segments were of version 1: without the later columns, in files and in the log,
 * and with facts that tell of neither odd paths nor of which columns are uneven or hold something.
 */
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DuckDBInstance } from '@duckdb/node-api';
import { named, quote } from '../../dialect/duckdb/sql-text.ts';
import { EventFiles } from './event-files.ts';
import { LATER_COLUMNS } from './event-line.ts';

const LATER = [...LATER_COLUMNS, 'irregular'];

/** @param folder whose store is closed */
export async function toFirstLayout(folder: string): Promise<void> {
  const files = new EventFiles(folder);
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  for (const name of readdirSync(files.segments).filter((each) => each.endsWith('.parquet'))) {
    const path = join(files.segments, name);
    const without = LATER.map(named).join(', ');
    await connection.run(
      `COPY (SELECT * EXCLUDE (${without}) FROM read_parquet(${quote(path)})) TO ${quote(`${path}.old`)} (FORMAT parquet)`,
    );
    renameSync(`${path}.old`, path);
  }
  connection.closeSync();
  instance.closeSync();
  for (const name of readdirSync(files.logs)) {
    const path = join(files.logs, name);
    const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
    writeFileSync(path, lines.map((line) => `${JSON.stringify(withoutLater(JSON.parse(line)))}\n`).join(''));
  }
  const database = new DatabaseSync(files.manifest);
  database.exec(`UPDATE part SET facts = json_set(json_remove(facts, '$.uneven', '$.irregular', '$.filled'), '$.version', 1)
    WHERE facts IS NOT NULL`);
  database.close();
}

/** What the folder's program wrote for a while of segments that it made of old rows: that they are of version 2. */
export function saySecondVersion(folder: string): void {
  const database = new DatabaseSync(new EventFiles(folder).manifest);
  database.exec("UPDATE part SET facts = json_set(facts, '$.version', 2) WHERE facts IS NOT NULL");
  database.close();
}

function withoutLater(line: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(line).filter(([name]) => !LATER.includes(name)));
}
