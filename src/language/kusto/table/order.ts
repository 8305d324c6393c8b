/**
 * Sorting: `sort`, `top`, `take` and their kin.
 */
import type { Scalar, SortKey } from '../../../plan/relation/node.ts';
import { type BoundNode, itemsOf } from '../bound.ts';
import { named, onward, project, relation } from './build.ts';
import type { Environment, Flow, Lowering, Scope } from './lowering.ts';
import { lowerValues, scopeOf, unwrapName } from './values.ts';

/** Kusto sorts downwards unless told, with null as the least value. */
export function orderOf(node: BoundNode): {
  readonly expression: BoundNode;
  readonly order: 'asc' | 'desc';
  readonly nulls: 'first' | 'last';
} {
  if (node.kind !== 'OrderedExpression') return { expression: node, order: 'desc', nulls: 'last' };
  const ordering = node.parts.Ordering;
  const order = ordering?.parts.AscOrDescKeyword?.text === 'asc' ? 'asc' : 'desc';
  const nulls = ordering?.parts.NullsClause?.parts.FirstOrLastKeyword?.text;
  return {
    expression: node.parts.Expression ?? node,
    order,
    nulls: nulls === 'first' || nulls === 'last' ? nulls : order === 'asc' ? 'first' : 'last',
  };
}

export function lowerSort(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Flow {
  return sorted(lowering, itemsOf(node, 'Expressions'), node, flow, env);
}

export function lowerTop(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Flow {
  const by = node.parts.ByExpression;
  return lowerTake(lowering, node, sorted(lowering, by === undefined ? [] : [by], node, flow, env), env);
}

export function lowerTake(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Flow {
  const constants: Scope = { ...scopeOf(flow, env), columns: new Map() };
  const count = lowering.scalar(node.parts.Expression, constants);
  const { columns } = flow.relation;
  return onward(flow, relation({ kind: 'take', input: flow.relation, count, columns, span: node.span }), 'kept');
}

export function lowerSampleDistinct(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Flow {
  const of = node.parts.OfExpression;
  const [first] = of === undefined ? [] : lowerValues(lowering, of, scopeOf(flow, env));
  const values = first === undefined ? [] : [named(first.name ?? 'Column1', first.value)];
  const chosen = project(flow.relation, values, node.span);
  const distinct = relation({ kind: 'distinct', input: chosen, columns: chosen.columns, span: node.span });
  return lowerTake(lowering, node, onward(flow, distinct, 'lost'), env);
}

function sorted(lowering: Lowering, items: readonly BoundNode[], node: BoundNode, flow: Flow, env: Environment): Flow {
  const scope = scopeOf(flow, env);
  const keys = items.map((item): SortKey => {
    const { expression, order, nulls } = orderOf(item);
    const value: Scalar = lowering.scalar(unwrapName(expression).expression, scope);
    return { value, order, nulls };
  });
  const { columns } = flow.relation;
  const relationOf = relation({ kind: 'sort', input: flow.relation, keys, columns, span: node.span });
  return { relation: relationOf, isSerialized: true, isOrdered: true };
}
