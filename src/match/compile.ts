/**
 * A predicate as a function, with equal clauses of all rules evaluated once an event.
 *
 * A clause is a node over one field or one comparison. Clauses that are alike (same field, test and type; spans do not
 * count) share a slot; the slot remembers its answer for the current event by the event's number, so nothing has to be
 * cleared between events. What a clause says of a value is remembered with the value (`field-values.ts`).
 */
import type { Event, FieldScalar } from '../event/event.ts';
import {
  compareValues,
  holdsNested,
  passesValue,
  readySearch,
  readyTest,
  relateFields,
  searchedIn,
} from '../plan/predicate/evaluate.ts';
import { matchAny, type Predicate, type PredicateOf, type Test, visitPredicate } from '../plan/predicate/node.ts';
import { foldCase } from '../plan/predicate/scalar.ts';
import { clauseKey } from './clause-key.ts';
import { type EventClock, FieldValues, type KnownValue } from './field-values.ts';
import { StandingTexts } from './standing-texts.ts';
import { compileTextTest } from './text-test.ts';

type Holds = (event: Event) => boolean;

export interface Clauses {
  /** Starts the next event: remembered answers count no more. */
  next(): void;
  /** The shared function of a clause, made with `make` when it is the first of its kind. */
  share(node: Predicate, make: () => Holds): Holds;
  /** The shared values of a field. */
  valuesOf(field: string): FieldValues;
  /** For searches for keywords; absent where each value is to be looked through. */
  readonly texts: StandingTexts | undefined;
  /** Who knows of searches for keywords, by `clauseKey`, what they find in the event at hand. */
  readonly search: { told: ToldSearch | undefined };
}

/** @returns undefined where that is not known */
export type ToldSearch = (key: string) => boolean | undefined;

/** Steps left out, for tests. */
interface ClauseSwitches {
  /** Nothing is known of values from event to event. */
  readonly withoutMemory?: boolean;
  readonly withoutTexts?: boolean;
}

export function createClauses({ withoutMemory = false, withoutTexts = false }: ClauseSwitches = {}): Clauses {
  const shared = new Map<string, Holds>();
  const fields = new Map<string, FieldValues>();
  const clock: EventClock = { now: 0 };
  return {
    next() {
      clock.now += 1;
    },
    share(node, make) {
      const key = clauseKey(node);
      let holds = shared.get(key);
      if (holds === undefined) {
        holds = remember(make(), clock);
        shared.set(key, holds);
      }
      return holds;
    },
    valuesOf(field) {
      let values = fields.get(field);
      if (values === undefined) {
        values = new FieldValues(field, clock, !withoutMemory);
        fields.set(field, values);
      }
      return values;
    },
    texts: withoutTexts ? undefined : new StandingTexts(clock),
    search: { told: undefined },
  };
}

function remember(holds: Holds, clock: EventClock): Holds {
  let answeredAt = -1;
  let answer = false;
  return (event) => {
    if (answeredAt !== clock.now) {
      answer = holds(event);
      answeredAt = clock.now;
    }
    return answer;
  };
}

export function compilePredicate(predicate: Predicate, clauses: Clauses): Holds {
  return visitPredicate<Holds>(predicate, {
    constant:
      ({ value }) =>
      () =>
        value,
    and: ({ children }) => every(cheapestFirst(children).map((child) => compilePredicate(child, clauses))),
    or: ({ children }) => some(cheapestFirst(children).map((child) => compilePredicate(child, clauses))),
    not: ({ child }) => {
      const holds = compilePredicate(child, clauses);
      return (event) => !holds(event);
    },
    exists: (node) => {
      const values = clauses.valuesOf(node.field.name);
      return (event) => values.of(event).length > 0;
    },
    'match-any': (node) => clauses.share(node, () => compileClause(node, clauses)),
    'match-anywhere': (node) => clauses.share(node, () => compileSearch(node, clauses)),
    // By the reference: shared clauses remember one answer an event, and here each object is an event of its own.
    nested: (node) => clauses.share(node, () => (event) => holdsNested(node, event)),
    'match-fields': (node) => clauses.share(node, () => (event) => relateFields(node, event)),
    'match-value': (node) => clauses.share(node, () => (event) => passesValue(node, event)),
    compare: (node) => clauses.share(node, () => (event) => compareValues(node, event)),
  });
}

/** Most words that stand anywhere stand here, which is had without the event's document. */
const SEARCHED_FIRST = { name: 'process.command_line', type: 'unknown' } as const;
/** Names fields that no search looks at. */
const UNSAID = 'vedette.derived';

function compileSearch(node: PredicateOf<'match-anywhere'>, clauses: Clauses): Holds {
  const text = node.fields === undefined ? compileTextTest(node.test, 'unknown') : undefined;
  const passes: (each: FieldScalar) => boolean =
    text === undefined ? readySearch(node) : ({ value }) => text.passes(foldCase(String(value), text.fold));
  const { texts } = clauses;
  const literals = texts?.literalsOf(node);
  const first =
    node.fields === undefined ? compilePredicate(matchAny(SEARCHED_FIRST, node.test, node.span), clauses) : undefined;
  const key = clauseKey(node);
  return (event) => {
    const told = clauses.search.told?.(key);
    if (told !== undefined) return told;
    const isDear = first !== undefined && texts?.tells(event) === false;
    if (isDear && first(event) && event.json(UNSAID) === undefined) return true;
    if (literals !== undefined && texts?.mayStand(literals, event) === false) return false;
    for (const each of searchedIn(node, event)) if (passes(each)) return true;
    return false;
  };
}

function compileClause(node: PredicateOf<'match-any'>, clauses: Clauses): Holds {
  const values = clauses.valuesOf(node.field.name);
  const number = values.addClause();
  const passes = compileValueTest(node);
  return (event) => {
    const known = values.of(event);
    for (let at = 0; at < known.length; at += 1) {
      const one = known[at] as KnownValue;
      const holds = one.isKept ? (one.answer(number) ?? one.note(number, passes(one))) : passes(one);
      if (holds) return true;
    }
    return false;
  };
}

function compileValueTest(node: PredicateOf<'match-any'>): (one: KnownValue) => boolean {
  const text = compileTextTest(node.test, node.field.type);
  if (text !== undefined) {
    const { fold, passes } = text;
    return (one) => passes(one.text(fold));
  }
  const { passes } = readyTest(node);
  return ({ value }) => passes(value);
}

/** Conditions are pure, so that their order is ours to choose. */
function cheapestFirst(children: readonly Predicate[]): readonly Predicate[] {
  return [...children].sort((a, b) => costOf(a) - costOf(b));
}

/** About how long it takes, in look-ups of a text. */
function costOf(predicate: Predicate): number {
  switch (predicate.kind) {
    case 'constant':
      return 0;
    case 'exists':
      return 1;
    case 'not':
      return costOf(predicate.child);
    case 'and':
    case 'or':
      return predicate.children.reduce((sum, child) => sum + costOf(child), 1);
    case 'match-any':
      return costOfTest(predicate.test);
    case 'match-fields':
    case 'match-value':
    case 'compare':
      return 10;
    case 'nested':
      return 100;
    case 'match-anywhere':
      return 1000;
  }
}

function costOfTest(test: Test): number {
  switch (test.kind) {
    case 'equals':
    case 'order':
    case 'time-part':
      return 1;
    case 'wildcard':
    case 'term':
    case 'cidr':
      return 1 + test.anyOf.length;
    case 'phrase':
    case 'regex':
      return 50 * test.anyOf.length;
  }
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
