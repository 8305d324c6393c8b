/**
 * The library: `import { scan, explain, loadRules } from 'vedette'`.
 *
 *   for await (const alert of scan({ logs: ['audit.log'] })) console.log(alert.reason);
 */
import type { Alert } from '../detect/alert.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { JsonObject } from '../event/json.ts';
import { type AnswerJson, answerJson } from '../plan/relation/answer-json.ts';
import { type EqlSequenceHit, toSequenceHit } from './eql-answer.ts';
import { type HuntOptions, type HuntRow, runHunt } from './hunt.ts';
import { runScan, type ScanOptions, type TakeAlerts } from './scan.ts';
import type { ScanSummary } from './scan-summary.ts';
import { runTableHunt, type TableHuntOptions } from './tables/table-hunt.ts';

export type { Alert, Funnel } from '../detect/alert.ts';
export type { Diagnostic } from '../diagnostic/diagnostic.ts';
export { type Conversion, type ConvertOptions, convertRule as convert } from '../rule/convert.ts';
export { type FieldResolution, type FieldUse, fieldUses } from '../rule/field-report.ts';
export type { Finding } from '../rule/finding.ts';
export type { LoadedRule } from '../rule/inspect.ts';
export { bundledRules, checkRules, type LoadedRules, loadRules } from '../rule/load.ts';
export { type LoadedPipelines, loadPipelines } from '../rule/pipelines.ts';
export { type LoadedPlaceholders, loadPlaceholders } from '../rule/placeholders.ts';
export type { RuleDocument } from '../rule/rule.ts';
export { type BacktestOptions, type BacktestOutcome, backtest } from './backtest.ts';
export type { CorrelationExplanation, KeyExplanation } from './correlation-explanation.ts';
export type { EqlHit, EqlSequenceHit } from './eql-answer.ts';
export type { EqlSearchOptions } from './eql-search.ts';
export {
  type ExplainedEvent,
  type ExplainedRecord,
  type ExplainOptions,
  type ExplainResult,
  explain,
  explainRecord,
} from './explain.ts';
export type { Explanation, Obstacle } from './explanation.ts';
export type { HuntOptions, HuntRow } from './hunt.ts';
export type { CaseResult, Difference } from './rule-test.ts';
export { type RuleTexts, testRuleText } from './rule-test-text.ts';
export { type RuleTestOptions, type RuleTestProgress, type RuleTestReport, testRules } from './rule-tests.ts';
export type { ScanOptions, ScanProgress } from './scan.ts';
export type { RejectedLine, ScanSummary } from './scan-summary.ts';
export type { TableHuntLimits, TableHuntOptions } from './tables/table-hunt.ts';

export interface Scan extends AsyncIterable<Alert> {
  /** Kept when the scan is through; asking for it starts a scan whose alerts nobody iterates. */
  readonly summary: Promise<ScanSummary>;
  /** Every alert, in the order found. */
  alerts(): Promise<Alert[]>;
}

/**
 * Runs rules over files of logs. Iterating gives the alerts as they are found and holds the reading back when the
 * consumer is slow; a scan runs once, and ends early when the iteration is left.
 */
export function scan(options: ScanOptions): Scan {
  const ending = new AbortController();
  const signal = options.signal === undefined ? ending.signal : AbortSignal.any([options.signal, ending.signal]);
  let running: Promise<ScanSummary> | undefined;
  const run = (take: TakeAlerts) => {
    if (running !== undefined) throw new Error('This scan has been started already; call scan() again for another.');
    running = runScan({ ...options, signal }, take);
    return running;
  };
  return {
    get summary() {
      return running ?? run(() => {});
    },
    async alerts() {
      const found: Alert[] = [];
      await run((alerts) => {
        found.push(...alerts);
      });
      return found;
    },
    async *[Symbol.asyncIterator]() {
      const batches = new Handover<readonly Alert[]>();
      run((alerts) => batches.give(alerts)).then(
        () => batches.close(),
        (error: unknown) => batches.fail(error),
      );
      try {
        for (let batch = await batches.take(); batch !== undefined; batch = await batches.take()) yield* batch;
      } finally {
        ending.abort();
        batches.release();
      }
    },
  };
}

/** What a hunt found: the events as ECS documents, and what was read. */
export interface HuntResult {
  /** Of a sequence or a sample none. */
  readonly events: readonly JsonObject[];
  /** Of a sequence or a sample, in Elasticsearch's shape. */
  readonly sequences: readonly EqlSequenceHit[];
  /** The columns that a Kusto query computes of each event; of one that counts the number alone, and no events. */
  readonly rows: readonly HuntRow[];
  /** What is wrong with the query; with an error nothing was read. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The events of files of logs that a query holds for. */
export async function hunt(options: HuntOptions): Promise<HuntResult> {
  const events: JsonObject[] = [];
  const rows: HuntRow[] = [];
  const sequences: EqlSequenceHit[] = [];
  const { diagnostics, ...done } = await runHunt(options, {
    event(event, columns) {
      events.push(event.document());
      if (columns !== undefined) rows.push(columns.row);
    },
    match: (match) => sequences.push(toSequenceHit(match)),
  });
  if (done.read !== undefined && done.count !== undefined) rows.push({ [done.count]: done.found });
  return { events, sequences, rows, diagnostics };
}

/** What a query in Kusto gives: a cell of a row for each column, as Kusto's names of types say. */
export interface TableHuntResult extends AnswerJson {
  /** Whether there are more rows than `rows` allows. */
  readonly cut: boolean;
  /** What is wrong with the query; with an error there are no columns. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A whole query in Kusto over files of logs, or over the events that a service keeps. */
export async function huntTable(options: TableHuntOptions): Promise<TableHuntResult> {
  const { answer, diagnostics } = await runTableHunt(options);
  if (answer === undefined) return { columns: [], rows: [], cut: false, diagnostics };
  return { ...answerJson(answer), cut: answer.isCut, diagnostics };
}

/** Hands items from one side to the other, one at a time: `give` is kept when the item after it is asked for. */
class Handover<T> {
  private readonly items: T[] = [];
  private ended: { readonly error?: unknown } | undefined;
  private wakeTaker: (() => void) | undefined;
  private wakeGiver: (() => void) | undefined;
  private released = false;

  async give(item: T): Promise<void> {
    if (this.released) return;
    this.items.push(item);
    this.wakeTaker?.();
    await new Promise<void>((resolve) => {
      this.wakeGiver = resolve;
    });
  }

  async take(): Promise<T | undefined> {
    if (this.items.length === 0) {
      this.wakeGiver?.();
      if (this.ended === undefined) {
        await new Promise<void>((resolve) => {
          this.wakeTaker = resolve;
        });
      }
    }
    const item = this.items.shift();
    if (item === undefined && this.ended !== undefined && 'error' in this.ended) throw this.ended.error;
    return item;
  }

  close(): void {
    this.ended = {};
    this.wakeTaker?.();
  }

  fail(error: unknown): void {
    this.ended = { error };
    this.wakeTaker?.();
  }

  /** Nobody takes any more. */
  release(): void {
    this.released = true;
    this.wakeGiver?.();
  }
}
