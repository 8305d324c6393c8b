/**
 * Operators that choose and name columns: `project` and its kin, `extend`, `distinct`, `serialize`, `getschema`.
 */
import type { ScalarType } from '../../../plan/relation/cell.ts';
import type { NamedScalar, RelationColumn } from '../../../plan/relation/node.ts';
import { type BoundNode, itemsOf, matchesWildcard } from '../bound.ts';
import { asValues, ColumnNames, column, named, onward, project, relation } from './build.ts';
import type { Environment, Flow, Lowering } from './lowering.ts';
import { lowerValues, scopeOf, unwrapName } from './values.ts';

export function lowerProject(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Flow {
  return onward(flow, project(flow.relation, projected(lowering, node, flow, env), node.span), 'kept');
}

export function lowerDistinct(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Flow {
  const items = itemsOf(node, 'Expressions');
  const chosen = items.some(({ kind }) => kind === 'StarExpression')
    ? flow.relation
    : project(flow.relation, projected(lowering, node, flow, env), node.span);
  return onward(flow, relation({ kind: 'distinct', input: chosen, columns: chosen.columns, span: node.span }), 'lost');
}

function projected(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): NamedScalar[] {
  const scope = scopeOf(flow, env);
  const names = new ColumnNames();
  const values = itemsOf(node, 'Expressions').flatMap((item) => lowerValues(lowering, item, scope));
  const bound = node.columns?.length === values.length ? node.columns : [];
  return values.map(({ name, isGiven, value }, at) => {
    const wanted = isGiven ? name : (bound[at]?.name ?? name);
    return named(wanted === undefined ? names.next() : names.add(wanted), value);
  });
}

export function lowerExtend(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Flow {
  const scope = scopeOf(flow, env);
  const values = new Map(asValues(flow.relation.columns, node.span).map((each) => [each.name, each]));
  const names = new ColumnNames(values.keys());
  for (const item of itemsOf(node, 'Expressions')) {
    for (const { name, isGiven, value } of lowerValues(lowering, item, scope)) {
      if (isGiven && name !== undefined) names.add(name);
      const settled = isGiven && name !== undefined ? name : name === undefined ? names.next() : names.add(name);
      values.set(settled, named(settled, value));
    }
  }
  return onward(flow, project(flow.relation, [...values.values()], node.span), 'kept');
}

/** Fixes the order of the rows, and may compute columns. */
export function lowerSerialize(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Flow {
  const { columns } = flow.relation;
  const serial = relation({ kind: 'sort', input: flow.relation, keys: [], columns, span: node.span });
  const serialized = { ...flow, relation: serial, isSerialized: true };
  return itemsOf(node, 'Expressions').length === 0 ? serialized : lowerExtend(lowering, node, serialized, env);
}

export function lowerProjectRename(lowering: Lowering, node: BoundNode, flow: Flow): Flow {
  const renamed = new Map<string, string>();
  for (const item of itemsOf(node, 'Expressions')) {
    const { given, expression } = unwrapName(item);
    if (given[0] !== undefined && expression.text !== undefined) renamed.set(expression.text, given[0]);
    else lowering.refuse(item.span, 'This in project-rename', 'Write new = old.');
  }
  const values = flow.relation.columns.map(({ name, type }) =>
    named(renamed.get(name) ?? name, column(name, type, node.span)),
  );
  return onward(flow, project(flow.relation, values, node.span), 'kept');
}

export function lowerProjectAway(_lowering: Lowering, node: BoundNode, flow: Flow): Flow {
  const isMeant = meant(node);
  return chosen(
    node,
    flow,
    flow.relation.columns.filter(({ name }) => !isMeant(name)),
  );
}

export function lowerProjectKeep(_lowering: Lowering, node: BoundNode, flow: Flow): Flow {
  const isMeant = meant(node);
  return chosen(
    node,
    flow,
    flow.relation.columns.filter(({ name }) => isMeant(name)),
  );
}

/** The named ones first, in this order; a pattern's in the input's order, or sorted. */
export function lowerProjectReorder(_lowering: Lowering, node: BoundNode, flow: Flow): Flow {
  const first = new Map<string, RelationColumn>();
  for (const item of itemsOf(node, 'Expressions')) {
    const pattern = item.kind === 'OrderedExpression' ? item.parts.Expression : item;
    const order = item.parts.Ordering?.parts.AscOrDescKeyword?.text ?? '';
    const matching = flow.relation.columns.filter(({ name }) => matchesWildcard(patternOf(pattern), name));
    for (const each of inOrder(matching, order)) if (!first.has(each.name)) first.set(each.name, each);
  }
  const rest = flow.relation.columns.filter(({ name }) => !first.has(name));
  return chosen(node, flow, [...first.values(), ...rest]);
}

function inOrder(columns: readonly RelationColumn[], order: string): readonly RelationColumn[] {
  if (order === '') return columns;
  const natural = order.startsWith('granny');
  const sorted = columns.toSorted((a, b) => {
    if (natural) return a.name.localeCompare(b.name, 'en', { numeric: true });
    return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
  });
  return order.endsWith('desc') ? sorted.reverse() : sorted;
}

function meant(node: BoundNode): (name: string) => boolean {
  const patterns = itemsOf(node, 'Expressions').map(patternOf);
  return (name) => patterns.some((pattern) => matchesWildcard(pattern, name));
}

function patternOf(node: BoundNode | undefined): string {
  return node?.kind === 'StarExpression' ? '*' : (node?.text ?? '');
}

function chosen(node: BoundNode, flow: Flow, columns: readonly RelationColumn[]): Flow {
  return onward(flow, project(flow.relation, asValues(columns, node.span), node.span), 'kept');
}

/** The columns themselves as rows. */
export function lowerGetSchema(_lowering: Lowering, node: BoundNode, flow: Flow): Flow {
  const rows = flow.relation.columns.map(({ name, type }, at) => [name, BigInt(at), NET_TYPES[type], type]);
  return {
    relation: relation({ kind: 'inline', rows, columns: SCHEMA_COLUMNS, span: node.span }),
    isSerialized: true,
    isOrdered: false,
  };
}

const SCHEMA_COLUMNS: readonly RelationColumn[] = [
  { name: 'ColumnName', type: 'string' },
  { name: 'ColumnOrdinal', type: 'long' },
  { name: 'DataType', type: 'string' },
  { name: 'ColumnType', type: 'string' },
];

const NET_TYPES: Readonly<Record<ScalarType, string>> = {
  bool: 'System.SByte',
  datetime: 'System.DateTime',
  decimal: 'System.Data.SqlTypes.SqlDecimal',
  dynamic: 'System.Object',
  guid: 'System.Guid',
  int: 'System.Int32',
  long: 'System.Int64',
  real: 'System.Double',
  string: 'System.String',
  timespan: 'System.TimeSpan',
};
