/**
 * A column that gives an event's word another name, as a test for each name: what asks for one name need not make it.
 *
 *   if direction is inbound or ingress then "Inbound" else if … ──▶ Inbound: direction IN ('inbound', 'ingress')
 *
 * Only where one column of texts decides, whose words shut each other out. Tests may be NULL, which is as false.
 */
import type { Predicate, Value } from '../../plan/predicate/node.ts';
import { emitFilter } from './emit-predicate.ts';
import { type EventScope, isUntold } from './event-fields.ts';

type MatchAny = Extract<Predicate, { kind: 'match-any' }>;
type Equals = Extract<MatchAny['test'], { kind: 'equals' }>;

interface Branch {
  readonly name: string;
  readonly node: MatchAny;
  readonly test: Equals;
}

/** By the name, the condition of it; not of the name that everything else has. */
export function wordTests(value: Value, scope: EventScope): ReadonlyMap<string, string> {
  const branches: Branch[] = [];
  let rest = value;
  for (; rest.kind === 'if'; rest = rest.otherwise) {
    const { condition, then } = rest;
    if (condition.kind !== 'match-any' || condition.test.kind !== 'equals') return NONE;
    if (then.kind !== 'literal' || typeof then.value !== 'string') return NONE;
    branches.push({ name: then.value, node: condition, test: condition.test });
  }
  const [first] = branches;
  if (rest.kind !== 'literal' || first === undefined || !isOneColumn(first, branches, scope)) return NONE;
  const names = new Set(branches.map(({ name }) => name).filter((name) => name !== rest.value));
  return new Map(
    [...names].map((name) => {
      const anyOf = branches.flatMap((branch) => (branch.name === name ? branch.test.anyOf : []));
      return [name, emitFilter({ ...first.node, test: { ...first.test, anyOf } }, scope)];
    }),
  );
}

const NONE: ReadonlyMap<string, string> = new Map();

/** Whether one value decides, and no word of it leads to two names. */
function isOneColumn({ node, test }: Branch, branches: readonly Branch[], scope: EventScope): boolean {
  const { columns } = scope;
  const { name } = node.field;
  if (!columns.texts.has(name) || columns.empty?.has('more') !== true || isUntold(name, scope) !== undefined)
    return false;
  const words = branches.flatMap((branch) => branch.test.anyOf.map((word) => String(word).toLowerCase()));
  const areAlike = branches.every((branch) => branch.node.field.name === name && branch.test.fold === test.fold);
  return areAlike && new Set(words).size === words.length;
}
