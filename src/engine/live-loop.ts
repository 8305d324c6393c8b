/**
 * The live loop: inputs into one detector, and everything that follows from a batch into one commit.
 *
 *   input ──lines──▶ format ──events──▶ detector ─┐
 *   input ──lines──▶ format ──events──▶ detector ─┴─(every COMMIT_MS or BATCH_LINES)──▶ decide ──▶ store.commit
 *                                  └──▶ recorder ──────(before that)──▶ event store
 *
 * Invariant (DESIGN, decision 9): a commit holds the alerts of every event up to the positions in it, and no position
 * moves past a record that still waits for its other lines. What sequences remember, and the events that wait to be put
 * in order, are in it too. So whatever the instant of a crash, reading again from the
 * committed positions repeats events and never alerts: their ids are known.
 */

import type { Funnel } from '../detect/alert.ts';
import { addFunnels, EMPTY_FUNNEL } from '../detect/decide.ts';
import type { Origin } from '../event/event.ts';
import type { EventSink, FormatSettings, InputLine, Reject, StreamReader } from '../format/format.ts';
import { openStream } from '../format/stream.ts';
import type { NewGap } from '../store/run-store.ts';
import type { StateStore } from '../store/state-store.ts';
import type { Detector, Ledger } from './detector.ts';
import type { EventRecorder } from './event-recorder.ts';
import type { LiveMeter } from './live-measures.ts';
import type { LiveCounters, SourceStatus } from './live-status.ts';
import { LoopClock } from './loop-clock.ts';
import type { SourceProfile, SourceSummary } from './source-profile.ts';
import { SourceTally } from './source-tally.ts';

/** Longest time between an event and its alert being durable, as far as the loop has a say. */
const COMMIT_MS = 100;
/** How long a commit that somebody waits for is held, so that others come into it. */
const HURRY_MS = 5;
/** Lines after which reading waits for a commit; keeps a catch-up from growing one huge transaction. */
const BATCH_LINES = 2_000;
/** Reading lets everything else have its turn so often: without that no clock ticks and nobody is answered meanwhile. */
const READ_MS = 50;
/** A reader that was held up for so long has not read what came meanwhile: another turn of the clock, and it has. */
const LONG_HOLD_MS = 250;
/** Writing holds up reading, for milliseconds or, on a slow disk, for a second: then it has to be seldom. */
const REST_PER_WRITE = 4;

export interface LiveInput {
  /** Unique in a data folder; read positions are kept under it. */
  readonly name: string;
  readonly kind: SourceStatus['kind'];
  readonly sample: boolean;
  readonly settings: FormatSettings;
  /** What a reader of the status page should know. */
  readonly note?: string;
  /**
   * Delivers lines from a position on until the signal aborts or the input ends, and lines that cannot be read as
   * rejects. A returned promise of `deliver` must be awaited before the next line (back-pressure).
   */
  run(handlers: InputHandlers, position: string | undefined, signal: AbortSignal): Promise<void>;
  /** The position to go on from so that the line at `origin` is read again; without one, after the last line. */
  position(origin: Origin | undefined): string | undefined;
  /** Of the past: stored, and not matched. */
  readonly isHistory?: boolean;
  /** Forgotten when it has ended, as one file of many in a folder. */
  readonly isPassing?: boolean;
  /** Somebody waits for its position to be committed. */
  readonly awaitsCommit?: boolean;
  /** Told what became of its lines, before the commit. */
  readonly observer?: EventSink;
  /**
   * A commit holds everything before the position.
   * @param isStored whether the events are in the store, too: it may fail while detection goes on
   */
  committed?(position: string, isStored: boolean): void;
}

export interface InputHandlers {
  readonly deliver: (line: InputLine) => Promise<void> | undefined;
  readonly reject: (reject: Reject) => void;
  /** Somebody waits for the lines delivered so far to be committed. */
  readonly hurry: () => void;
}

interface RunningInput {
  readonly input: LiveInput;
  readonly reader: StreamReader;
  readonly tally: SourceTally;
  state: SourceStatus['state'];
  events: number;
  rejected: number;
  lastEvent: number | undefined;
  /** How much later than its time the last event came, in milliseconds. */
  lag: number | undefined;
  failure: string | undefined;
  /** As of the last commit. */
  position: string | undefined;
  /** It has lines and waits for its turn, or has only just had it: that nothing came says nothing. */
  hold: 'held' | 'released' | undefined;
}

/** What the loop needs of a store; `watch` has one in memory. */
export type LiveStore = Pick<StateStore, 'commit' | 'position' | keyof Ledger>;

export interface LiveLoopOptions {
  readonly store: LiveStore;
  readonly detector: Detector;
  /** Keeps the events; without one they are let go. */
  readonly recorder?: Pick<EventRecorder, 'add' | 'flush' | 'hasWaiting'> & Partial<Pick<EventRecorder, 'arrival'>>;
  readonly now: () => number;
  /** Ids of alerts that a commit has just made durable. */
  readonly onCreated: (ids: readonly string[]) => void;
  readonly log?: LiveLog;
  /** What rules could not look at of the events read since it was last asked; committed with their positions. */
  readonly gaps?: () => readonly NewGap[];
  /** Keeps lines that cannot be read. */
  readonly rejects?: { add(source: string, reject: Reject): void };
  /** Told of each commit: how long it took, and what it decided. */
  readonly meter?: Pick<LiveMeter, 'committed'>;
}

/** What the loop says of itself, for whoever debugs it. */
export interface LiveLog {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export class LiveLoop {
  private readonly options: LiveLoopOptions;
  private readonly inputs: RunningInput[] = [];
  private readonly stopping = new AbortController();
  private readonly clock: LoopClock;
  private funnel: Funnel = EMPTY_FUNNEL;
  private events = 0;
  private unrouted = 0;
  private rejected = 0;
  private linesSinceCommit = 0;
  /** When reading began its turn, and until when no commit begins that nobody needs; of a clock that only goes forward. */
  private turnBegan = Number.NEGATIVE_INFINITY;
  private restsUntil = Number.NEGATIVE_INFINITY;
  private readonly reading = new Set<Promise<void>>();
  private hurried: NodeJS.Timeout | undefined;
  private fatal: unknown;
  /** The clock was set back, and this was said. */
  private isBehind = false;
  /** The commit that is under way, or was the last. */
  private committing: Promise<void> = Promise.resolve();
  /** Since when a commit is under way, epoch milliseconds: reading waits for it. */
  private commitBegan: number | undefined;
  /** The commit that waits for it. */
  private nextCommit: Promise<void> | undefined;

  constructor(options: LiveLoopOptions) {
    this.options = options;
    this.clock = new LoopClock(options.now);
  }

  /**
   * Runs the inputs until all have ended or `stop` is called; what was read by then is committed.
   * @param isOpen more may be added at any time: it only ends with `stop`
   * @throws {StoreError} when a commit fails.
   */
  async run(inputs: readonly LiveInput[], isOpen = false): Promise<void> {
    const clock = setInterval(() => this.commitSettled(), COMMIT_MS);
    try {
      for (const input of inputs) this.add(input);
      if (isOpen) await stopOf(this.stopping.signal);
      while (this.reading.size > 0) await Promise.all(this.reading);
    } finally {
      clearInterval(clock);
      clearTimeout(this.hurried);
    }
    await this.commit();
    if (this.fatal !== undefined) throw this.fatal;
  }

  /** Reads one more input; nothing where one of its name is being read. */
  add(input: LiveInput): void {
    if (this.stopping.signal.aborted || this.inputs.some((one) => isReading(one, input.name))) return;
    const reading = this.runInput(input).finally(() => this.reading.delete(reading));
    this.reading.add(reading);
  }

  stop(): void {
    this.stopping.abort();
  }

  status(): { readonly sources: readonly SourceStatus[]; readonly counters: LiveCounters } {
    const { events, unrouted, rejected } = this;
    const { late, plans } = this.options.detector.correlation;
    const dropped_keys = plans.reduce((sum, { dropped }) => sum + dropped, 0);
    return {
      sources: this.inputs.map(describeInput),
      counters: { ...this.funnel, events, unrouted, rejected, late, dropped_keys, clock_behind_ms: this.clock.behind },
    };
  }

  /** What every source brings, in short. */
  summaries(): readonly SourceSummary[] {
    const now = this.options.now();
    return this.inputs.map((running) => running.tally.summary(describeInput(running), now));
  }

  /** What the source of this name brings. */
  profile(name: string): SourceProfile | undefined {
    const running = this.inputs.find(({ input }) => input.name === name);
    return running?.tally.profile(describeInput(running), this.options.now());
  }

  private async runInput(input: LiveInput): Promise<void> {
    const running: RunningInput = {
      input,
      reader: openStream(
        input.settings,
        this.sinkOf(() => running),
      ),
      tally: new SourceTally(),
      state: 'running',
      events: 0,
      rejected: 0,
      lastEvent: undefined,
      lag: undefined,
      failure: undefined,
      position: this.options.store.position(input.name),
      hold: undefined,
    };
    this.inputs.push(running);
    const handlers: InputHandlers = {
      deliver: (line) => this.deliver(running, line),
      reject: (reject) => running.reader.missed(reject),
      hurry: () => this.hurry(),
    };
    try {
      await input.run(handlers, running.position, this.stopping.signal);
      if (!this.stopping.signal.aborted) running.reader.end();
      running.state = 'finished';
      if (input.isPassing === true) await this.forget(running);
    } catch (error) {
      running.state = 'failed';
      running.failure = error instanceof Error ? error.message : String(error);
      this.options.log?.warn({ input: input.name, err: error }, 'input failed');
    }
  }

  private sinkOf(running: () => RunningInput): EventSink {
    return {
      event: (event) => {
        const source = running();
        const { input } = source;
        const now = this.options.now();
        source.events += 1;
        source.lastEvent = event.time.ms;
        if (input.isHistory !== true) source.lag = now - event.time.ms;
        this.events += 1;
        if (event.dataStreams.length === 0) this.unrouted += 1;
        if (input.isHistory !== true) this.options.detector.observe(event, input.sample);
        this.options.recorder?.add(event, input.sample);
        source.tally.addEvent(event, now);
        input.observer?.event(event);
      },
      reject: (reject) => this.countReject(running(), reject),
    };
  }

  private countReject(running: RunningInput, reject: Reject): void {
    running.tally.addReject(reject);
    running.rejected += 1;
    this.rejected += 1;
    this.options.rejects?.add(running.input.name, reject);
    running.input.observer?.reject(reject);
  }

  private get isAwaited(): boolean {
    return this.inputs.some(({ input }) => input.awaitsCommit === true);
  }

  private hurry(afterMs = HURRY_MS): void {
    this.hurried ??= setTimeout(() => {
      this.hurried = undefined;
      this.commitSettled();
    }, afterMs);
  }

  /** What it read is committed before its position is forgotten. */
  private async forget(running: RunningInput): Promise<void> {
    await this.commit();
    this.inputs.splice(this.inputs.indexOf(running), 1);
  }

  private deliver(running: RunningInput, line: InputLine): Promise<void> | undefined {
    running.reader.line(line);
    this.linesSinceCommit += 1;
    if (this.linesSinceCommit >= BATCH_LINES) return this.hold(running, this.commit());
    return performance.now() - this.turnBegan < READ_MS ? undefined : this.hold(running, DONE);
  }

  /** Until that is done and whatever else waits has had its turn. */
  private async hold(running: RunningInput, until: Promise<void>): Promise<void> {
    const began = performance.now();
    running.hold = 'held';
    await until;
    await new Promise((resolve) => setImmediate(resolve));
    this.turnBegan = performance.now();
    running.hold = this.turnBegan - began < LONG_HOLD_MS ? undefined : 'released';
  }

  /** Lets readers take for complete what has been quiet, where they had the time to hear of it. */
  private settleReaders(now: number): void {
    for (const running of this.inputs) {
      if (running.hold === undefined) running.reader.settle(now);
      else if (running.hold === 'released') running.hold = undefined;
    }
  }

  private commitSettled(): void {
    const now = this.options.now();
    const { detector, recorder } = this.options;
    const stoodStill = this.clock.look(this.commitBegan);
    this.sayBehind(this.clock.behind);
    // After a standstill the lines that waited meanwhile are read before anything is taken to be complete.
    if (stoodStill === 0) this.settleReaders(now);
    detector.settle(stoodStill);
    const hasWork = this.linesSinceCommit > 0 || detector.hasChanges || recorder?.hasWaiting === true || this.isAwaited;
    const rest = this.restsUntil - performance.now();
    if (hasWork && rest > 0) this.hurry(rest);
    else if (hasWork) void this.commit();
  }

  private sayBehind(behindMs: number): void {
    const isBehind = behindMs > 0;
    if (isBehind && !this.isBehind) this.options.log?.warn({ behind_ms: behindMs }, 'the clock was set back');
    this.isBehind = isBehind;
  }

  /**
   * One at a time; whoever asks for another one meanwhile gets the same, which holds everything read until it begins.
   * One that fails ends the loop: what it held is read again from the committed positions at the next start.
   */
  private commit(): Promise<void> {
    this.nextCommit ??= this.committing.then(async () => {
      this.nextCommit = undefined;
      if (this.fatal !== undefined) return;
      this.commitBegan = this.options.now();
      try {
        await this.commitBatch();
      } catch (error) {
        this.fatal = error;
        this.stop();
      } finally {
        this.commitBegan = undefined;
      }
    });
    this.committing = this.nextCommit;
    return this.nextCommit;
  }

  /** What it holds is gathered before it waits for the disk: lines read meanwhile are the next one's. */
  private async commitBatch(): Promise<void> {
    const { store, detector, recorder, onCreated } = this.options;
    const begun = performance.now();
    const storing = recorder?.flush();
    detector.settle(this.clock.look());
    const { alerts, runs, suppressed, correlation } = detector.drain(store);
    const gaps = this.options.gaps?.() ?? [];
    const moved = this.inputs.flatMap((running) => {
      const position = running.input.position(running.reader.waiting);
      return position === undefined || position === running.position ? [] : [{ running, position }];
    });
    const positions = moved.map(({ running, position }) => ({ source: running.input.name, position }));
    const lines = this.linesSinceCommit;
    this.linesSinceCommit = 0;
    const isStored = (await storing) !== false;
    const arrival = isStored ? recorder?.arrival : undefined;
    const writing = performance.now();
    store.commit({ alerts, runs, suppressed, positions, correlation, gaps, arrival });
    const written = performance.now();
    this.restsUntil = written + REST_PER_WRITE * (written - writing);
    this.options.meter?.committed((performance.now() - begun) / 1_000, runs);
    this.options.log?.debug({ lines, alerts: alerts.length, positions: positions.length }, 'committed');
    this.funnel = runs.map((run) => run.funnel).reduce(addFunnels, this.funnel);
    if (alerts.length > 0) onCreated(alerts.map(({ alert }) => alert.id));
    for (const { running, position } of moved) {
      running.position = position;
      running.input.committed?.(position, isStored);
    }
  }
}

const DONE = Promise.resolve();

function isReading({ input, state }: RunningInput, name: string): boolean {
  return input.name === name && state === 'running';
}

function stopOf(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function describeInput(running: RunningInput): SourceStatus {
  const { input, state, events, rejected, lastEvent, lag, failure } = running;
  const note = failure ?? input.note;
  return {
    name: input.name,
    kind: input.kind,
    state,
    events,
    rejected,
    ...(lastEvent === undefined ? {} : { last_event: new Date(lastEvent).toISOString() }),
    ...(lag === undefined ? {} : { lag_ms: lag }),
    ...(note === undefined ? {} : { note }),
  };
}
