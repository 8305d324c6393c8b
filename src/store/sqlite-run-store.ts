/**
 * Runs, gaps and requests on SQLite, within the state file.
 */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Funnel } from '../detect/alert.ts';
import type { Gap, RunRecord, RunRequest } from '../detect/run-record.ts';
import type {
  FinishedRun,
  GapQuery,
  NewGap,
  NewRequest,
  NewRun,
  RunQuery,
  RunStore,
  SlotQuery,
  SlotRecord,
} from './run-store.ts';
import { Statements } from './sqlite-statements.ts';
import { transaction } from './sqlite-transaction.ts';
import { asStoreErrors } from './store-error.ts';

const LIMIT = 100;
/** Records kept: at a run a minute, half a year of them. */
const MOST_RECORDS = 250_000;
/** How long the slots of live rules are kept, in milliseconds: 90 days, as Elastic keeps gaps. */
const SLOT_AGE_MS = 90 * 24 * 3_600_000;
const FUNNEL = ['matched', 'excepted', 'suppressed', 'duplicate', 'capped', 'created'] as const;

const SQL = {
  begin: `INSERT INTO run_record (rule_id, kind, from_ms, to_ms, started, state, request)
    VALUES (?, ?, ?, ?, ?, 'running', ?)`,
  end: `UPDATE run_record SET ended = ?, state = ?, events = ?, message = ?, warnings = ?,
    ${FUNNEL.map((name) => `${name} = ?`).join()} WHERE id = ?`,
  ruleOf: 'SELECT rule_id FROM run_record WHERE id = ?',
  record: 'SELECT * FROM run_record WHERE id = ?',
  forgetOld: `DELETE FROM run_record WHERE id <= ? - ${MOST_RECORDS}`,
  forgetSlots: 'DELETE FROM run WHERE slot < ?',
  interrupted: "UPDATE run_record SET state = 'stopped', ended = ?, message = ? WHERE state = 'running'",
  gap: 'SELECT * FROM run_gap WHERE id = ?',
  touching: `SELECT id, from_ms, to_ms FROM run_gap
    WHERE rule_id = ? AND state = 'open' AND (tries = 0 OR ?) AND reason = ? AND from_ms <= ? AND to_ms >= ? ORDER BY id`,
  addGap: 'INSERT INTO run_gap (rule_id, from_ms, to_ms, reason, detected) VALUES (?, ?, ?, ?, ?)',
  stretch: 'UPDATE run_gap SET from_ms = ?, to_ms = ? WHERE id = ?',
  removeGap: 'DELETE FROM run_gap WHERE id = ?',
  setGap: 'UPDATE run_gap SET state = coalesce(?, state), tries = tries + ? WHERE id = ?',
  leaveRest: `INSERT INTO run_gap (rule_id, from_ms, to_ms, reason, detected)
    SELECT gap.rule_id, run.to_ms, gap.to_ms, gap.reason, run.ended
    FROM run_gap gap JOIN run_record run ON run.id = ? WHERE gap.id = ? AND gap.to_ms > run.to_ms`,
  fill: `UPDATE run_gap SET state = 'filled', run = run_record.id, to_ms = min(run_gap.to_ms, run_record.to_ms)
    FROM run_record WHERE run_record.id = ? AND run_gap.id = ?`,
  requests: 'SELECT * FROM run_request ORDER BY id',
  request: `INSERT INTO run_request (rules, kind, from_ms, to_ms, uncapped, reason, requested, gap)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  removeRequest: 'DELETE FROM run_request WHERE id = ?',
  covered: 'SELECT to_ms FROM run_covered WHERE rule_id = ?',
  setCovered: `INSERT INTO run_covered (rule_id, to_ms) VALUES (?, ?)
    ON CONFLICT (rule_id) DO UPDATE SET to_ms = excluded.to_ms`,
  memory: 'SELECT key, value FROM run_memory WHERE rule_id = ?',
  remember: `INSERT INTO run_memory (rule_id, key, value) VALUES (?, ?, ?)
    ON CONFLICT (rule_id, key) DO UPDATE SET value = excluded.value`,
  forget: 'DELETE FROM run_memory WHERE rule_id = ? AND key = ?',
} as const;

type Row = Record<string, SQLInputValue>;

export class SqliteRunStore implements RunStore {
  private readonly database: DatabaseSync;
  private readonly path: string;
  private readonly statements: Statements;

  constructor(database: DatabaseSync, path: string) {
    this.database = database;
    this.path = path;
    this.statements = new Statements(database);
  }

  records({ rule, kind, state, request, before, limit }: RunQuery = {}): readonly RunRecord[] {
    const given: [string, SQLInputValue | undefined][] = [
      ['rule_id = ?', rule],
      ['kind = ?', kind],
      ['state = ?', state],
      ['request = ?', request],
      ['id < ?', before],
    ];
    return this.select('run_record', given, 'id DESC', limit).map(toRecord);
  }

  record(id: number): RunRecord | undefined {
    const row = this.guard(() => this.statements.of(SQL.record).get(id)) as Row | undefined;
    return row === undefined ? undefined : toRecord(row);
  }

  slots({ rule, before, since, capped, limit }: SlotQuery = {}): readonly SlotRecord[] {
    const given: [string, SQLInputValue | undefined][] = [
      ['rule_id = ?', rule],
      ['slot < ?', before],
      ['slot >= ?', since],
      ['capped > ?', capped === true ? 0 : undefined],
    ];
    return this.select('run', given, 'slot DESC, rule_id', limit).map((row) => ({
      ruleId: row.rule_id as string,
      slot: row.slot as number,
      funnel: toFunnel(row),
    }));
  }

  gaps({ rule, state, before, limit }: GapQuery = {}): readonly Gap[] {
    const given: [string, SQLInputValue | undefined][] = [
      ['rule_id = ?', rule],
      ['state = ?', state],
      ['id < ?', before],
    ];
    return this.select('run_gap', given, 'id DESC', limit).map(toGap);
  }

  gap(id: number): Gap | undefined {
    const row = this.guard(() => this.statements.of(SQL.gap).get(id)) as Row | undefined;
    return row === undefined ? undefined : toGap(row);
  }

  requests(): readonly RunRequest[] {
    return this.guard(() => this.statements.of(SQL.requests).all() as Row[]).map(toRequest);
  }

  covered(ruleId: string): number | undefined {
    return this.guard(() => this.statements.of(SQL.covered).get(ruleId)?.to_ms) as number | undefined;
  }

  memory(ruleId: string): ReadonlyMap<string, string> {
    const rows = this.guard(() => this.statements.of(SQL.memory).all(ruleId));
    return new Map(rows.map(({ key, value }) => [key as string, value as string]));
  }

  begin({ ruleId, kind, from, to, started, request }: NewRun): number {
    const { lastInsertRowid } = this.guard(() =>
      this.statements.of(SQL.begin).run(ruleId, kind, from, to, started, request ?? null),
    );
    return Number(lastInsertRowid);
  }

  addGap(gap: NewGap): number {
    return transaction(this.database, this.path, 'BEGIN IMMEDIATE', () => this.joinGap(gap));
  }

  /** Within a transaction. */
  joinGap({ ruleId, from, to, reason, detected }: NewGap): number {
    // What fails to be run is told of by whoever fills gaps, and so never while one is filled.
    const evenTried = reason === 'failed' ? 1 : 0;
    const [first, ...others] = this.statements.of(SQL.touching).all(ruleId, evenTried, reason, to, from) as Row[];
    if (first === undefined) {
      return Number(this.statements.of(SQL.addGap).run(ruleId, from, to, reason, detected).lastInsertRowid);
    }
    const all = [first, ...others];
    const start = Math.min(from, ...all.map(({ from_ms }) => from_ms as number));
    const end = Math.max(to, ...all.map(({ to_ms }) => to_ms as number));
    this.statements.of(SQL.stretch).run(start, end, first.id as number);
    for (const { id } of others) this.statements.of(SQL.removeGap).run(id as number);
    return first.id as number;
  }

  setGap(id: number, { state, tried }: Parameters<RunStore['setGap']>[1]): void {
    this.guard(() => this.statements.of(SQL.setGap).run(state ?? null, tried === true ? 1 : 0, id));
  }

  request({ rules, kind, from, to, uncapped, reason, requested, gap }: NewRequest): number {
    const named = rules === undefined ? null : JSON.stringify(rules);
    const { lastInsertRowid } = this.guard(() =>
      this.statements.of(SQL.request).run(named, kind, from, to, uncapped ? 1 : 0, reason, requested, gap ?? null),
    );
    return Number(lastInsertRowid);
  }

  removeRequest(id: number): boolean {
    return this.guard(() => this.statements.of(SQL.removeRequest).run(id).changes) !== 0;
  }

  setCovered(ruleId: string, to: number): void {
    this.guard(() => this.statements.of(SQL.setCovered).run(ruleId, to));
  }

  stopInterrupted(now: number): number {
    return this.guard(() => {
      this.statements.of(SQL.forgetSlots).run(now - SLOT_AGE_MS);
      return Number(this.statements.of(SQL.interrupted).run(now, 'The service ended while it ran.').changes);
    });
  }

  /** Within the transaction that stores what it found. */
  end({ id, ended, state, funnel, events, message, warnings, covered, memory, gap }: FinishedRun): void {
    const counts = FUNNEL.map((name) => funnel[name]);
    const said = JSON.stringify(warnings);
    this.statements.of(SQL.end).run(ended, state, events, message ?? null, said, ...counts, id);
    this.statements.of(SQL.forgetOld).run(id);
    if (gap !== undefined) {
      this.statements.of(SQL.leaveRest).run(id, gap);
      this.statements.of(SQL.fill).run(id, gap);
    }
    const rule = this.statements.of(SQL.ruleOf).get(id)?.rule_id as string | undefined;
    if (rule === undefined) return;
    if (covered !== undefined) this.statements.of(SQL.setCovered).run(rule, covered);
    for (const [key, value] of memory ?? []) {
      if (value === undefined) this.statements.of(SQL.forget).run(rule, key);
      else this.statements.of(SQL.remember).run(rule, key, value);
    }
  }

  private select(
    table: string,
    given: readonly (readonly [clause: string, value: SQLInputValue | undefined])[],
    order: string,
    limit = LIMIT,
  ): readonly Row[] {
    const set = given.filter(([, value]) => value !== undefined);
    const where = set.length === 0 ? '' : `WHERE ${set.map(([clause]) => clause).join(' AND ')}`;
    const values = set.map(([, value]) => value as SQLInputValue);
    return this.guard(
      () =>
        this.statements
          .of(`SELECT * FROM ${table} ${where} ORDER BY ${order} LIMIT ?`)
          .all(...values, limit) as unknown as Row[],
    );
  }

  private guard<T>(action: () => T): T {
    return asStoreErrors(this.path, action);
  }
}

function toRecord(row: Row): RunRecord {
  const { ended, message, request } = row;
  return {
    id: row.id as number,
    ruleId: row.rule_id as string,
    kind: row.kind as RunRecord['kind'],
    from: row.from_ms as number,
    to: row.to_ms as number,
    started: row.started as number,
    ...(ended === null ? {} : { ended: ended as number }),
    state: row.state as RunRecord['state'],
    funnel: toFunnel(row),
    events: row.events as number,
    ...(message === null ? {} : { message: message as string }),
    warnings: JSON.parse(row.warnings as string) as RunRecord['warnings'],
    ...(request === null ? {} : { request: request as number }),
  };
}

function toFunnel(row: Row): Funnel {
  return Object.fromEntries(FUNNEL.map((name) => [name, row[name] as number])) as unknown as Funnel;
}

function toGap(row: Row): Gap {
  return {
    id: row.id as number,
    ruleId: row.rule_id as string,
    from: row.from_ms as number,
    to: row.to_ms as number,
    reason: row.reason as Gap['reason'],
    detected: row.detected as number,
    state: row.state as Gap['state'],
    tries: row.tries as number,
    ...(row.run === null ? {} : { run: row.run as number }),
  };
}

function toRequest(row: Row): RunRequest {
  return {
    id: row.id as number,
    ...(row.rules === null ? {} : { rules: JSON.parse(row.rules as string) as readonly string[] }),
    kind: row.kind as RunRequest['kind'],
    from: row.from_ms as number,
    to: row.to_ms as number,
    uncapped: row.uncapped === 1,
    reason: row.reason as string,
    requested: row.requested as number,
    ...(row.gap === null ? {} : { gap: row.gap as number }),
  };
}
