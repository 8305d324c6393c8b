/** A server over a store in memory, for tests: what it was asked to do stays visible. */
import { DatabaseSync } from 'node:sqlite';
import { carryOut } from '../engine/exception-change.ts';
import { ExceptionDesk } from '../engine/exception-desk.ts';
import { effectOn } from '../engine/exception-effect.ts';
import { Intake } from '../engine/intake.ts';
import { readList } from '../engine/list-reader.ts';
import { MeasureBook } from '../engine/measure-book.ts';
import { searchStore } from '../engine/store-search.ts';
import { searchTables } from '../engine/tables/table-search.ts';
import type { RuleDocument } from '../rule/rule.ts';
import { type AlertParts, newAlert } from '../store/alert.fixture.ts';
import { EVENT_FILE, EVENT_MIGRATIONS } from '../store/event-schema.ts';
import type { EventStore } from '../store/event-store.ts';
import { migrate } from '../store/migrations.ts';
import { LooseEvents } from '../store/segments/loose-events.ts';
import { sqliteEventStore } from '../store/sqlite-event-store.ts';
import { sqliteStateStore } from '../store/sqlite-state-store.ts';
import type { StateStore } from '../store/state-store.ts';
import type { Status } from './api.ts';
import { createServer, type Server } from './server.ts';
import type { ServerOptions } from './server-options.ts';
import { SystemMonitor } from './system-monitor.ts';

export interface Served {
  readonly server: Server;
  readonly store: StateStore;
  readonly events: EventStore;
  readonly errors: unknown[];
  /** Begins with an empty store, keeping the server: building one takes longer than most tests. */
  reset(): void;
  put(id: string, parts?: AlertParts): void;
}

export const RULE: RuleDocument = {
  id: 'rule-1',
  name: 'Web server started with Python',
  language: 'eql',
  query: 'process where process.name == "python3"',
  authors: ['Vedette'],
  references: [],
  tags: [],
  severity: 'low',
  riskScore: 21,
  threat: [],
  indexPatterns: [],
  schedule: {},
  falsePositives: [],
  source: { path: 'rule.toml', form: 'elastic-toml', text: '' },
  extra: {},
};

const noEvents = new LooseEvents({ threads: 1, memoryMb: 256 });

export function serve(changed: Partial<ServerOptions> = {}): Served {
  let store = emptyStore();
  let events = emptyEventStore();
  const errors: unknown[] = [];
  const server = createServer({
    version: '9.9.9',
    store: {
      alerts: (query) => store.alerts(query),
      histogram: (query, buckets) => store.histogram(query, buckets),
      alert: (id) => store.alert(id),
      alertsByRule: () => store.alertsByRule(),
      get triage() {
        return store.triage;
      },
      get rules() {
        return store.rules;
      },
    },
    rules: () => [{ document: RULE, findings: [], enabled: true, paused: false, added: false }],
    checkRule: async () => ({ rules: [], findings: [] }),
    testRule: async () => ({ results: [], findings: [], rules: 0, passed: 0, failed: 0, milliseconds: 0 }),
    previews: { start: async () => ({ findings: [] }), state: () => undefined, cancel: () => false },
    addRule: async () => {},
    removeRule: async () => false,
    overlayRule: async () => ({}),
    reloadRules: async () => {},
    pauseRule: async () => {},
    runs: {
      log: {
        records: (query) => store.runLog.records(query),
        slots: (query) => store.runLog.slots(query),
        gaps: (query) => store.runLog.gaps(query),
        gap: (id) => store.runLog.gap(id),
        requests: () => store.runLog.requests(),
      },
      status: () => undefined,
      request: async ({ uncapped = false, ...asked }) =>
        store.runLog.request({ kind: 'manual', uncapped, requested: 0, ...asked }),
      cancel: async (id) => store.runLog.removeRequest(id),
      fill: async (id) => store.runLog.gap(id)?.state === 'open',
    },
    status: () => statusOf(store),
    system: systemOver(() => statusOf(store)),
    sources: async () => [],
    seen: async () => ({}),
    source: async () => undefined,
    rejects: () => [],
    events: searchStore(() => events),
    tables: {
      search: searchTables(async () => noEvents),
      limits: { seconds: 30, rows: 1_000 },
    },
    explain: () => ({ trace: { kind: 'constant', text: 'true', result: true, needed: true, children: [] } }),
    explainRule: () => undefined,
    setStatus: async (id, change) => store.setStatus(id, change),
    addNote: async (id, note) => store.triage.addNote(id, note),
    setStep: async (id, step, done) => store.triage.setStep(id, step, done),
    operator: 'vedette',
    ingest: {
      deliver: async () => ({ kind: 'later', reason: 'This is a test.', seconds: 1 }),
      intake: new Intake(),
      requestManualRun: async () => ({ state: 'wanted' }),
    },
    removeSample: async () => store.removeSample(),
    exceptions: deskOver(
      () => store,
      () => events,
    ),
    webFolder: '/nonexistent',
    now: () => new Date('2026-03-02T00:00:00.000Z'),
    onError: (error) => errors.push(error),
    ...changed,
  });
  const put = (id: string, parts: AlertParts = {}): void =>
    store.commit({ alerts: [newAlert(id, parts)], positions: [], runs: [] });
  const reset = (): void => {
    store.close();
    store = emptyStore();
    events = emptyEventStore();
    errors.length = 0;
  };
  return {
    server,
    errors,
    put,
    reset,
    get store() {
      return store;
    },
    get events() {
      return events;
    },
  };
}

/** A working thread that has been heard of just now, and has read nothing. */
function systemOver(status: () => Status): SystemMonitor {
  const measures = new MeasureBook();
  const { funnel, sources } = status();
  const none = {
    commits: [],
    rules: [],
    runs: [],
    openGaps: 0,
    queues: [],
    busy: 0,
    heapBytes: 0,
    storingHeapBytes: 0,
  };
  measures.add(funnel, sources, none, performance.now());
  return new SystemMonitor({ status, measures, ruleName: () => undefined, dataFolder: '/nonexistent' });
}

function deskOver(store: () => StateStore, events: () => EventStore): ExceptionDesk {
  return new ExceptionDesk({
    get store() {
      return store().exceptions;
    },
    write: async (change) => carryOut(store().exceptions, change, '2026-03-02T00:00:00.000Z'),
    readList,
    rules: () => [{ document: RULE }],
    findEffect: (job) => effectOn(job, store().exceptions, events()),
    now: () => Date.parse('2026-03-02T00:00:00.000Z'),
  });
}

function emptyStore(): StateStore {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  return sqliteStateStore(database, ':memory:');
}

function emptyEventStore(): EventStore {
  const database = new DatabaseSync(':memory:');
  migrate(database, undefined, EVENT_MIGRATIONS, EVENT_FILE);
  return sqliteEventStore(database, ':memory:');
}

function statusOf(store: StateStore): Status {
  const { sample, ...alerts } = store.counts();
  const none = { matched: 0, excepted: 0, suppressed: 0, duplicate: 0, capped: 0, created: 0 };
  return {
    version: '9.9.9',
    started: '2026-03-01T00:00:00.000Z',
    data_folder: '/data',
    rules: { enabled: 1, failed: 0 },
    alerts,
    ...(sample > 0 ? { sample: { alerts: sample, remove: 'vedette sample remove' } } : {}),
    sources: [],
    funnel: { ...none, events: 0, unrouted: 0, rejected: 0 },
  };
}
