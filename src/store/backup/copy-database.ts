/** A SQLite file copied as of one instant, beside its writer, which neither waits nor is waited for. */
import { DatabaseSync } from 'node:sqlite';

/** How long it waits for whoever holds the file, which takes a moment at most. */
export const BUSY_TIMEOUT_MS = 10_000;

export function copyDatabase(from: string, to: string): void {
  const database = new DatabaseSync(from, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    database.prepare('VACUUM INTO ?').run(to);
  } finally {
    database.close();
  }
}
