/**
 * Backtests: rules over the stored events of a data folder, beside a running service or without one, or over files of logs.
 *
 *   rules ─┬─▶ data folder (events, exceptions, alerts that exist), read only ─┐
 *          └─▶ files ──put in order in a store of their own, which goes again──┴──▶ runs/backtest.ts
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { compileExceptions } from '../detect/exceptions/exception-set.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { readsAlerts } from '../rule/alert-index.ts';
import type { Finding } from '../rule/finding.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import { openEventReader, openSegments } from '../store/open-event-store.ts';
import { openStateStore } from '../store/open-state-store.ts';
import type { StateStore } from '../store/state-store.ts';
import { loadChosenRules, type RuleChanges } from './chosen-rules.ts';
import { EventRecorder } from './event-recorder.ts';
import { loadExceptionFiles } from './exception-files.ts';
import { readBesideLogs } from './log-rules.ts';
import { readEvents } from './read-events.ts';
import { type BacktestMeans, type BacktestReport, backtest as runBacktest } from './runs/backtest.ts';
import { readIndicators } from './runs/indicator-book.ts';
import { listedIndicators } from './runs/listed-indicators.ts';
import type { GivenSchema } from './tables/given-tables.ts';
import { houseSchema, ownFolderOf } from './tables/house-schema.ts';
import { ValueLists } from './value-lists.ts';

interface Watching {
  readonly signal?: AbortSignal;
  readonly onProgress?: BacktestMeans['onProgress'];
}

export interface BacktestOptions extends RuleChanges, Watching {
  /** Rule files and folders; the bundled rules where none are named. */
  readonly rules?: readonly string[];
  /** Only rules with these ids. */
  readonly ids?: readonly string[];
  /** A data folder, whose exceptions apply. */
  readonly data?: string;
  /** Files and folders of logs, instead of a data folder. */
  readonly logs?: readonly string[];
  /** With logs: files of exceptions. */
  readonly exceptions?: readonly string[];
  /** With logs: a folder of indicators for rules of type threat_match, as `scan` takes it. */
  readonly indicators?: string;
  /** Event times, epoch milliseconds, `from` inclusive, `to` exclusive; absent for all that is there. */
  readonly from?: number;
  readonly to?: number;
  /** With a data folder: tells the difference from the alerts that exist. */
  readonly againstExisting?: boolean;
  /** Creates alerts beyond the rules' caps. */
  readonly uncapped?: boolean;
}

export interface BacktestOutcome extends BacktestReport {
  /** What is wrong with rules; one with an error did not run. */
  readonly findings: readonly Finding[];
  /** Of logs: what could not be read. */
  readonly problems: readonly Diagnostic[];
}

/** @throws {StoreError} in words, where the data folder cannot be read; {TypeError} without a folder and logs, or of a range that ends before it begins */
export async function backtest(options: BacktestOptions): Promise<BacktestOutcome> {
  if (options.from !== undefined && options.to !== undefined && options.from >= options.to) {
    throw new TypeError('The time ends before it begins: `from` must lie before `to`.');
  }
  const own = options.own ?? (options.data === undefined ? undefined : ownFolderOf(options.data));
  const changes = own === undefined ? options : { ...options, own };
  const { rules: loaded, findings, names } = await loadChosenRules(options.rules, changes);
  const { ids } = options;
  const rules = ids === undefined ? loaded : loaded.filter(({ document }) => ids.includes(document.id));
  if (options.logs !== undefined) {
    const { problems, ...report } = await backtestLogs(rules, options.logs, { ...options, ...(names && { names }) });
    return { ...report, findings, problems };
  }
  if (options.data === undefined) throw new TypeError('A backtest needs a data folder or logs.');
  const report = await backtestData(rules, {
    folder: options.data,
    ...options,
    ...(options.own !== undefined && names && { names }),
  });
  return { ...report, findings, problems: [] };
}

export interface DataRange extends Watching {
  readonly folder: string;
  readonly from?: number;
  readonly to?: number;
  readonly againstExisting?: boolean;
  readonly uncapped?: boolean;
  /** Of memory for reading events; absent for what reading takes by itself. */
  readonly megabytes?: number;
  /** What rules in Kusto may name; without it what the folder has. */
  readonly names?: GivenSchema;
}

/** Over a data folder. Reads only. @throws {StoreError} */
export async function backtestData(rules: readonly LoadedRule[], data: DataRange): Promise<BacktestReport> {
  const state = openStateStore(data.folder, { readOnly: true });
  try {
    const enabled = state.exceptions.all().filter((one) => one.enabled);
    const exceptions = await compileExceptions(enabled, {
      lists: await new ValueLists().load(state.exceptions, enabled),
    });
    const events = await openEventReader(
      data.folder,
      data.megabytes === undefined ? undefined : { threads: 2, memoryMb: data.megabytes },
    );
    try {
      const means = {
        events: events ?? NO_EVENTS,
        ...(events === undefined ? {} : { tables: events }),
        exceptions,
        exceptionNames: new Map(enabled.map(({ id, name }) => [id, name])),
        alerts: state,
        names: data.names ?? houseSchema(data.folder, state.exceptions)(),
        ...(data.againstExisting === true ? { existing: state } : {}),
        ...(await indicatorsFor(rules, data.folder, state)),
      };
      return await over(rules, means, data);
    } finally {
      await events?.close();
    }
  } finally {
    state.close();
  }
}

/** Where no event was stored yet. */
const NO_EVENTS = {
  scan: async function* () {},
  status: async () => ({ events: 0, bytes: 0, pruned: 0, arrival: 0 }),
};

/** Those that the service compares with: files of the folder, and value lists. */
async function indicatorsFor(
  rules: readonly LoadedRule[],
  folder: string,
  { exceptions }: Pick<StateStore, 'exceptions'>,
): Promise<Pick<BacktestMeans, 'indicators'>> {
  if (!rules.some(({ tally }) => tally?.kind === 'indicators')) return {};
  const book = await readIndicators(join(folder, 'indicators'));
  return { indicators: book.withLists(listedIndicators(rules, exceptions, Date.now())) };
}

/** Runs read events by their time, so those of the files are put in order first. */
async function backtestLogs(
  rules: readonly LoadedRule[],
  logs: readonly string[],
  options: BacktestOptions & Pick<DataRange, 'names'>,
): Promise<BacktestReport & { readonly problems: readonly Diagnostic[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-backtest-'));
  const limits = { keepMs: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY };
  const { store } = await openSegments(folder, { limits });
  try {
    const unread = await storeLogs(logs, store);
    const loaded = await loadExceptionFiles(options.exceptions ?? [], rules);
    const { indicators, problems } = await readBesideLogs(rules, options.indicators);
    const means = {
      events: store,
      tables: store,
      exceptions: loaded.set,
      exceptionNames: loaded.names,
      ...(options.names && { names: options.names }),
      ...(indicators && { indicators }),
    };
    return { ...(await over(rules, means, options)), problems: [...unread, ...problems] };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

type OpenedStore = Awaited<ReturnType<typeof openSegments>>['store'];

async function storeLogs(logs: readonly string[], store: OpenedStore): Promise<readonly Diagnostic[]> {
  const recorder = new EventRecorder({
    open: async () => ({ store }),
    keepMs: Number.POSITIVE_INFINITY,
    now: Date.now,
    warn: (fields, message) => {
      throw new Error(`${message} ${JSON.stringify(fields)}`);
    },
    mostWaiting: Number.POSITIVE_INFINITY,
  });
  const { problems } = await readEvents(logs, (event) => {
    recorder.add(event, false);
    return true;
  });
  await recorder.flush();
  await breathe();
  return problems;
}

async function over(
  rules: readonly LoadedRule[],
  means: Omit<BacktestMeans, 'now'>,
  { from, to, uncapped, signal, onProgress }: Pick<DataRange, 'from' | 'to' | 'uncapped'> & Watching,
): Promise<BacktestReport> {
  const stored = await storedRange(rules, means);
  const begin = from ?? stored?.from ?? 0;
  const range = { from: begin, to: Math.max(begin, to ?? stored?.to ?? begin) };
  return runBacktest(
    { rules, ...range, ...(uncapped === true ? { uncapped } : {}) },
    {
      ...means,
      now: Date.now,
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
    },
  );
}

/** From the first to the last event, for rules over alerts also from the first alert until now, when the last one may be made. */
async function storedRange(
  rules: readonly LoadedRule[],
  { events, alerts }: Pick<BacktestMeans, 'events' | 'alerts'>,
): Promise<{ readonly from: number; readonly to: number } | undefined> {
  const { oldest, newest } = await events.status();
  const ofEvents = oldest === undefined || newest === undefined ? undefined : { from: oldest, to: newest + 1 };
  if (alerts === undefined || !rules.some(({ document }) => readsAlerts(document))) return ofEvents;
  const now = Date.now();
  for (const alert of alerts.alertsCreated(0, now + 1)) {
    const first = Date.parse(alert['@timestamp']);
    return { from: Math.min(first, ofEvents?.from ?? first), to: Math.max(now + 1, ofEvents?.to ?? 0) };
  }
  return ofEvents;
}
