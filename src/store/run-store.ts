/**
 * Records of runs, gaps, and what waits to be run: part of the state store. What a run found is written with its record,
 * in the commit that holds its alerts (`Commit.finished`).
 */
import type { Funnel } from '../detect/alert.ts';
import type { Gap, GapState, RunKind, RunRecord, RunRequest, RunState, RunWarning } from '../detect/run-record.ts';

export interface RunQuery {
  readonly rule?: string;
  readonly kind?: RunKind;
  readonly state?: RunState;
  readonly request?: number;
  /** Only runs older than the one of this number. */
  readonly before?: number;
  /** Default 100. */
  readonly limit?: number;
}

export interface GapQuery {
  readonly rule?: string;
  readonly state?: GapState;
  readonly before?: number;
  /** Default 100. */
  readonly limit?: number;
}

export interface NewRun extends Pick<RunRecord, 'ruleId' | 'kind' | 'from' | 'to' | 'started'> {
  readonly request?: number;
}

export type NewGap = Pick<Gap, 'ruleId' | 'from' | 'to' | 'reason' | 'detected'>;
export type NewRequest = Omit<RunRequest, 'id'>;

/** How a run ended, and what is to be remembered of it. */
export interface FinishedRun {
  readonly id: number;
  readonly ended: number;
  readonly state: Exclude<RunState, 'running'>;
  readonly funnel: Funnel;
  readonly events: number;
  readonly message?: string;
  readonly warnings: readonly RunWarning[];
  /** Up to where the rule's slots are done now, epoch milliseconds. */
  readonly covered?: number;
  /** What the rule remembers otherwise than before; `undefined` forgets. */
  readonly memory?: ReadonlyMap<string, string | undefined>;
  /** The gap that it has filled, as far as it went: the rest of it is a gap of its own. */
  readonly gap?: number;
}

/** A slot of a rule that alerts live: its funnel. */
export interface SlotRecord {
  readonly ruleId: string;
  /** Start, epoch milliseconds. */
  readonly slot: number;
  readonly funnel: Funnel;
}

export interface SlotQuery {
  readonly rule?: string;
  /** Only slots that begin before this one. */
  readonly before?: number;
  /** Only slots in which matches were cut off by the cap. */
  readonly capped?: boolean;
  readonly since?: number;
  /** Default 100. */
  readonly limit?: number;
}

export interface RunStore {
  /** Newest first. */
  records(query?: RunQuery): readonly RunRecord[];
  record(id: number): RunRecord | undefined;
  /** Newest first. */
  slots(query?: SlotQuery): readonly SlotRecord[];
  /** Newest first. */
  gaps(query?: GapQuery): readonly Gap[];
  gap(id: number): Gap | undefined;
  /** What waits, oldest first. */
  requests(): readonly RunRequest[];
  /** Up to where the rule's slots are done; `undefined` where none was. */
  covered(ruleId: string): number | undefined;
  /** What a rule remembers from run to run. */
  memory(ruleId: string): ReadonlyMap<string, string>;

  begin(run: NewRun): number;
  /**
   * Makes an open gap of the same rule and reason longer where they touch and nobody has begun to fill it: a run that is
   * under way does not look at what comes into its range. Gives its number.
   */
  addGap(gap: NewGap): number;
  setGap(id: number, change: { readonly state?: GapState; readonly tried?: boolean }): void;
  request(request: NewRequest): number;
  /** Takes a request away: it is done, or nobody wants it any more. False where there is none. */
  removeRequest(id: number): boolean;
  setCovered(ruleId: string, to: number): void;
  /** Runs that an earlier process began and never ended; gives how many. */
  stopInterrupted(now: number): number;
}
