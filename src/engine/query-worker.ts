/**
 * The thread that reads stored events for the serving thread, in the messages of `query-protocol.ts`. It opens the file
 * beside its writer when it is first asked, and again when another file has taken its place.
 */

import { statSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { eventFile, isDamage, openEventReader } from '../store/open-event-store.ts';
import type { DuckLimits } from '../store/segments/duck.ts';
import { LooseEvents } from '../store/segments/loose-events.ts';
import type { EventSearch } from './event-search.ts';
import { divideMemory } from './memory-budget.ts';
import type { QueryAnswer, QueryCall, QueryMessage, QueryRequest, QuerySettings } from './query-protocol.ts';
import { searchStore } from './store-search.ts';
import type { RangeReader } from './tables/run-query.ts';
import { searchTables } from './tables/table-search.ts';

const THREADS = 2;

class Reader {
  private readonly folder: string;
  private readonly limits: DuckLimits;
  private store: Awaited<ReturnType<typeof openEventReader>>;
  private file: number | undefined;
  private none: LooseEvents | undefined;

  constructor({ dataFolder, megabytes = divideMemory().lookups }: QuerySettings) {
    this.folder = dataFolder;
    this.limits = { threads: THREADS, memoryMb: megabytes };
  }

  /** Where no event is stored there are none to ask, but whole queries may ask for other things. */
  async getRange(): Promise<RangeReader> {
    const store = await this.get();
    if (store !== undefined) return store;
    this.none ??= new LooseEvents(this.limits);
    return this.none;
  }

  async get(): Promise<Awaited<ReturnType<typeof openEventReader>>> {
    const file = statSync(eventFile(this.folder), { throwIfNoEntry: false })?.ino;
    if (this.store === undefined || file !== this.file) {
      this.forget();
      this.store = await openEventReader(this.folder, this.limits);
      this.file = file;
    }
    return this.store;
  }

  /** The next question opens the file anew. */
  forget(): void {
    void this.store?.close();
    this.store = undefined;
  }
}

const reader = new Reader(workerData as QuerySettings);
const search = searchStore(() => reader.get());
const tables = searchTables(() => reader.getRange());
const underWay = new Map<number, AbortController>();

parentPort?.on('message', (request: QueryRequest) => {
  if ('cancel' in request) underWay.get(request.call)?.abort();
  else void answer(request.call, request.ask);
});

async function answer(call: number, ask: QueryCall): Promise<void> {
  const ending = new AbortController();
  underWay.set(call, ending);
  try {
    send({ call, value: await carryOut(search, ask, ending.signal) });
  } catch (error) {
    if (isDamage(error)) reader.forget();
    if (!ending.signal.aborted) send({ call, refused: inWords(error) });
  } finally {
    underWay.delete(call);
  }
}

function carryOut(events: EventSearch, ask: QueryCall, signal: AbortSignal): Promise<QueryAnswer> {
  switch (ask.kind) {
    case 'query':
      return events.query(ask.query);
    case 'count':
      return events.count(ask.query, ask.upTo);
    case 'hosts-with':
      return events.hostsWith(ask.field, ask.value);
    case 'event':
      return events.event(ask.id);
    case 'status':
      return events.status();
    case 'search':
      return events.search(ask.query, ask.condition, { ...ask.options, signal });
    case 'hunt':
      return events.hunt(ask.filter, ask.hunted, { ...ask.options, signal });
    case 'table':
      return tables.answer(ask.plan, ask.asked, { signal });
    case 'plugin-columns':
      return tables.pluginColumns(ask.plugin, ask.asked, { signal });
  }
}

function inWords(error: unknown): { message: string; hint?: string } {
  const { message, hint } = error as { message: string; hint?: string };
  return hint === undefined ? { message } : { message, hint };
}

function send(message: QueryMessage): void {
  parentPort?.postMessage(message);
}
