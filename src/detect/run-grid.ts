/**
 * The grid of runs: a rule's interval, aligned to the epoch. Live and over files alike, an event falls into the slot
 * that its time lies in, and a slot creates at most the rule's maximum of alerts.
 */

/** Elastic's default of `max_signals`. */
export const DEFAULT_MAX_ALERTS = 100;

/** Start of the slot that a time lies in; all in milliseconds since the epoch. */
export function slotOf(timeMs: number, intervalMs: number): number {
  return Math.floor(timeMs / intervalMs) * intervalMs;
}
