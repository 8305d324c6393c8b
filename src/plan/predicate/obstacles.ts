/**
 * Why a predicate is false of an event, as few facts as would make it true: the nearest way from the event to a match.
 *
 *   trace of the reference evaluator ──walk──▶ false clauses of an `and`, the cheapest side of an `or` ──▶ obstacles
 *
 * A clause that another case of letters would satisfy lies nearer than one that another value would; one about what
 * sort of event it is lies farthest. Under a negation the same walk asks what would have to go.
 */
import { shownText } from '../../diagnostic/shown-text.ts';
import type { Event } from '../../event/event.ts';
import type { Scalar } from '../../event/field-path.ts';
import { type Outcome, readyTest, trace } from './evaluate.ts';
import type { Predicate, PredicateOf, Test, Value, WildcardPattern } from './node.ts';
import { compileTest } from './value-test.ts';

export interface ClauseObstacle {
  readonly kind: 'missing-field' | 'other-case' | 'other-value' | 'wrong-category' | 'negated';
  /** In a sentence: what was wanted, what was there. */
  readonly message: string;
  /** The clause, in the author's words. */
  readonly clause: string;
  readonly field?: string;
  readonly seen?: readonly string[];
  readonly wanted?: readonly string[];
}

/** Fields that say what sort of event it is: an event that differs here is not a near miss. */
const SORT_OF_EVENT: ReadonlySet<string> = new Set([
  'event.category',
  'event.type',
  'event.kind',
  'event.dataset',
  'event.module',
  'event.provider',
  'event.code',
  'host.os.type',
]);
const DISTANCE: Readonly<Record<ClauseObstacle['kind'], number>> = {
  'other-case': 1,
  'missing-field': 3,
  'other-value': 4,
  negated: 4,
  'wrong-category': 12,
};
const MOST_SHOWN = 5;
const LONGEST_SHOWN = 80;

/**
 * What sort of event it should have been, then the rest, nearest first; empty exactly when the predicate is true.
 * `text` is the query that the nodes' spans point into.
 */
export function findObstacles(predicate: Predicate, event: Event, text: string): readonly ClauseObstacle[] {
  const outcome = trace(predicate, event);
  if (outcome.result) return [];
  const found = wayTo(outcome, true, event, text).obstacles;
  return [...found].sort((a, b) => rank(a) - rank(b));
}

/** How far an event with these obstacles is from a match; only for comparing. */
export function distanceOf(obstacles: readonly ClauseObstacle[]): number {
  return obstacles.reduce((sum, { kind }) => sum + DISTANCE[kind], 0);
}

function rank({ kind }: ClauseObstacle): number {
  return kind === 'wrong-category' ? 0 : DISTANCE[kind];
}

interface Way {
  readonly obstacles: readonly ClauseObstacle[];
  readonly length: number;
}

const NO_WAY_TO_GO: Way = { obstacles: [], length: 0 };

/** What stands between the node's outcome and the wanted one. */
function wayTo(outcome: Outcome, wanted: boolean, event: Event, text: string): Way {
  if (outcome.result === wanted) return NO_WAY_TO_GO;
  const { node, children } = outcome;
  if (node.kind === 'not') return wayTo(children[0] as Outcome, !wanted, event, text);
  if (node.kind === 'and' || node.kind === 'or') {
    const ways = children.filter((child) => child.result !== wanted).map((child) => wayTo(child, wanted, event, text));
    const needsAll = (node.kind === 'and') === wanted;
    return needsAll ? allOf(ways) : shortestOf(ways);
  }
  const obstacle = obstacleAt(outcome, wanted, event, text);
  return { obstacles: [obstacle], length: DISTANCE[obstacle.kind] };
}

function allOf(ways: readonly Way[]): Way {
  return {
    obstacles: ways.flatMap((way) => way.obstacles),
    length: ways.reduce((sum, way) => sum + way.length, 0),
  };
}

/** Equally short ways over one field are one way: any of the values would do. */
function shortestOf(ways: readonly Way[]): Way {
  const shortest = Math.min(...ways.map(({ length }) => length));
  const [first, ...others] = ways.filter(({ length }) => length === shortest);
  const alike = others.filter((way) => isAlike(first as Way, way));
  if (first === undefined || alike.length === 0) return first ?? NO_WAY_TO_GO;
  const [obstacle] = first.obstacles as readonly [ClauseObstacle];
  const wanted = [first, ...alike].flatMap((way) => way.obstacles[0]?.wanted ?? []);
  const message = messageOf(obstacle.kind, [obstacle.field as string], obstacle.seen ?? [], oneOf(wanted));
  return { length: shortest, obstacles: [{ ...obstacle, wanted, message }] };
}

function isAlike(a: Way, b: Way): boolean {
  const [one, other] = [a.obstacles[0], b.obstacles[0]];
  if (a.obstacles.length !== 1 || b.obstacles.length !== 1) return false;
  return one?.kind === other?.kind && one?.field !== undefined && one.field === other?.field;
}

function obstacleAt(outcome: Outcome, wanted: boolean, event: Event, text: string): ClauseObstacle {
  const { node } = outcome;
  const clause = text.slice(node.span.start, node.span.end);
  const fields = fieldsOf(node);
  const field = fields[0];
  const values = fields.flatMap((name) => event.values(name));
  const seen = values.map((value) => shownText(String(value), LONGEST_SHOWN));
  const place = { clause, ...(field === undefined ? {} : { field }), seen };
  if (!wanted) return { kind: 'negated', ...place, message: negatedMessage(field, seen, clause) };
  const wantedValues = 'test' in node ? wantedBy(node.test) : [];
  const rest = { ...place, ...(wantedValues.length === 0 ? {} : { wanted: wantedValues }) };
  const kind = kindOf(node, field, values);
  return { kind, ...rest, message: messageOf(kind, fields, seen, wishOf(node, wantedValues)) };
}

function kindOf(node: Predicate, field: string | undefined, values: readonly Scalar[]): ClauseObstacle['kind'] {
  if (field !== undefined && values.length === 0) return 'missing-field';
  if (node.kind === 'match-any' && passesInOtherCase(node, values)) return 'other-case';
  return field !== undefined && SORT_OF_EVENT.has(field) ? 'wrong-category' : 'other-value';
}

function messageOf(
  kind: ClauseObstacle['kind'],
  fields: readonly string[],
  seen: readonly string[],
  wish: string,
): string {
  if (kind === 'missing-field') return `The event has no ${fields.join(' and no ')}; wanted: ${wish}.`;
  const is = fields[0] === undefined ? 'Nothing in the event is' : `${fields[0]} is ${list(seen)}`;
  if (kind === 'other-case') return `${is}: it differs from ${wish} only in the case of its letters.`;
  return fields[0] === undefined ? `${is} ${wish}.` : `${is}; wanted: ${wish}.`;
}

function negatedMessage(field: string | undefined, seen: readonly string[], clause: string): string {
  if (field === undefined || seen.length === 0)
    return `The rule leaves out what this holds of: ${shownText(clause, LONGEST_SHOWN)}.`;
  return `${field} is ${list(seen)}, which the rule leaves out.`;
}

function wishOf(node: Predicate, wanted: readonly string[]): string {
  if (wanted.length === 0) return node.kind === 'exists' ? 'any value' : 'what the clause says';
  const isExact = 'test' in node && ['equals', 'cidr'].includes(node.test.kind);
  return wanted.length > 1 ? oneOf(wanted) : `${isExact ? '' : 'something like '}${list(wanted)}`;
}

function oneOf(wanted: readonly string[]): string {
  return `one of ${list(wanted)}`;
}

function passesInOtherCase(node: PredicateOf<'match-any'>, values: readonly Scalar[]): boolean {
  const relaxed = anyCase(node.test);
  if (relaxed === undefined) return false;
  const { passes } = compileTest(relaxed, node.field.type);
  return values.some(passes) && !values.some(readyTest(node).passes);
}

/** The same test with case put aside; nothing where case does not count already or means nothing. */
function anyCase(test: Test): Test | undefined {
  if (test.kind === 'regex' && test.syntax === 're2') {
    return test.flags.ignoreCase ? undefined : { ...test, flags: { ...test.flags, ignoreCase: true } };
  }
  if ('fold' in test && test.fold !== 'unicode') return { ...test, fold: 'unicode' };
  return undefined;
}

function wantedBy(test: Test): readonly string[] {
  switch (test.kind) {
    case 'equals':
    case 'term':
    case 'cidr':
    case 'regex':
      return test.anyOf.map((value) => shownText(String(value), LONGEST_SHOWN));
    case 'wildcard':
      return test.anyOf.map((pattern) => shownText(patternText(pattern), LONGEST_SHOWN));
    case 'phrase':
      return test.anyOf.map((words) => shownText(words.map(patternText).join(' '), LONGEST_SHOWN));
    case 'order':
      return [`${test.operator} ${test.bound}`];
    case 'time-part':
      return [`${test.part} ${test.operator} ${test.bound}`];
  }
}

function patternText(pattern: WildcardPattern): string {
  return pattern.map((part) => (typeof part === 'object' ? part.text : part)).join('');
}

/** The fields that a clause looks at, each once. */
function fieldsOf(node: Predicate): readonly string[] {
  switch (node.kind) {
    case 'exists':
    case 'match-any':
      return [node.field.name];
    case 'match-fields':
      return [...new Set([node.field.name, node.other.name])];
    case 'match-value':
      return [...new Set(fieldsIn(node.value))];
    case 'compare':
      return [...new Set([...fieldsIn(node.left), ...fieldsIn(node.right)])];
    default:
      return [];
  }
}

function fieldsIn(value: Value): readonly string[] {
  switch (value.kind) {
    case 'literal':
      return [];
    case 'field':
      return [value.field.name];
    case 'call':
      return value.args.flatMap(fieldsIn);
    case 'if':
      return [...fieldsOf(value.condition), ...fieldsIn(value.then), ...fieldsIn(value.otherwise)];
  }
}

function list(values: readonly string[]): string {
  const quoted = values.slice(0, MOST_SHOWN).map((value) => `“${value}”`);
  const more = values.length - quoted.length;
  return more > 0 ? `${quoted.join(', ')} and ${more} more` : quoted.join(', ');
}
