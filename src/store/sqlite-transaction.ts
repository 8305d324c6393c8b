/** One transaction on SQLite: all or nothing, and what SQLite reports told in words. */
import type { DatabaseSync } from 'node:sqlite';
import { asStoreErrors } from './store-error.ts';

/**
 * @param path named in messages.
 * @throws {StoreError} for what SQLite reports; whatever else `action` throws is thrown on, after a rollback.
 */
export function transaction<T>(
  database: DatabaseSync,
  path: string,
  begin: 'BEGIN' | 'BEGIN IMMEDIATE',
  action: () => T,
): T {
  return asStoreErrors(path, () => {
    database.exec(begin);
    try {
      const result = action();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk has SQLite roll back by itself.
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  });
}
