/**
 * A rule's trace as lines to read: the clauses of the condition from top to bottom, those of an `or` one step in, so
 * that the eye sees which alternative held.
 *
 * A `not` stays one line in the author's words; the value shown is the one that its inside looked at.
 */
import type { TraceNode } from '../../../src/serve/api.ts';

export interface Clause {
  readonly text: string;
  readonly depth: number;
  /** `held`, `failed`, or not needed because the outcome did not depend on it. */
  readonly outcome: 'held' | 'failed' | 'not-needed';
  readonly field: string | undefined;
  /** What the event had; empty where the field is missing, absent where the clause reads no field. */
  readonly values: readonly string[] | undefined;
}

export function clausesOf(trace: TraceNode): readonly Clause[] {
  const clauses: Clause[] = [];
  collect(trace, 0, true, clauses);
  return clauses;
}

function collect(node: TraceNode, depth: number, needed: boolean, clauses: Clause[]): void {
  const isNeeded = needed && node.needed;
  if (node.children.length > 0 && node.kind === 'and') {
    for (const child of node.children) collect(child, depth, isNeeded, clauses);
  } else if (node.children.length > 0 && node.kind === 'or') {
    for (const [index, child] of node.children.entries()) {
      clauses.push(heading(index === 0 ? 'either' : 'or', depth, isNeeded && child.needed, child.result));
      collect(child, depth + 1, isNeeded, clauses);
    }
  } else {
    const reader = readerOf(node);
    const outcome = !isNeeded ? 'not-needed' : node.result ? 'held' : 'failed';
    clauses.push({ text: node.text.replace(/\s+/g, ' ').trim(), depth, outcome, ...reader });
  }
}

function heading(text: string, depth: number, needed: boolean, held: boolean): Clause {
  const outcome = !needed ? 'not-needed' : held ? 'held' : 'failed';
  return { text, depth, outcome, field: undefined, values: undefined };
}

function readerOf(node: TraceNode): Pick<Clause, 'field' | 'values'> {
  if (node.field !== undefined) return { field: node.field, values: node.values ?? [] };
  const inside = node.children.map(readerOf).find((reader) => reader.field !== undefined);
  return inside ?? { field: undefined, values: undefined };
}
