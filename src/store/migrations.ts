/**
 * The schema of the state file, as the steps that lead to it, and how such steps are taken in any file of ours.
 *
 *   user_version n ──step n──▶ n+1 ──▶ … ──▶ SCHEMA_VERSION
 *
 * Invariants: a step, once released, never changes; steps only go forward, all in one transaction, and before the first
 * of them a file whose data matter is copied beside itself. A file newer than the program is refused.
 */
import { renameSync, writeFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { ALERT_FEED } from './alert-feed-schema.ts';
import { RULE_CHANGES } from './rule-schema.ts';
import { RUNS } from './run-schema.ts';
import { StoreError } from './store-error.ts';
import { SUPPRESSION } from './suppression-schema.ts';
import { addRuleCredit, addTriage, raiseOpenHeads } from './triage-schema.ts';

// The times of alerts are epoch milliseconds; severity is a rank from 0 (informational) to 4 (critical); status is a
// rank from 0 (open) to 2 (closed). A missing host, user, process or command line is the empty text, so that keyset
// pages never compare with NULL. Documents and searched texts live in tables of their own, which keeps the rows that
// lists read short. Each order of a list has an index that ends in what the usual filters ask for, so that a page reads
// its own rows only; counts run in an index alone.
const VERSION_1 = `
  CREATE TABLE alert (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    time_ms INTEGER NOT NULL,
    time TEXT NOT NULL,
    created TEXT NOT NULL,
    severity INTEGER NOT NULL,
    risk_score REAL NOT NULL,
    rule_id TEXT NOT NULL,
    rule_name TEXT NOT NULL COLLATE NOCASE,
    rule_language TEXT NOT NULL,
    host TEXT NOT NULL COLLATE NOCASE,
    user TEXT NOT NULL COLLATE NOCASE,
    process TEXT NOT NULL,
    command_line TEXT NOT NULL,
    reason TEXT NOT NULL,
    status INTEGER NOT NULL DEFAULT 0,
    close_reason TEXT,
    comment TEXT,
    sample INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX alert_by_time ON alert (time_ms, seq, status, severity);
  CREATE INDEX alert_by_status ON alert (severity, status, time_ms);
  CREATE INDEX alert_by_severity ON alert (severity, time_ms DESC, seq DESC, status);
  CREATE INDEX alert_by_severity_down ON alert (severity DESC, time_ms DESC, seq DESC, status);
  CREATE INDEX alert_by_host ON alert (host, time_ms DESC, seq DESC, status, severity);
  CREATE INDEX alert_by_host_down ON alert (host DESC, time_ms DESC, seq DESC, status, severity);
  CREATE INDEX alert_by_user ON alert (user, time_ms DESC, seq DESC, status, severity);
  CREATE INDEX alert_by_user_down ON alert (user DESC, time_ms DESC, seq DESC, status, severity);
  CREATE INDEX alert_by_rule ON alert (rule_id, time_ms DESC, seq DESC, status, severity);
  CREATE INDEX alert_by_rule_name ON alert (rule_name, time_ms DESC, seq DESC, status, severity);
  CREATE INDEX alert_by_rule_name_down ON alert (rule_name DESC, time_ms DESC, seq DESC, status, severity);
  CREATE INDEX alert_of_sample ON alert (sample) WHERE sample = 1;

  CREATE VIRTUAL TABLE alert_search USING fts5 (search, tokenize = 'trigram case_sensitive 1');

  CREATE TABLE alert_document (
    seq INTEGER PRIMARY KEY REFERENCES alert (seq) ON DELETE CASCADE,
    document TEXT NOT NULL,
    raw BLOB,
    raw_encoding TEXT
  ) STRICT;

  CREATE TABLE alert_history (
    seq INTEGER NOT NULL REFERENCES alert (seq) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    time TEXT NOT NULL,
    status INTEGER NOT NULL,
    close_reason TEXT,
    comment TEXT,
    PRIMARY KEY (seq, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE source_position (source TEXT PRIMARY KEY, position TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE run (
    rule_id TEXT NOT NULL,
    slot INTEGER NOT NULL,
    matched INTEGER NOT NULL,
    excepted INTEGER NOT NULL,
    suppressed INTEGER NOT NULL,
    duplicate INTEGER NOT NULL,
    capped INTEGER NOT NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (rule_id, slot)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

// A list's values are found by its number; the number of a removed list waits in value_list_left until its values are
// gone. Totals stand beside the runs' own counts, so that a page of exceptions adds nothing up.
const EXCEPTIONS = `
  CREATE TABLE exception (id TEXT PRIMARY KEY, name TEXT NOT NULL, document TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE exception_history (
    exception TEXT NOT NULL,
    position INTEGER NOT NULL,
    time TEXT NOT NULL,
    by TEXT NOT NULL,
    change TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (exception, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE run_exception (
    rule_id TEXT NOT NULL,
    slot INTEGER NOT NULL,
    exception TEXT NOT NULL,
    removed INTEGER NOT NULL,
    PRIMARY KEY (rule_id, slot, exception)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE exception_total (
    exception TEXT PRIMARY KEY,
    removed INTEGER NOT NULL,
    last_slot INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE value_list (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    description TEXT,
    size INTEGER NOT NULL DEFAULT 0,
    created TEXT NOT NULL,
    updated TEXT NOT NULL
  ) STRICT;

  CREATE TABLE value_list_item (
    list INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (list, value)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE value_list_left (list INTEGER PRIMARY KEY) STRICT;
`;

// A state may be long (whole events), so the table keeps row ids: a tree of such rows would be deep.
const CORRELATION = `
  CREATE TABLE correlation (
    plan TEXT NOT NULL,
    key TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (plan, key)
  ) STRICT;
`;

/** SQL, or what takes more than that. */
export type MigrationStep = string | ((database: DatabaseSync) => void);

/** Step n leads from version n to n + 1. */
export const MIGRATIONS: readonly MigrationStep[] = Object.freeze([
  VERSION_1,
  EXCEPTIONS,
  addTriage,
  CORRELATION,
  addRuleCredit,
  RUNS,
  SUPPRESSION,
  ALERT_FEED,
  RULE_CHANGES,
  raiseOpenHeads,
]);

/** What tells a file of ours from any other SQLite file somebody put in its place, and what becomes of it. */
export interface FileKind {
  readonly applicationId: number;
  /** Whether a copy is made before a change. */
  readonly isCopied: boolean;
  /** What to do with a file that is newer than the program. */
  readonly newerHint: string;
}

// "VEDT"
const STATE_FILE: FileKind = {
  applicationId: 0x56454454,
  isCopied: true,
  newerHint: 'Update Vedette, or restore the copy that the newer one made before it changed the file.',
};

/**
 * Brings an open database up to the newest schema.
 * @param path of the database file, for the copy made before a change and for messages; none for one in memory.
 * @throws {StoreError} `store-newer` or `store-foreign`, before anything is changed.
 */
export function migrate(
  database: DatabaseSync,
  path?: string,
  migrations: readonly MigrationStep[] = MIGRATIONS,
  file: FileKind = STATE_FILE,
): void {
  const version = checkSchema(database, path, migrations, file);
  if (version === migrations.length) return;
  if (version > 0 && path !== undefined && file.isCopied) copyBefore(database, path, version);
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const step of migrations.slice(version)) {
      if (typeof step === 'string') database.exec(step);
      else step(database);
    }
    database.exec(`PRAGMA application_id = ${file.applicationId}; PRAGMA user_version = ${migrations.length}; COMMIT`);
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** The schema version of a database, 0 for an empty one; refuses a file that is newer than the program or not ours. */
export function checkSchema(
  database: DatabaseSync,
  path = 'the store',
  migrations = MIGRATIONS,
  file: FileKind = STATE_FILE,
): number {
  const version = pragma(database, 'user_version');
  if (pragma(database, 'application_id') !== file.applicationId && !isEmpty(database)) {
    throw new StoreError(
      'store-foreign',
      `${path} is a database, but not one of Vedette’s.`,
      'Move it away, or name another data folder.',
    );
  }
  if (version > migrations.length) {
    throw new StoreError(
      'store-newer',
      `${path} was written by a newer Vedette (its schema is version ${version}, this program knows up to ${migrations.length}).`,
      file.newerHint,
    );
  }
  return version;
}

/** Where the copy made before leaving `version` is kept. */
export function backupPath(path: string, version: number): string {
  return `${path.replace(/\.sqlite$/, '')}.before-v${version + 1}.sqlite`;
}

// Written under another name first: a crash halfway must not leave half a copy that looks whole.
function copyBefore(database: DatabaseSync, path: string, version: number): void {
  const copy = backupPath(path, version);
  const unfinished = `${copy}.unfinished`;
  writeFileSync(unfinished, '', { mode: 0o600 });
  database.prepare('VACUUM INTO ?').run(unfinished);
  renameSync(unfinished, copy);
}

function pragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function isEmpty(database: DatabaseSync): boolean {
  return database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
}
