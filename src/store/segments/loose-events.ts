/**
 * Events that are asked in SQL but kept nowhere: written into a folder of their own, which is made with the first and goes with them.
 *
 *   event ──append──▶ lines of a log ──seal──▶ one file as segments are ──withRange──▶ SQL
 *
 * Appending does not wait for anything, so that whoever reads events can hand them over as they come. Nothing appended:
 * no events, which can be asked, too.
 */
import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBInstance } from '@duckdb/node-api';
import { quote } from '../../dialect/duckdb/sql-text.ts';
import type { EventFilter, NewEvent } from '../event-store.ts';
import { type DuckLimits, openDuck, withConnection } from './duck.ts';
import { lineOf } from './event-line.ts';
import type { RangeAction } from './segment-reader.ts';
import { ALL_COLUMNS, conditionOf, FROM_NOTHING, fromLogs, fromSegments } from './segment-sql.ts';
import { evenColumns, unevenColumns } from './uneven-columns.ts';

/** UTF-16 units that are written at once. */
const BATCH = 4 * 1024 * 1024;
const INTERRUPT_MS = 50;
const NO_COLUMNS: ReadonlySet<string> = new Set();

export class LooseEvents {
  private readonly folder: string;
  private readonly limits: DuckLimits;
  private file: number | undefined;
  private waiting: string[] = [];
  private size = 0;
  private longest = 0;
  private count = 0;
  private readonly uneven = new Set<string>();
  private isSealed = false;
  private duck: Promise<DuckDBInstance> | undefined;

  constructor(limits: DuckLimits) {
    this.folder = join(tmpdir(), `vedette-events-${randomUUID()}`);
    this.limits = limits;
  }

  /** @throws where the disk does not take it */
  append(event: NewEvent): void {
    const now = Date.now();
    const line = lineOf(event, this.count, now);
    const text = `${JSON.stringify(line)}\n`;
    for (const column of unevenColumns(line, text)) this.uneven.add(column);
    this.count += 1;
    this.waiting.push(text);
    this.size += text.length;
    this.longest = Math.max(this.longest, Buffer.byteLength(text));
    if (this.size >= BATCH) this.write();
  }

  /** After the last event. */
  async seal(): Promise<void> {
    if (this.count > 0) {
      this.write();
      if (this.file !== undefined) closeSync(this.file);
      const sql = `COPY (SELECT * FROM ${fromLogs([this.log], this.longest)}) TO ${quote(this.segment)} (FORMAT parquet)`;
      await withConnection(await this.opened(), async (connection) => void (await connection.run(sql)));
      await rm(this.log);
    }
    this.isSealed = true;
  }

  /** As a store's: `SegmentReader.withRange`. */
  async withRange<T>(
    range: Pick<EventFilter, 'from' | 'to'>,
    action: RangeAction<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    if (!this.isSealed) await this.seal();
    const instance = await this.opened();
    const source = this.count === 0 ? FROM_NOTHING : fromSegments([this.segment]);
    const rows = `SELECT ${ALL_COLUMNS} FROM ${source} WHERE ${conditionOf(range, false)}`;
    const facts = { isCurrent: true, empty: NO_COLUMNS, lowered: evenColumns([], this.uneven) };
    return withConnection(instance, async (connection) => {
      // A statement that begins just then is not met by the first interrupt.
      let clock: NodeJS.Timeout | undefined;
      const interrupt = (): void => {
        connection.interrupt();
        clock = setTimeout(interrupt, INTERRUPT_MS);
      };
      signal?.throwIfAborted();
      signal?.addEventListener('abort', interrupt, { once: true });
      try {
        await connection.run(
          `CREATE TEMP VIEW events AS SELECT make_timestamp_ms(time_ms) AS "@timestamp", * FROM (${rows})`,
        );
        return await action(connection, 'events', instance, facts);
      } finally {
        clearTimeout(clock);
        signal?.removeEventListener('abort', interrupt);
      }
    });
  }

  async close(): Promise<void> {
    const duck = await this.duck?.catch(() => undefined);
    duck?.closeSync();
    await rm(this.folder, { recursive: true, force: true });
  }

  private get log(): string {
    return join(this.folder, 'events.ndjson');
  }

  private get segment(): string {
    return join(this.folder, 'events.parquet');
  }

  private write(): void {
    if (this.file === undefined) {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      this.file = openSync(this.log, 'ax', 0o600);
    }
    writeSync(this.file, this.waiting.join(''));
    this.waiting = [];
    this.size = 0;
  }

  private opened(): Promise<DuckDBInstance> {
    this.duck ??= openDuck(this.folder, this.limits);
    return this.duck;
  }
}
