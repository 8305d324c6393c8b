/**
 * A rule's text over stored events. Shapes only, as in `api.ts`. Times are ISO 8601.
 *
 *   POST   /api/rules/preview       PreviewAsk → 202 PreviewBegun   the text of a rule in any form; what it would alert on,
 *                                                                   or, with `what: 'cost'`, what it would cost
 *   GET    /api/rules/preview/:id   PreviewState
 *   DELETE /api/rules/preview/:id   { removed: true }               also ends it, where it is under way
 */
import type { PreviewState as EngineState, PreviewWanted } from '../engine/previews.ts';

export type { PreviewBegun } from '../engine/previews.ts';
export type { BacktestAlert, RuleBacktest } from '../engine/runs/backtest.ts';
export type { RankedCost, StoredRuleCost } from '../engine/stored-rule-cost.ts';

export interface PreviewAsk {
  readonly text: string;
  readonly from: string;
  readonly to: string;
  /** Absent for the alerts. */
  readonly what?: PreviewWanted;
}

export type PreviewState =
  | Exclude<EngineState, { readonly state: 'running' }>
  /** Stored events read, and the event time that it has come to. */
  | { readonly state: 'running'; readonly events: number; readonly at: string };
