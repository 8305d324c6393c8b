/**
 * Answers from a folder of events: its segments through DuckDB, and what is in none of them yet from the log.
 *
 *   question ──look──▶ parts (leased) ─┬─▶ tail: in memory
 *                                      └─▶ segments that can matter ──places──▶ merged, cut ──▶ their documents
 *
 * A page is found in two steps because documents are what a segment is made of: first the places of its events, from
 * narrow columns, then the documents of these few. Segments are asked in the order of the answer, and no more of them
 * than it takes. One that cannot be read is set aside, and the question asked again without it.
 */
import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { quote } from '../../dialect/duckdb/sql-text.ts';
import { comparePlaces, type EventPlace, readCursor, writeCursor } from '../event-cursor.ts';
import type {
  EventFilter,
  EventPage,
  EventQuery,
  EventReader,
  EventStoreStatus,
  IndexedField,
  StoredEvent,
} from '../event-store.ts';
import { scanPages } from '../scan-pages.ts';
import { StoreError } from '../store-error.ts';
import { type DuckLimits, type DuckRow, openDuck, rowsOf, withConnection } from './duck.ts';
import { type EventFiles, numberOf } from './event-files.ts';
import { COLUMNS_VERSION, type EventLine, type EventRow, eventOfRow } from './event-line.ts';
import { EventTail, placeOf } from './event-tail.ts';
import { unfilledColumns } from './filled-columns.ts';
import { LEASE_MS, type Manifest, type Parts, type Segment } from './manifest.ts';
import { KeyShelf, keyOf } from './segment-keys.ts';
import {
  ALL_COLUMNS,
  allColumns,
  conditionOf,
  FROM_NOTHING,
  fromAlike,
  fromLogs,
  fromSegments,
  type PlaceBounds,
} from './segment-sql.ts';
import { statusOf } from './segment-status.ts';
import { isSelective, slicesOf } from './time-slices.ts';
import { evenColumns } from './uneven-columns.ts';

const READ_LIMITS = { threads: 2, memoryMb: 384 };
const DEFAULT_LIMIT = 100;
/** Documents of a page of a scan, as text; two pages are held. */
const SCAN_BYTES = 8 * 1024 * 1024;
const SCAN_ROWS = 10_000;
const INTERRUPT_MS = 50;
const SECOND_VERSION = 2;
/** So many events are asked for one by one; of more, everything between the first and the last. */
const MOST_NAMED = 300;

const ROW_COLUMNS = `arrival::DOUBLE, id, time_ms::DOUBLE, ticks::DOUBLE, ingested_ms::DOUBLE, format,
  to_json(data_streams)::VARCHAR, to_json(stands_in_for)::VARCHAR, sample, origin, document`;

interface Hit extends EventPlace {
  /** Of its segment; absent in the log. */
  readonly segment?: number;
}

/** What is done with events of a range: asked in SQL, of a relation that holds them. See `SegmentReader.withRange`. */
export type RangeAction<T> = (
  connection: DuckDBConnection,
  relation: string,
  instance: DuckDBInstance,
  facts: RangeFacts,
) => Promise<T>;

/** What all rows of a relation have in common. */
export interface RangeFacts {
  /** Whether each was written with every column. */
  readonly isCurrent: boolean;
  /** Columns (of `more`, `irregular` and the fields) in which none has anything. */
  readonly empty: ReadonlySet<string>;
  /** Columns of texts that DuckDB's `lower` gives the lower case of, and lists of texts that it leaves as they are. */
  readonly lowered: ReadonlySet<string>;
  /** Event times, epoch milliseconds, none of which lies outside, both inclusive; absent where they are not known. */
  readonly times?: { readonly from: number; readonly to: number };
}

export class SegmentReader implements EventReader {
  private readonly files: EventFiles;
  private readonly manifest: Manifest;
  private readonly tail: EventTail;
  private readonly shelf: KeyShelf;
  private readonly leaseId = randomUUID();
  private parts: Parts | undefined;
  private leased = { generation: -1, untilMs: 0 };
  /** How many questions read the parts of a generation. */
  private readonly uses = new Map<number, number>();
  private readonly unreadable = new Set<number>();
  private duck: Promise<DuckDBInstance> | undefined;
  private readonly asking = new Set<Promise<unknown>>();
  private readonly isManifestOwn: boolean;
  private readonly limits: DuckLimits;
  private isClosed = false;

  /**
   * @param manifest open. Where it is read-only no lease is taken.
   * @param isManifestOwn whether it is closed with the reader
   */
  constructor(files: EventFiles, manifest: Manifest, isManifestOwn: boolean, limits: DuckLimits = READ_LIMITS) {
    this.isManifestOwn = isManifestOwn;
    this.limits = limits;
    this.files = files;
    this.manifest = manifest;
    this.tail = new EventTail(files);
    this.shelf = new KeyShelf(files);
  }

  async event(id: string): Promise<StoredEvent | undefined> {
    return this.using(async ({ segments }) => {
      const line = this.tail.find(id.toWellFormed());
      if (line !== undefined) return eventOfRow(line);
      const key = keyOf(id);
      for (const segment of segments) {
        const place = this.shelf.placeOf(key, segment);
        if (place === 'absent') continue;
        const atTime = place === 'unknown' ? '' : `time_ms = ${place} AND `;
        const [found] = await this.rows([segment], `${atTime}id = ${quote(id)}`);
        if (found !== undefined) return eventOfRow(found);
      }
      return undefined;
    });
  }

  async query(query: EventQuery): Promise<EventPage> {
    const { order = 'newest', limit = DEFAULT_LIMIT } = query;
    const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor);
    const bounds: PlaceBounds = order === 'oldest' ? { after: cursor } : { before: cursor };
    return this.using(async ({ segments }) => {
      const lines = this.tail.select(query, bounds, order, limit + 1);
      const hits = await this.places(segments, query, bounds, order, limit + 1, lines.map(placeOf));
      const shown = hits.slice(0, limit);
      const byArrival = await this.eventsAt(shown, segments, query);
      for (const line of lines) byArrival.set(line.arrival, line);
      const cursors = shown.map(writeCursor);
      const next = hits.length > limit ? cursors.at(-1) : undefined;
      const events = shown.map(({ arrival }) => eventOfRow(byArrival.get(arrival) as EventRow));
      return { events, cursors, ...(next === undefined ? {} : { next }) };
    });
  }

  scan(filter: EventFilter): AsyncIterable<StoredEvent> {
    const { segments } = this.look();
    const rows = segments.reduce((sum, segment) => sum + segment.rows, 0);
    const bytes = segments.reduce((sum, segment) => sum + segment.documentBytes, 0);
    const fitting = rows === 0 ? SCAN_ROWS : Math.floor(SCAN_BYTES / Math.max(1, bytes / rows));
    return scanPages((query) => this.query(query), filter, Math.min(SCAN_ROWS, Math.max(100, fitting)));
  }

  async count(filter: EventFilter, upTo = Number.MAX_SAFE_INTEGER): Promise<number> {
    return this.using(async ({ segments }) => {
      let count = this.tail.select(filter, {}, 'oldest', upTo).length;
      const asked: Segment[] = [];
      for (const segment of segments.filter((one) => canHold(one, filter))) {
        if (isWithin(segment, filter)) count += segment.rows;
        else asked.push(segment);
      }
      if (count >= upTo || asked.length === 0) return Math.min(count, upTo);
      const condition = conditionOf(filter, asked.some(hasMultiple));
      const sql = `SELECT count(*)::DOUBLE FROM (SELECT 1 FROM ${this.from(asked)} WHERE ${condition} LIMIT ${upTo - count})`;
      const [row] = await this.ask(sql);
      return Math.min(count + (row?.[0] as number), upTo);
    });
  }

  async hostsWith(field: IndexedField, value: string): Promise<number> {
    return this.using(async ({ segments }) => {
      const filter: EventFilter = { where: { [field]: value } };
      const lines = this.tail.select(filter, {}, 'oldest', Number.MAX_SAFE_INTEGER);
      const hosts = new Set(lines.map((line) => line['host.name']));
      if (segments.length > 0) {
        const condition = conditionOf(filter, segments.some(hasMultiple));
        const found = await this.ask(`SELECT DISTINCT "host.name" FROM ${this.from(segments)} WHERE ${condition}`);
        for (const [host] of found) hosts.add((host ?? undefined) as string | undefined);
      }
      hosts.delete(undefined);
      return hosts.size;
    });
  }

  async hosts(): Promise<number> {
    return this.using(async ({ segments }) => {
      const hosts = new Set(this.tail.all.map((line) => line['host.name']));
      for (const host of segments.flatMap((segment) => segment.hosts ?? [])) hosts.add(host);
      const others = segments.filter((segment) => segment.hosts === undefined);
      if (others.length > 0) {
        const found = await this.ask(`SELECT DISTINCT "host.name" FROM ${this.from(others)}`);
        for (const [host] of found) hosts.add((host ?? undefined) as string | undefined);
      }
      hosts.delete(undefined);
      return hosts.size;
    });
  }

  async status(): Promise<EventStoreStatus> {
    const { segments } = this.look();
    const lines = this.tail.all;
    const log = { rows: lines.length, bytes: this.tail.bytes, minMs: Infinity, maxMs: -Infinity };
    const [first, last] = [lines[0], lines.at(-1)];
    const times = first === undefined || last === undefined ? {} : { minMs: first.time_ms, maxMs: last.time_ms };
    return {
      ...statusOf(this.manifest, [...segments, { ...log, ...times }]),
      pruned: 0,
      arrival: lines.reduce((most, { arrival }) => Math.max(most, arrival), this.manifest.lastArrival),
    };
  }

  /**
   * SQL over the events of a time, for whoever writes it: `relation` has the columns of `event-line.ts` and `@timestamp`,
   * a row an event, in no order. The files stay while `action` runs; the connection is its own and is closed after it.
   * @param range event times, epoch milliseconds, `from` inclusive, `to` exclusive
   * @param action is given the connection's instance, too, to which functions belong, and what all the events have in common
   * @param signal aborting it interrupts the statement that runs
   */
  async withRange<T>(
    range: Pick<EventFilter, 'from' | 'to'>,
    action: RangeAction<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    return this.using(async ({ segments, logs }) => {
      signal?.throwIfAborted();
      const within = segments.filter((segment) => canHold(segment, range));
      const lines = this.tail.all;
      // What is written from now on is not known.
      const upTo = lines.reduce((last, { arrival }) => Math.max(last, arrival), -1);
      const sources = [
        ...(within.length === 0
          ? []
          : [within.every(hasAllColumns) ? fromAlike(this.paths(within)) : allColumns(this.from(within))]),
        ...(logs.length === 0
          ? []
          : [
              `(FROM ${fromLogs(
                logs.map((number) => this.files.log(number)),
                this.tail.longestLine,
              )} WHERE arrival <= ${upTo})`,
            ]),
      ].map((source) => `SELECT ${ALL_COLUMNS} FROM ${source} WHERE ${conditionOf(range, false)}`);
      const rows = sources.length === 0 ? FROM_NOTHING : sources.join(' UNION ALL BY NAME ');
      const view = `SELECT make_timestamp_ms(time_ms) AS "@timestamp", * FROM (${rows})`;
      const renewing = setInterval(() => this.look(), LEASE_MS / 3);
      renewing.unref();
      const isCurrent = within.every(hasAllColumns) && lines.every(({ irregular }) => irregular !== undefined);
      const empty = new Set([...emptyColumns(within, lines), ...unfilledColumns(within, this.tail.filled)]);
      const facts = { isCurrent, empty, lowered: evenColumns(within, this.tail.uneven), times: timesOf(within, lines) };
      const instance = await this.opened();
      const asking = withConnection(instance, async (connection) => {
        const stop = interruptOn(signal, connection);
        try {
          signal?.throwIfAborted();
          await connection.run(`CREATE TEMP VIEW events AS ${view}`);
          return await action(connection, 'events', instance, facts);
        } finally {
          stop();
        }
      });
      this.asking.add(asking);
      try {
        return await asking;
      } finally {
        this.asking.delete(asking);
        clearInterval(renewing);
      }
    });
  }

  /** Those of the segments that cannot be read to their end, which is tried. */
  async unreadableOf(segments: readonly Segment[]): Promise<readonly Segment[]> {
    const found: Segment[] = [];
    for (const segment of segments) {
      try {
        await this.ask(`SELECT max(hash(COLUMNS(*))) FROM ${fromSegments([this.files.segment(segment.number)])}`);
      } catch (error) {
        if (mayBeDamage(error)) found.push(segment);
      }
    }
    return found;
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    await Promise.allSettled(this.asking);
    const duck = await this.duck?.catch(() => undefined);
    duck?.closeSync();
    if (this.leased.generation >= 0) this.manifest.giveBack(this.leaseId);
    this.leased = { generation: -1, untilMs: 0 };
    if (this.isManifestOwn) this.manifest.close();
  }

  /** The parts of now, leased, and the tail that belongs to them. */
  private look(): Parts {
    const now = Date.now();
    const { generation } = this.manifest;
    const isCurrent = this.parts?.generation === generation;
    const oldest = Math.min(generation, ...this.uses.keys());
    const isLeased = this.leased.generation === oldest && now < this.leased.untilMs - LEASE_MS / 2;
    if (!isCurrent || !isLeased) {
      this.parts = this.leasedParts(now, oldest);
      this.shelf.keep(this.parts.segments);
    }
    const parts = this.parts as Parts;
    this.tail.refresh(parts.logs);
    return { ...parts, segments: parts.segments.filter(({ number }) => !this.unreadable.has(number)) };
  }

  private leasedParts(now: number, since: number): Parts {
    try {
      const parts = this.manifest.lease(this.leaseId, now, since);
      this.leased = { generation: Math.min(since, parts.generation), untilMs: now + LEASE_MS };
      return parts;
    } catch (error) {
      // Nobody writes to a folder that cannot be written, so nothing goes.
      if (error instanceof StoreError && error.code === 'store-read-only') return this.manifest.parts();
      throw error;
    }
  }

  private async using<T>(action: (parts: Parts) => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      const parts = this.look();
      this.uses.set(parts.generation, (this.uses.get(parts.generation) ?? 0) + 1);
      try {
        return await action(parts);
      } catch (error) {
        if (tries > 0 || this.isClosed || !mayBeDamage(error)) throw error;
        if (!(await this.setAsideUnreadable(parts.segments))) throw error;
      } finally {
        const left = (this.uses.get(parts.generation) ?? 1) - 1;
        if (left === 0) this.uses.delete(parts.generation);
        else this.uses.set(parts.generation, left);
      }
    }
  }

  /** Whether there were any. */
  private async setAsideUnreadable(segments: readonly Segment[]): Promise<boolean> {
    const found = await this.unreadableOf(segments);
    for (const { number } of found) {
      this.unreadable.add(number);
      try {
        this.manifest.setAside(number);
      } catch {
        // It is passed over here; whoever can write finds it, too.
      }
    }
    return found.length > 0;
  }

  /**
   * The first `limit` places in the order, of those in the segments and those given.
   *
   * Goes through time in slices that grow, and stops after the one that completes the page: sorting so that the first are
   * found reads every row, a slice only its own.
   */
  private async places(
    segments: readonly Segment[],
    filter: EventFilter,
    bounds: PlaceBounds,
    order: 'newest' | 'oldest',
    limit: number,
    given: readonly EventPlace[],
  ): Promise<readonly Hit[]> {
    const sign = order === 'oldest' ? 1 : -1;
    const direction = order === 'oldest' ? 'ASC' : 'DESC';
    const within = segments.filter((segment) => canHold(segment, filter) && canHoldPlaces(segment, bounds));
    let found: readonly Hit[] = given;
    for (const { from, to } of slicesOf(within, filter, bounds, order, limit)) {
      const group = within.filter(({ minMs, maxMs }) => maxMs >= from && minMs < to);
      if (group.length > 0) {
        const sliced = { ...filter, from: Math.max(from, filter.from ?? from), to: Math.min(to, filter.to ?? to) };
        const condition = conditionOf(sliced, group.some(hasMultiple), bounds);
        const rows = await this.ask(
          `SELECT time_ms::DOUBLE, ticks::DOUBLE, arrival::DOUBLE, filename FROM ${this.from(group, true)}
          WHERE ${condition} ORDER BY time_ms ${direction}, ticks ${direction}, arrival ${direction} LIMIT ${limit}`,
        );
        const hits = rows.map(([timeMs, ticks, arrival, file]): Hit => {
          const segment = numberOf(basename(file as string)) as number;
          return { timeMs: timeMs as number, ticks: ticks as number, arrival: arrival as number, segment };
        });
        found = [...found, ...hits].sort((a, b) => sign * comparePlaces(a, b)).slice(0, limit);
      }
      const last = found[limit - 1];
      if (last !== undefined && (order === 'oldest' ? last.timeMs < to : last.timeMs >= from)) break;
    }
    return found;
  }

  /** What stands at the places in segments, by arrival. */
  private async eventsAt(
    hits: readonly Hit[],
    segments: readonly Segment[],
    filter: EventFilter,
  ): Promise<Map<number, EventRow>> {
    const stored = hits.filter(({ segment }) => segment !== undefined);
    if (stored.length === 0) return new Map();
    const numbers = new Set(stored.map(({ segment }) => segment));
    const within = segments.filter(({ number }) => numbers.has(number));
    const times = stored.map(({ timeMs }) => timeMs);
    const [from, to] = [Math.min(...times), Math.max(...times) + 1];
    const clauses = [conditionOf({ ...filter, from, to }, within.some(hasMultiple))];
    if (isSelective(filter) && stored.length <= MOST_NAMED) {
      clauses.push(`time_ms IN (${[...new Set(times)].join(', ')})`);
      clauses.push(`arrival IN (${stored.map(({ arrival }) => arrival).join(', ')})`);
    }
    const rows = await this.rows(within, clauses.join(' AND '));
    return new Map(rows.map((row) => [row.arrival, row]));
  }

  private async rows(segments: readonly Segment[], condition: string): Promise<EventRow[]> {
    const rows = await this.ask(`SELECT ${ROW_COLUMNS} FROM ${this.from(segments)} WHERE ${condition}`);
    const lists = new Map<string, readonly string[]>();
    const listOf = (text: unknown): readonly string[] => {
      const known = lists.get(text as string);
      if (known !== undefined) return known;
      const list = JSON.parse((text as string | null) ?? '[]') as string[];
      lists.set(text as string, list);
      return list;
    };
    return rows.map((row) => ({
      arrival: row[0] as number,
      id: row[1] as string,
      time_ms: row[2] as number,
      ticks: row[3] as number,
      ingested_ms: row[4] as number,
      format: row[5] as string,
      data_streams: listOf(row[6]),
      stands_in_for: listOf(row[7]),
      sample: row[8] as boolean,
      origin: row[9] as string | null,
      document: row[10] as string,
    }));
  }

  private from(segments: readonly Segment[], withName = false): string {
    return fromSegments(this.paths(segments), withName);
  }

  private paths(segments: readonly Segment[]): readonly string[] {
    return segments.map(({ number }) => this.files.segment(number));
  }

  private async ask(sql: string): Promise<readonly DuckRow[]> {
    const asking = this.opened().then((duck) => withConnection(duck, (connection) => rowsOf(connection, sql)));
    this.asking.add(asking);
    try {
      return await asking;
    } finally {
      this.asking.delete(asking);
    }
  }

  private opened(): Promise<DuckDBInstance> {
    this.duck ??= openDuck(this.files.folder, this.limits);
    return this.duck;
  }
}

/** A statement that has not begun is not interrupted; so it is said again until it is called off. */
function interruptOn(signal: AbortSignal | undefined, connection: DuckDBConnection): () => void {
  let clock: NodeJS.Timeout | undefined;
  const interrupt = (): void => {
    connection.interrupt();
    clock = setTimeout(interrupt, INTERRUPT_MS);
  };
  signal?.addEventListener('abort', interrupt, { once: true });
  return () => {
    clearTimeout(clock);
    signal?.removeEventListener('abort', interrupt);
  };
}

function hasMultiple({ multiple }: Segment): boolean {
  return multiple > 0;
}

/** Whether each row was written with every column; where nothing is irregular, the second version tells, too. */
function hasAllColumns({ version, irregular }: Segment): boolean {
  return version === COLUMNS_VERSION || (version === SECOND_VERSION && irregular === 0);
}

/** @param lines in the order of time */
function timesOf(segments: readonly Segment[], lines: readonly EventLine[]): { from: number; to: number } {
  const ends = [lines[0], lines.at(-1)].flatMap((line) => (line === undefined ? [] : [line.time_ms]));
  return {
    from: Math.min(...segments.map(({ minMs }) => minMs), ...ends),
    to: Math.max(...segments.map(({ maxMs }) => maxMs), ...ends),
  };
}

/** Of `more` and `irregular` those in which nothing stands. */
function emptyColumns(segments: readonly Segment[], lines: readonly EventLine[]): ReadonlySet<string> {
  const isSingle = !segments.some(hasMultiple) && lines.every(({ more }) => more === undefined);
  const isRegular =
    segments.every(({ irregular }) => irregular === 0) && lines.every(({ irregular }) => irregular?.length === 0);
  return new Set([...(isSingle ? ['more'] : []), ...(isRegular ? ['irregular'] : [])]);
}

function canHold(segment: Segment, { from, to, arrivedAfter, ingestedFrom }: EventFilter): boolean {
  if (from !== undefined && !(segment.maxMs >= from)) return false;
  if (to !== undefined && !(segment.minMs < to)) return false;
  if (arrivedAfter !== undefined && !(segment.lastArrival > arrivedAfter)) return false;
  return ingestedFrom === undefined || segment.lastIngestedMs >= ingestedFrom;
}

/** Whether the filter holds for all of it, as far as its facts tell. */
function isWithin(segment: Segment, { from, to, where, category, arrivedAfter, ingestedFrom }: EventFilter): boolean {
  if (category !== undefined || ingestedFrom !== undefined || Object.keys(where ?? {}).length > 0) return false;
  if (from !== undefined && !(segment.minMs >= from)) return false;
  if (to !== undefined && !(segment.maxMs < to)) return false;
  return arrivedAfter === undefined || segment.firstArrival > arrivedAfter;
}

function canHoldPlaces({ minMs, maxMs }: Segment, { after, before }: PlaceBounds): boolean {
  return (after === undefined || maxMs >= after.timeMs) && (before === undefined || minMs <= before.timeMs);
}

/** Whether an error can be that of a file; others are of a statement, of a shortage, or say that it is to end. */
function mayBeDamage(error: unknown): boolean {
  if (!(error instanceof Error) || /too many open|cannot allocate|interrupt/i.test(error.message)) return false;
  return /^(IO|Invalid Input|Invalid|INTERNAL|Internal|Serialization|Out of Range|Not implemented) Error|TProtocol|zstd/i.test(
    error.message,
  );
}
