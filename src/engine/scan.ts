/**
 * Rules over files of logs.
 *
 *   paths ──expand──▶ files ──lines──▶ format ──events──▶ detector ──after each chunk──▶ decide ──▶ alerts
 *
 * The same decision as live (`detect/decide`), on the same grid of runs by event time. Memory does not grow with the
 * input: a file is read chunk by chunk, and the next chunk waits until the alerts of the last have been taken.
 */

import type { CorrelatorStatus } from '../correlate/correlator.ts';
import type { Alert } from '../detect/alert.ts';
import { addFunnels, EMPTY_FUNNEL } from '../detect/decide.ts';
import type { ExceptionSet } from '../detect/exceptions/exception-set.ts';
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import type { EventSink, FormatSettings, LineFilter, Reject } from '../format/format.ts';
import { openStream } from '../format/stream.ts';
import { expandInputs, type InputFile } from '../ingest/expand-inputs.ts';
import { type ReadProgress, readLines } from '../ingest/line-source.ts';
import { closePlain, openPlain, type PlainFile } from '../ingest/plain-file.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import { ruleHead } from '../rule/rule-head.ts';
import type { RunCounters } from '../store/state-store.ts';
import { loadChosenRules, type RuleChanges } from './chosen-rules.ts';
import { Detector, MemoryLedger } from './detector.ts';
import { loadExceptionFiles } from './exception-files.ts';
import { readBesideLogs } from './log-rules.ts';
import { RejectTally } from './reject-tally.ts';
import type { RunBatch } from './runs/run-range.ts';
import type { CorrelationSummary, RejectedLine, RemovedBy, RuleFunnel, ScanSummary } from './scan-summary.ts';
import type { ScanTables } from './scan-tables.ts';
import type { PassedOver, ScoutedFileOptions } from './scouted-file.ts';
import type { Scouting, Scouts } from './scouts.ts';
import type { GivenSchema } from './tables/given-tables.ts';

export interface ScanOptions extends RuleChanges {
  /** Files, folders, or `-` for standard input. */
  readonly logs: readonly string[];
  /** Rule files and folders; the bundled rules where none are named. */
  readonly rules?: readonly string[];
  /** Files of exceptions: Elastic's exported lists, or Vedette's own form in YAML or JSON. */
  readonly exceptions?: readonly string[];
  /** A folder of value lists that exceptions name: `NAME.TYPE.txt`, one value a line. */
  readonly lists?: string;
  /** A folder of indicators for rules of type threat_match: NDJSON in ECS, or CSV whose first line names fields. */
  readonly indicators?: string;
  /** Alerts a rule creates at most in one of its intervals, instead of its own maximum; 0 for no cap. */
  readonly maxAlerts?: number;
  /** The host of logs that do not name theirs. */
  readonly hostName?: string;
  /** Whether Linux audit counts as an endpoint agent's data stream too. Default true. */
  readonly standsInForEndpoint?: boolean;
  /**
   * Threads that look through the lines, the one that reads what matters of them included; default one. What is found is the
   * same.
   */
  readonly threads?: number;
  readonly onReject?: (reject: RejectedLine) => void;
  /** After each chunk of a file. */
  readonly onProgress?: (progress: ScanProgress) => void;
  readonly signal?: AbortSignal;
}

export interface ScanProgress {
  readonly file: string;
  /** Bytes read of all files so far, as they lie there, and their size where all sizes are known. */
  readonly read: number;
  readonly total?: number;
  readonly events: number;
  readonly alerts: number;
}

/** Takes the alerts of a batch in order; the scan goes on when its promise is kept. */
export type TakeAlerts = (alerts: readonly Alert[]) => Promise<void> | void;

/**
 * Scans to the end and gives the summary. Nothing that a log or a rule holds makes this throw: what cannot be read is
 * in the summary.
 */
export async function runScan(options: ScanOptions, take: TakeAlerts): Promise<ScanSummary> {
  const started = performance.now();
  const { rules, findings, names: kustoNames } = await loadChosenRules(options.rules, options);
  const { files, problems } = await expandInputs(options.logs);
  const loaded = await loadExceptionFiles(options.exceptions ?? [], rules, options.lists);
  const { indicators, problems: beside } = await readBesideLogs(rules, options.indicators);
  const detector = new Detector({
    rules,
    now: Date.now,
    isLedgerWhole: true,
    exceptions: loaded.set,
    ...capOf(options),
    tallies: indicators === undefined ? {} : { indicators },
  });
  const overTables = rules.filter(({ tally, idle }) => tally?.kind === 'rows' && idle === undefined);
  // DuckDB is loaded for such rules only.
  const tables = overTables.length === 0 ? undefined : new (await import('./scan-tables.ts')).ScanTables(overTables);
  // Queries over tables look at every event.
  const rulesOfLines = tables === undefined ? detector.rulesOfLines : undefined;
  const scouts = rulesOfLines === undefined ? undefined : await openScouts(options, rulesOfLines, files);
  const pass = new ScanPass(options, detector, files, tables, scouts);
  const unread: Diagnostic[] = problems.map(({ diagnostic }) => diagnostic);
  unread.push(...beside);
  try {
    for (const file of files) {
      if (options.signal?.aborted === true) break;
      const problem = await pass.file(file, take);
      if (problem !== undefined) unread.push(problem);
    }
    if (options.signal?.aborted !== true) unread.push(...(await pass.end(loaded.set, kustoNames, take)));
  } finally {
    await Promise.all([tables?.close(), scouts?.close()]);
  }
  const byId = new Map(rules.map((rule) => [ruleHead(rule).id, rule]));
  return {
    ...pass.counts((id) => byId.get(id)?.document.name ?? id, loaded.names),
    ...(options.exceptions === undefined && loaded.set.size + loaded.problems.length === 0
      ? {}
      : { exceptions: { applied: loaded.set.size, problems: loaded.problems } }),
    files: files.length,
    rules: rules.length,
    idle: rules.filter(({ idle }) => idle !== undefined).length,
    problems: unread,
    findings,
    milliseconds: performance.now() - started,
  };
}

/** Below so many bytes, as they lie there, threads take longer to start than one to scan. */
const WORTH_THREADS = 1024 * 1024;
/** A smaller file is read before a scout has come to it. */
const WORTH_SCOUTS = 1024 * 1024;

/**
 * Where they can help: rules that remember, count or look at tables see every event here, and so need them all.
 * Loaded for those only who ask for threads.
 */
async function openScouts(
  { threads = 1, hostName, standsInForEndpoint = true }: ScanOptions,
  rules: readonly LoadedRule[],
  files: readonly InputFile[],
): Promise<Scouts | undefined> {
  if (threads < 2 || files.reduce((sum, { size = WORTH_THREADS }) => sum + size, 0) < WORTH_THREADS) return undefined;
  const [{ Scouts: Threads }, { scoutTask }] = await Promise.all([import('./scouts.ts'), import('./scout.ts')]);
  const task = scoutTask(rules, { standsInForEndpoint, ...(hostName === undefined ? {} : { hostName }) });
  // This thread is one of them.
  return task === undefined ? undefined : new Threads(threads - 1, task);
}

function capOf({ maxAlerts }: ScanOptions): { maxAlerts?: number } {
  if (maxAlerts === undefined) return {};
  return { maxAlerts: maxAlerts === 0 ? Number.POSITIVE_INFINITY : maxAlerts };
}

/** What runs through all files of one scan. */
class ScanPass {
  private readonly options: ScanOptions;
  private readonly detector: Detector;
  private readonly tables: ScanTables | undefined;
  private readonly scouts: Scouting | undefined;
  private readonly ledger = new MemoryLedger();
  private readonly rejects: RejectTally;
  private readonly settings: FormatSettings;
  private readonly filter: LineFilter | undefined;
  private readonly total: number | undefined;
  private readonly formats = new Map<string, number>();
  private readonly funnels = new Map<string, RunCounters['funnel']>();
  /** Rule id → exception id → matches removed. */
  private readonly removed = new Map<string, Map<string, number>>();
  private events = 0;
  private unrouted = 0;
  private fileNumber = 0;
  private alerts = 0;
  /** Bytes of the files that are done. */
  private done = 0;

  constructor(
    options: ScanOptions,
    detector: Detector,
    files: readonly InputFile[],
    tables: ScanTables | undefined,
    scouts: Scouting | undefined,
  ) {
    this.options = options;
    this.scouts = scouts;
    this.tables = tables;
    this.detector = detector;
    this.rejects = new RejectTally(options.onReject);
    this.settings = {
      standsInForEndpoint: options.standsInForEndpoint ?? true,
      now: Date.now,
      ...(options.hostName === undefined ? {} : { hostName: options.hostName }),
    };
    // Queries over tables look at every event.
    this.filter = tables === undefined ? detector.lineFilter(this.settings) : undefined;
    const sizes = files.map(({ size }) => size);
    this.total = sizes.every((size) => size !== undefined) ? sizes.reduce((sum, size) => sum + size, 0) : undefined;
  }

  async file(file: InputFile, take: TakeAlerts): Promise<Diagnostic | undefined> {
    const sink: EventSink = {
      event: (event) => {
        this.events += 1;
        if (event.dataStreams.length === 0) this.unrouted += 1;
        this.detector.observe(event);
        this.tables?.add(event);
      },
      reject: (reject) => this.rejects.add(reject),
      sieved: (line) => {
        this.events += 1;
        if (line.isUnrouted) this.unrouted += 1;
        this.detector.sieved(line);
      },
      passed: ({ isUnrouted, note }) => {
        this.events += 1;
        if (note !== undefined) this.detector.note(note);
        if (isUnrouted) this.unrouted += 1;
      },
    };
    // Also for lines that scouts say are needed: what rules make of their values is known here from blocks of this thread's.
    const reader = openStream(this.settings, sink, this.filter);
    let bytes = 0;
    const handed = ({ read }: ReadProgress) => {
      bytes = read;
      const taken = this.hand(take);
      this.report(file.path, read);
      return taken;
    };
    const signal = this.options.signal === undefined ? {} : { signal: this.options.signal };
    const plain = this.plainFile(file);
    let problem: Diagnostic | undefined;
    if (plain === undefined) {
      const onReject = (reject: Reject) => reader.missed(reject);
      const options = { ...signal, onReject, onProgress: handed, passer: reader };
      ({ problem } = await readLines(file.path, (line) => reader.line(line), options));
    } else {
      problem = await this.scouted(plain, { path: file.path, reader, handed: (read) => handed({ read }), ...signal });
    }
    reader.end();
    await this.hand(take);
    this.done += bytes;
    for (const [format, events] of reader.formats) this.countFormat(format, events);
    return problem;
  }

  /** One that is worth scouts, where there are some. */
  private plainFile({ path, size = 0 }: InputFile): PlainFile | undefined {
    if (this.scouts === undefined || this.filter === undefined || size < WORTH_SCOUTS) return undefined;
    return openPlain(path);
  }

  private async scouted(file: PlainFile, of: Pick<ScoutedFileOptions, 'path' | 'reader' | 'handed' | 'signal'>) {
    const { scouts } = this;
    if (scouts === undefined) return undefined;
    this.fileNumber += 1;
    const number = this.fileNumber;
    const { ScoutedFile } = await import('./scouted-file.ts');
    const passed = ({ format, events, unrouted }: PassedOver) => {
      this.events += events;
      this.unrouted += unrouted;
      this.countFormat(format, events);
    };
    try {
      return await new ScoutedFile({ ...of, scouts, number, file, passed, found: this.detector }).read();
    } finally {
      closePlain(file);
    }
  }

  private countFormat(format: string, events: number): void {
    this.formats.set(format, (this.formats.get(format) ?? 0) + events);
  }

  counts(nameOf: (id: string) => string, exceptionNames: ReadonlyMap<string, string>) {
    const byRule: RuleFunnel[] = [...this.funnels].map(([id, funnel]) => ({
      id,
      name: nameOf(id),
      funnel,
      byException: [...(this.removed.get(id) ?? [])].map(
        ([exception, removed]): RemovedBy => ({
          id: exception,
          name: exceptionNames.get(exception) ?? exception,
          removed,
        }),
      ),
    }));
    return {
      bytes: this.done,
      events: this.events,
      formats: Object.fromEntries(this.formats),
      unrouted: this.unrouted,
      funnel: byRule.reduce((sum, { funnel }) => addFunnels(sum, funnel), EMPTY_FUNNEL),
      byRule,
      rejects: this.rejects.summary(),
      correlation: correlationSummary(this.detector.correlation),
    };
  }

  /** What sequences and samples waited for, and what queries over tables give. @returns queries that could not be run */
  async end(
    exceptions: ExceptionSet,
    names: GivenSchema | undefined,
    take: TakeAlerts,
  ): Promise<readonly Diagnostic[]> {
    this.detector.end();
    await this.hand(take);
    const { maxAlerts, signal } = this.options;
    const asked = {
      ledger: this.ledger,
      exceptions,
      uncapped: maxAlerts === 0,
      ...(names === undefined ? {} : { names }),
      ...(signal === undefined ? {} : { signal }),
    };
    const failed = await this.tables?.run(asked, async (batch) => this.record(batch, take));
    return (failed ?? []).map((message) => diagnose('kusto-refused', 'error', message));
  }

  private hand(take: TakeAlerts): Promise<void> | undefined {
    if (this.detector.waiting === 0) return undefined;
    return this.record(this.detector.drain(this.ledger), take);
  }

  private record(decided: RunBatch, take: TakeAlerts): Promise<void> | undefined {
    this.ledger.record(decided);
    for (const { ruleId, funnel, byException } of decided.runs) {
      this.funnels.set(ruleId, addFunnels(this.funnels.get(ruleId) ?? EMPTY_FUNNEL, funnel));
      this.countRemoved(ruleId, byException ?? new Map());
    }
    this.alerts += decided.alerts.length;
    return take(decided.alerts.map(({ alert }) => alert)) ?? undefined;
  }

  private countRemoved(ruleId: string, byException: ReadonlyMap<string, number>): void {
    if (byException.size === 0) return;
    const sums = this.removed.get(ruleId) ?? new Map<string, number>();
    this.removed.set(ruleId, sums);
    for (const [id, count] of byException) sums.set(id, (sums.get(id) ?? 0) + count);
  }

  private report(file: string, read: number): void {
    this.options.onProgress?.({
      file,
      read: this.done + read,
      ...(this.total === undefined ? {} : { total: this.total }),
      events: this.events,
      alerts: this.alerts,
    });
  }
}

function correlationSummary({ late, forced, plans }: CorrelatorStatus): CorrelationSummary {
  return { late, forced, dropped: plans.reduce((sum, { dropped }) => sum + dropped, 0) };
}
