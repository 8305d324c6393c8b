/**
 * The thread that ingests, matches, decides and writes; the only writer of the data folder, whose events it has written by a thread of
 * its own (`store/event-thread.ts`). The serving thread talks to it in the messages of `live-protocol.ts`. It ends on `stop`, or when it cannot go on.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { LoadedRule } from '../rule/inspect.ts';
import { EVENT_LIMITS } from '../store/event-limits.ts';
import { openEventThread } from '../store/event-thread.ts';
import { INCIDENT_GAP_SETTING } from '../store/incident.ts';
import { openStateStore } from '../store/open-state-store.ts';
import { RejectFiles } from '../store/reject-files.ts';
import { SUPPRESSION_CLOSED_SETTING } from '../store/sqlite-suppression.ts';
import { ARRIVAL_SETTING, type StateStore } from '../store/state-store.ts';
import { StoreError } from '../store/store-error.ts';
import { Detector, LATENESS_MS } from './detector.ts';
import { Door } from './door.ts';
import { EventRecorder } from './event-recorder.ts';
import { carryOut as carryOutChange, type ExceptionStoreChange } from './exception-change.ts';
import { fileInputs } from './file-input.ts';
import { adoptRuleExceptions, LiveExceptions } from './live-exceptions.ts';
import { LiveLoop } from './live-loop.ts';
import { LiveMeter } from './live-measures.ts';
import type { LiveAnswer, LiveCall, LiveMessage, LiveRequest, LiveSettings } from './live-protocol.ts';
import { LiveRules } from './live-rules.ts';
import { machineInputs } from './machine-input.ts';
import { divideMemory } from './memory-budget.ts';
import { addRule, removeRule, setRulePaused } from './rule-book.ts';
import { RuleSwitches } from './rule-switches.ts';
import { LiveRuns } from './runs/live-runs.ts';
import { forgetSample, sampleInputs } from './sample-input.ts';
import { serviceLog } from './service-log.ts';

/** How often the status page learns of progress. */
const STATUS_MS = 1_000;
/** How often old events are removed; so many come in between that a few short steps do. */
const PRUNE_MS = 1_000;

const send = (message: LiveMessage) => parentPort?.postMessage(message);

async function work(settings: LiveSettings): Promise<void> {
  const store = openStateStore(settings.dataFolder);
  const now = () => Date.now();
  const log = serviceLog('live', settings.log);
  const { eventLimits: limits = EVENT_LIMITS, memory = divideMemory() } = settings;
  const recorder = new EventRecorder({
    open: (isDamaged) =>
      openEventThread({ folder: settings.dataFolder, options: { limits, jobMegabytes: memory.segments }, isDamaged }),
    keepMs: limits.keepMs,
    acknowledged: Number(store.setting(ARRIVAL_SETTING) ?? Number.NaN),
    now,
    warn: (fields, message) => log.warn(fields, message),
  });
  const book = new LiveRules({ settings, store, now, log, changed: () => send({ kind: 'rules' }) });
  const { dataFolder } = settings;
  const rejects = new RejectFiles({ dataFolder, now, warn: (fields, message) => log.warn(fields, message) });
  try {
    if (settings.incidentGapMs !== undefined) store.setSetting(INCIDENT_GAP_SETTING, String(settings.incidentGapMs));
    store.setSetting(SUPPRESSION_CLOSED_SETTING, settings.suppressionOutlivesClosing === true ? 'goes-on' : 'ends');
    // From the beginning, so that after a crash it is known what was never acknowledged.
    if (store.setting(ARRIVAL_SETTING) === undefined) {
      await recorder.flush();
      if (recorder.arrival !== undefined) store.setSetting(ARRIVAL_SETTING, String(recorder.arrival));
    }
    send({ kind: 'ready' });
    const rules = await book.start();
    const lateness = settings.latenessMs ?? LATENESS_MS;
    const detector = new Detector({ rules, now, lateness, isDurable: true, describesAtOnce: true });
    const remembered = store.correlationRows();
    detector.restore(remembered);
    const exceptions = new LiveExceptions(store.exceptions, detector, log);
    adopt(rules, store);
    await exceptions.load();
    const meter = new LiveMeter();
    const onCreated = (ids: readonly string[]) => send({ kind: 'created', ids });
    const loop = new LiveLoop({
      meter,
      gaps: () => runs.takeGaps(),
      rejects,
      store,
      detector,
      recorder,
      now,
      onCreated,
      log,
    });
    let oldest: number | undefined;
    const runs = new LiveRuns({
      settings,
      store,
      detector,
      remembered: livePlans(remembered),
      now,
      lateness,
      oldest: () => oldest,
      onCreated,
      onEnded: (kind, state, found) => meter.ran(kind, state, found),
      log,
    });
    runs.replaceRules(rules);
    const switches = new RuleSwitches({ store, runs, now });
    switches.follow(book.book.entries);
    book.follow(async (changed) => {
      detector.replaceRules(changed);
      runs.replaceRules(changed);
      switches.follow(book.book.entries);
      if (adopt(changed, store)) await exceptions.load();
    });
    const report = async () => {
      switches.alive();
      const events = await recorder.status();
      oldest = events.oldest;
      const queues = [
        { name: 'ordering', depth: detector.correlation.held },
        { name: 'deciding', depth: detector.waiting },
        { name: 'storing', depth: events.waiting },
      ];
      const scheduled = runs.status();
      const measures = meter.take(queues, scheduled.openGaps, recorder.heapBytes);
      send({ kind: 'status', ...loop.status(), events, runs: scheduled, measures });
    };
    const fromFiles = { standsInForEndpoint: settings.standsInForEndpoint ?? true, now };
    const door = new Door({
      settings: fromFiles,
      add: (input) => loop.add(input),
      stored: (identities) => recorder.stored(identities),
      keepMs: limits.keepMs,
      ...(settings.ingestRate === undefined ? {} : { rate: settings.ingestRate }),
    });
    const stopped = new Promise<void>((resolve) => {
      parentPort?.on('message', (request: LiveRequest) => {
        if (request.kind === 'stop') {
          loop.stop();
          resolve();
        } else {
          void answer(request, { settings, store, detector, loop, recorder, exceptions, door, runs, book, switches });
        }
      });
    });
    const inputs = [
      ...(settings.sample ? sampleInputs(settings.dataFolder, store, fromFiles) : []),
      ...fileInputs(settings.follow ?? [], fromFiles, (input) => loop.add(input)),
      ...(settings.watch ? await machineInputs(settings, detector.processes) : []),
    ];
    const clock = setInterval(() => void report(), STATUS_MS);
    const pruning = setInterval(() => void recorder.pruneAll(), PRUNE_MS);
    try {
      await loop.run(inputs, true);
      door.close();
      await report();
      await stopped;
    } finally {
      clearInterval(clock);
      clearInterval(pruning);
      book.close();
      await runs.stop();
      switches.alive(true);
    }
  } finally {
    await rejects.flush();
    await recorder.close();
    store.close();
  }
}

/** What requests are carried out on. */
interface Bench {
  readonly settings: LiveSettings;
  readonly store: StateStore;
  readonly detector: Detector;
  readonly loop: LiveLoop;
  readonly recorder: EventRecorder;
  readonly exceptions: LiveExceptions;
  readonly door: Door;
  readonly runs: LiveRuns;
  readonly book: LiveRules;
  readonly switches: RuleSwitches;
}

async function answer(request: LiveCall, bench: Bench): Promise<void> {
  const { call } = request;
  try {
    send({ kind: 'answer', call, value: await carryOut(request, bench) });
  } catch (error) {
    send({ kind: 'refused', call, ...inWords(error) });
  }
}

async function carryOut(request: LiveCall, bench: Bench): Promise<LiveAnswer> {
  const { settings, store, loop, recorder, runs, book } = bench;
  switch (request.kind) {
    case 'set-status':
      return store.setStatus(request.alert, request.change);
    case 'add-note':
      return store.triage.addNote(request.alert, request.note);
    case 'set-step':
      return store.triage.setStep(request.alert, request.step, request.done);
    case 'remove-sample':
      await recorder.removeSample();
      return forgetSample(settings.dataFolder, store);
    case 'add-rule':
      addRule(settings.dataFolder, store, request.ids, request.text);
      await book.reload((id) => (request.ids.includes(id) ? request.by : undefined));
      return true;
    case 'remove-rule': {
      const removed = removeRule(book.book, store, request.id);
      await book.reload();
      return removed;
    }
    case 'overlay-rule': {
      const { id, changes, by } = request;
      return await book.overlay(id, changes, by);
    }
    case 'reload-rules':
      await book.refresh();
      return true;
    case 'pause-rule':
      setRulePaused(store, request.id, request.paused);
      await book.reload();
      bench.switches.paused(request.id, request.paused);
      return true;
    case 'request-run':
      return runs.request(request.asked);
    case 'cancel-run':
      return runs.cancel(request.request);
    case 'fill-gap':
      return runs.fill(request.gap, request.reason);
    case 'change-exceptions':
      return await changeExceptions(request.change, bench);
    case 'deliver':
      return await bench.door.take(request.delivery);
    case 'source-summaries':
      return loop.summaries();
    case 'source-profile':
      return loop.profile(request.name);
  }
}

/** Answers when what was changed is decided by. Values of a list count with the change that follows them. */
async function changeExceptions(change: ExceptionStoreChange, { store, exceptions, runs }: Bench): Promise<number> {
  const changed = carryOutChange(store.exceptions, change, new Date().toISOString());
  if (change.what === 'save' || change.what === 'remove' || change.what === 'apply') await exceptions.load();
  if (change.what === 'remove-list') void exceptions.sweep();
  runs.exceptionsChanged();
  return changed;
}

/** The plans of live rules that these rows belong to. */
function livePlans(rows: Iterable<{ readonly plan: string }>): ReadonlySet<string> {
  const plans = new Set<string>();
  for (const { plan } of rows) if (plan.startsWith('live ') && plan !== 'live ') plans.add(plan.slice('live '.length));
  return plans;
}

/** Whether rules brought exceptions that are new. */
function adopt(rules: readonly LoadedRule[], store: StateStore): boolean {
  const documents = rules.map(({ document }) => document);
  return adoptRuleExceptions(documents, store.exceptions, new Date().toISOString()).length > 0;
}

function inWords(error: unknown): { message: string; hint?: string } {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof StoreError && error.hint !== undefined ? { message, hint: error.hint } : { message };
}

work(workerData as LiveSettings)
  .catch((error: unknown) => {
    send({ kind: 'failed', ...inWords(error), ...(error instanceof StoreError ? { code: error.code } : {}) });
  })
  // Closed, the port would drop what was said last.
  .finally(() => parentPort?.unref());
