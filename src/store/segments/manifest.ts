/**
 * What the folder of events holds: its parts, each a file of the write-ahead log or a segment, and who reads them.
 *
 *   begin (log file) ──▶ live ──replace──▶ removed ──(no lease from before)──▶ forgotten, its file deleted
 *                        live ──▶ damaged (set aside)
 *
 * Invariants: a file that is not listed here does not count; what is live is whole and each event is in one live part.
 * Every change makes a new generation. A reader's lease names the generation whose parts it reads: the files of that
 * generation stay until the lease is given back or has expired, or its process is gone.
 */
import type { DatabaseSync } from 'node:sqlite';
import { EVENT_LIMITS } from '../event-limits.ts';
import type { FileKind } from '../migrations.ts';
import { Statements } from '../sqlite-statements.ts';
import { transaction } from '../sqlite-transaction.ts';

/** What a reader has to know of a segment to pass it over, and a status to count it. */
export interface SegmentFacts {
  readonly rows: number;
  /** Event times, epoch milliseconds, both inclusive. */
  readonly minMs: number;
  readonly maxMs: number;
  readonly firstArrival: number;
  readonly lastArrival: number;
  readonly lastIngestedMs: number;
  /** On the disk, with what stands beside it. */
  readonly bytes: number;
  /** Of its documents, as text. */
  readonly documentBytes: number;
  /** Rows with a field of several values. */
  readonly multiple: number;
  /** Rows whose documents are not what their dotted paths say; absent in segments of before this was counted. */
  readonly irregular?: number;
  /** Columns whose text `lower` may change oddly, or at all in lists (`uneven-columns.ts`); absent where nobody looked. */
  readonly uneven?: readonly string[];
  /** Columns of fields in which some row has something (`filled-columns.ts`); absent where nobody looked. */
  readonly filled?: readonly string[];
  readonly sample: number;
  /** The names of its hosts; absent for very many. */
  readonly hosts?: readonly string[];
  /** `COLUMNS_VERSION` of whoever wrote the oldest of its rows. */
  readonly version: number;
}

export interface Segment extends SegmentFacts {
  readonly number: number;
}

/** The live parts at one moment. */
export interface Parts {
  readonly generation: number;
  /** Numbers of log files, oldest first. */
  readonly logs: readonly number[];
  readonly segments: readonly Segment[];
}

export interface RemovedPart {
  readonly number: number;
  readonly kind: 'log' | 'segment';
}

const VERSION_1 = `
  CREATE TABLE part (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('log', 'segment')),
    state TEXT NOT NULL CHECK (state IN ('planned', 'live', 'removed', 'damaged')),
    removed INTEGER,
    facts TEXT
  ) STRICT;
  CREATE INDEX part_by_state ON part (state);
  CREATE TABLE lease (id TEXT PRIMARY KEY, pid INTEGER NOT NULL, generation INTEGER NOT NULL, expires_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO counter VALUES ('generation', 0), ('arrival', 0);
`;

export const MANIFEST_MIGRATIONS: readonly string[] = Object.freeze([VERSION_1]);

// "VEDM"
export const MANIFEST_FILE: FileKind = {
  applicationId: 0x5645444d,
  isCopied: false,
  newerHint: `Update Vedette, or move the folder away: events are kept for ${EVENT_LIMITS.keepMs / 86_400_000} days or so, and alerts are not in it.`,
};

/** A reader that says nothing for so long has gone. */
export const LEASE_MS = 60_000;

export class Manifest {
  readonly path: string;
  private readonly database: DatabaseSync;
  private readonly statements: Statements;

  /** @param database open, of the newest schema; closed by `close`. */
  constructor(database: DatabaseSync, path: string) {
    this.database = database;
    this.path = path;
    this.statements = new Statements(database);
  }

  get generation(): number {
    return this.counter('generation');
  }

  /** Greater than or equal to every arrival in a segment. */
  get lastArrival(): number {
    return this.counter('arrival');
  }

  parts(): Parts {
    return this.read(() => this.listed());
  }

  /** Numbers of the parts that were set aside. */
  damaged(): readonly number[] {
    const sql = "SELECT number FROM part WHERE state = 'damaged' ORDER BY number";
    return (this.statements.of(sql).all() as unknown as { number: number }[]).map(({ number }) => number);
  }

  /**
   * The parts, and a lease on their files.
   * @param since the oldest generation whose parts the reader still reads; absent where it begins
   */
  lease(id: string, nowMs: number, since = Number.MAX_SAFE_INTEGER): Parts {
    return this.change(() => {
      const parts = this.listed();
      this.statements
        .of('INSERT OR REPLACE INTO lease (id, pid, generation, expires_ms) VALUES (?, ?, ?, ?)')
        .run(id, process.pid, Math.min(since, parts.generation), nowMs + LEASE_MS);
      return parts;
    });
  }

  giveBack(id: string): void {
    this.change(() => this.statements.of('DELETE FROM lease WHERE id = ?').run(id));
  }

  /** A number that no part has had; its file is nobody's until the part is live. */
  plan(kind: RemovedPart['kind']): number {
    return this.change(() => {
      const sql = "INSERT INTO part (kind, state) VALUES (?, 'planned')";
      return Number(this.statements.of(sql).run(kind).lastInsertRowid);
    });
  }

  /** A log file that was begun takes events. */
  begin(number: number): void {
    this.change(() => {
      this.statements.of("UPDATE part SET state = 'live' WHERE number = ?").run(number);
      this.nextGeneration();
    });
  }

  /** In one step: readers see either the old parts or the new one. */
  replace(old: readonly number[], segment?: Segment): void {
    this.change(() => {
      const generation = this.nextGeneration();
      const remove = this.statements.of("UPDATE part SET state = 'removed', removed = ? WHERE number = ?");
      for (const number of old) remove.run(generation, number);
      if (segment === undefined) return;
      const { number, ...facts } = segment;
      this.statements
        .of("UPDATE part SET state = 'live', facts = ? WHERE number = ?")
        .run(JSON.stringify(facts), number);
      this.arrived(segment.lastArrival);
    });
  }

  /** Lists parts that an earlier manifest knew, under their numbers. */
  adopt(logs: readonly number[], segments: readonly Segment[], damaged: readonly number[]): void {
    this.change(() => {
      this.nextGeneration();
      const add = this.statements.of('INSERT INTO part (number, kind, state, facts) VALUES (?, ?, ?, ?)');
      for (const number of logs) add.run(number, 'log', 'live', null);
      for (const { number, ...facts } of segments) {
        add.run(number, 'segment', 'live', JSON.stringify(facts));
        this.arrived(facts.lastArrival);
      }
      for (const number of damaged) add.run(number, 'segment', 'damaged', null);
    });
  }

  setAside(number: number): void {
    this.change(() => {
      const generation = this.nextGeneration();
      this.statements.of("UPDATE part SET state = 'damaged', removed = ? WHERE number = ?").run(generation, number);
    });
  }

  /** Removed parts that nobody reads any more. */
  unread(nowMs: number, isAlive: (pid: number) => boolean): readonly RemovedPart[] {
    const leases = this.statements
      .of('SELECT id, pid, generation, expires_ms AS expiresMs FROM lease')
      .all() as unknown as {
      id: string;
      pid: number;
      generation: number;
      expiresMs: number;
    }[];
    const gone = leases.filter(
      ({ pid, expiresMs }) => expiresMs <= nowMs || expiresMs > nowMs + 2 * LEASE_MS || !isAlive(pid),
    );
    for (const { id } of gone) this.giveBack(id);
    const oldest = Math.min(...leases.filter((one) => !gone.includes(one)).map(({ generation }) => generation));
    const sql = "SELECT number, kind FROM part WHERE state = 'removed' AND removed <= ? ORDER BY number";
    const most = Math.min(oldest, Number.MAX_SAFE_INTEGER);
    return this.statements.of(sql).all(most) as unknown as RemovedPart[];
  }

  forget(numbers: readonly number[]): void {
    if (numbers.length === 0) return;
    this.change(() => {
      const sql = this.statements.of('DELETE FROM part WHERE number = ?');
      for (const number of numbers) sql.run(number);
    });
  }

  /** Every number whose file may be there. */
  known(): ReadonlySet<number> {
    const rows = this.statements.of("SELECT number FROM part WHERE state <> 'planned'").all() as unknown as {
      number: number;
    }[];
    return new Set(rows.map(({ number }) => number));
  }

  close(): void {
    if (this.database.isOpen) this.database.close();
  }

  private listed(): Parts {
    const sql = "SELECT number, kind, facts FROM part WHERE state = 'live' ORDER BY number";
    const rows = this.statements.of(sql).all() as unknown as { number: number; kind: string; facts: string | null }[];
    return {
      generation: this.generation,
      logs: rows.filter(({ kind }) => kind === 'log').map(({ number }) => number),
      segments: rows
        .filter(({ kind }) => kind === 'segment')
        .map(({ number, facts }) => ({ number, ...(JSON.parse(facts ?? '{}') as SegmentFacts) })),
    };
  }

  private arrived(arrival: number): void {
    this.statements.of("UPDATE counter SET value = max(value, ?) WHERE name = 'arrival'").run(arrival);
  }

  private counter(name: 'generation' | 'arrival'): number {
    return this.statements.of('SELECT value FROM counter WHERE name = ?').get(name)?.value as number;
  }

  private nextGeneration(): number {
    this.statements.of("UPDATE counter SET value = value + 1 WHERE name = 'generation'").run();
    return this.generation;
  }

  private change<T>(action: () => T): T {
    return transaction(this.database, this.path, 'BEGIN IMMEDIATE', action);
  }

  private read<T>(action: () => T): T {
    return transaction(this.database, this.path, 'BEGIN', action);
  }
}
