/** The explainer of a rule over several events, whatever kind of rule it is. */
import { CorrelationExplainer, type ExplainedSteps, stepsSpan } from './explain-correlation.ts';
import type { ExceptedBy } from './explain-event.ts';
import { type ExplainedWindow, WindowExplainer, windowSpan } from './explain-window.ts';

export interface ExplainedCorrelation {
  readonly document: ExplainedSteps['document'];
  readonly plan: ExplainedSteps['plan'] | ExplainedWindow['plan'];
}

/** Told every event once, then asked whether a second look can tell more, then, where it can, told them again. */
export type StreamExplainer = Pick<CorrelationExplainer, 'look' | 'turn' | 'lookAgain' | 'explanation'>;

/** @param mostKeys how many keys are told, the nearest first */
export function openExplainer(
  { document, plan }: ExplainedCorrelation,
  exceptedBy?: ExceptedBy,
  mostKeys?: number,
): StreamExplainer {
  return plan.kind === 'window'
    ? new WindowExplainer({ document, plan }, exceptedBy, mostKeys)
    : new CorrelationExplainer({ document, plan }, exceptedBy, mostKeys);
}

/** How far from one of its events the others may lie, milliseconds: the rule's window where it states nothing. */
export function spanOf({ document, plan }: ExplainedCorrelation): number {
  return plan.kind === 'window' ? windowSpan(plan.window) : stepsSpan({ document, plan });
}
