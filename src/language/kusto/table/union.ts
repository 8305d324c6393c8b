/**
 * `union`: all rows of several tables, by the names of their columns.
 *
 * `kind=outer` gives every column that any table has, `inner` those that all have. Where two have a name with different
 * types, each type gets a column (`x_long`, `x_string`). What a table lacks is null, of a text ''.
 */
import type { ScalarType } from '../../../plan/relation/cell.ts';
import type { NamedScalar, Relation, RelationColumn } from '../../../plan/relation/node.ts';
import { type BoundNode, itemsOf, matchesWildcard } from '../bound.ts';
import { column, constant, named, nothing, onward, project, relation } from './build.ts';
import type { Environment, Flow, Lowering } from './lowering.ts';
import { checkParameters, parameter } from './values.ts';

export interface Leg {
  readonly relation: Relation;
  /** What `withsource` calls it. */
  readonly source: string;
}

export function lowerUnion(lowering: Lowering, node: BoundNode, flow: Flow | undefined, env: Environment): Flow {
  checkParameters(lowering, node, ['kind', 'withsource', 'isfuzzy']);
  const isFuzzy = /^true$/i.test(parameter(node, 'isfuzzy')?.text ?? 'false');
  const items = itemsOf(node, 'Expressions');
  // In a function of the house all places are that of its call.
  const hasPlaces = items.every(({ span }) => span.start > node.span.start);
  const legs = legsOf(lowering, items, 'union_arg', flow, env, isFuzzy && hasPlaces ? 'calls' : isFuzzy);
  const isInner = parameter(node, 'kind')?.text?.toLowerCase() === 'inner';
  const label = parameter(node, 'withsource');
  if (label !== undefined) checkLabel(lowering, label, legs);
  const { relation: united } = unite(legs, label?.text, isInner, node);
  if (legs.length === 0)
    lowering.problems.report('kusto-table-unknown', node.span, 'None of the tables of this union is known.');
  const start: Flow = flow ?? { relation: united, isSerialized: false, isOrdered: false };
  return onward(start, united, 'lost');
}

/** What the engine makes of two columns of one name is said nowhere. */
export function checkLabel(lowering: Lowering, { text, span }: BoundNode, legs: readonly Leg[]): void {
  if (legs.some(({ relation: leg }) => leg.columns.some(({ name }) => name === text)))
    lowering.refuse(span, `“withsource=${text}” over a table that has a column “${text}”`, 'Choose another name.');
}

/**
 * @param prefix of the names of tables that have none: `union_arg0`, …
 * @param isFuzzy tables that there are not count for nothing; `calls`: nor do functions and names that lead to such
 */
export function legsOf(
  lowering: Lowering,
  items: readonly BoundNode[],
  prefix: string,
  flow: Flow | undefined,
  env: Environment,
  isFuzzy: boolean | 'calls',
): readonly Leg[] {
  const legs: Leg[] = flow === undefined ? [] : [{ relation: flow.relation, source: `${prefix}0` }];
  let number = legs.length;
  for (const item of items) {
    if (item.isWildcard === true) {
      for (const { name } of tablesLike(lowering, item.text ?? '*'))
        legs.push({ relation: tableOf(lowering, name, item), source: name });
      number += 1;
      continue;
    }
    const lost = isFuzzy === 'calls' ? unknownIn(item, env) : undefined;
    if (isFuzzy !== false && isUnknown(sourceOf(item))) lowering.forgive(item.span, 'missing');
    else if (lost !== undefined) lowering.leaveOut(item.span, lost.span);
    else {
      const source = item.symbol?.kind === 'Table' ? item.symbol.name : `${prefix}${number}`;
      const { relation: leg } = lowering.table(item, env);
      // What stands in the place of an unknown table, the second time that the query is bound.
      const isNothing = isFuzzy !== false && leg.kind === 'inline' && leg.columns.length === 0;
      if (!isNothing) legs.push({ relation: leg, source });
    }
    number += 1;
  }
  return legs;
}

/** What a chain of operators begins with. */
function sourceOf(item: BoundNode): BoundNode {
  const source = item.kind === 'Pipeline' ? item.parts.Source : undefined;
  return source === undefined ? item : sourceOf(source);
}

/** The table that there is not, from which the rows come: named here, or by the function or the `let` that is. */
function unknownIn(item: BoundNode, env: Environment): BoundNode | undefined {
  const source = sourceOf(item);
  if (isUnknown(source)) return source;
  const binding = env.find(source.symbol?.kind === 'Function' ? source.symbol.name : (source.text ?? ''));
  const body = source.expansion?.body?.parts.Expression;
  if (body !== undefined) return unknownIn(body, binding?.kind === 'function' ? binding.env : env);
  const isNamed = source.kind === 'NameReference' && source.symbol?.kind === 'Variable';
  return isNamed && binding?.kind === 'written' ? unknownIn(binding.node, binding.env) : undefined;
}

function isUnknown({ kind, symbol }: BoundNode): boolean {
  return symbol === undefined && /^(?:NameReference|FunctionCallExpression|PathExpression)$/.test(kind);
}

/** Every table once, by its usual name. */
export function tablesLike(lowering: Lowering, pattern: string): readonly { readonly name: string }[] {
  const found = new Map<string, { readonly name: string }>();
  for (const [alias, table] of lowering.schema.tables)
    if (matchesWildcard(pattern, alias)) found.set(table.name, table);
  return [...found.values()];
}

export function tableOf(lowering: Lowering, name: string, { span }: BoundNode): Relation {
  const table = lowering.schema.tables.get(name);
  return relation({
    kind: 'scan-table',
    table: table?.name ?? name,
    args: {},
    columns: [...(table?.columns ?? [])],
    span,
  });
}

/** @param label of the column that tells where a row comes from */
export function unite(
  legs: readonly Leg[],
  label: string | undefined,
  isInner: boolean,
  { span }: BoundNode,
): { readonly relation: Relation } {
  const columns = unitedColumns(legs, isInner);
  const source: RelationColumn[] = label === undefined ? [] : [{ name: label, type: 'string' }];
  const inputs = legs.map(({ relation: leg, source: from }) => {
    const own = new Map(leg.columns.map(({ name, type }) => [name, type]));
    const values = columns.map(
      ({ name, type, of }): NamedScalar =>
        named(name, own.get(of) === type ? column(of, type, span) : nothing(type, span)),
    );
    if (label !== undefined) values.unshift(named(label, constant('string', from, span)));
    const isSame =
      label === undefined &&
      leg.columns.length === columns.length &&
      leg.columns.every(({ name }, at) => name === columns[at]?.name);
    return isSame ? leg : project(leg, values, span);
  });
  const all = [...source, ...columns.map(({ name, type }) => ({ name, type }))];
  return { relation: relation({ kind: 'union', inputs, columns: all, span }) };
}

interface UnitedColumn extends RelationColumn {
  /** What the tables call it. */
  readonly of: string;
}

function unitedColumns(legs: readonly Leg[], isInner: boolean): UnitedColumn[] {
  const types = new Map<string, Map<ScalarType, number>>();
  for (const { relation: leg } of legs) {
    for (const { name, type } of leg.columns) {
      const known = types.get(name) ?? new Map<ScalarType, number>();
      known.set(type, (known.get(type) ?? 0) + 1);
      types.set(name, known);
    }
  }
  return [...types].flatMap(([of, counts]) =>
    [...counts].flatMap(([type, count]): UnitedColumn[] =>
      isInner && count < legs.length ? [] : [{ name: counts.size === 1 ? of : `${of}_${type}`, type, of }],
    ),
  );
}
