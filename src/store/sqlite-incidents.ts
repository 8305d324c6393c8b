/**
 * Incidents on SQLite: which one an alert joins, and what lists show of them (`incident.ts` has the rule).
 *
 * An incident's row holds what lists filter and sort by, kept up with every alert and decision; its rules, users and
 * risk are read from its alerts, in an index, for the incidents of a page only. Incidents of a host never overlap. One
 * that is joined to another leaves its number behind, so that a link to it goes on working.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { ThreatMapping } from '../rule/rule.ts';
import type { AlertPlace } from './alert-place.ts';
import { SEVERITIES } from './alert-row.ts';
import {
  combinedRisk,
  DEFAULT_INCIDENT_GAP_MS,
  INCIDENT_GAP_SETTING,
  type IncidentPage,
  type IncidentQuery,
  type IncidentRule,
  type IncidentSummary,
  incidentSentence,
  LONGEST_INCIDENT_MS,
} from './incident.ts';
import { incidentCursor, isIncidentProblem, selectIncidents } from './incident-selection.ts';
import { Statements } from './sqlite-statements.ts';

const MOST_USERS = 20;

interface IncidentRow {
  readonly id: number;
  readonly host: string;
  readonly from_ms: number;
  readonly to_ms: number;
  readonly alerts: number;
  readonly open: number;
  readonly sample: number;
}

interface RuleRow {
  readonly incident: number;
  readonly rule_id: string;
  readonly alerts: number;
  readonly risk: number;
  readonly severity: number;
  readonly last: number;
}

const COLUMNS = 'id, host, from_ms, to_ms, alerts, open, sample';

const SQL = {
  gap: 'SELECT value FROM setting WHERE key = ?',
  // Of a host's incidents only those around the alert; they are in order and do not overlap.
  near: `SELECT ${COLUMNS} FROM incident WHERE sample = ? AND host = ? AND from_ms <= ? ORDER BY from_ms DESC LIMIT 4`,
  add: 'INSERT INTO incident (host, sample, from_ms, to_ms, alerts, open) VALUES (?, ?, ?, ?, 1, 1) RETURNING id',
  grow: `UPDATE incident SET from_ms = min(from_ms, ?), to_ms = max(to_ms, ?), alerts = alerts + ?, open = open + ?
    WHERE id = ?`,
  drop: 'DELETE FROM incident WHERE id = ?',
  moveAlerts: 'UPDATE alert SET incident = ? WHERE incident = ?',
  moveLinks: 'UPDATE incident_joined SET target = ? WHERE target = ?',
  addLink: 'INSERT INTO incident_joined (id, target) VALUES (?, ?)',
  decide: 'UPDATE incident SET open = open + ? WHERE id = ?',
  one: `SELECT ${COLUMNS} FROM incident WHERE id = coalesce((SELECT target FROM incident_joined WHERE id = ?1), ?1)`,
  removeSample: 'DELETE FROM incident WHERE sample = 1',
  removeLinks: 'DELETE FROM incident_joined WHERE target NOT IN (SELECT id FROM incident)',
  name: 'SELECT rule_name FROM alert WHERE seq = ?',
  threat: "SELECT json_extract(document, '$.threat') AS threat FROM alert_document WHERE seq = ?",
} as const;

export class SqliteIncidents {
  private readonly database: DatabaseSync;
  private readonly statements: Statements;

  constructor(database: DatabaseSync) {
    this.database = database;
    this.statements = new Statements(database);
  }

  /** Within a transaction, once for every alert after it was stored. The number of its incident. */
  place(place: AlertPlace): number | null {
    return place.host === '' ? null : (this.join(place) ?? this.add(place));
  }

  /** An alert's triage changed: `by` 1 where it is open again, -1 where it was closed. */
  decided(incident: number, by: 1 | -1): void {
    this.statements.of(SQL.decide).run(by, incident);
  }

  removeSample(): void {
    this.statements.of(SQL.removeSample).run();
    this.statements.of(SQL.removeLinks).run();
  }

  list(query: IncidentQuery): IncidentPage {
    const selection = selectIncidents(query);
    if (isIncidentProblem(selection)) throw new TypeError(`The query was not checked: ${selection.message}`);
    const { clauses, parameters, after, limit } = selection;
    const behind = after === undefined ? [] : ['(to_ms, id) < (?, ?)'];
    const rows = this.database
      .prepare(
        `SELECT ${COLUMNS} FROM incident ${where([...clauses, ...behind])} ORDER BY to_ms DESC, id DESC LIMIT ${limit + 1}`,
      )
      .all(...parameters, ...(after ?? [])) as unknown as readonly IncidentRow[];
    const total = this.database.prepare(`SELECT count(*) AS n FROM incident ${where(clauses)}`).get(...parameters)?.n;
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      incidents: this.summaries(shown),
      total: total as number,
      ...(last === undefined ? {} : { next: incidentCursor(last.to_ms, last.id) }),
    };
  }

  /** With the number that its alerts have. */
  one(id: string): { readonly incident: IncidentSummary; readonly number: number } | undefined {
    if (!/^\d{1,15}$/.test(id)) return undefined;
    const row = this.statements.of(SQL.one).get(Number(id)) as unknown as IncidentRow | undefined;
    const [incident] = row === undefined ? [] : this.summaries([row]);
    return incident === undefined || row === undefined ? undefined : { incident, number: row.id };
  }

  private join({ host, sample, timeMs }: AlertPlace): number | undefined {
    const gap = this.gap();
    const near = (
      this.statements.of(SQL.near).all(sample, host, timeMs + gap) as unknown as readonly IncidentRow[]
    ).filter((row) => row.to_ms >= timeMs - gap);
    const around = near.find((row) => row.from_ms <= timeMs && row.to_ms >= timeMs);
    if (around !== undefined) return this.grow(around.id, timeMs, timeMs, 1, 1);
    // In falling order of time.
    const before = near.find((row) => row.to_ms < timeMs);
    const after = near.findLast((row) => row.from_ms > timeMs);
    if (before !== undefined && after !== undefined && after.to_ms - before.from_ms <= LONGEST_INCIDENT_MS) {
      this.merge(before, after);
      return this.grow(before.id, timeMs, timeMs, 1, 1);
    }
    const apart = (row: IncidentRow): number => Math.min(Math.abs(row.from_ms - timeMs), Math.abs(row.to_ms - timeMs));
    const fitting = [before, after]
      .filter((row) => row !== undefined)
      .filter((row) => Math.max(row.to_ms, timeMs) - Math.min(row.from_ms, timeMs) <= LONGEST_INCIDENT_MS)
      .sort((a, b) => apart(a) - apart(b));
    return fitting[0] === undefined ? undefined : this.grow(fitting[0].id, timeMs, timeMs, 1, 1);
  }

  private merge(kept: IncidentRow, joined: IncidentRow): void {
    this.grow(kept.id, joined.from_ms, joined.to_ms, joined.alerts, joined.open);
    this.statements.of(SQL.moveAlerts).run(kept.id, joined.id);
    this.statements.of(SQL.moveLinks).run(kept.id, joined.id);
    this.statements.of(SQL.addLink).run(joined.id, kept.id);
    this.statements.of(SQL.drop).run(joined.id);
  }

  private grow(id: number, fromMs: number, toMs: number, alerts: number, open: number): number {
    this.statements.of(SQL.grow).run(fromMs, toMs, alerts, open, id);
    return id;
  }

  private add({ host, sample, timeMs }: AlertPlace): number {
    return this.statements.of(SQL.add).get(host, sample, timeMs, timeMs)?.id as number;
  }

  private gap(): number {
    const set = Number(this.statements.of(SQL.gap).get(INCIDENT_GAP_SETTING)?.value ?? DEFAULT_INCIDENT_GAP_MS);
    return set > 0 && set <= LONGEST_INCIDENT_MS ? set : DEFAULT_INCIDENT_GAP_MS;
  }

  private summaries(rows: readonly IncidentRow[]): readonly IncidentSummary[] {
    const numbers = rows.map(({ id }) => id).join();
    const byRule = this.database
      .prepare(
        `SELECT incident, rule_id, count(*) AS alerts, max(risk_score) AS risk, max(severity) AS severity, max(seq) AS last
          FROM alert WHERE incident IN (${numbers}) GROUP BY incident, rule_id ORDER BY risk DESC, alerts DESC, rule_id`,
      )
      .all() as unknown as readonly RuleRow[];
    const users = this.database
      .prepare(
        `SELECT DISTINCT incident, user FROM alert WHERE incident IN (${numbers}) AND user <> '' ORDER BY incident, user`,
      )
      .all();
    const known = this.rulesOf(byRule);
    return rows.map((row) => {
      const rules = byRule.filter(({ incident }) => incident === row.id);
      const named = rules.map(
        (rule): IncidentRule => ({
          id: rule.rule_id,
          name: known.get(rule.rule_id)?.name ?? rule.rule_id,
          alerts: rule.alerts,
        }),
      );
      return {
        id: String(row.id),
        host: row.host,
        from: new Date(row.from_ms).toISOString(),
        to: new Date(row.to_ms).toISOString(),
        alerts: row.alerts,
        open: row.open,
        severity: SEVERITIES[Math.max(0, ...rules.map(({ severity }) => severity))] ?? 'informational',
        risk_score: combinedRisk(rules.map(({ risk }) => risk)),
        rules: named,
        users: users
          .filter(({ incident }) => incident === row.id)
          .slice(0, MOST_USERS)
          .map(({ user }) => user as string),
        tactics: [...new Set(rules.flatMap(({ rule_id }) => known.get(rule_id)?.tactics ?? []))],
        ...(row.sample === 1 ? { sample: true as const } : {}),
        reason: incidentSentence(row.host, named, row.to_ms - row.from_ms),
      };
    });
  }

  /** Of each rule the name and the tactics, as its newest alert among these has them. */
  private rulesOf(rows: readonly RuleRow[]): ReadonlyMap<string, { name: string; tactics: readonly string[] }> {
    const newest = new Map<string, number>();
    for (const { rule_id, last } of rows) newest.set(rule_id, Math.max(last, newest.get(rule_id) ?? 0));
    return new Map(
      [...newest].map(([rule, seq]) => {
        const name = this.statements.of(SQL.name).get(seq)?.rule_name as string;
        const threat = JSON.parse((this.statements.of(SQL.threat).get(seq)?.threat ?? '[]') as string);
        return [rule, { name, tactics: (threat as readonly ThreatMapping[]).map(({ tactic }) => tactic.name) }];
      }),
    );
  }
}

function where(clauses: readonly string[]): string {
  return clauses.length === 0 ? '' : `WHERE ${clauses.join(' AND ')}`;
}
