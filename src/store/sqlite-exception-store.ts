/**
 * Exceptions and value lists on SQLite, within the state file.
 *
 * Every change is one immediate transaction. Values of a list are rows of their own, found by the list's number, so that
 * a million of them are added a slice at a time and never pass through one document; a removed list's values go the same
 * way, after the list itself.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Alert, Funnel } from '../detect/alert.ts';
import type { Exception, ValueList, ValueListType } from '../detect/exception.ts';
import { SUMMARY_COLUMNS, type SummaryRow, summaryOf } from './alert-row.ts';
import type {
  AlertPosition,
  ExceptionChange,
  ExceptionStore,
  NewValueList,
  Removals,
  RunRecord,
  Signature,
  TriedAlert,
  ValuesAdded,
} from './exception-store.ts';
import { Statements } from './sqlite-statements.ts';
import { transaction } from './sqlite-transaction.ts';
import type { RunCounters } from './state-store.ts';
import { asStoreErrors } from './store-error.ts';

/** Values removed in one step of `sweep`: some 5 ms. */
const SWEEP = 2_000;

const LIST_COLUMNS = 'id, name, type, description, size, created, updated';

const SQL = {
  all: 'SELECT document FROM exception ORDER BY name COLLATE NOCASE, id',
  get: 'SELECT document FROM exception WHERE id = ?',
  save: `INSERT INTO exception (id, name, document) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, document = excluded.document`,
  remove: 'DELETE FROM exception WHERE id = ? RETURNING document',
  addHistory: `INSERT INTO exception_history (exception, position, time, by, change, document)
    SELECT ?1, coalesce(max(position) + 1, 0), ?2, ?3, ?4, ?5 FROM exception_history WHERE exception = ?1`,
  history: 'SELECT time, by, change, document FROM exception_history WHERE exception = ? ORDER BY position',
  addRun: `INSERT INTO run_exception (rule_id, slot, exception, removed) VALUES (?, ?, ?, ?)
    ON CONFLICT (rule_id, slot, exception) DO UPDATE SET removed = removed + excluded.removed`,
  addTotal: `INSERT INTO exception_total (exception, removed, last_slot) VALUES (?, ?, ?)
    ON CONFLICT (exception) DO UPDATE
    SET removed = removed + excluded.removed, last_slot = max(last_slot, excluded.last_slot)`,
  removals: 'SELECT exception, removed, last_slot FROM exception_total',
  runs: `SELECT slot, matched, excepted, suppressed, duplicate, capped, created FROM run
    WHERE rule_id = ? ORDER BY slot DESC LIMIT ?`,
  runExceptions:
    'SELECT slot, exception, removed FROM run_exception WHERE rule_id = ? AND slot >= ? ORDER BY exception',
  lists: `SELECT ${LIST_COLUMNS} FROM value_list ORDER BY name COLLATE NOCASE, id`,
  list: `SELECT seq, ${LIST_COLUMNS} FROM value_list WHERE id = ?`,
  saveList: `INSERT INTO value_list (id, name, type, description, created, updated) VALUES (?1, ?2, ?3, ?4, ?5, ?5)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description, updated = excluded.updated`,
  addValue: 'INSERT INTO value_list_item (list, value) VALUES (?, ?) ON CONFLICT DO NOTHING',
  removeValue: 'DELETE FROM value_list_item WHERE list = ? AND value = ?',
  resize: 'UPDATE value_list SET size = size + ?, updated = ? WHERE seq = ?',
  firstValues: 'SELECT value FROM value_list_item WHERE list = ? ORDER BY value LIMIT ?',
  nextValues: 'SELECT value FROM value_list_item WHERE list = ? AND value > ? ORDER BY value LIMIT ?',
  removeList: 'DELETE FROM value_list WHERE id = ? RETURNING seq',
  leave: 'INSERT INTO value_list_left (list) VALUES (?)',
  left: 'SELECT list FROM value_list_left LIMIT 1',
  sweep: `DELETE FROM value_list_item WHERE list = ?1
    AND value IN (SELECT value FROM value_list_item WHERE list = ?1 LIMIT ${SWEEP})`,
  swept: 'DELETE FROM value_list_left WHERE list = ?',
} as const;

export class SqliteExceptionStore implements ExceptionStore {
  private readonly database: DatabaseSync;
  private readonly path: string;
  private readonly statements: Statements;

  /** @param path of the database file, for messages. */
  constructor(database: DatabaseSync, path: string) {
    this.database = database;
    this.path = path;
    this.statements = new Statements(database);
  }

  all(): readonly Exception[] {
    return this.guard(() => this.fixed(SQL.all).all()).map(exceptionOf);
  }

  get(id: string): Exception | undefined {
    const row = this.guard(() => this.fixed(SQL.get).get(id));
    return row === undefined ? undefined : exceptionOf(row);
  }

  save(exceptions: readonly Exception[], { by, time }: Signature): void {
    this.write(() => {
      for (const exception of exceptions) {
        const document = JSON.stringify(exception);
        const change = this.fixed(SQL.get).get(exception.id) === undefined ? 'created' : 'changed';
        this.fixed(SQL.save).run(exception.id, exception.name, document);
        this.fixed(SQL.addHistory).run(exception.id, time, by, change, document);
      }
    });
  }

  remove(id: string, { by, time }: Signature): boolean {
    return this.write(() => {
      const row = this.fixed(SQL.remove).get(id);
      if (row === undefined) return false;
      this.fixed(SQL.addHistory).run(id, time, by, 'removed', row.document as string);
      return true;
    });
  }

  history(id: string): readonly ExceptionChange[] {
    return this.guard(() => this.fixed(SQL.history).all(id)).map((row) => ({
      time: row.time as string,
      by: row.by as string,
      change: row.change as ExceptionChange['change'],
      exception: exceptionOf(row),
    }));
  }

  /** Adds what a run's exceptions removed; the caller's transaction holds it. */
  addRun({ ruleId, slot, byException }: RunCounters): void {
    for (const [exception, removed] of byException ?? []) {
      this.fixed(SQL.addRun).run(ruleId, slot, exception, removed);
      this.fixed(SQL.addTotal).run(exception, removed, slot);
    }
  }

  removals(): ReadonlyMap<string, Removals> {
    const rows = this.guard(() => this.fixed(SQL.removals).all());
    return new Map(
      rows.map((row) => [
        row.exception as string,
        { removed: row.removed as number, lastSlot: row.last_slot as number },
      ]),
    );
  }

  runs(ruleId: string, limit: number): readonly RunRecord[] {
    return transaction(this.database, this.path, 'BEGIN', () => {
      const rows = this.fixed(SQL.runs).all(ruleId, limit);
      const oldest = rows.at(-1)?.slot as number | undefined;
      const removed = oldest === undefined ? [] : this.fixed(SQL.runExceptions).all(ruleId, oldest);
      const bySlot = Map.groupBy(removed, (row) => row.slot as number);
      return rows.map(({ slot, ...funnel }) => ({
        slot: slot as number,
        funnel: funnel as unknown as Funnel,
        byException: new Map(
          bySlot.get(slot as number)?.map((row) => [row.exception as string, row.removed as number]),
        ),
      }));
    });
  }

  alerts(rule: string | undefined, limit: number, after?: AlertPosition): readonly TriedAlert[] {
    const clauses = [
      ...(rule === undefined ? [] : ['rule_id = ?']),
      ...(after === undefined ? [] : ['(time_ms, seq) < (?, ?)']),
    ];
    const where = clauses.length === 0 ? '' : `WHERE ${clauses.join(' AND ')}`;
    const sql = `SELECT ${SUMMARY_COLUMNS}, document FROM alert JOIN alert_document USING (seq) ${where}
      ORDER BY time_ms DESC, seq DESC LIMIT ?`;
    const parameters = [rule, after?.timeMs, after?.seq, limit].filter((value) => value !== undefined);
    const rows = this.guard(() => this.statements.of(sql).all(...parameters));
    return rows.map((row) => ({
      alert: JSON.parse(row.document as string) as Alert,
      summary: summaryOf(row as unknown as SummaryRow),
      position: { timeMs: row.time_ms as number, seq: row.seq as number },
    }));
  }

  lists(): readonly ValueList[] {
    return this.guard(() => this.fixed(SQL.lists).all()).map(listOf);
  }

  list(id: string): ValueList | undefined {
    return this.found(id)?.list;
  }

  saveList({ id, name, type, description }: NewValueList, time: string): void {
    this.guard(() => this.fixed(SQL.saveList).run(id, name, type, description ?? null, time));
  }

  addValues(id: string, values: readonly string[], time: string): ValuesAdded | undefined {
    return this.write(() => {
      const seq = this.found(id)?.seq;
      if (seq === undefined) return undefined;
      let added = 0;
      for (const value of values) added += Number(this.fixed(SQL.addValue).run(seq, value).changes);
      this.fixed(SQL.resize).run(added, time, seq);
      return { added, known: values.length - added };
    });
  }

  removeValues(id: string, values: readonly string[], time: string): number | undefined {
    return this.write(() => {
      const seq = this.found(id)?.seq;
      if (seq === undefined) return undefined;
      let removed = 0;
      for (const value of values) removed += Number(this.fixed(SQL.removeValue).run(seq, value).changes);
      this.fixed(SQL.resize).run(-removed, time, seq);
      return removed;
    });
  }

  values(id: string, limit: number, after?: string): readonly string[] {
    return transaction(this.database, this.path, 'BEGIN', () => {
      const seq = this.found(id)?.seq;
      if (seq === undefined) return [];
      const rows =
        after === undefined
          ? this.fixed(SQL.firstValues).all(seq, limit)
          : this.fixed(SQL.nextValues).all(seq, after, limit);
      return rows.map((row) => row.value as string);
    });
  }

  removeList(id: string): boolean {
    return this.write(() => {
      const row = this.fixed(SQL.removeList).get(id);
      if (row === undefined) return false;
      this.fixed(SQL.leave).run(row.seq as number);
      return true;
    });
  }

  sweep(): boolean {
    return this.write(() => {
      const list = this.fixed(SQL.left).get()?.list as number | undefined;
      if (list === undefined) return false;
      const { changes } = this.fixed(SQL.sweep).run(list);
      if (Number(changes) < SWEEP) this.fixed(SQL.swept).run(list);
      return true;
    });
  }

  private found(id: string): { readonly seq: number; readonly list: ValueList } | undefined {
    const row = this.guard(() => this.fixed(SQL.list).get(id));
    return row === undefined ? undefined : { seq: row.seq as number, list: listOf(row) };
  }

  private write<T>(action: () => T): T {
    return transaction(this.database, this.path, 'BEGIN IMMEDIATE', action);
  }

  private guard<T>(action: () => T): T {
    return asStoreErrors(this.path, action);
  }

  private fixed(sql: (typeof SQL)[keyof typeof SQL]): StatementSync {
    return this.statements.of(sql);
  }
}

type Row = Record<string, unknown>;

function exceptionOf(row: Row): Exception {
  return JSON.parse(row.document as string) as Exception;
}

function listOf(row: Row): ValueList {
  return {
    id: row.id as string,
    name: row.name as string,
    type: row.type as ValueListType,
    ...(row.description === null ? {} : { description: row.description as string }),
    size: row.size as number,
    created: row.created as string,
    updated: row.updated as string,
  };
}
