/**
 * One scale for how bad a match is: what other forms call it, and the risk score that goes with it where the form gives
 * none. The scores are those that Elastic's own rules use; an informational rule has none worth adding up.
 */
import type { Severity } from './rule.ts';

export const RISK_OF_SEVERITY: Readonly<Record<Severity, number>> = {
  informational: 0,
  low: 21,
  medium: 47,
  high: 73,
  critical: 99,
};

/** Sigma's `level` and Sentinel's `severity`, in any case; `undefined` for a word that neither has. */
export function severityOf(word: string): Severity | undefined {
  const lower = word.trim().toLowerCase();
  return (Object.keys(RISK_OF_SEVERITY) as Severity[]).find((severity) => severity === lower);
}
