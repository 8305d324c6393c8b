/**
 * The reference evaluator: slow, plain, and never optimised. Whatever is fast is compared with it, and an explanation
 * is its trace and nothing else.
 *
 *   predicate × event ──walk, no short cuts──▶ Outcome tree ──▶ result / explanation / evidence
 */
import type { Event, FieldScalar } from '../../event/event.ts';
import { jsonAt, type Values } from '../../event/field-path.ts';
import { isJsonObject, type Json, type JsonObject } from '../../event/json.ts';
import { callFunction } from './functions.ts';
import {
  type FieldRelation,
  type FieldType,
  type LiteralValue,
  type Predicate,
  type PredicateOf,
  type Value,
  visitPredicate,
} from './node.ts';
import { compareNumbers, equalsLiteral, foldCase, isInOrder } from './scalar.ts';
import { compareText } from './text-order.ts';
import { compileTest, type ValueTest } from './value-test.ts';
import { compileWildcard } from './wildcard.ts';

export interface Outcome {
  readonly node: Predicate;
  readonly result: boolean;
  /** The values of the field that a clause looked at; absent for the others. */
  readonly values?: Values;
  readonly children: readonly Outcome[];
}

/** True or false of an event, always; the semantics of every node are those of `plan/predicate/node.ts`. */
export function evaluate(predicate: Predicate, event: Event): boolean {
  return trace(predicate, event).result;
}

/** Evaluates every node, also those whose outcome no longer matters. */
export function trace(predicate: Predicate, event: Event): Outcome {
  return visitPredicate<Outcome>(predicate, {
    constant: (node) => leaf(node, node.value),
    and: (node) => {
      const children = node.children.map((child) => trace(child, event));
      return { node, result: children.every((child) => child.result), children };
    },
    or: (node) => {
      const children = node.children.map((child) => trace(child, event));
      return { node, result: children.some((child) => child.result), children };
    },
    not: (node) => {
      const child = trace(node.child, event);
      return { node, result: !child.result, children: [child] };
    },
    exists: (node) => leaf(node, event.values(node.field.name).length > 0, event.values(node.field.name)),
    'match-any': (node) => {
      const values = event.values(node.field.name);
      return leaf(node, values.some(readyTest(node).passes), values);
    },
    'match-anywhere': (node) => leaf(node, searchedIn(node, event).some(readySearch(node))),
    nested: (node) => leaf(node, holdsNested(node, event)),
    'match-fields': (node) => leaf(node, relateFields(node, event), event.values(node.field.name)),
    'match-value': (node) => leaf(node, passesValue(node, event)),
    compare: (node) => leaf(node, compareValues(node, event)),
  });
}

/** The value of an expression; null where a field is missing or an argument is null. */
export function evaluateValue(value: Value, event: Event): LiteralValue {
  switch (value.kind) {
    case 'literal':
      return value.value;
    case 'field':
      return event.values(value.field.name)[0] ?? null;
    case 'call':
      return callFunction(
        value.name,
        value.args.map((arg) => evaluateValue(arg, event)),
      );
    case 'if':
      return evaluateValue(evaluate(value.condition, event) ? value.then : value.otherwise, event);
  }
}

export function compareValues(node: PredicateOf<'compare'>, event: Event): boolean {
  const { operator, left, right } = node;
  if (!hasChoices(left) && !hasChoices(right)) {
    return compareLiterals(operator, evaluateValue(left, event), evaluateValue(right, event)) ?? false;
  }
  const [lefts, rights] = [possibleValues(left, event), possibleValues(right, event)];
  return lefts.some((a) => rights.some((b) => compareLiterals(operator, a, b) ?? false));
}

export function passesValue(node: PredicateOf<'match-value'>, event: Event): boolean {
  const { passes } = readyTest(node);
  if (hasChoices(node.value)) {
    return possibleValues(node.value, event).some((value) => value !== null && passes(value));
  }
  const value = evaluateValue(node.value, event);
  return value !== null && passes(value);
}

/**
 * The values that a search looks at: of an event as its source has it; where the rule names the fields, also of those that
 * earlier events taught, as a condition on one of them does.
 */
export function searchedIn({ fields }: PredicateOf<'match-anywhere'>, event: Event): readonly FieldScalar[] {
  return fields === undefined ? event.saidScalars() : event.allScalars();
}

/** Whether a value of the event is among those that the search looks at, and passes its test; made once per node. */
export function readySearch(node: PredicateOf<'match-anywhere'>): (each: FieldScalar) => boolean {
  let ready = READY_SEARCHES.get(node);
  if (ready === undefined) {
    const { passes } = readyTest(node);
    const names = node.fields === undefined ? undefined : compileWildcard(node.fields, 'none');
    ready =
      names === undefined ? ({ value }) => passes(value) : ({ field, value }) => names.matches(field) && passes(value);
    READY_SEARCHES.set(node, ready);
  }
  return ready;
}

/** The condition sees each object at the path as if it were the only one there. */
export function holdsNested({ path, condition }: PredicateOf<'nested'>, event: Event): boolean {
  const below = `${path}.`;
  return objectsIn(event.json(path)).some((object) =>
    evaluate(
      condition,
      event.overlaid((field) =>
        field.startsWith(below) ? { value: jsonAt(object, field.slice(below.length)) } : undefined,
      ),
    ),
  );
}

function objectsIn(json: Json | undefined): readonly JsonObject[] {
  if (Array.isArray(json)) return json.flatMap(objectsIn);
  return isJsonObject(json) ? [json] : [];
}

export function relateFields(node: PredicateOf<'match-fields'>, event: Event): boolean {
  const { field, relation, other, fold } = node;
  const holds = RELATIONS[relation];
  return event
    .values(field.name)
    .some((value) =>
      event
        .values(other.name)
        .some((wanted) =>
          relation === 'equals'
            ? equalsLiteral(value, wanted, fold, field.type)
            : holds(foldCase(String(value), fold), foldCase(String(wanted), fold)),
        ),
    );
}

/**
 * What an expression is worth for every choice of a value of each field that is read `each`; a missing field is null.
 * Each place in which a field stands chooses by itself.
 */
function possibleValues(value: Value, event: Event): readonly LiteralValue[] {
  switch (value.kind) {
    case 'literal':
      return [value.value];
    case 'field': {
      const values = event.values(value.field.name);
      if (values.length === 0) return [null];
      return value.each ? values : values.slice(0, 1);
    }
    case 'call': {
      let choices: (readonly LiteralValue[])[] = [[]];
      for (const arg of value.args) {
        const worth = possibleValues(arg, event);
        choices = choices.flatMap((chosen) => worth.map((one) => [...chosen, one])).slice(0, MOST_CHOICES);
      }
      return choices.map((args) => callFunction(value.name, args));
    }
    case 'if':
      return possibleValues(evaluate(value.condition, event) ? value.then : value.otherwise, event);
  }
}

/** Whether a field in it is read `each`; remembered, since it is asked for every event. */
function hasChoices(value: Value): boolean {
  let known = CHOICES.get(value);
  if (known === undefined) {
    known =
      (value.kind === 'field' && value.each === true) ||
      (value.kind === 'call' && value.args.some(hasChoices)) ||
      (value.kind === 'if' && (hasChoices(value.then) || hasChoices(value.otherwise)));
    CHOICES.set(value, known);
  }
  return known;
}

/** `undefined` (unknown) when a side is null or the two cannot be compared. */
export function compareLiterals(
  operator: PredicateOf<'compare'>['operator'],
  left: LiteralValue,
  right: LiteralValue,
): boolean | undefined {
  const order = orderOf(left, right);
  return order === undefined ? undefined : isInOrder(operator, order);
}

/** The compiled test of a clause, made once per node. */
export function readyTest(node: PredicateOf<'match-any' | 'match-anywhere' | 'match-value'>): ValueTest {
  let ready = READY.get(node);
  if (ready === undefined) {
    ready = compileTest(node.test, testedType(node));
    READY.set(node, ready);
  }
  return ready;
}

function testedType(node: PredicateOf<'match-any' | 'match-anywhere' | 'match-value'>): FieldType {
  if (node.kind === 'match-any') return node.field.type;
  return node.kind === 'match-value' ? 'keyword' : 'unknown';
}

const RELATIONS: Readonly<Record<FieldRelation, (value: string, wanted: string) => boolean>> = {
  equals: (value, wanted) => value === wanted,
  'starts-with': (value, wanted) => value.startsWith(wanted),
  'ends-with': (value, wanted) => value.endsWith(wanted),
  contains: (value, wanted) => value.includes(wanted),
};

/** The decimal text that stands for an integer beyond 2^53. */
const LONG_INTEGER = /^-?\d{16,}$/;

/** Two arrays of a hundred values, chosen from independently; what is beyond is not looked at. */
const MOST_CHOICES = 10_000;

const CHOICES = new WeakMap<Value, boolean>();
const READY = new WeakMap<Predicate, ValueTest>();
const READY_SEARCHES = new WeakMap<Predicate, (each: FieldScalar) => boolean>();

function leaf(node: Predicate, result: boolean, values?: Values): Outcome {
  return values === undefined ? { node, result, children: [] } : { node, result, values, children: [] };
}

function orderOf(left: LiteralValue, right: LiteralValue): number | undefined {
  if (left === null || right === null) return undefined;
  if (typeof left === 'boolean' || typeof right === 'boolean') {
    return typeof left === typeof right ? Number(left) - Number(right) : undefined;
  }
  if (typeof left === 'string' && typeof right === 'string') {
    const exact = LONG_INTEGER.test(left) && LONG_INTEGER.test(right);
    return exact ? compareNumbers(left, right) : compareText(left, right);
  }
  return compareNumbers(left, right);
}
