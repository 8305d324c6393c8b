/**
 * A predicate as a function, with equal clauses of all rules evaluated once an event.
 *
 * A clause is a node over one field or one comparison. Clauses that are alike (same field, test and type; spans do not
 * count) share a slot; the slot remembers its answer for the current event by the event's number, so nothing has to be
 * cleared between events.
 */
import type { Event } from '../event/event.ts';
import {
  compareValues,
  holdsNested,
  passesValue,
  readySearch,
  readyTest,
  relateFields,
} from '../plan/predicate/evaluate.ts';
import { type Predicate, visitPredicate } from '../plan/predicate/node.ts';

type Holds = (event: Event) => boolean;

export interface Clauses {
  /** Starts the next event: remembered answers count no more. */
  next(): void;
  /** The shared function of a clause, made with `make` when it is the first of its kind. */
  share(node: Predicate, make: () => Holds): Holds;
}

export function createClauses(): Clauses {
  const shared = new Map<string, Holds>();
  let current = 0;
  return {
    next() {
      current += 1;
    },
    share(node, make) {
      const key = clauseKey(node);
      const known = shared.get(key);
      if (known !== undefined) return known;
      const holds = make();
      let answered = 0;
      let answer = false;
      const remembered: Holds = (event) => {
        if (answered !== current) {
          answer = holds(event);
          answered = current;
        }
        return answer;
      };
      shared.set(key, remembered);
      return remembered;
    },
  };
}

export function compilePredicate(predicate: Predicate, clauses: Clauses): Holds {
  return visitPredicate<Holds>(predicate, {
    constant:
      ({ value }) =>
      () =>
        value,
    and: ({ children }) => every(children.map((child) => compilePredicate(child, clauses))),
    or: ({ children }) => some(children.map((child) => compilePredicate(child, clauses))),
    not: ({ child }) => {
      const holds = compilePredicate(child, clauses);
      return (event) => !holds(event);
    },
    exists: (node) => clauses.share(node, () => (event) => event.values(node.field.name).length > 0),
    'match-any': (node) =>
      clauses.share(node, () => {
        const { passes } = readyTest(node);
        const { name } = node.field;
        return (event) => {
          const values = event.values(name);
          for (let at = 0; at < values.length; at += 1) if (passes(values[at] as string)) return true;
          return false;
        };
      }),
    'match-anywhere': (node) =>
      clauses.share(node, () => {
        const passes = readySearch(node);
        return (event) => {
          for (const each of event.allScalars()) if (passes(each)) return true;
          return false;
        };
      }),
    // By the reference: shared clauses remember one answer an event, and here each object is an event of its own.
    nested: (node) => clauses.share(node, () => (event) => holdsNested(node, event)),
    'match-fields': (node) => clauses.share(node, () => (event) => relateFields(node, event)),
    'match-value': (node) => clauses.share(node, () => (event) => passesValue(node, event)),
    compare: (node) => clauses.share(node, () => (event) => compareValues(node, event)),
  });
}

function every(parts: readonly Holds[]): Holds {
  return (event) => {
    for (const part of parts) if (!part(event)) return false;
    return true;
  };
}

function some(parts: readonly Holds[]): Holds {
  return (event) => {
    for (const part of parts) if (part(event)) return true;
    return false;
  };
}

function clauseKey(node: Predicate): string {
  return JSON.stringify(node, (name, value: unknown) => (name === 'span' ? undefined : value));
}
