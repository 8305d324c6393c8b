/**
 * A whole query in Kusto, asked of stored events or of files of logs; for the library and the command line.
 *
 *   text ──compile──▶ plan ──────────────────────────┐
 *   files ──events──▶ a folder that goes afterwards ─┼──runPlanOverStore──▶ columns and rows
 *   data folder ──▶ events beside the service ───────┘
 */
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { TableAnswer } from '../../plan/relation/answer.ts';
import type { TablePlan } from '../../plan/relation/node.ts';
import { openEventReader } from '../../store/open-event-store.ts';
import { LooseEvents } from '../../store/segments/loose-events.ts';
import { type EventsRead, readEvents } from '../read-events.ts';
import { writtenEvent } from '../written-event.ts';
import { externalFiles } from './external-files.ts';
import { type OwnProblem, readOwnSchema } from './own-schema.ts';
import { lasting, pluginColumnsOver, type RangeReader, runPlanOverStore, runTableQuery } from './run-query.ts';
import { TABLE_LIMITS } from './run-table.ts';

export interface TableHuntOptions extends TableHuntLimits {
  /** In Kusto. */
  readonly query: string;
  /** Files, folders, or `-` for standard input; absent, the events that a service keeps in `data`. */
  readonly over?: readonly string[];
  /** The data folder of a service, which may run. Without it and `over` there are no events. */
  readonly data?: string;
  /** `now()`. Default: the moment of the hunt. */
  readonly now?: Date;
  /** Files that `externaldata` may read lie below it; absent for none. */
  readonly externalFolder?: string;
  /** Tables, watchlists and functions of one's own (`own-schema.ts`). */
  readonly ownFolder?: string;
  readonly signal?: AbortSignal;
}

export interface TableHuntLimits {
  /** Rows of the answer; default 500,000. */
  readonly rows?: number;
  /** Seconds that understanding and running the query may take, files are read besides; any number where absent. */
  readonly seconds?: number;
  /** Of memory for DuckDB. */
  readonly megabytes?: number;
}

export interface TableHunt {
  /** Absent where `diagnostics` holds an error. */
  readonly answer?: TableAnswer & { readonly isCut: boolean };
  readonly plan?: TablePlan;
  readonly diagnostics: readonly Diagnostic[];
  /** Files of `ownFolder` that cannot be read. */
  readonly problems: readonly OwnProblem[];
  /** Of files. */
  readonly read?: EventsRead;
}

const MEGABYTES = 1_024;
const THREADS = 2;
const TICKS_PER_MS = 10_000n;

/** @throws {StoreError} where the data folder cannot be read; the signal's reason. */
export async function runTableHunt(options: TableHuntOptions): Promise<TableHunt> {
  const { query, signal, externalFolder, seconds, rows = TABLE_LIMITS.rows } = options;
  const now = (options.now ?? new Date()).getTime();
  const own = options.ownFolder === undefined ? undefined : readOwnSchema(options.ownFolder);
  const asked = {
    ...own,
    now: BigInt(now) * TICKS_PER_MS,
    limits: { ...TABLE_LIMITS, rows },
    ...(seconds === undefined ? {} : { timeMs: seconds * 1_000 }),
    ...(externalFolder === undefined ? {} : { external: externalFiles(externalFolder) }),
    ...(signal === undefined ? {} : { signal }),
  };
  const problems = own?.problems ?? [];
  // What is wrong with the query is said before files are read.
  let opened: Opened | undefined;
  const over = async (leftMs: number | undefined) => {
    opened ??= await eventsOf(options);
    return lasting({ ...asked, store: opened.store }, leftMs);
  };
  try {
    const found = await runTableQuery(query, asked, {
      run: async (plan, leftMs) => runPlanOverStore(plan, await over(leftMs)),
      columns: async (plugin, leftMs) => pluginColumnsOver(plugin, await over(leftMs)),
    });
    const read = opened?.read;
    return { ...found, problems, ...(read === undefined ? {} : { read }) };
  } finally {
    await opened?.close();
  }
}

interface Opened {
  readonly store: RangeReader;
  readonly read?: EventsRead;
  readonly close: () => Promise<void>;
}

async function eventsOf({ over, data, megabytes = MEGABYTES, signal }: TableHuntOptions): Promise<Opened> {
  const limits = { threads: THREADS, memoryMb: megabytes };
  if (over === undefined && data !== undefined) {
    const store = await openEventReader(data, limits);
    if (store !== undefined) return { store, close: () => store.close() };
  }
  const store = new LooseEvents(limits);
  try {
    if (over === undefined) return { store, close: () => store.close() };
    const read = await readEvents(over, (event) => {
      const written = writtenEvent(event, false);
      if (written !== undefined) store.append(written);
      return signal?.aborted !== true;
    });
    signal?.throwIfAborted();
    await store.seal();
    return { store, read, close: () => store.close() };
  } catch (error) {
    await store.close();
    throw error;
  }
}
