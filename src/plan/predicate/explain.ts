/**
 * What the reference evaluator's trace says to people: each clause in the author's words, true or false, whether the
 * outcome hung on it, and the values seen; and, for a match, what in the event to mark.
 */
import type { Event } from '../../event/event.ts';
import { type Outcome, readySearch, readyTest, searchedIn, trace } from './evaluate.ts';
import type { Predicate } from './node.ts';
import type { TraceNode } from './trace.ts';
import type { Ranges } from './wildcard.ts';

/** Explains a predicate on an event; `text` is the query that the nodes' spans point into. */
export function explain(predicate: Predicate, event: Event, text: string): TraceNode {
  return present(trace(predicate, event), text, true);
}

/** A value that passed a positive clause on which the match hung, and the parts of it to mark. */
export interface Witness {
  readonly field: string;
  readonly value: string;
  readonly ranges: Ranges;
}

/** What made the predicate true of the event; empty when it is false. Clauses under a negation witness nothing. */
export function findWitnesses(predicate: Predicate, event: Event): readonly Witness[] {
  const outcome = trace(predicate, event);
  const witnesses: Witness[] = [];
  if (outcome.result) collect(outcome, event, witnesses);
  return witnesses;
}

function collect(outcome: Outcome, event: Event, witnesses: Witness[]): void {
  const { node, children } = outcome;
  if (node.kind === 'match-any') {
    const test = readyTest(node);
    for (const value of outcome.values ?? []) {
      if (test.passes(value))
        witnesses.push({ field: node.field.name, value: String(value), ranges: test.ranges(value) });
    }
  } else if (node.kind === 'match-anywhere') {
    const test = readyTest(node);
    const passes = readySearch(node);
    for (const each of searchedIn(node, event)) {
      const { field, value } = each;
      if (passes(each)) witnesses.push({ field, value: String(value), ranges: test.ranges(value) });
    }
  } else if (node.kind !== 'not') {
    for (const child of children) if (child.result) collect(child, event, witnesses);
  }
}

function present(outcome: Outcome, text: string, needed: boolean): TraceNode {
  const { node, result, values, children } = outcome;
  const settled = settlingChild(outcome);
  return {
    kind: node.kind,
    text: text.slice(node.span.start, node.span.end),
    result,
    needed,
    ...('field' in node ? { field: node.field.name } : {}),
    ...(values === undefined ? {} : { values: values.map(String) }),
    children: children.map((child) => present(child, text, needed && (settled === undefined || settled(child)))),
  };
}

/** Which children the outcome hung on: all, except that one true side settles an `or` and the false ones an `and`. */
function settlingChild(outcome: Outcome): ((child: Outcome) => boolean) | undefined {
  const { node, result, children } = outcome;
  if (node.kind === 'or' && result) {
    const first = children.find((child) => child.result);
    return (child) => child === first;
  }
  if (node.kind === 'and' && !result) return (child) => !child.result;
  return undefined;
}
