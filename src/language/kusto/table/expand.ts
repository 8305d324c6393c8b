/**
 * `mv-expand`, `mv-apply` and `partition`: rows from the elements of a value, and queries over groups of rows.
 */
import type { Apply, Expand, ExpandedColumn, RelationColumn } from '../../../plan/relation/node.ts';
import { type BoundNode, itemsOf } from '../bound.ts';
import { onward, relation } from './build.ts';
import { scalarType } from './cells.ts';
import type { Environment, Flow, Lowering, Scope } from './lowering.ts';
import { checkParameters, lowerValues, parameter, scopeOf } from './values.ts';

export function lowerMvExpand(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Flow {
  return onward(flow, expansion(lowering, node, flow, env), 'kept');
}

export function lowerMvApply(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Flow {
  const { span } = node;
  if (node.parts.ContextIdClause !== undefined) lowering.refuse(node.parts.ContextIdClause.span, '“id” of mv-apply');
  const expand = expansion(lowering, node, flow, env);
  const group = relation({ kind: 'group', columns: expand.columns, span });
  const subquery = node.parts.Subquery;
  const { relation: body } = lowering.table(subquery?.parts.Expression ?? subquery, env, {
    relation: group,
    isSerialized: flow.isSerialized,
    isOrdered: false,
  });
  const inner = new Set(body.columns.map(({ name }) => name));
  const from: Apply['from'][number][] = [];
  const columns: RelationColumn[] = [];
  const give = (side: 'row' | 'body', given: readonly RelationColumn[]) => {
    for (const each of given) {
      from.push({ side, column: each.name });
      columns.push(each);
    }
  };
  const expanded = new Set(expand.expanded.map(({ name }) => name));
  give(
    'row',
    flow.relation.columns.filter(({ name }) => !inner.has(name) && !expanded.has(name)),
  );
  give('body', body.columns);
  return onward(flow, relation({ kind: 'apply', expand, body, from, columns, span }), 'lost');
}

export function lowerPartition(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Flow {
  checkParameters(lowering, node, []);
  const { span } = node;
  const scope = scopeOf(flow, env);
  const key = lowering.scalar(node.parts.ByExpression, scope);
  const operand = node.parts.Operand;
  if (operand?.kind !== 'PartitionSubquery') {
    lowering.refuse(
      operand?.span ?? span,
      'A partition with a query of its own source ({ … })',
      'Write partition by key (operators).',
    );
    return flow;
  }
  const group = relation({ kind: 'group', columns: flow.relation.columns, span });
  const { relation: body } = lowering.table(operand.parts.Subquery, env, { ...flow, relation: group });
  return onward(
    flow,
    relation({ kind: 'partition', input: flow.relation, key, body, columns: body.columns, span }),
    'lost',
  );
}

function expansion(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Expand {
  checkParameters(lowering, node, ['with_itemindex', 'bagexpansion', 'kind']);
  const scope = scopeOf(flow, env);
  const expanded = itemsOf(node, 'Expressions').flatMap((item): ExpandedColumn[] => {
    const [first] = lowerValues(lowering, item.parts.Expression ?? item, scope);
    if (first === undefined) return [];
    const type = itemsOf(item.parts.ToTypeOf?.parts.TypeOf, 'Types')[0];
    return [
      {
        name: first.name ?? 'Column1',
        value: first.value,
        type: scalarType(type?.text ?? type?.symbol?.name) ?? 'dynamic',
      },
    ];
  });
  const index = parameter(node, 'with_itemindex')?.text;
  const bags = (parameter(node, 'bagexpansion') ?? parameter(node, 'kind'))?.text?.toLowerCase();
  const limit = rowLimit(lowering, node, scope);
  const columns = new Map(flow.relation.columns.map((each) => [each.name, each]));
  for (const { name, type } of expanded) columns.set(name, { name, type });
  if (index !== undefined) columns.set(index, { name: index, type: 'long' });
  return relation({
    kind: 'expand',
    input: flow.relation,
    expanded,
    ...(index === undefined ? {} : { index }),
    bags: bags === 'array' ? 'array' : 'bag',
    ...(limit === undefined ? {} : { limit }),
    columns: [...columns.values()],
    span: node.span,
  });
}

function rowLimit(lowering: Lowering, node: BoundNode, scope: Scope): number | undefined {
  const written = node.parts.RowLimitClause?.parts.RowLimit;
  // The old spelling stops at 128 (Microsoft's reference).
  if (written === undefined) return node.parts.MvExpandKeyword?.text === 'mvexpand' ? 128 : undefined;
  const value = lowering.scalar(written, { ...scope, columns: new Map() });
  if (value.kind === 'constant' && typeof value.value === 'bigint') return Number(value.value);
  lowering.refuse(written.span, 'A limit that is not constant');
  return undefined;
}
