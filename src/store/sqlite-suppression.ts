/**
 * Suppression on SQLite: the windows that alerts have opened, and what was counted on them. Part of the state store, whose
 * commits it is written in.
 *
 * Invariant: a match is counted once, whoever decided it: its id is inserted in the transaction that raises the count.
 */
import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { AlertSuppression } from '../detect/alert.ts';
import { MOST_COUNTED_IDS, type SuppressionChange, type SuppressionWindow } from '../detect/suppression.ts';
import { Statements } from './sqlite-statements.ts';

/** Key of the setting that says whether closing an alert ends its suppression: `ends` (default) or `goes-on`. */
export const SUPPRESSION_CLOSED_SETTING = 'suppression-closed';

const WINDOW = `SELECT suppression.seq, alert.id, alert.status, from_ms, until_ms, floor_ms
  FROM suppression JOIN alert USING (seq) WHERE suppression.rule_id = ? AND alike = ?`;

const SQL = {
  before: `${WINDOW} AND from_ms <= ? ORDER BY from_ms DESC, suppression.seq DESC LIMIT 1`,
  after: `${WINDOW} AND from_ms > ? AND from_ms < ? ORDER BY from_ms, suppression.seq DESC LIMIT 1`,
  isCounted: 'SELECT 1 FROM suppressed_match WHERE id = ?',
  alert: 'SELECT seq FROM alert WHERE id = ?',
  open: `INSERT INTO suppression (seq, rule_id, alike, from_ms, until_ms, start_ms, end_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (seq) DO NOTHING`,
  count: 'INSERT OR IGNORE INTO suppressed_match (id, seq, time_ms) VALUES (?, ?, ?)',
  add: `UPDATE suppression SET matches = matches + ?, start_ms = min(start_ms, ?), end_ms = max(end_ms, ?)
    WHERE seq = ?`,
  known: 'SELECT count(*) AS n FROM suppressed_match WHERE seq = ?',
  floor: `SELECT time_ms FROM suppressed_match WHERE seq = ? ORDER BY time_ms DESC LIMIT 1 OFFSET ${MOST_COUNTED_IDS / 2 - 1}`,
  raise: 'UPDATE suppression SET floor_ms = ? WHERE seq = ?',
  forget: 'DELETE FROM suppressed_match WHERE seq = ? AND time_ms < ?',
  of: 'SELECT start_ms, end_ms, matches FROM suppression WHERE seq = ?',
  closed: 'SELECT value FROM setting WHERE key = ?',
} as const;

const CLOSED = 2;

export class SqliteSuppression {
  private readonly statements: Statements;

  constructor(database: DatabaseSync) {
    this.statements = new Statements(database);
  }

  window(ruleId: string, group: string, time: number, ahead: number): SuppressionWindow | undefined {
    return this.find(ruleId, group, time, ahead)?.window;
  }

  isCounted(id: string): boolean {
    return this.statements.of(SQL.isCounted).get(keyOf(id)) !== undefined;
  }

  /**
   * The alert that this one belongs on, where another commit has opened a window for it since it was decided.
   * @returns its number
   */
  overtakenBy({ ruleId, group, start, alertId }: SuppressionChange): number | undefined {
    const found = this.find(ruleId, group, start, 0);
    return found === undefined || found.window.isEnded || found.window.alertId === alertId ? undefined : found.seq;
  }

  /** @param overtaken the number of the alert that it is counted on instead of its own */
  record(change: SuppressionChange, overtaken?: number): void {
    const { alertId, ruleId, group, from, until, start, end, counted } = change;
    const seq = overtaken ?? (this.statements.of(SQL.alert).get(alertId)?.seq as number | undefined);
    // An alert that is gone, as those of a sample that was removed meanwhile.
    if (seq === undefined) return;
    this.statements.of(SQL.open).run(seq, ruleId, group, from, until, start, end);
    const matches = overtaken === undefined ? counted : [{ id: alertId, time: start }, ...counted];
    let added = 0;
    for (const { id, time } of matches)
      added += Number(this.statements.of(SQL.count).run(keyOf(id), seq, time).changes);
    this.statements.of(SQL.add).run(added, start, end, seq);
    if (added > 0) this.forgetOld(seq);
  }

  /** What is counted on an alert by now. */
  of(seq: number): Omit<AlertSuppression, 'terms'> | undefined {
    const row = this.statements.of(SQL.of).get(seq);
    if (row === undefined) return undefined;
    return {
      start: new Date(row.start_ms as number).toISOString(),
      end: new Date(row.end_ms as number).toISOString(),
      docs_count: row.matches as number,
    };
  }

  private find(
    ruleId: string,
    group: string,
    time: number,
    ahead: number,
  ): { readonly seq: number; readonly window: SuppressionWindow } | undefined {
    const before = this.statements.of(SQL.before).get(ruleId, group, time);
    const isThere = before !== undefined && (before.until_ms as number) > time;
    const row = isThere ? before : this.statements.of(SQL.after).get(ruleId, group, time, time + ahead);
    if (row === undefined) return undefined;
    const floor = row.floor_ms as number | null;
    const window = {
      alertId: row.id as string,
      from: row.from_ms as number,
      until: row.until_ms as number,
      isEnded: row.status === CLOSED && !this.outlivesClosing(),
      ...(floor === null ? {} : { floor }),
    };
    return { seq: row.seq as number, window };
  }

  private outlivesClosing(): boolean {
    return this.statements.of(SQL.closed).get(SUPPRESSION_CLOSED_SETTING)?.value === 'goes-on';
  }

  private forgetOld(seq: number): void {
    if ((this.statements.of(SQL.known).get(seq)?.n as number) <= MOST_COUNTED_IDS) return;
    const floor = this.statements.of(SQL.floor).get(seq)?.time_ms as number;
    this.statements.of(SQL.raise).run(floor, seq);
    this.statements.of(SQL.forget).run(seq, floor);
  }
}

/** Ids are made of hexadecimal digits; 80 bits of one never meet another's by chance. */
function keyOf(id: string): Uint8Array {
  return /^[0-9a-f]{40}$/.test(id)
    ? Buffer.from(id.slice(0, 20), 'hex')
    : createHash('sha256').update(id).digest().subarray(0, 10);
}
