/**
 * Groups of alerts: those of one process and its wrappers (`detect/process-lineage.ts`).
 *
 *   alert ──lineage──▶ groups of: alerts of its process, alerts it wraps, alerts of its wrappers ──▶ joined to one
 *
 * Two alerts are linked when one's process is the other's, or wraps it; a group is what links connect. So whichever
 * comes first, the groups are the same in the end. A group's number (`alert.fold`) is the `seq` of its head: the highest
 * severity, then the earliest event, then the first stored. Every alert is in exactly one, most of them alone. Of a
 * process that alerts for ever, a further alert costs a look-up; only a new head renumbers.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { AlertPlace } from './alert-place.ts';
import { Statements } from './sqlite-statements.ts';

export interface Head {
  readonly seq: number;
  readonly severity: number;
  readonly timeMs: number;
}

const SQL = {
  ofProcess: `SELECT fold FROM alert WHERE entity = ? AND entity <> '' AND host = ? AND sample = ? AND seq <> ? LIMIT 1`,
  wrapped: 'SELECT fold FROM alert_wrapper WHERE sample = ? AND host = ? AND entity = ?',
  head: 'SELECT seq, severity, time_ms AS timeMs FROM alert WHERE seq = ?',
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
    const { seq, severity, timeMs, host, sample, lineage } = place;
    const groups = this.linked(place);
    const heads = groups.map((group) => this.statements.of(SQL.head).get(group) as unknown as Head);
    const head = heads.reduce((best, other) => (leads(other, best) ? other : best), { seq, severity, timeMs });
    for (const group of groups) {
      if (group === head.seq) continue;
      this.statements.of(SQL.renumber).run(head.seq, head.severity, group);
      this.statements.of(SQL.renumberWrappers).run(head.seq, group);
    }
    for (const wrapper of lineage.wrappers) this.statements.of(SQL.addWrapper).run(sample, host, wrapper, head.seq);
    return head;
  }

  removeSample(): void {
    this.statements.of(SQL.removeSample).run();
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

function leads(a: Head, b: Head): boolean {
  return (a.severity - b.severity || b.timeMs - a.timeMs || b.seq - a.seq) > 0;
}
