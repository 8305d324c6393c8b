/**
 * Groups of alerts: those of one process and its wrappers (`detect/process-lineage.ts`).
 *
 *   alert ──lineage──▶ groups of: alerts of its process, alerts it wraps, alerts of its wrappers ──▶ joined to one
 *
 * Two alerts are linked when one's process is the other's, or wraps it; a group is what links connect. So whichever
 * comes first, the groups are the same in the end. A group's number (`alert.fold`) is the `seq` of its head: one that is
 * not closed where there is one, then the highest severity, the earliest event, the first stored. Every alert is in
 * exactly one group, most of them alone. Of a process that alerts for ever, a further alert costs a look-up; only a new
 * head renumbers.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { AlertPlace } from './alert-place.ts';
import { STATUSES } from './alert-row.ts';
import { Statements } from './sqlite-statements.ts';

export interface Head {
  readonly seq: number;
  readonly severity: number;
  readonly timeMs: number;
  /** 1 where it is closed. */
  readonly closed: number;
}

const CLOSED = STATUSES.indexOf('closed');
const HEAD = `seq, severity, time_ms AS timeMs, status = ${CLOSED} AS closed`;

const SQL = {
  ofProcess: `SELECT fold FROM alert WHERE entity = ? AND entity <> '' AND host = ? AND sample = ? AND seq <> ? LIMIT 1`,
  wrapped: 'SELECT fold FROM alert_wrapper WHERE sample = ? AND host = ? AND entity = ?',
  head: `SELECT ${HEAD} FROM alert WHERE seq = ?`,
  groupOf: 'SELECT fold FROM alert WHERE seq = ?',
  bestOf: `SELECT ${HEAD} FROM alert WHERE fold = ? ORDER BY closed, severity DESC, time_ms, seq LIMIT 1`,
  hidden: `SELECT seq FROM alert AS head WHERE seq = fold AND status = ${CLOSED}
    AND EXISTS (SELECT 1 FROM alert WHERE alert.fold = head.seq AND alert.status <> ${CLOSED})`,
  renumber: 'UPDATE alert SET fold = ?, fold_severity = ? WHERE fold = ?',
  renumberWrappers: 'UPDATE OR REPLACE alert_wrapper SET fold = ? WHERE fold = ?',
  addWrapper: 'INSERT OR IGNORE INTO alert_wrapper (sample, host, entity, fold) VALUES (?, ?, ?, ?)',
  removeSample: 'DELETE FROM alert_wrapper WHERE sample = 1',
} as const;

export class SqliteAlertGroups {
  private readonly statements: Statements;

  constructor(database: DatabaseSync) {
    this.statements = new Statements(database);
  }

  /** Within a transaction, once for every alert after it was stored. The head of its group, which may be itself. */
  place(place: AlertPlace): Head {
    const { seq, host, sample, lineage } = place;
    const groups = this.linked(place);
    const head = groups.map((group) => this.headOf(group)).reduce(leader, this.headOf(seq));
    for (const group of groups) this.renumber(group, head);
    for (const wrapper of lineage.wrappers) this.statements.of(SQL.addWrapper).run(sample, host, wrapper, head.seq);
    return head;
  }

  /** Within the transaction that closed an alert or opened it again: another may have to stand for its group. */
  decided(seq: number): void {
    const group = this.statements.of(SQL.groupOf).get(seq)?.fold as number;
    // A look-up each, so that closing all of a group costs no more than its heads.
    const best = group === seq ? this.bestOf(group) : leader(this.headOf(group), this.headOf(seq));
    this.renumber(group, best);
  }

  /** Once, for groups whose head was chosen before it counted whether it is closed. */
  raiseOpen(): void {
    for (const { seq } of this.statements.of(SQL.hidden).all())
      this.renumber(seq as number, this.bestOf(seq as number));
  }

  removeSample(): void {
    this.statements.of(SQL.removeSample).run();
  }

  private headOf(seq: number): Head {
    return this.statements.of(SQL.head).get(seq) as unknown as Head;
  }

  private bestOf(group: number): Head {
    return this.statements.of(SQL.bestOf).get(group) as unknown as Head;
  }

  private renumber(group: number, head: Head): void {
    if (group === head.seq) return;
    this.statements.of(SQL.renumber).run(head.seq, head.severity, group);
    this.statements.of(SQL.renumberWrappers).run(head.seq, group);
  }

  private linked({ seq, host, sample, lineage }: AlertPlace): readonly number[] {
    const { entity, wrappers } = lineage;
    if (entity === undefined) return [];
    const groups = new Set<number>();
    for (const process of [entity, ...wrappers]) {
      const row = this.statements.of(SQL.ofProcess).get(process, host, sample, seq);
      if (row !== undefined) groups.add(row.fold as number);
    }
    for (const row of this.statements.of(SQL.wrapped).all(sample, host, entity)) groups.add(row.fold as number);
    return [...groups];
  }
}

function leader(a: Head, b: Head): Head {
  return (b.closed - a.closed || a.severity - b.severity || b.timeMs - a.timeMs || b.seq - a.seq) >= 0 ? a : b;
}
