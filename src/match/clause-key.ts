/**
 * Clauses that mean the same have the same key: what they say, without the place in the text where they say it.
 */
import type { Predicate } from '../plan/predicate/node.ts';

export function clauseKey(node: Predicate): string {
  // Spans stand beside field and test, never in them: most clauses need no walk that leaves them out.
  if (node.kind === 'match-any') return `${node.field.type} ${node.field.name} ${JSON.stringify(node.test)}`;
  if (node.kind === 'exists') return `? ${node.field.name}`;
  return JSON.stringify(node, (name, value: unknown) => (name === 'span' ? undefined : value));
}
