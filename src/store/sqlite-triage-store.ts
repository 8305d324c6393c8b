/**
 * Notes, steps done, groups and incidents on SQLite, within the state file.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Alert } from '../detect/alert.ts';
import type { AlertNote, StepDone } from '../detect/triage.ts';
import { placeOf } from './alert-place.ts';
import type { AlertSummary } from './alert-query.ts';
import { likenessOf, SUMMARY_COLUMNS, type SummaryRow, summaryOf } from './alert-row.ts';
import type { IncidentDetail, IncidentPage, IncidentQuery } from './incident.ts';
import { SqliteAlertGroups } from './sqlite-alert-groups.ts';
import { SqliteIncidents } from './sqlite-incidents.ts';
import { Statements } from './sqlite-statements.ts';
import { transaction } from './sqlite-transaction.ts';
import type { AlertLikeness, TriageStore } from './triage-store.ts';

const MOST_SHOWN = 500;

const SQL = {
  place: 'UPDATE alert SET fold = ?, fold_severity = ?, incident = ? WHERE seq = ?',
  addNote: `INSERT INTO alert_note (seq, time, author, text) SELECT seq, ?, ?, ? FROM alert WHERE id = ?`,
  notes: 'SELECT id, text, author, time FROM alert_note WHERE seq = ? ORDER BY id',
  doStep: `INSERT INTO alert_step (seq, step, author, time) SELECT seq, ?, ?, ? FROM alert WHERE id = ?
    ON CONFLICT (seq, step) DO NOTHING`,
  undoStep: 'DELETE FROM alert_step WHERE step = ? AND seq = (SELECT seq FROM alert WHERE id = ?)',
  steps: 'SELECT step, author, time FROM alert_step WHERE seq = ? ORDER BY time, step',
  hasAlert: 'SELECT 1 FROM alert WHERE id = ?',
  countFold: 'SELECT count(*) AS n FROM alert WHERE fold = ?',
  members: `SELECT ${SUMMARY_COLUMNS} FROM alert WHERE fold = (SELECT fold FROM alert WHERE id = ?)
    ORDER BY time_ms, seq LIMIT ${MOST_SHOWN}`,
  ofIncident: `SELECT ${SUMMARY_COLUMNS} FROM alert WHERE incident = ? ORDER BY time_ms, seq LIMIT ${MOST_SHOWN}`,
  ofProcess: "SELECT count(*) AS n FROM alert WHERE entity = ? AND entity <> '' AND host = ?",
  user: 'SELECT count(*) AS n FROM (SELECT 1 FROM alert WHERE user = ? LIMIT ?)',
  hash: "SELECT count(*) AS n FROM (SELECT 1 FROM alert WHERE hash = ? AND hash <> '' LIMIT ?)",
  command: "SELECT count(*) AS n FROM (SELECT 1 FROM alert WHERE command_line = ? AND command_line <> '' LIMIT ?)",
} as const;

export class SqliteTriageStore implements TriageStore {
  private readonly database: DatabaseSync;
  private readonly path: string;
  private readonly statements: Statements;
  private readonly groups: SqliteAlertGroups;
  private readonly held: SqliteIncidents;

  constructor(database: DatabaseSync, path: string) {
    this.database = database;
    this.path = path;
    this.statements = new Statements(database);
    this.groups = new SqliteAlertGroups(database);
    this.held = new SqliteIncidents(database);
  }

  /** Within the transaction that stores the alert. */
  place(seq: number, alert: Alert): void {
    const place = placeOf(seq, alert);
    // A building block says nothing by itself, so it neither leads a group nor makes an incident.
    if (alert.building_block === true) {
      this.statements.of(SQL.place).run(seq, place.severity, null, seq);
      return;
    }
    const head = this.groups.place(place);
    this.statements.of(SQL.place).run(head.seq, head.severity, this.held.place(place), seq);
  }

  /** Within the transaction that closed an alert or opened it again. */
  decided(seq: number, incident: number | null, isClosed: boolean): void {
    this.groups.decided(seq);
    if (incident !== null) this.held.decided(incident, isClosed ? -1 : 1);
  }

  /** Within the transaction that removes the sample's alerts. */
  removeSample(): void {
    this.groups.removeSample();
    this.held.removeSample();
  }

  /** What a stored alert has beside its document, within the transaction that reads it. */
  beside(seq: number, fold: number): { notes: readonly AlertNote[]; steps_done: readonly StepDone[]; folded: number } {
    return {
      notes: this.statements
        .of(SQL.notes)
        .all(seq)
        .map((row) => ({
          id: row.id as number,
          text: row.text as string,
          by: row.author as string,
          time: row.time as string,
        })),
      steps_done: this.statements
        .of(SQL.steps)
        .all(seq)
        .map((row) => ({ step: row.step as string, by: row.author as string, time: row.time as string })),
      folded: this.statements.of(SQL.countFold).get(fold)?.n as number,
    };
  }

  addNote(alert: string, { text, by, time }: Omit<AlertNote, 'id'>): boolean {
    return this.writing(() => this.statements.of(SQL.addNote).run(time, by, text, alert).changes === 1);
  }

  setStep(alert: string, step: string, done?: Omit<StepDone, 'step'>): boolean {
    return this.writing(() => {
      if (this.statements.of(SQL.hasAlert).get(alert) === undefined) return false;
      if (done === undefined) this.statements.of(SQL.undoStep).run(step, alert);
      else this.statements.of(SQL.doStep).run(step, done.by, done.time, alert);
      return true;
    });
  }

  members(alert: string): readonly AlertSummary[] | undefined {
    return this.reading(() => {
      const rows = this.statements.of(SQL.members).all(alert) as unknown as readonly SummaryRow[];
      return rows.length === 0 ? undefined : rows.map(summaryOf);
    });
  }

  incidents(query: IncidentQuery): IncidentPage {
    return this.reading(() => this.held.list(query));
  }

  incident(id: string): IncidentDetail | undefined {
    return this.reading(() => {
      const found = this.held.one(id);
      if (found === undefined) return undefined;
      const rows = this.statements.of(SQL.ofIncident).all(found.number) as unknown as readonly SummaryRow[];
      return { incident: found.incident, alerts: rows.map(summaryOf) };
    });
  }

  alertsByProcess(host: string, entities: readonly string[]): ReadonlyMap<string, number> {
    return this.reading(() => {
      const counts = entities.map((entity) => {
        return [entity, this.statements.of(SQL.ofProcess).get(entity, host)?.n as number] as const;
      });
      return new Map(counts.filter(([, n]) => n > 0));
    });
  }

  alertsLike(what: AlertLikeness, value: string, upTo: number): number {
    return this.reading(() => this.statements.of(SQL[what]).get(likenessOf(what, value), upTo)?.n as number);
  }

  private writing<T>(action: () => T): T {
    return transaction(this.database, this.path, 'BEGIN IMMEDIATE', action);
  }

  private reading<T>(action: () => T): T {
    return transaction(this.database, this.path, 'BEGIN', action);
  }
}
