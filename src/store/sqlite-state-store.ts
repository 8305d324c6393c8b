/**
 * The state store on SQLite.
 *
 * Writes are one immediate transaction each; a list and its counts are read in one transaction, so they agree. The
 * newest alerts, counts and histograms answer from indexes (measured by bench/alert-store.ts). The database comes in
 * open and migrated; `open-state-store.ts` does that for a folder.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { CorrelationRow } from '../correlate/correlator.ts';
import type { Alert, AlertStatus, CloseReason, Funnel } from '../detect/alert.ts';
import type { SuppressionWindow } from '../detect/suppression.ts';
import type { Severity } from '../rule/rule.ts';
import { cursorAfter } from './alert-order.ts';
import type { AlertPage, AlertQuery, AlertSummary, Histogram, HistoryEntry } from './alert-query.ts';
import {
  columnsOf,
  creditOf,
  INSERT_COLUMNS,
  type PackedRaw,
  packRaw,
  SEVERITIES,
  STATUSES,
  SUMMARY_COLUMNS,
  type SummaryRow,
  searchedText,
  summaryOf,
  unpackRaw,
} from './alert-row.ts';
import { type AlertSelection, type Condition, isProblem, NO_BLOCKS, selectAlerts } from './alert-selection.ts';
import { type HistogramGrid, histogramGrid } from './histogram-grid.ts';
import { SqliteExceptionStore } from './sqlite-exception-store.ts';
import { SqliteRuleStore } from './sqlite-rule-store.ts';
import { SqliteRunStore } from './sqlite-run-store.ts';
import { SqliteSuppression } from './sqlite-suppression.ts';
import { transaction } from './sqlite-transaction.ts';
import { SqliteTriageStore } from './sqlite-triage-store.ts';
import {
  type AlertStatusChange,
  ARRIVAL_SETTING,
  type Commit,
  type NewAlert,
  type RunCounters,
  SAMPLE_SOURCE,
  type StateStore,
  type StoredAlert,
} from './state-store.ts';
import { asStoreErrors } from './store-error.ts';

const FUNNEL = ['matched', 'excepted', 'suppressed', 'duplicate', 'capped', 'created'] as const;

/**
 * From how many finds on a search is looked up along an order instead of leading to its rows: reading a row by number
 * costs about 2 µs, so 5,000 cost 10 ms (bench/alert-store.ts).
 */
const MANY_FOUND = 5_000;
/** Documents of alerts in memory at a time, for rules over alerts. */
const FEED_PAGE = 200;

const SQL = {
  addCredit: 'INSERT OR IGNORE INTO rule_credit (credit) VALUES (?)',
  insertAlert: `INSERT INTO alert (${INSERT_COLUMNS.join()}, credit)
    VALUES (${INSERT_COLUMNS.map(() => '?').join()}, (SELECT seq FROM rule_credit WHERE credit = ?))
    ON CONFLICT (id) DO NOTHING`,
  insertDocument: 'INSERT INTO alert_document (seq, document, raw, raw_encoding) VALUES (?, ?, ?, ?)',
  insertBlock: 'INSERT INTO building_block (seq) VALUES (?)',
  insertSearch: 'INSERT INTO alert_search (rowid, search) VALUES (?, ?)',
  setPosition: `INSERT INTO source_position (source, position) VALUES (?, ?)
    ON CONFLICT (source) DO UPDATE SET position = excluded.position`,
  addRun: `INSERT INTO run (rule_id, slot, ${FUNNEL.join()}) VALUES (?, ?, ${FUNNEL.map(() => '?').join()})
    ON CONFLICT (rule_id, slot) DO UPDATE SET ${FUNNEL.map((name) => `${name} = ${name} + excluded.${name}`).join()}`,
  setCorrelation: `INSERT INTO correlation (plan, key, state) VALUES (?, ?, ?)
    ON CONFLICT (plan, key) DO UPDATE SET state = excluded.state`,
  deleteCorrelation: 'DELETE FROM correlation WHERE plan = ? AND key = ?',
  correlation: 'SELECT plan, key, state FROM correlation',
  position: 'SELECT position FROM source_position WHERE source = ?',
  hasAlert: 'SELECT 1 FROM alert WHERE id = ?',
  run: `SELECT ${FUNNEL.join()} FROM run WHERE rule_id = ? AND slot = ?`,
  alert: `SELECT seq, status, close_reason, comment, fold, incident, document, raw, raw_encoding
    FROM alert JOIN alert_document USING (seq) WHERE id = ?`,
  history: 'SELECT time, status, close_reason, comment, author FROM alert_history WHERE seq = ? ORDER BY position',
  status: 'SELECT seq, status, incident FROM alert WHERE id = ?',
  setStatus: 'UPDATE alert SET status = ?, close_reason = ?, comment = ? WHERE seq = ?',
  addHistory: `INSERT INTO alert_history (seq, position, time, status, close_reason, comment, author)
    SELECT ?1, coalesce(max(position) + 1, 0), ?2, ?3, ?4, ?5, ?6 FROM alert_history WHERE seq = ?1`,
  // By severity too, because that is how the index stands.
  countByStatus: `SELECT status, count(*) AS n FROM alert WHERE ${NO_BLOCKS} GROUP BY severity, status`,
  createdSince: `SELECT document FROM alert JOIN alert_document USING (seq)
    WHERE created >= ? AND created < ? ORDER BY created, seq LIMIT ? OFFSET ?`,
  countSample: 'SELECT count(*) AS n FROM alert WHERE sample = 1',
  countByRule: 'SELECT rule_id, count(*) AS n FROM alert GROUP BY rule_id',
  deleteSampleSearch: 'DELETE FROM alert_search WHERE rowid IN (SELECT seq FROM alert WHERE sample = 1)',
  deleteSample: 'DELETE FROM alert WHERE sample = 1',
  // What the sample's events left behind: plans that begin with “sample ”.
  deleteSampleCorrelation: "DELETE FROM correlation WHERE plan >= 'sample ' AND plan < 'sample!'",
  deletePosition: 'DELETE FROM source_position WHERE source = ?',
  setting: 'SELECT value FROM setting WHERE key = ?',
  setSetting: `INSERT INTO setting (key, value) VALUES (?, ?)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
} as const;

/**
 * @param database open, of the newest schema; closed by the store's `close`.
 * @param path named in messages.
 */
export function sqliteStateStore(database: DatabaseSync, path: string): StateStore {
  return new SqliteStateStore(database, path);
}

class SqliteStateStore implements StateStore {
  readonly exceptions: SqliteExceptionStore;
  readonly triage: SqliteTriageStore;
  readonly runLog: SqliteRunStore;
  readonly rules: SqliteRuleStore;
  private readonly suppression: SqliteSuppression;
  private readonly database: DatabaseSync;
  private readonly path: string;
  private readonly prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, path: string) {
    this.database = database;
    this.path = path;
    this.exceptions = new SqliteExceptionStore(database, path);
    this.triage = new SqliteTriageStore(database, path);
    this.runLog = new SqliteRunStore(database, path);
    this.rules = new SqliteRuleStore(database, path);
    this.suppression = new SqliteSuppression(database);
  }

  commit(commit: Commit): void {
    const { changed, removed } = commit.correlation ?? { changed: [], removed: [] };
    const { suppressed = [], finished = [], gaps = [] } = commit;
    const rows = [commit.alerts, commit.positions, commit.runs, suppressed, changed, removed, finished, gaps];
    if (rows.every(({ length }) => length === 0)) return;
    this.transaction('BEGIN IMMEDIATE', () => {
      this.addAlerts(commit.alerts, suppressed);
      for (const { source, position } of commit.positions) this.fixed(SQL.setPosition).run(source, position);
      for (const run of commit.runs) this.addRun(run);
      for (const { plan, key } of removed) this.fixed(SQL.deleteCorrelation).run(plan, key);
      for (const { plan, key, state } of changed) this.fixed(SQL.setCorrelation).run(plan, key, state);
      if (commit.arrival !== undefined) this.fixed(SQL.setSetting).run(ARRIVAL_SETTING, String(commit.arrival));
      for (const gap of gaps) this.runLog.joinGap(gap);
      for (const run of finished) this.runLog.end(run);
    });
  }

  position(source: string): string | undefined {
    return this.guard(() => this.fixed(SQL.position).get(source)?.position) as string | undefined;
  }

  correlationRows(): readonly CorrelationRow[] {
    const rows = this.guard(() => this.fixed(SQL.correlation).all());
    return rows.map(({ plan, key, state }) => ({ plan, key, state }) as CorrelationRow);
  }

  hasAlert(id: string): boolean {
    return this.guard(() => this.fixed(SQL.hasAlert).get(id) !== undefined);
  }

  suppressionWindow(ruleId: string, group: string, time: number, ahead: number): SuppressionWindow | undefined {
    return this.guard(() => this.suppression.window(ruleId, group, time, ahead));
  }

  isSuppressed(id: string): boolean {
    return this.guard(() => this.suppression.isCounted(id));
  }

  *alertsCreated(from: number, to: number): Iterable<Alert> {
    const times = [from, to].map((time) => new Date(time).toISOString());
    for (let passed = 0; ; passed += FEED_PAGE) {
      const rows = this.guard(() => this.fixed(SQL.createdSince).all(...times, FEED_PAGE, passed));
      for (const { document } of rows) yield JSON.parse(document as string) as Alert;
      if (rows.length < FEED_PAGE) return;
    }
  }

  runCounters(ruleId: string, slot: number): Funnel {
    const row = this.guard(() => this.fixed(SQL.run).get(ruleId, slot));
    return Object.fromEntries(FUNNEL.map((name) => [name, row?.[name] ?? 0])) as unknown as Funnel;
  }

  alerts(query: AlertQuery): AlertPage {
    const selection = selectionOf(query);
    return this.transaction('BEGIN', () => {
      const found = timed(this.found(selection), selection);
      const { heads, counts } = selection.isFolded
        ? this.folded(found)
        : { heads: found, counts: this.countBySeverity(found) };
      const rows = this.page(heads, selection);
      const last = rows.length > selection.limit ? rows[selection.limit - 1] : undefined;
      const alerts = rows.slice(0, selection.limit);
      return {
        alerts: selection.isFolded ? this.withFolded(alerts) : alerts.map(summaryOf),
        total: totalOf(counts),
        by_severity: Object.fromEntries(counts),
        ...(last === undefined ? {} : { next: cursorOf(selection, last) }),
      };
    });
  }

  histogram(query: AlertQuery, buckets: number): Histogram {
    const selection = selectionOf(query);
    return this.transaction('BEGIN', () => {
      const filter = this.found(selection);
      const { from, to } = this.span(filter, selection);
      const grid = histogramGrid(from, to, buckets);
      return {
        from: new Date(grid.start).toISOString(),
        to: new Date(grid.start + grid.count * grid.width).toISOString(),
        bucket_ms: grid.width,
        counts: this.countByBar(filter, grid, from, to),
      };
    });
  }

  alert(id: string): StoredAlert | undefined {
    return this.transaction('BEGIN', () => {
      const row = this.fixed(SQL.alert).get(id);
      if (row === undefined) return undefined;
      const history = this.fixed(SQL.history).all(row.seq as number);
      const raw = row.raw as Uint8Array | null;
      const alert = JSON.parse(row.document as string) as Alert;
      const standsFor = alert.suppression && { ...alert.suppression, ...this.suppression.of(row.seq as number) };
      return {
        alert: standsFor === undefined ? alert : { ...alert, suppression: standsFor },
        ...triageOf(row),
        history: history.map(historyEntryOf),
        ...this.triage.beside(row.seq as number, row.fold as number),
        ...(row.incident === null ? {} : { incident: String(row.incident) }),
        ...(raw === null
          ? {}
          : { raw: unpackRaw({ bytes: raw, encoding: row.raw_encoding as PackedRaw['encoding'] }) }),
      };
    });
  }

  setStatus(id: string, change: AlertStatusChange): boolean {
    const triage = [STATUSES.indexOf(change.status), change.reason ?? null, change.comment ?? null];
    return this.transaction('BEGIN IMMEDIATE', () => {
      const row = this.fixed(SQL.status).get(id);
      if (row === undefined) return false;
      const seq = row.seq as number;
      this.fixed(SQL.setStatus).run(...triage, seq);
      this.fixed(SQL.addHistory).run(seq, change.time, ...triage, change.by ?? null);
      const wasClosed = STATUSES[row.status as number] === 'closed';
      const isClosed = change.status === 'closed';
      if (wasClosed !== isClosed) this.triage.decided(seq, row.incident as number | null, isClosed);
      return true;
    });
  }

  counts(): { open: number; acknowledged: number; closed: number; sample: number } {
    return this.transaction('BEGIN', () => {
      const counts = { open: 0, acknowledged: 0, closed: 0, sample: 0 };
      for (const row of this.fixed(SQL.countByStatus).all()) {
        counts[STATUSES[row.status as number] as AlertStatus] += row.n as number;
      }
      counts.sample = this.fixed(SQL.countSample).get()?.n as number;
      return counts;
    });
  }

  alertsByRule(): ReadonlyMap<string, number> {
    const rows = this.guard(() => this.fixed(SQL.countByRule).all());
    return new Map(rows.map((row) => [row.rule_id as string, row.n as number]));
  }

  removeSample(): number {
    return this.transaction('BEGIN IMMEDIATE', () => {
      this.fixed(SQL.deleteSampleSearch).run();
      const { changes } = this.fixed(SQL.deleteSample).run();
      this.triage.removeSample();
      this.fixed(SQL.deleteSampleCorrelation).run();
      this.fixed(SQL.deletePosition).run(SAMPLE_SOURCE);
      return Number(changes);
    });
  }

  setting(key: string): string | undefined {
    return this.guard(() => this.fixed(SQL.setting).get(key)?.value) as string | undefined;
  }

  setSetting(key: string, value: string): void {
    this.guard(() => this.fixed(SQL.setSetting).run(key, value));
  }

  close(): void {
    if (this.database.isOpen) this.guard(() => this.database.close());
  }

  /** One whose group another commit has opened a window for since is counted there instead. */
  private addAlerts(alerts: readonly NewAlert[], suppressed: NonNullable<Commit['suppressed']>): void {
    const created = new Set(suppressed.length === 0 ? [] : alerts.map(({ alert }) => alert.id));
    const overtaken = new Map<string, number>();
    for (const change of suppressed) {
      const by = created.has(change.alertId) ? this.suppression.overtakenBy(change) : undefined;
      if (by !== undefined) overtaken.set(change.alertId, by);
    }
    for (const one of alerts) if (!overtaken.has(one.alert.id)) this.insertAlert(one);
    for (const change of suppressed) this.suppression.record(change, overtaken.get(change.alertId));
  }

  private insertAlert({ alert, raw }: NewAlert): void {
    const credit = creditOf(alert.rule);
    this.fixed(SQL.addCredit).run(credit);
    const { changes, lastInsertRowid } = this.fixed(SQL.insertAlert).run(...columnsOf(alert), credit);
    if (changes === 0) return;
    this.fixed(SQL.insertSearch).run(lastInsertRowid, searchedText(alert));
    const packed = raw === undefined ? undefined : packRaw(raw);
    const document = JSON.stringify(alert);
    this.fixed(SQL.insertDocument).run(lastInsertRowid, document, packed?.bytes ?? null, packed?.encoding ?? null);
    if (alert.building_block === true) this.fixed(SQL.insertBlock).run(lastInsertRowid);
    this.triage.place(Number(lastInsertRowid), alert);
  }

  private addRun(run: RunCounters): void {
    this.fixed(SQL.addRun).run(run.ruleId, run.slot, ...FUNNEL.map((name) => run.funnel[name]));
    this.exceptions.addRun(run);
  }

  /**
   * The filter with its search. What is found is put aside once, for the page, the counts and the bars alike; few
   * finds then lead to their rows, many are looked up along the index that gives the order.
   */
  private found({ filter, search }: AlertSelection): Condition {
    if (search === undefined) return filter;
    this.database.exec('CREATE TEMP TABLE IF NOT EXISTS found (seq INTEGER PRIMARY KEY); DELETE FROM temp.found');
    const clauses = search.short.map(() => 'instr(search, ?) > 0');
    if (search.match !== undefined) clauses.unshift('alert_search MATCH ?');
    const texts = search.match === undefined ? search.short : [search.match, ...search.short];
    const { changes } = this.database
      .prepare(`INSERT INTO temp.found SELECT rowid FROM alert_search WHERE ${clauses.join(' AND ')}`)
      .run(...texts);
    const seq = Number(changes) > MANY_FOUND ? '+seq' : 'seq';
    return { ...filter, clauses: [...filter.clauses, `${seq} IN (SELECT seq FROM temp.found)`] };
  }

  /**
   * The heads of the groups with an alert that the filter holds for, as a condition, and their counts by severity. A
   * filter by status alone may hold for most groups: these are counted along the index of groups, and each row of the
   * order is asked whether it is a head of one, which a page has soon enough of. Fewer are put aside first.
   */
  private folded(found: Condition): { readonly heads: Condition; readonly counts: SeverityCounts } {
    const where = whereOf(found);
    if (found.clauses.every((clause) => clause.startsWith('status IN') || clause === NO_BLOCKS)) {
      const groups = `SELECT fold_severity AS severity FROM alert ${where} GROUP BY fold, fold_severity`;
      const counts = this.severities(`SELECT severity, count(*) AS n FROM (${groups}) GROUP BY severity`, found);
      const stored = this.query('SELECT max(seq) AS n FROM alert', [])[0]?.n as number | null;
      const total = totalOf(counts);
      if (total > MANY_FOUND && total > (stored ?? 0) / 2) {
        const clauses = [...found.clauses, 'member.fold = alert.seq'];
        const isHead = `EXISTS (SELECT 1 FROM alert AS member ${whereOf({ clauses })})`;
        return { heads: { clauses: [isHead], parameters: found.parameters }, counts };
      }
    }
    this.database.exec(
      'CREATE TEMP TABLE IF NOT EXISTS head (seq INTEGER PRIMARY KEY, severity INTEGER NOT NULL); DELETE FROM temp.head',
    );
    this.database
      .prepare(`INSERT OR IGNORE INTO temp.head SELECT fold, fold_severity FROM alert ${where}`)
      .run(...found.parameters);
    const nothing = { clauses: [], parameters: [] };
    const counts = this.severities('SELECT severity, count(*) AS n FROM temp.head GROUP BY severity', nothing);
    const seq = totalOf(counts) > MANY_FOUND ? '+seq' : 'seq';
    return { heads: { clauses: [`${seq} IN (SELECT seq FROM temp.head)`], parameters: [] }, counts };
  }

  private withFolded(rows: readonly PageRow[]): readonly AlertSummary[] {
    const heads = rows.map(({ seq }) => seq).join();
    const counts = this.query(
      `SELECT fold, count(*) AS alerts, count(DISTINCT rule_id) AS rules FROM alert WHERE fold IN (${heads}) GROUP BY fold`,
      [],
    );
    const folded = new Map(
      counts.map(({ fold, alerts, rules }) => [fold, { alerts: alerts as number, rules: rules as number }]),
    );
    return rows.map((row) => ({ ...summaryOf(row), folded: folded.get(row.seq) ?? { alerts: 1, rules: 1 } }));
  }

  /** The page's rows and, where there is more, one row beyond. */
  private page(filter: Condition, { after, order, limit }: AlertSelection): readonly PageRow[] {
    const where = whereOf({ clauses: [...ranked(filter).clauses, ...after.clauses] });
    const sql = `SELECT ${SUMMARY_COLUMNS} FROM alert ${where} ORDER BY ${order.orderBy} LIMIT ${limit + 1}`;
    return this.query(sql, [...filter.parameters, ...after.parameters]) as unknown as readonly PageRow[];
  }

  private countBySeverity(filter: Condition): SeverityCounts {
    return this.severities(`SELECT severity, count(*) AS n FROM alert ${whereOf(filter)} GROUP BY severity`, filter);
  }

  /** The highest first. */
  private severities(sql: string, { parameters }: Condition): SeverityCounts {
    const rows = this.query(`${sql} ORDER BY severity DESC`, parameters);
    return rows.map((row) => [SEVERITIES[row.severity as number] as Severity, row.n as number]);
  }

  /** One count a bar, each a range of an index, takes a fifth of what grouping by a computed bar takes. */
  private countByBar(filter: Condition, grid: HistogramGrid, from: number, to: number): readonly number[] {
    const start = `max(${from}, ${grid.start} + n * ${grid.width})`;
    const end = `min(${to}, ${grid.start} + (n + 1) * ${grid.width})`;
    const clauses = [...ranked(filter).clauses, `time_ms >= ${start}`, `time_ms < ${end}`];
    const sql = `WITH RECURSIVE bar (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM bar WHERE n + 1 < ${grid.count})
      SELECT (SELECT count(*) FROM alert ${whereOf({ clauses })}) AS count FROM bar ORDER BY n`;
    return grid.count === 0 ? [] : this.query(sql, filter.parameters).map((row) => row.count as number);
  }

  /** The time range asked for; an end left open is that of the alerts themselves. */
  private span(filter: Condition, { from, to }: Bounds): { readonly from: number; readonly to: number } {
    if (from !== undefined && to !== undefined) return { from, to };
    const { clauses, parameters } = timed(filter, { from, to });
    const bound = (which: string): number | undefined =>
      this.query(`SELECT ${which} AS ms FROM alert ${whereOf({ clauses })}`, parameters)[0]?.ms as number | undefined;
    const first = from ?? bound('min(time_ms)') ?? to ?? 0;
    return { from: first, to: to ?? (bound('max(time_ms)') ?? first - 1) + 1 };
  }

  private query(sql: string, parameters: readonly SQLInputValue[]): readonly Row[] {
    return this.database.prepare(sql).all(...parameters);
  }

  /** A statement whose text never changes, prepared once. */
  private fixed(sql: (typeof SQL)[keyof typeof SQL]): StatementSync {
    const known = this.prepared.get(sql);
    if (known !== undefined) return known;
    const statement = this.database.prepare(sql);
    this.prepared.set(sql, statement);
    return statement;
  }

  private transaction<T>(begin: 'BEGIN' | 'BEGIN IMMEDIATE', action: () => T): T {
    return transaction(this.database, this.path, begin, action);
  }

  private guard<T>(action: () => T): T {
    return asStoreErrors(this.path, action);
  }
}

type Row = Record<string, unknown>;
type SeverityCounts = readonly (readonly [Severity, number])[];

function totalOf(counts: SeverityCounts): number {
  return counts.reduce((sum, [, n]) => sum + n, 0);
}

type PageRow = SummaryRow & { readonly seq: number; readonly time_ms: number };

function selectionOf(query: AlertQuery): AlertSelection {
  const selection = selectAlerts(query);
  if (isProblem(selection)) throw new TypeError(`The query was not checked: ${selection.message}`);
  return selection;
}

/** A unary plus keeps SQLite from choosing an index for these over the one that gives the order or the range. */
function ranked(filter: Condition): Condition {
  return { ...filter, clauses: filter.clauses.map((clause) => clause.replace(/^(status|severity) IN/, '+$1 IN')) };
}

type Bounds = Pick<AlertSelection, 'from' | 'to'>;

function timed(filter: Condition, { from, to }: Bounds): Condition {
  const clauses = [...filter.clauses];
  if (from !== undefined) clauses.push(`time_ms >= ${from}`);
  if (to !== undefined) clauses.push(`time_ms < ${to}`);
  return { ...filter, clauses };
}

function cursorOf({ order }: AlertSelection, row: PageRow): string {
  const value = row[order.column as keyof PageRow] as string | number;
  return cursorAfter(order, { value, time: row.time_ms, seq: row.seq });
}

function whereOf({ clauses }: Pick<Condition, 'clauses'>): string {
  return clauses.length === 0 ? '' : `WHERE ${clauses.join(' AND ')}`;
}

function historyEntryOf(row: Row): HistoryEntry {
  return { time: row.time as string, ...triageOf(row), ...(row.author === null ? {} : { by: row.author as string }) };
}

function triageOf(row: Row): { status: AlertStatus; close_reason?: CloseReason; comment?: string } {
  return {
    status: STATUSES[row.status as number] as AlertStatus,
    ...(row.close_reason === null ? {} : { close_reason: row.close_reason as CloseReason }),
    ...(row.comment === null ? {} : { comment: row.comment as string }),
  };
}
