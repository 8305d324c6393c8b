/**
 * `join` and `lookup`: which columns are compared, and which of both sides are given under which names.
 *
 * The left side's columns keep their names; a right one whose name is taken gets a number. A join keeps the right keys
 * too, `lookup` drops them; semi and anti joins give one side only.
 */
import type { Join, JoinKind, Relation, Scalar } from '../../../plan/relation/node.ts';
import { type BoundNode, itemsOf } from '../bound.ts';
import { ColumnNames, column, onward, relation } from './build.ts';
import type { Environment, Flow, Lowering } from './lowering.ts';
import { checkParameters, parameter } from './values.ts';

type Key = Join['keys'][number];

export function lowerJoin(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Flow {
  checkParameters(lowering, node, ['kind', 'withsource', 'isfuzzy']);
  const written = parameter(node, 'kind')?.text?.toLowerCase() ?? 'innerunique';
  const kind = KINDS[written];
  if (kind === undefined)
    lowering.refuse(
      parameter(node, 'kind')?.span ?? node.span,
      `A join of kind “${written}”`,
      Object.keys(KINDS).join(', '),
    );
  return joined(lowering, node, flow, env, kind ?? 'inner', false);
}

export function lowerLookup(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Flow {
  const written = parameter(node, 'kind')?.text?.toLowerCase() ?? 'leftouter';
  if (written !== 'leftouter' && written !== 'inner')
    lowering.refuse(node.span, `A lookup of kind “${written}”`, 'leftouter, inner');
  return joined(lowering, node, flow, env, written === 'inner' ? 'inner' : 'leftouter', true);
}

const KINDS: Readonly<Record<string, JoinKind>> = {
  anti: 'leftanti',
  fullouter: 'fullouter',
  inner: 'inner',
  innerunique: 'innerunique',
  leftanti: 'leftanti',
  leftantisemi: 'leftanti',
  leftouter: 'leftouter',
  leftsemi: 'leftsemi',
  rightanti: 'rightanti',
  rightantisemi: 'rightanti',
  rightouter: 'rightouter',
  rightsemi: 'rightsemi',
};

function joined(
  lowering: Lowering,
  node: BoundNode,
  flow: Flow,
  env: Environment,
  kind: JoinKind,
  isLookup: boolean,
): Flow {
  const { span } = node;
  const left = flow.relation;
  const { relation: right } = lowering.table(node.parts.Expression, env);
  const conditions = node.parts.ConditionClause ?? node.parts.LookupClause;
  const keys = itemsOf(conditions, 'Expressions').flatMap((item) => keysOf(lowering, item, left, right));
  const dropped = new Set(isLookup ? keys.flatMap(({ right: key }) => (key.kind === 'column' ? [key.name] : [])) : []);
  const from: Join['from'][number][] = [];
  const columns: Join['columns'][number][] = [];
  const names = new ColumnNames();
  const give = (side: 'left' | 'right', of: Relation) => {
    for (const { name, type } of of.columns) {
      if (side === 'right' && dropped.has(name)) continue;
      from.push({ side, column: name });
      columns.push({ name: names.add(name), type });
    }
  };
  if (!kind.startsWith('right') || kind === 'rightouter') give('left', left);
  if (!/^left(?:semi|anti)$/.test(kind)) give('right', right);
  return onward(flow, relation({ kind: 'join', join: kind, left, right, keys, from, columns, span }), 'lost');
}

function keysOf(lowering: Lowering, node: BoundNode, left: Relation, right: Relation): Key[] {
  if (node.kind === 'AndExpression') return (node.items ?? []).flatMap((item) => keysOf(lowering, item, left, right));
  if (node.kind === 'EqualExpression') {
    const sides = [node.parts.Left, node.parts.Right].map((part) => sideOf(part));
    const onLeft = sides.find((side) => side?.side === '$left');
    const onRight = sides.find((side) => side?.side === '$right');
    const key = onLeft && onRight && keyOf(onLeft.name, onRight.name, node, left, right);
    if (key !== undefined) return [key];
  }
  if (node.kind === 'NameReference' && node.text !== undefined) {
    const key = keyOf(node.text, node.text, node, left, right);
    if (key !== undefined) return [key];
    if (node.type === 'unknown') return [];
  }
  lowering.refuse(node.span, 'This condition of a join', 'Write on a, or on $left.a == $right.b.');
  return [];
}

function sideOf(node: BoundNode | undefined): { readonly side: string; readonly name: string } | undefined {
  if (node?.kind !== 'PathExpression') return undefined;
  const { Expression: side, Selector: selector } = node.parts;
  return { side: side?.text ?? '', name: selector?.text ?? '' };
}

function keyOf(onLeft: string, onRight: string, { span }: BoundNode, left: Relation, right: Relation): Key | undefined {
  const find = (of: Relation, name: string): Scalar | undefined => {
    const found = of.columns.find((each) => each.name === name);
    return found && column(name, found.type, span);
  };
  const [a, b] = [find(left, onLeft), find(right, onRight)];
  return a === undefined || b === undefined ? undefined : { left: a, right: b };
}
