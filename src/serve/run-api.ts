/**
 * Runs, gaps, and what is asked to be run. Shapes only, as in `api.ts`. Times are ISO 8601.
 *
 *   GET    /api/runs?rule&kind&state&before&limit     RunPage      runs over stored events, newest first
 *   POST   /api/runs                                  RunAsk → 202 { request }      rules over stored events of a time
 *   GET    /api/runs/slots?rule&capped&before&limit   SlotPage     the funnel of rules that alert live, a slot of their interval each
 *   GET    /api/runs/requests                         RunRequest[] what waits, oldest first
 *   DELETE /api/runs/requests/:id                     { removed: true }             also stops the run, where it is under way
 *   GET    /api/gaps?rule&state&before&limit          GapPage      what rules have not looked at, newest first
 *   POST   /api/gaps/:id/fill                         202 { asked: true }
 *   POST   /api/rules/:id/paused                      { paused } → RuleDetail       what it misses meanwhile becomes a gap
 */
import type { Funnel } from '../detect/alert.ts';
import type { GapReason, GapState, RunKind, RunState, RunWarning } from '../detect/run-record.ts';

export interface RunPage {
  readonly runs: readonly RunSummary[];
  /** The `before` of the next page; absent on the last. */
  readonly next?: number;
  readonly underway?: RunUnderWay;
  /** Requests that wait. */
  readonly waiting: number;
}

export interface RunSummary {
  readonly id: number;
  readonly rule: RuleName;
  readonly kind: RunKind;
  readonly from: string;
  readonly to: string;
  readonly started: string;
  readonly ended?: string;
  readonly state: RunState;
  readonly funnel: Funnel;
  /** Stored events read. */
  readonly events: number;
  readonly message?: string;
  readonly warnings: readonly RunWarning[];
  readonly request?: number;
}

export interface RuleName {
  readonly id: string;
  /** Absent where the rule is no longer loaded. */
  readonly name?: string;
}

export interface RunUnderWay {
  readonly kind: RunKind;
  /** How many rules. */
  readonly rules: number;
  readonly from: string;
  readonly to: string;
  readonly started: string;
  readonly events: number;
  /** Event time that it has come to. */
  readonly at: string;
  readonly request?: number;
}

export interface RunAsk {
  /** Ids; absent for all rules that run. */
  readonly rules?: readonly string[];
  readonly from: string;
  readonly to: string;
  /** Creates also what the rules' caps cut off. */
  readonly uncapped?: boolean;
  /** Default the user that runs the service. */
  readonly by?: string;
}

export interface SlotPage {
  readonly slots: readonly Slot[];
  /** The `before` of the next page; absent on the last. */
  readonly next?: string;
}

export interface Slot {
  readonly rule: RuleName;
  readonly from: string;
  readonly to: string;
  readonly funnel: Funnel;
}

export interface GapPage {
  readonly gaps: readonly GapSummary[];
  readonly next?: number;
}

export interface GapSummary {
  readonly id: number;
  readonly rule: RuleName;
  readonly from: string;
  readonly to: string;
  readonly reason: GapReason;
  readonly detected: string;
  readonly state: GapState;
  readonly tries: number;
  /** The run that filled it. */
  readonly run?: number;
}

export interface RunRequest {
  readonly id: number;
  readonly kind: RunKind;
  readonly rules?: readonly RuleName[];
  readonly from: string;
  readonly to: string;
  readonly uncapped: boolean;
  readonly reason: string;
  readonly requested: string;
}
