/**
 * The service without its HTTP: a thread that works, a reader of the store, and what both say.
 *
 *   serving thread: Service ──LiveRequest──▶ live-worker ──commits──▶ store
 *                      ▲  └──reads──────────────────────────────────────┘
 *                      └──LiveMessage (created, status, failed)
 */
import { EventEmitter } from 'node:events';
import { Worker } from 'node:worker_threads';
import { EMPTY_FUNNEL } from '../detect/decide.ts';
import type { AlertNote, StepDone } from '../detect/triage.ts';
import type { EqlSeen } from '../language/eql/complete.ts';
import type { InspectionCache } from '../rule/inspection-cache.ts';
import type { OverlayChanges } from '../rule/overlay.ts';
import { openRuleCache } from '../rule/rule-cache.ts';
import { openStateStore } from '../store/open-state-store.ts';
import type { AlertStatusChange, StateStore, StoredAlert } from '../store/state-store.ts';
import { type AlertReason, alertReason } from './alert-reason.ts';
import type { Delivered, Delivery } from './delivery.ts';
import { seenIn } from './eql-seen.ts';
import type { EventSearch } from './event-search.ts';
import { ExceptionDesk } from './exception-desk.ts';
import { findEffectInThread, readListInThread } from './exception-thread.ts';
import { type ExplainQuestion, explainAsked, type RuleExplanation } from './explain-asked.ts';
import { Intake } from './intake.ts';
import type { LiveMeasures } from './live-measures.ts';
import type { LiveAnswer, LiveAnswers, LiveCall, LiveMessage, LiveRequest, LiveSettings } from './live-protocol.ts';
import type { EventsStatus, LiveCounters, SourceStatus } from './live-status.ts';
import { MeasureBook } from './measure-book.ts';
import { divideMemory } from './memory-budget.ts';
import { startQueryThread } from './query-thread.ts';
import { type RuleBook, readRuleBook, ruleCacheOf } from './rule-book.ts';
import type { RunAsked } from './runs/live-runs.ts';
import type { SchedulerStatus } from './runs/run-scheduler.ts';
import type { SourceProfile, SourceSummary } from './source-profile.ts';
import { houseSchema } from './tables/house-schema.ts';
import type { OwnSchema } from './tables/own-schema.ts';
import type { TableSearch } from './tables/table-search.ts';

/** The working thread said why it cannot go on, or cannot do what was asked. */
export class ServiceError extends Error {
  readonly code: string | undefined;
  readonly hint: string | undefined;

  constructor(message: string, hint?: string, code?: string) {
    super(message);
    this.name = 'ServiceError';
    this.hint = hint;
    this.code = code;
  }
}

export interface LiveState {
  readonly sources: readonly SourceStatus[];
  readonly counters: LiveCounters;
  /** Absent until the working thread has told of them. */
  readonly events?: EventsStatus;
  readonly runs?: SchedulerStatus;
}

/** Completion asks at every key; what sources bring changes slowly. */
const SEEN_MS = 30_000;
const MOST_SOURCES = 8;

interface ServiceEvents {
  /** Ids of alerts that are now in the store. */
  created: [ids: readonly string[]];
  /** Files of rules have changed; `rules` gives them as they are now. */
  rules: [];
  status: [state: LiveState, measures: LiveMeasures];
  /** The working thread ended by itself; nothing acknowledged is lost. */
  failed: [error: ServiceError];
}

type Answer = (value: LiveAnswer | ServiceError) => void;
type CallOf<K extends LiveCall['kind']> = Omit<Extract<LiveCall, { kind: K }>, 'call'> & { readonly kind: K };

export class Service extends EventEmitter<ServiceEvents> {
  readonly settings: LiveSettings;
  readonly started = new Date();
  /** When the files of rules were read last. */
  rulesRead = this.started;
  /** Reads beside the writer. */
  readonly store: StateStore;
  /** Reads the stored events, in a thread of its own. */
  readonly events: EventSearch;
  /** Whole Kusto queries over them, in one more thread: such a query may take long. */
  readonly tables: TableSearch;
  private readonly tableThread: EventSearch & TableSearch;
  /** Exceptions and value lists; changes are made by the working thread. */
  readonly exceptions: ExceptionDesk;
  /** What waits to be read of what came over HTTP. */
  readonly intake = new Intake();
  /** How hard the working thread works. */
  readonly measures = new MeasureBook();
  private readonly worker: Worker;
  private readonly ended: Promise<void>;
  private readonly answers = new Map<number, Answer>();
  private book: RuleBook = { entries: [], loose: [] };
  private readonly cache: InspectionCache;
  /** What queries in Kusto may name beside the tables of the house, as it is when it is asked for. */
  readonly names: () => OwnSchema;
  private reading: Promise<unknown> = Promise.resolve();
  private calls = 0;
  /** It has failed, or was told to end. */
  private isEnding = false;
  private seenValues: { readonly at: number; readonly seen: Promise<EqlSeen> } | undefined;
  private live: LiveState = { sources: [], counters: { ...EMPTY_FUNNEL, events: 0, unrouted: 0, rejected: 0 } };

  /** Use `startService`. */
  constructor(settings: LiveSettings, worker: Worker) {
    super();
    this.settings = settings;
    this.store = openStateStore(settings.dataFolder, { readOnly: true });
    this.cache = openRuleCache(ruleCacheOf(settings)).inspections;
    this.names = houseSchema(settings.dataFolder, this.store.exceptions);
    const { dataFolder, memory = divideMemory() } = settings;
    this.events = startQueryThread({ dataFolder, megabytes: memory.lookups });
    this.tableThread = startQueryThread({ dataFolder, megabytes: memory.hunts });
    this.tables = this.tableThread;
    this.exceptions = new ExceptionDesk({
      store: this.store.exceptions,
      write: (change) => this.call({ kind: 'change-exceptions', change }),
      readList: readListInThread,
      rules: () => this.book.entries,
      findEffect: (job) => findEffectInThread({ ...job, dataFolder, megabytes: memory.effects }),
      now: () => Date.now(),
    });
    this.worker = worker;
    this.ended = new Promise((resolve) => worker.once('exit', () => resolve()));
    worker.once('exit', () => {
      if (!this.isEnding) this.fail(new ServiceError('The working thread ended.', 'Start Vedette again.'));
    });
    worker.on('message', (message: LiveMessage) => this.hear(message));
    worker.on('error', (error) => this.fail(new ServiceError(error.message)));
  }

  get state(): LiveState {
    return this.live;
  }

  /** The rules as they are now, those that do not run among them. */
  get rules(): RuleBook {
    return this.book;
  }

  /** Reads the rules again, after a change or at the start. */
  readRules(): Promise<void> {
    const reading = this.reading.then(async () => {
      this.book = await readRuleBook(this.settings, this.store, { cache: this.cache, names: this.names });
      this.rulesRead = new Date();
    });
    this.reading = reading.catch(() => {});
    return reading;
  }

  /** False when there is no such alert. @throws {ServiceError} when it cannot be written. */
  async setStatus(alert: string, change: AlertStatusChange): Promise<boolean> {
    return await this.call({ kind: 'set-status', alert, change });
  }

  /** False when there is no such alert. */
  async addNote(alert: string, note: Omit<AlertNote, 'id'>): Promise<boolean> {
    return await this.call({ kind: 'add-note', alert, note });
  }

  /** Without `done`, takes it back. False when there is no such alert. */
  async setStep(alert: string, step: string, done?: Omit<StepDone, 'step'>): Promise<boolean> {
    return await this.call({ kind: 'set-step', alert, step, ...(done === undefined ? {} : { done }) });
  }

  /** Removes the sample's alerts and its file; gives how many alerts went. */
  async removeSample(): Promise<number> {
    return await this.call({ kind: 'remove-sample' });
  }

  /** Keeps a checked text whose rules have these ids, and runs them from now on. */
  async addRule(ids: readonly string[], text: string, by?: string): Promise<void> {
    await this.call({ kind: 'add-rule', ids, text, ...(by === undefined ? {} : { by }) });
    await this.readRules();
  }

  /** False where no rule of this id was added. */
  async removeRule(id: string): Promise<boolean> {
    const removed = await this.call({ kind: 'remove-rule', id });
    await this.readRules();
    return removed;
  }

  /** Changes values of a rule here, apart from its text. Says why nothing was changed, where that is so. */
  async overlayRule(id: string, changes: OverlayChanges, by?: string): Promise<{ readonly problem?: string }> {
    const answer = await this.call({ kind: 'overlay-rule', id, changes, ...(by === undefined ? {} : { by }) });
    await this.readRules();
    return answer;
  }

  /** Reads all files of rules again, without waiting for them to change. */
  async reloadRules(): Promise<void> {
    await this.call({ kind: 'reload-rules' });
    await this.readRules();
  }

  /**
   * Hands over what came over HTTP; its body is gone from here afterwards.
   * Kept when it is durable, with the alerts for it, or when it is known that it will not be.
   */
  async deliver(delivery: Delivery): Promise<Delivered> {
    return await this.call({ kind: 'deliver', delivery }, [delivery.body.buffer as ArrayBuffer]);
  }

  /** Rules over stored events of a time; gives the request's number. */
  async requestRun(asked: RunAsked): Promise<number> {
    return await this.call({ kind: 'request-run', asked });
  }

  /** False where no such request waits or is under way. */
  async cancelRun(request: number): Promise<boolean> {
    return await this.call({ kind: 'cancel-run', request });
  }

  /** False where there is no such gap that is open. */
  async fillGap(gap: number, reason: string): Promise<boolean> {
    return await this.call({ kind: 'fill-gap', gap, reason });
  }

  /** A rule that is paused does not run; what it misses is a gap. */
  async pauseRule(id: string, paused: boolean): Promise<void> {
    await this.call({ kind: 'pause-rule', id, paused });
    await this.readRules();
  }

  /** What every source has brought since the start, in short. */
  async sources(): Promise<readonly SourceSummary[]> {
    return await this.call({ kind: 'source-summaries' });
  }

  /** What the source of this name has brought; nothing where there is none. */
  async source(name: string): Promise<SourceProfile | undefined> {
    return await this.call({ kind: 'source-profile', name });
  }

  /** The fields and values that the sources have brought, as of some seconds ago. */
  async seen(): Promise<EqlSeen> {
    if (this.seenValues !== undefined && Math.abs(Date.now() - this.seenValues.at) < SEEN_MS)
      return this.seenValues.seen;
    const at = Date.now();
    const seen = this.sources().then(async (sources) => {
      const named = sources.slice(0, MOST_SOURCES).map(({ name }) => this.source(name));
      return seenIn((await Promise.all(named)).filter((profile) => profile !== undefined));
    });
    // Without them there is less to offer, and that is all.
    this.seenValues = { at, seen: seen.catch(() => ({})) };
    return this.seenValues.seen;
  }

  /** Why the alert's rule, as it is now, holds for the alert's events; nothing when the rule is gone. */
  explainAlert({ alert }: StoredAlert): AlertReason | undefined {
    const rule = this.book.entries.find(({ document }) => document.id === alert.rule.id)?.rule;
    return rule === undefined ? undefined : alertReason(rule, alert);
  }

  /** Why a rule fires on events, or does not; nothing where no such rule runs. */
  explainRule(id: string): ((asked: ExplainQuestion) => Promise<RuleExplanation | undefined>) | undefined {
    const rule = this.book.entries.find(({ document }) => document.id === id)?.rule;
    if (rule === undefined) return undefined;
    const { events, store } = this;
    return (asked) => explainAsked(rule, asked, { events, exceptions: store.exceptions });
  }

  /**
   * Ends the working thread after a last commit. Readers go first: who closes last moves SQLite's log into its file, which
   * only the writer may.
   */
  async stop(): Promise<void> {
    this.isEnding = true;
    await this.events.close();
    await this.tableThread.close();
    this.store.close();
    this.tell({ kind: 'stop' });
    await this.ended;
  }

  private call<K extends LiveCall['kind']>(
    request: CallOf<K>,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<LiveAnswers[K]> {
    this.calls += 1;
    const call = this.calls;
    return new Promise((resolve, reject) => {
      this.answers.set(call, (value) =>
        value instanceof ServiceError ? reject(value) : resolve(value as LiveAnswers[K]),
      );
      this.tell({ ...request, call } as LiveCall, transfer);
    });
  }

  private tell(request: LiveRequest, transfer: readonly ArrayBuffer[] = []): void {
    this.worker.postMessage(request, transfer);
  }

  private hear(message: LiveMessage): void {
    switch (message.kind) {
      case 'ready':
        return;
      case 'answer':
        this.answered(message.call, message.value);
        return;
      case 'refused':
        this.answered(message.call, new ServiceError(message.message, message.hint));
        return;
      case 'rules':
        void this.readRules().then(
          () => this.emit('rules'),
          // The working thread tells of what is wrong with its own reading; this one is repeated with the next change.
          () => {},
        );
        return;
      case 'created':
        this.emit('created', message.ids);
        return;
      case 'status':
        this.live = {
          sources: message.sources,
          counters: message.counters,
          events: message.events,
          runs: message.runs,
        };
        this.measures.add(message.counters, message.sources, message.measures, performance.now());
        this.emit('status', this.live, message.measures);
        return;
      case 'failed':
        this.fail(new ServiceError(message.message, message.hint, message.code));
    }
  }

  private answered(call: number, value: LiveAnswer | ServiceError): void {
    this.answers.get(call)?.(value);
    this.answers.delete(call);
  }

  private fail(error: ServiceError): void {
    this.isEnding = true;
    for (const call of this.answers.keys()) this.answered(call, error);
    this.emit('failed', error);
  }
}

/**
 * Starts the working thread and waits until the data folder is open.
 * @throws {ServiceError} in words, when it cannot be opened (in use, newer, full, read-only).
 */
export async function startService(settings: LiveSettings): Promise<Service> {
  const file = import.meta.url.endsWith('.ts') ? './live-worker.ts' : './live-worker.js';
  const worker = new Worker(new URL(file, import.meta.url), { name: 'working', workerData: settings });
  // The service listens from the next microtask on, before the thread's next message can come.
  await whenReady(worker);
  const service = new Service(settings, worker);
  await service.readRules();
  return service;
}

function whenReady(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('message', (message: LiveMessage) => {
      if (message.kind === 'failed') reject(new ServiceError(message.message, message.hint, message.code));
      else resolve();
    });
    worker.once('error', reject);
  });
}
