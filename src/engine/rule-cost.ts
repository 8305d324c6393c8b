/**
 * What each rule costs over files of logs, so that an author sees it before the rule is enabled.
 *
 *   events ──CostMeter──▶ by rule: how often it was a candidate, how long it took, how often it matched
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Finding } from '../rule/finding.ts';
import { loadChosenRules, type RuleChanges } from './chosen-rules.ts';
import { CostMeter, type RuleCost } from './cost-meter.ts';
import { readEvents } from './read-events.ts';

export interface RuleCostReport {
  readonly events: number;
  /** The dearest first; rules that were never a candidate last. */
  readonly rules: readonly RuleCost[];
  /** Of finding candidates and evaluating them, all rules together. */
  readonly milliseconds: number;
  readonly findings: readonly Finding[];
  readonly problems: readonly Diagnostic[];
}

export interface RuleCostOptions extends RuleChanges {
  /** Rule files and folders. */
  readonly rules: readonly string[];
  /** Files of logs and folders. */
  readonly logs: readonly string[];
}

export async function ruleCost({ rules: paths, logs, ...changes }: RuleCostOptions): Promise<RuleCostReport> {
  const { rules, findings } = await loadChosenRules(paths, changes);
  const meter = new CostMeter(rules);
  const { events, problems } = await readEvents(logs, (event) => {
    meter.observe(event);
    return true;
  });
  return { events, rules: meter.costs(), milliseconds: meter.milliseconds, findings, problems };
}
