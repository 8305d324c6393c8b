import { hash } from 'node:crypto';

/**
 * An alert's id: sha256 over the rule's id and the identities of its events in order, cut to 40 hex digits. Neither the
 * rule's version nor its text is in it, so that a changed rule, a second run or a restart does not alert again.
 */
export function alertId(ruleId: string, eventIdentities: readonly string[]): string {
  // Lengths keep ["ab", "c"] and ["a", "bc"] apart.
  const parts = [ruleId, ...eventIdentities].map((part) => `${Buffer.byteLength(part)}:${part}`);
  return hash('sha256', parts.join(''), 'hex').slice(0, 40);
}
