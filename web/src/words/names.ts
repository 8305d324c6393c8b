/** The field's terms for what the API answers in codes: severities, languages, close reasons, states. */
import type { AlertStatus, AlertSummary, CloseReason, RuleLanguage, Severity } from '../../../src/serve/api.ts';

/** Worst first. */
export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'informational'];

export const SEVERITY_WORD: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  informational: 'Info',
};

export const LANGUAGE_WORD: Readonly<Record<RuleLanguage, string>> = {
  eql: 'EQL',
  sigma: 'Sigma',
  kusto: 'KQL',
  kuery: 'Kibana KQL',
  lucene: 'Lucene',
  esql: 'ES|QL',
  ml: 'Machine learning',
};

export const REASON_WORD: Readonly<Record<CloseReason, string>> = {
  true_positive: 'true positive',
  benign_positive: 'benign',
  false_positive: 'false positive',
  duplicate: 'duplicate',
};

/** `open`, `acknowledged`, `closed: true positive`. */
export function statusWords(status: AlertStatus, reason: CloseReason | undefined): string {
  return status === 'closed' && reason !== undefined ? `closed: ${REASON_WORD[reason]}` : status;
}

/** `Web Server Spawned via Python, by Elastic, Elastic License v2`: whose rule it is, wherever its match is shown. */
export function creditWords({ name, author = [], license }: AlertSummary['rule']): string {
  return [name, author.length > 0 && `by ${author.join(', ')}`, license].filter(Boolean).join(', ');
}

/** The same with the rule's references, a line each, for what is told on pointing at a match. */
export function creditLines(rule: AlertSummary['rule']): string {
  return [creditWords(rule), ...(rule.reference ?? [])].join('\n');
}
