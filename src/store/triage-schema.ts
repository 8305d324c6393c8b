/**
 * The step of the state file's schema that brings notes, steps done, groups and incidents, and works them out for the
 * alerts that are already there: some 0.1 ms an alert, once.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Alert } from '../detect/alert.ts';
import { creditOf, placeColumnsOf, STATUSES } from './alert-row.ts';
import { SqliteAlertGroups } from './sqlite-alert-groups.ts';
import { SqliteTriageStore } from './sqlite-triage-store.ts';

// `fold` is the `seq` of the head of an alert's group, `fold_severity` the head's severity, so that a folded list is
// counted in one pass over an index that has all that filters ask for. An alert without a host has no incident.
const TABLES = `
  ALTER TABLE alert ADD COLUMN entity TEXT NOT NULL DEFAULT '';
  ALTER TABLE alert ADD COLUMN hash TEXT NOT NULL DEFAULT '';
  ALTER TABLE alert ADD COLUMN fold INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE alert ADD COLUMN fold_severity INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE alert ADD COLUMN incident INTEGER;
  ALTER TABLE alert_history ADD COLUMN author TEXT;

  CREATE TABLE alert_wrapper (
    sample INTEGER NOT NULL,
    host TEXT NOT NULL COLLATE NOCASE,
    entity TEXT NOT NULL,
    fold INTEGER NOT NULL,
    PRIMARY KEY (sample, host, entity, fold)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX alert_wrapper_by_fold ON alert_wrapper (fold);

  CREATE TABLE incident (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    host TEXT NOT NULL COLLATE NOCASE,
    sample INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    alerts INTEGER NOT NULL,
    open INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX incident_by_host ON incident (sample, host, from_ms);
  CREATE INDEX incident_by_time ON incident (to_ms, id, open, host, from_ms);
  CREATE TABLE incident_joined (id INTEGER PRIMARY KEY, target INTEGER NOT NULL) STRICT;
  CREATE INDEX incident_joined_to ON incident_joined (target);

  CREATE TABLE alert_note (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    seq INTEGER NOT NULL REFERENCES alert (seq) ON DELETE CASCADE,
    time TEXT NOT NULL,
    author TEXT NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX alert_note_of_alert ON alert_note (seq);

  CREATE TABLE alert_step (
    seq INTEGER NOT NULL REFERENCES alert (seq) ON DELETE CASCADE,
    step TEXT NOT NULL,
    author TEXT NOT NULL,
    time TEXT NOT NULL,
    PRIMARY KEY (seq, step)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX alert_by_entity ON alert (entity, host, sample, seq, fold) WHERE entity <> '';
  CREATE INDEX alert_by_hash ON alert (hash) WHERE hash <> '';
  CREATE INDEX alert_by_command ON alert (command_line) WHERE command_line <> '';
`;

const INDEXES = `
  CREATE INDEX alert_by_fold ON alert (fold, fold_severity, status, severity, time_ms, host, user, rule_id, incident);
  CREATE INDEX alert_by_incident ON alert (incident, rule_id, risk_score, severity, user, status, time_ms)
    WHERE incident IS NOT NULL;
`;

// A new alert counts as open; of those that were there, some are closed.
const OPEN = `
  UPDATE incident SET open = (SELECT count(*) FROM alert WHERE alert.incident = incident.id AND status <> ${STATUSES.indexOf('closed')});
`;

export function addTriage(database: DatabaseSync): void {
  database.exec(TABLES);
  // Of every alert its group is looked for, and a further column: these indexes are made before, the others after.
  const documents = database.prepare('SELECT document FROM alert_document WHERE seq = ?');
  const fill = database.prepare('UPDATE alert SET entity = ?, hash = ? WHERE seq = ?');
  const triage = new SqliteTriageStore(database, 'the state file');
  database.exec('CREATE INDEX alert_by_fold ON alert (fold)');
  for (const { seq } of database.prepare('SELECT seq FROM alert ORDER BY seq').all()) {
    const alert = JSON.parse(documents.get(seq as number)?.document as string) as Alert;
    const { entity, hash } = placeColumnsOf(alert);
    fill.run(entity, hash, seq as number);
    triage.place(seq as number, alert);
  }
  database.exec(`DROP INDEX alert_by_fold; ${INDEXES} ${OPEN}`);
}

/** Who made an alert's rule, and under what licence, for lists: each wording stands once. */
export function addRuleCredit(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE rule_credit (seq INTEGER PRIMARY KEY, credit TEXT NOT NULL UNIQUE) STRICT;
    ALTER TABLE alert ADD COLUMN credit INTEGER;
  `);
  const documents = database.prepare('SELECT document FROM alert_document WHERE seq = ?');
  const keep = database.prepare('INSERT OR IGNORE INTO rule_credit (credit) VALUES (?)');
  const fill = database.prepare(
    'UPDATE alert SET credit = (SELECT seq FROM rule_credit WHERE credit = ?) WHERE seq = ?',
  );
  for (const { seq } of database.prepare('SELECT seq FROM alert ORDER BY seq').all()) {
    const { rule } = JSON.parse(documents.get(seq as number)?.document as string) as Alert;
    const credit = creditOf(rule);
    keep.run(credit);
    fill.run(credit, seq as number);
  }
}

/** Groups were headed by an alert that is closed, though one of them was still to be decided. */
export function raiseOpenHeads(database: DatabaseSync): void {
  new SqliteAlertGroups(database).raiseOpen();
}
