/**
 * What a run over stored events is asked for, what it works with, and what comes of it.
 */
import type { Funnel } from '../../detect/alert.ts';
import type { ExceptionSet } from '../../detect/exceptions/exception-set.ts';
import type { RunWarning } from '../../detect/run-record.ts';
import type { SuppressionChange } from '../../detect/suppression.ts';
import type { LoadedRule } from '../../rule/inspect.ts';
import type { EventStore } from '../../store/event-store.ts';
import type { NewAlert, RunCounters, StateStore } from '../../store/state-store.ts';
import type { Ledger } from '../detector.ts';
import type { GivenSchema } from '../tables/given-tables.ts';
import type { RangeReader } from '../tables/run-query.ts';
import type { IndicatorBook } from './indicator-book.ts';
import type { TermHistories } from './term-histories.ts';

export interface StoreRange {
  readonly rules: readonly LoadedRule[];
  /** Event times, epoch milliseconds, `from` inclusive, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  /** Of a run on schedule, which has one rule: the slot that it counts in. */
  readonly slot?: number;
  /** Creates alerts beyond the rules' caps. */
  readonly uncapped?: boolean;
}

export interface RunMeans {
  readonly events: Pick<EventStore, 'scan' | 'status'>;
  /** The same events, to be asked in SQL, for rules whose query is over tables; none where it is left out. */
  readonly tables?: RangeReader & Pick<EventStore, 'count'>;
  readonly ledger: Ledger;
  readonly exceptions: ExceptionSet;
  /** Alerts, for rules that run over them; none where it is left out. */
  readonly alerts?: Pick<StateStore, 'alertsCreated'>;
  readonly overAlerts?: boolean;
  readonly now: () => number;
  /** What events are compared with; none where it is left out. */
  readonly indicators?: IndicatorBook;
  /** What rules remember from run to run, by their ids. */
  readonly remembered?: (ruleId: string) => ReadonlyMap<string, string>;
  /** What rules in Kusto may name beside the tables of the house, and the rows of that; nothing where it is left out. */
  readonly names?: GivenSchema;
  /** What was there before the windows of rules on schedule; read anew where it is left out. */
  readonly histories?: TermHistories;
  readonly signal?: AbortSignal;
  /** Every so many events: how many were read, and the time that it has come to. */
  readonly onProgress?: (progress: RunProgress) => void;
}

export interface RunProgress {
  readonly events: number;
  readonly at: number;
}

/** What a part of the range led to; the run goes on when it was taken. */
export interface RunBatch {
  readonly alerts: readonly NewAlert[];
  /** The whole funnel of each slot. */
  readonly runs: readonly RunCounters[];
  readonly suppressed: readonly SuppressionChange[];
}

export interface RunResult {
  /** Stored events read, those for warming up among them. */
  readonly events: number;
  readonly byRule: ReadonlyMap<string, RuleResult>;
}

export interface RuleResult {
  readonly funnel: Funnel;
  readonly warnings: readonly RunWarning[];
  /** What the rule remembers otherwise than before. */
  readonly memory?: ReadonlyMap<string, string | undefined>;
}
