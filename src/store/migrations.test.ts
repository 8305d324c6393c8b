import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { backupPath, checkSchema, MIGRATIONS, migrate } from './migrations.ts';

const folder = mkdtempSync(join(tmpdir(), 'vedette-migrations-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FIRST = 'CREATE TABLE t (a TEXT)';
const SECOND = "ALTER TABLE t ADD COLUMN b TEXT DEFAULT 'new'";

describe('migrate', () => {
  let path: string;
  let n = 0;
  const open = (): DatabaseSync => new DatabaseSync(path);
  beforeEach(() => {
    n += 1;
    path = join(folder, `${n}.sqlite`);
  });

  it('makes a new database without a copy, and does nothing the second time', () => {
    const database = open();
    migrate(database, path);
    migrate(database, path);
    expect(checkSchema(database)).toBe(MIGRATIONS.length);
    expect(existsSync(backupPath(path, 0))).toBe(false);
    database.close();
  });

  it('copies a file that holds data before it changes it', () => {
    const database = open();
    migrate(database, path, [FIRST]);
    database.exec("INSERT INTO t VALUES ('kept')");
    migrate(database, path, [FIRST, SECOND]);
    expect(database.prepare('SELECT * FROM t').all()).toEqual([{ a: 'kept', b: 'new' }]);
    database.close();
    const copy = new DatabaseSync(backupPath(path, 1), { readOnly: true });
    expect(copy.prepare('SELECT * FROM t').all()).toEqual([{ a: 'kept' }]);
    expect(checkSchema(copy)).toBe(1);
    copy.close();
  });

  it('leaves everything as it was when a step fails, and can be repeated', () => {
    const database = open();
    migrate(database, path, [FIRST]);
    expect(() => migrate(database, path, [FIRST, SECOND, 'CREATE TABLE t (a)'])).toThrow('already exists');
    expect(database.prepare('SELECT * FROM t').columns()).toHaveLength(1);
    migrate(database, path, [FIRST, SECOND]);
    expect(checkSchema(database, path, [FIRST, SECOND])).toBe(2);
    database.close();
  });
});
