/**
 * The thread that runs rules over stored events, in the messages of `run-protocol.ts`. It reads beside the writer and
 * writes nothing: what it finds goes to the writer batch by batch. Ended from outside to cancel a job.
 */
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { compileExceptions, type ExceptionSet } from '../../detect/exceptions/exception-set.ts';
import type { LoadedRule } from '../../rule/inspect.ts';
import { openRuleCache } from '../../rule/rule-cache.ts';
import { openEventReader } from '../../store/open-event-store.ts';
import { openStateStore } from '../../store/open-state-store.ts';
import type { StateStore } from '../../store/state-store.ts';
import { divideMemory } from '../memory-budget.ts';
import { readRuleBook, ruleCacheOf, runningRules } from '../rule-book.ts';
import { houseSchema } from '../tables/house-schema.ts';
import type { ListStore } from '../tables/watchlists.ts';
import { ValueLists } from '../value-lists.ts';
import { type IndicatorBook, readIndicators } from './indicator-book.ts';
import { listedIndicators } from './listed-indicators.ts';
import { runOverStore } from './run-over-store.ts';
import type { RunJob, RunThreadMessage, RunThreadRequest, RunThreadSettings } from './run-protocol.ts';
import type { RunBatch, RunResult } from './run-range.ts';
import { TermHistories } from './term-histories.ts';

const settings = workerData as RunThreadSettings;
const memory = settings.memory ?? divideMemory();
const lists = new ValueLists();
const cache = openRuleCache(ruleCacheOf(settings)).inspections;
const histories = new TermHistories();
/** Of the job under way. */
let listStore: ListStore | undefined;
const names = houseSchema(settings.dataFolder, {
  lists: () => listStore?.lists() ?? [],
  values: (id, limit, after) => listStore?.values(id, limit, after) ?? [],
});
let rules: { readonly revision: number; readonly loaded: readonly LoadedRule[] } | undefined;
let exceptions: { readonly revision: number; readonly set: ExceptionSet } | undefined;
let taken: (() => void) | undefined;

const send = (message: RunThreadMessage) => parentPort?.postMessage(message);

parentPort?.on('message', (request: RunThreadRequest) => {
  if (request.kind === 'taken') taken?.();
  else void answer(request.job);
});

async function answer(job: RunJob): Promise<void> {
  try {
    send({ kind: 'done', result: await run(job) });
  } catch (error) {
    send({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

async function run(job: RunJob): Promise<RunResult> {
  const state = openStateStore(settings.dataFolder, { readOnly: true });
  listStore = state.exceptions;
  try {
    const chosen = new Set(job.rules);
    const loaded = (await rulesOf(job, state)).filter(({ document }) => chosen.has(document.id));
    const set = await exceptionsOf(job, state);
    const events = await openEventReader(settings.dataFolder, { threads: 2, memoryMb: memory.runs.reading });
    try {
      return await runOverStore(
        {
          rules: loaded,
          from: job.from,
          to: job.to,
          uncapped: job.uncapped,
          ...(job.slot === undefined ? {} : { slot: job.slot }),
        },
        {
          events: events ?? NO_EVENTS,
          ...(events === undefined ? {} : { tables: events }),
          ledger: state,
          alerts: state,
          exceptions: set,
          now: Date.now,
          remembered: (rule) => state.runLog.memory(rule),
          histories,
          names: names(),
          ...(loaded.some(({ tally }) => tally?.kind === 'indicators')
            ? { indicators: await indicatorsOf(loaded, state) }
            : {}),
          onProgress: (progress) => send({ kind: 'progress', ...progress }),
        },
        hand,
      );
    } finally {
      await events?.close();
    }
  } finally {
    listStore = undefined;
    state.close();
  }
}

/** Where no event was stored yet. */
const NO_EVENTS = {
  scan: async function* () {},
  status: async () => ({ events: 0, bytes: 0, pruned: 0, arrival: 0 }),
};

async function rulesOf({ rulesRevision: revision }: RunJob, state: StateStore): Promise<readonly LoadedRule[]> {
  if (rules?.revision !== revision)
    rules = { revision, loaded: runningRules(await readRuleBook(settings, state, { cache, names })) };
  return rules.loaded;
}

async function indicatorsOf(loaded: readonly LoadedRule[], state: StateStore): Promise<IndicatorBook> {
  const book = await readIndicators(join(settings.dataFolder, 'indicators'));
  return book.withLists(listedIndicators(loaded, state.exceptions, Date.now()));
}

async function exceptionsOf({ exceptionsRevision: revision }: RunJob, state: StateStore): Promise<ExceptionSet> {
  if (exceptions?.revision !== revision) {
    const enabled = state.exceptions.all().filter((one) => one.enabled);
    const set = await compileExceptions(enabled, { lists: await lists.load(state.exceptions, enabled) });
    exceptions = { revision, set };
  }
  return exceptions.set;
}

/** Kept when the writer has committed it. */
function hand(batch: RunBatch): Promise<void> {
  return new Promise((resolve) => {
    taken = resolve;
    send({ kind: 'batch', batch });
  });
}
