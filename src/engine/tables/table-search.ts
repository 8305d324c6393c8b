/**
 * Questions of whole Kusto queries to the stored events, asked from a thread that must not be held up.
 *
 *   text ──compile, here──▶ plan ──TableSearch──▶ the reading thread: DuckDB ──▶ the answer, written out
 *
 * Compiled where it is asked, since Kusto's parser is loaded once; run, and the answer written, in the other thread.
 * Everything here is plain data, since it crosses threads.
 */

import type { Evaluate, RelationColumn, TablePlan } from '../../plan/relation/node.ts';
import { RelationRefusal } from '../../plan/relation/refusal.ts';
import type { AskOptions } from '../event-search.ts';
import { answerFile, type WrittenFormat } from './answer-file.ts';
import type { QueryWindow } from './event-scans.ts';
import { externalFiles } from './external-files.ts';
import {
  pluginColumnsOver,
  type RangeReader,
  runPlanOverStore,
  runTableQuery,
  type TableQueryAnswer,
  type TableQueryOptions,
} from './run-query.ts';
import { type RefusalCode, TABLE_LIMITS, TableRefusal } from './run-table.ts';

export interface TableSearch {
  /** Both reject with a `SearchError` when the stored events cannot be asked, and with the signal's reason. */
  answer(plan: TablePlan, asked: TableAsked, options?: AskOptions): Promise<WrittenAnswer | Refused>;
  pluginColumns(
    plugin: Evaluate,
    asked: TableAsked,
    options?: AskOptions,
  ): Promise<readonly RelationColumn[] | Refused>;
}

export interface TableAsked {
  /** `now()`: ticks of 100 ns since 1970. */
  readonly now: bigint;
  readonly window?: QueryWindow;
  readonly format: WrittenFormat;
  readonly limits: HuntLimits;
}

/** What a hunt may take. */
export interface HuntLimits {
  readonly seconds: number;
  readonly rows: number;
  /** Files that `externaldata` may read lie below it; absent for none. */
  readonly externalFolder?: string;
}

export interface WrittenAnswer {
  /** The answer in the format that was asked for. */
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly isCut: boolean;
}

/** The query asks for more than it may. */
export interface Refused {
  readonly refused: { readonly message: string; readonly hint: string | undefined; readonly code: RefusalCode };
}

/** UTF-16 units of an answer, some more: as much as a page can show, and a thread can hand over. */
const MOST_CHARACTERS = 64 * 1024 * 1024;

/** Compiles the text and has it run. @throws {SearchError}, the signal's reason */
export async function askTables(
  search: TableSearch,
  text: string,
  asked: TableAsked,
  options: Pick<TableQueryOptions, 'tables' | 'functions' | 'given' | 'signal'> = {},
): Promise<TableQueryAnswer<WrittenAnswer>> {
  const { signal } = options;
  const asking = signal === undefined ? {} : { signal };
  const within = (leftMs = asked.limits.seconds * 1_000): TableAsked => ({
    ...asked,
    limits: { ...asked.limits, seconds: leftMs / 1_000 },
  });
  return runTableQuery(
    text,
    { ...options, timeMs: asked.limits.seconds * 1_000 },
    {
      run: async (plan, leftMs) => unlessRefused(await search.answer(plan, within(leftMs), asking)),
      columns: async (plugin, leftMs) => unlessRefused(await search.pluginColumns(plugin, within(leftMs), asking)),
    },
  );
}

function unlessRefused<T extends object>(answer: T | Refused): T {
  if (!('refused' in answer)) return answer;
  const { message, hint, code } = answer.refused;
  throw new TableRefusal(message, hint, code);
}

/** The other side: over a store in this thread. */
export function searchTables(store: () => Promise<RangeReader>): TableSearch {
  return {
    answer: (plan, asked, options) =>
      orRefused(async () => {
        const answer = await runPlanOverStore(plan, runOptions(await store(), asked, options));
        return { bytes: await answerFile(answer, asked.format), rows: answer.rows.length, isCut: answer.isCut };
      }),
    pluginColumns: (plugin, asked, options) =>
      orRefused(async () => pluginColumnsOver(plugin, runOptions(await store(), asked, options))),
  };
}

function runOptions(store: RangeReader, { now, window, limits }: TableAsked, { signal }: AskOptions = {}) {
  const { seconds, rows, externalFolder } = limits;
  return {
    store,
    now,
    timeMs: seconds * 1_000,
    limits: { ...TABLE_LIMITS, rows, characters: MOST_CHARACTERS },
    ...(window === undefined ? {} : { window }),
    ...(externalFolder === undefined ? {} : { external: externalFiles(externalFolder) }),
    ...(signal === undefined ? {} : { signal }),
  };
}

async function orRefused<T>(action: () => Promise<T>): Promise<T | Refused> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof RelationRefusal)
      return { refused: { message: error.message, hint: undefined, code: 'kusto-refused' } };
    if (!(error instanceof TableRefusal)) throw error;
    const { message, hint, code } = error;
    return { refused: { message, hint, code } };
  }
}
