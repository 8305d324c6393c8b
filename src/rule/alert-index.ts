/**
 * The indices that Elastic keeps alerts in, as rules name them that run over alerts: those stand for Vedette's own alerts.
 */
import { compileIndexPatterns } from './index-pattern.ts';
import type { RuleDocument } from './rule.ts';

/** The names that patterns are held against: today's, its backing index, and the one before 8.0. */
export const ALERT_STREAMS: readonly string[] = [
  '.alerts-security.alerts-default',
  '.internal.alerts-security.alerts-default-000001',
  '.siem-signals-default',
];

const NAMES_ALERTS = /^(?:[^:]*:)?\.(?:alerts-|internal\.alerts-|siem-signals|preview\.alerts-)/;

/** Whether the rule looks at alerts. A pattern that only happens to fit everything does not ask for them. */
export function readsAlerts({ indexPatterns }: Pick<RuleDocument, 'indexPatterns'>): boolean {
  return (
    namesOf(indexPatterns).some((name) => NAMES_ALERTS.test(name)) && compileIndexPatterns(indexPatterns)(ALERT_STREAMS)
  );
}

/** Whether it looks at nothing else. */
export function readsOnlyAlerts({ indexPatterns }: Pick<RuleDocument, 'indexPatterns'>): boolean {
  const names = namesOf(indexPatterns).filter((name) => !name.startsWith('-'));
  return names.length > 0 && names.every((name) => NAMES_ALERTS.test(name));
}

function namesOf(patterns: readonly string[]): readonly string[] {
  return patterns.flatMap((entry) => entry.split(',')).map((entry) => entry.trim());
}
