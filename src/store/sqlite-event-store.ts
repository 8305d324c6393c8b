/**
 * The event store on SQLite, in one file: how an earlier Vedette kept its events, what is read of that when it is carried
 * over, and the simple store that the one of today is compared with.
 *
 *   append ──▶ event row (packed document) + one row for each term      one transaction, on the disk when it returns
 *   query  ──▶ by time, or along the rows of one term, the other terms looked up beside it
 *   prune  ──▶ too old out, a few milliseconds at a time
 *
 * The database comes in open and migrated.
 */
import { hash } from 'node:crypto';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { type Body, dictionaryOf, packBody, shelfOf, textOf, unpackBody } from './event-body.ts';
import { readCursor, writeCursor } from './event-cursor.ts';
import { EVENT_LIMITS, type EventLimits } from './event-limits.ts';
import type {
  EventFilter,
  EventPage,
  EventQuery,
  EventStore,
  EventStoreStatus,
  IndexedField,
  NewEvent,
  StoredEvent,
} from './event-store.ts';
import { CATEGORY_FIELD, hostTermOf, packTerms, type TermField, termOf, termsOf, unpackTerms } from './event-terms.ts';
import { scanPages } from './scan-pages.ts';
import { Statements } from './sqlite-statements.ts';
import { transaction } from './sqlite-transaction.ts';
import { asStoreErrors, StoreError } from './store-error.ts';

/** One step of pruning ends after this, and a few events more, which take under 1 ms. */
const PRUNE_MS = 2;
const PRUNE_EVENTS = 8;
const DEFAULT_LIMIT = 100;
const SCAN_PAGE = 500;
const DAY_MS = 24 * 3_600_000;
/** A first dictionary is made of what there is; once there are so many examples it is made anew. */
const EXAMPLES = 8;
/** Rows of a term looked at to find out which of several is the rarest. */
const RARITY_ROWS = 500;

const COLUMNS = 'e.seq, e.time_ms, e.ticks, e.ingested_ms, e.sample, e.dictionary, e.body';
const BY_TIME = { newest: 'DESC', oldest: 'ASC' } as const;

interface Dictionary {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly madeMs: number;
  readonly examples: number;
}

interface Selection {
  readonly from: string;
  readonly clauses: readonly string[];
  readonly parameters: readonly SQLInputValue[];
  /** The alias whose rows lie in the order of time. */
  readonly along: 'e' | 't';
}

/**
 * @param database open, of the newest schema; closed by the store's `close`.
 * @param path named in messages.
 * @param now epoch milliseconds, for the age of dictionaries and for when an event was stored.
 */
export function sqliteEventStore(
  database: DatabaseSync,
  path: string,
  limits: Pick<EventLimits, 'keepMs'> = EVENT_LIMITS,
  now: () => number = Date.now,
): EventStore {
  return new SqliteEventStore(database, path, limits, now);
}

class SqliteEventStore implements EventStore {
  private readonly database: DatabaseSync;
  private readonly path: string;
  private readonly limits: Pick<EventLimits, 'keepMs'>;
  private readonly now: () => number;
  private readonly statements: Statements;
  private readonly shelves = new Map<string, Dictionary>();
  private readonly dictionaries = new Map<number, Uint8Array>();
  private pruned = 0;

  constructor(database: DatabaseSync, path: string, limits: Pick<EventLimits, 'keepMs'>, now: () => number) {
    this.database = database;
    this.statements = new Statements(database);
    this.path = path;
    this.limits = limits;
    this.now = now;
  }

  async append(events: readonly NewEvent[]): Promise<void> {
    if (events.length === 0) return;
    try {
      this.change(() => this.insertAll(events));
    } catch (error) {
      // What was made in the transaction is gone with it.
      this.shelves.clear();
      this.dictionaries.clear();
      throw error;
    }
  }

  async known(ids: readonly string[]): Promise<ReadonlySet<string>> {
    return this.read(() => {
      const statement = this.statements.of('SELECT 1 FROM event WHERE key = ?');
      return new Set(ids.filter((id) => statement.get(keyOf(id)) !== undefined));
    });
  }

  async event(id: string): Promise<StoredEvent | undefined> {
    return this.read(() => {
      const row = this.statements.of(`SELECT ${COLUMNS} FROM event e WHERE key = ?`).get(keyOf(id));
      return row === undefined ? undefined : this.recordOf(row as unknown as Row);
    });
  }

  async query(query: EventQuery): Promise<EventPage> {
    const limit = query.limit ?? DEFAULT_LIMIT;
    const order = query.order ?? 'newest';
    return this.read(() => {
      const { from, clauses, parameters, along } = this.select(query, true);
      const down = BY_TIME[order];
      const sql = `SELECT ${COLUMNS} FROM ${from} WHERE ${clauses.join(' AND ')}
        ORDER BY ${along}.time_ms ${down}, ${along}.ticks ${down}, ${along}.seq ${down} LIMIT ?`;
      const rows = this.statements.of(sql).all(...parameters, limit + 1) as unknown as Row[];
      const shown = rows.slice(0, limit);
      const cursors = shown.map(({ time_ms, ticks, seq }) => writeCursor({ timeMs: time_ms, ticks, arrival: seq }));
      const next = rows.length > limit ? cursors.at(-1) : undefined;
      return { events: shown.map((row) => this.recordOf(row)), cursors, ...(next === undefined ? {} : { next }) };
    });
  }

  async count(filter: EventFilter, upTo = Number.MAX_SAFE_INTEGER): Promise<number> {
    return this.read(() => {
      const { from, clauses, parameters } = this.select(filter, false);
      const sql = `SELECT count(*) AS n FROM (SELECT 1 FROM ${from} WHERE ${clauses.join(' AND ')} LIMIT ?)`;
      return this.statements.of(sql).get(...parameters, upTo)?.n as number;
    });
  }

  scan(filter: EventFilter): AsyncIterable<StoredEvent> {
    return scanPages((query) => this.query(query), filter, SCAN_PAGE);
  }

  async hostsWith(field: IndexedField, value: string): Promise<number> {
    const sql = 'SELECT count(DISTINCT host) AS n FROM event_term WHERE term = ? AND host <> 0';
    return this.read(() => this.statements.of(sql).get(termOf(field, value))?.n as number);
  }

  async hosts(): Promise<number> {
    return this.read(() => this.statements.of('SELECT count(*) AS n FROM host WHERE host <> 0').get()?.n as number);
  }

  get lastArrival(): number {
    return this.statements.of('SELECT coalesce(max(seq), 0) AS n FROM event').get()?.n as number;
  }

  async prune(nowMs: number): Promise<boolean> {
    const oldest = nowMs - this.limits.keepMs;
    if (!this.hasOlderThan(oldest)) return false;
    const until = performance.now() + PRUNE_MS;
    return this.change(() => {
      while (performance.now() < until && this.removeOldest(PRUNE_EVENTS, oldest) === PRUNE_EVENTS);
      this.removeUnusedDictionaries();
      return this.hasOlderThan(oldest);
    });
  }

  async removeSample(): Promise<number> {
    return this.change(() => {
      const rows = this.statements.of(`${REMOVED} WHERE sample = 1`).all() as unknown as RemovedRow[];
      this.removeRows(rows);
      this.removeUnusedDictionaries();
      return rows.length;
    });
  }

  async status(): Promise<EventStoreStatus> {
    return this.read(() => {
      const events = this.statements.of('SELECT coalesce(sum(events), 0) AS n FROM host').get()?.n as number;
      const oldest = this.statements.of('SELECT min(time_ms) AS n FROM event').get()?.n as number | null;
      const newest = this.statements.of('SELECT max(time_ms) AS n FROM event').get()?.n as number | null;
      const bytes = this.pragma('page_count') * this.pragma('page_size');
      const times = oldest === null || newest === null ? {} : { oldest, newest };
      return { events, bytes, ...times, pruned: this.pruned, arrival: this.lastArrival };
    });
  }

  async close(): Promise<void> {
    if (this.database.isOpen) asStoreErrors(this.path, () => this.database.close());
  }

  private insertAll(events: readonly NewEvent[]): void {
    const byShelf = new Map<string, { event: NewEvent; text: string }[]>();
    const known = new Set<string>();
    for (const event of events) {
      if (
        known.has(event.id) ||
        this.statements.of('SELECT 1 FROM event WHERE key = ?').get(keyOf(event.id)) !== undefined
      ) {
        continue;
      }
      known.add(event.id);
      const shelf = shelfOf(event);
      const one = { event, text: textOf(event) };
      const others = byShelf.get(shelf);
      if (others === undefined) byShelf.set(shelf, [one]);
      else others.push(one);
    }
    const hosts = new Map<number, number>();
    for (const [shelf, stored] of byShelf) {
      const dictionary = this.dictionaryFor(
        shelf,
        stored.map(({ text }) => text),
      );
      for (const { event, text } of stored) this.insert(event, packBody(text, dictionary.bytes), dictionary.id, hosts);
      this.statements.of('UPDATE dictionary SET events = events + ? WHERE id = ?').run(stored.length, dictionary.id);
    }
    for (const [host, count] of hosts) {
      this.statements
        .of(
          'INSERT INTO host (host, events) VALUES (?, ?) ON CONFLICT (host) DO UPDATE SET events = events + excluded.events',
        )
        .run(host, count);
    }
  }

  private insert(event: NewEvent, body: Uint8Array, dictionary: number, hosts: Map<number, number>): void {
    const { id, timeMs, ticks, document, sample } = event;
    const terms = termsOf(document);
    const host = hostTermOf(document);
    const { lastInsertRowid: seq } = this.statements
      .of(
        'INSERT INTO event (key, time_ms, ticks, ingested_ms, host, sample, dictionary, terms, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(keyOf(id), timeMs, ticks, this.now(), host, sample ? 1 : 0, dictionary, packTerms(terms), body);
    const addTerm = this.statements.of(
      'INSERT INTO event_term (term, time_ms, ticks, seq, host) VALUES (?, ?, ?, ?, ?)',
    );
    for (const term of terms) addTerm.run(term, timeMs, ticks, seq, host);
    hosts.set(host, (hosts.get(host) ?? 0) + 1);
  }

  private dictionaryFor(shelf: string, texts: readonly string[]): Dictionary {
    const current = this.shelves.get(shelf) ?? this.newestDictionary(shelf);
    const isFresh = current !== undefined && Math.abs(this.now() - current.madeMs) < DAY_MS;
    if (isFresh && (current.examples >= EXAMPLES || texts.length <= current.examples)) {
      this.shelves.set(shelf, current);
      return current;
    }
    const examples = texts.slice(0, EXAMPLES);
    const bytes = dictionaryOf(examples);
    const madeMs = this.now();
    const { lastInsertRowid } = this.statements
      .of('INSERT INTO dictionary (shelf, made_ms, examples, bytes, events) VALUES (?, ?, ?, ?, 0)')
      .run(shelf, madeMs, examples.length, bytes);
    const made = { id: Number(lastInsertRowid), bytes, madeMs, examples: examples.length };
    this.shelves.set(shelf, made);
    return made;
  }

  private newestDictionary(shelf: string): Dictionary | undefined {
    const sql =
      'SELECT id, bytes, made_ms AS madeMs, examples FROM dictionary WHERE shelf = ? ORDER BY id DESC LIMIT 1';
    return this.statements.of(sql).get(shelf) as unknown as Dictionary | undefined;
  }

  private recordOf(row: Row): StoredEvent {
    return {
      ...this.unpack(row),
      timeMs: row.time_ms,
      ticks: row.ticks,
      sample: row.sample === 1,
      ingestedMs: row.ingested_ms,
      arrival: row.seq,
    };
  }

  private unpack({ body, dictionary }: Row): Body {
    try {
      return unpackBody(body, this.dictionary(dictionary));
    } catch (error) {
      const hint = 'Move it away while the service does not run: recent events are lost, alerts are not in it.';
      throw new StoreError('store-damaged', `An event in ${this.path} cannot be read.`, hint, error);
    }
  }

  private dictionary(id: number): Uint8Array {
    const known = this.dictionaries.get(id);
    if (known !== undefined) return known;
    const bytes = this.statements.of('SELECT bytes FROM dictionary WHERE id = ?').get(id)?.bytes as
      | Uint8Array
      | undefined;
    if (bytes === undefined) throw new Error(`there is no dictionary ${id}`);
    if (this.dictionaries.size >= DICTIONARIES_KEPT) this.dictionaries.clear();
    this.dictionaries.set(id, bytes);
    return bytes;
  }

  private select(query: EventQuery, paged: boolean): Selection {
    const terms = this.byRarity(queriedTerms(query));
    const [first, ...others] = terms;
    const along = first === undefined ? 'e' : 't';
    const clauses = ['TRUE'];
    const parameters: SQLInputValue[] = [];
    const add = (clause: string, ...values: SQLInputValue[]): void => {
      clauses.push(clause);
      parameters.push(...values);
    };
    if (first !== undefined) add('t.term = ?', first);
    if (query.from !== undefined) add(`${along}.time_ms >= ?`, query.from);
    if (query.to !== undefined) add(`${along}.time_ms < ?`, query.to);
    if (query.arrivedAfter !== undefined) add(`${along}.seq > ?`, query.arrivedAfter);
    if (query.ingestedFrom !== undefined) {
      add(`EXISTS (SELECT 1 FROM event i WHERE i.seq = ${along}.seq AND i.ingested_ms >= ?)`, query.ingestedFrom);
    }
    if (paged && query.cursor !== undefined) {
      const than = query.order === 'oldest' ? '>' : '<';
      add(`(${along}.time_ms, ${along}.ticks, ${along}.seq) ${than} (?, ?, ?)`, ...placeOf(query.cursor));
    }
    for (const term of others) {
      add(
        `EXISTS (SELECT 1 FROM event_term o
          WHERE o.term = ? AND o.time_ms = t.time_ms AND o.ticks = t.ticks AND o.seq = t.seq)`,
        term,
      );
    }
    if (first === undefined) return { from: 'event e', clauses, parameters, along };
    const from = paged ? 'event_term t CROSS JOIN event e ON e.seq = t.seq' : 'event_term t';
    return { from, clauses, parameters, along };
  }

  /** The rarest first: along its rows the walk is shortest. */
  private byRarity(terms: readonly number[]): readonly number[] {
    if (terms.length < 2) return terms;
    const sql = `SELECT count(*) AS n FROM (SELECT 1 FROM event_term WHERE term = ? LIMIT ${RARITY_ROWS})`;
    const rows = new Map(terms.map((term) => [term, this.statements.of(sql).get(term)?.n as number]));
    return [...terms].sort((a, b) => (rows.get(a) as number) - (rows.get(b) as number));
  }

  private removeUnusedDictionaries(): void {
    if (this.statements.of('DELETE FROM dictionary WHERE events <= 0').run().changes === 0) return;
    this.shelves.clear();
    this.dictionaries.clear();
  }

  private removeOldest(count: number, beforeMs: number): number {
    const sql = `${REMOVED} WHERE time_ms < ? ORDER BY time_ms, ticks, seq LIMIT ?`;
    const rows = this.statements.of(sql).all(beforeMs, count) as unknown as RemovedRow[];
    this.removeRows(rows);
    this.pruned += rows.length;
    return rows.length;
  }

  private removeRows(rows: readonly RemovedRow[]): void {
    const removeTerm = this.statements.of(
      'DELETE FROM event_term WHERE term = ? AND time_ms = ? AND ticks = ? AND seq = ?',
    );
    const removeEvent = this.statements.of('DELETE FROM event WHERE seq = ?');
    const hosts = new Map<number, number>();
    const dictionaries = new Map<number, number>();
    for (const { seq, time_ms, ticks, host, dictionary, terms } of rows) {
      for (const term of unpackTerms(terms)) removeTerm.run(term, time_ms, ticks, seq);
      removeEvent.run(seq);
      hosts.set(host, (hosts.get(host) ?? 0) + 1);
      dictionaries.set(dictionary, (dictionaries.get(dictionary) ?? 0) + 1);
    }
    for (const [host, count] of hosts) {
      this.statements.of('UPDATE host SET events = events - ? WHERE host = ?').run(count, host);
    }
    this.statements.of('DELETE FROM host WHERE events <= 0').run();
    for (const [id, count] of dictionaries) {
      this.statements.of('UPDATE dictionary SET events = events - ? WHERE id = ?').run(count, id);
    }
  }

  private hasOlderThan(timeMs: number): boolean {
    return this.statements.of('SELECT 1 FROM event WHERE time_ms < ? LIMIT 1').get(timeMs) !== undefined;
  }

  private pragma(name: 'page_count' | 'page_size'): number {
    return this.statements.of(`PRAGMA ${name}`).get()?.[name] as number;
  }

  private change<T>(action: () => T): T {
    return transaction(this.database, this.path, 'BEGIN IMMEDIATE', action);
  }

  private read<T>(action: () => T): T {
    return transaction(this.database, this.path, 'BEGIN', action);
  }
}

const DICTIONARIES_KEPT = 100;
const REMOVED = 'SELECT seq, time_ms, ticks, host, dictionary, terms FROM event';

interface Row {
  readonly seq: number;
  readonly time_ms: number;
  readonly ticks: number;
  readonly ingested_ms: number;
  readonly sample: number;
  readonly dictionary: number;
  readonly body: Uint8Array;
}

interface RemovedRow {
  readonly seq: number;
  readonly time_ms: number;
  readonly ticks: number;
  readonly host: number;
  readonly dictionary: number;
  readonly terms: Uint8Array;
}

function keyOf(id: string): Uint8Array {
  return hash('sha256', id, 'buffer').subarray(0, 16);
}

function queriedTerms({ where = {}, category }: EventQuery): readonly number[] {
  const wanted = Object.entries(where) as [TermField, string][];
  if (category !== undefined) wanted.push([CATEGORY_FIELD, category]);
  return [...new Set(wanted.map(([field, value]) => termOf(field, value)))];
}

function placeOf(cursor: string): readonly number[] {
  const { timeMs, ticks, arrival } = readCursor(cursor);
  return [timeMs, ticks, arrival];
}
