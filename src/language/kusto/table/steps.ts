/**
 * `scan`: a state machine over rows in order.
 */
import type { Relation, RelationColumn, ScanStep } from '../../../plan/relation/node.ts';
import { type BoundNode, itemsOf } from '../bound.ts';
import { named, nothing, onward, relation } from './build.ts';
import { convertConstant, scalarType } from './cells.ts';
import type { Environment, Flow, Lowering, Scope } from './lowering.ts';
import { checkParameters, parameter, scopeOf } from './values.ts';

export function lowerScan(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Flow {
  checkParameters(lowering, node, ['with_match_id']);
  const { span } = node;
  const outer = scopeOf(flow, env);
  const keys = itemsOf(node.parts.PartitionByClause, 'Expressions');
  if (keys.length > 1)
    lowering.refuse(keys[1]?.span ?? span, 'A scan that is partitioned by several values', 'strcat them into one.');
  const input: Relation =
    keys[0] === undefined ? flow.relation : relation({ kind: 'group', columns: flow.relation.columns, span });
  const declared = itemsOf(node.parts.DeclareClause, 'Declarations').map((item) => {
    const name = item.parts.NameAndType?.parts.Name?.text ?? '';
    const type = scalarType(item.parts.NameAndType?.parts.Type?.text) ?? 'dynamic';
    const given = item.parts.DefaultValue?.parts.Value;
    const value = given === undefined ? nothing(type, span) : lowering.scalar(given, { ...outer, columns: new Map() });
    return { name, type, initial: value.kind === 'constant' ? convertConstant(value, type) : value };
  });
  const matchId = parameter(node, 'with_match_id')?.text;
  const columns: RelationColumn[] = [
    ...flow.relation.columns,
    ...declared.map(({ name, type }) => ({ name, type })),
    ...(matchId === undefined ? [] : [{ name: matchId, type: 'long' as const }]),
  ];
  const steps = stepsOf(lowering, node, outer, columns);
  const made: Relation = relation({
    kind: 'scan-steps',
    input,
    declared,
    steps,
    ...(matchId === undefined ? {} : { matchId }),
    columns,
    span,
  });
  const [key] = keys;
  if (key === undefined) return onward(flow, made, 'kept');
  const by = lowering.scalar(key, outer);
  return onward(
    flow,
    relation({ kind: 'partition', input: flow.relation, key: by, body: made, columns, span }),
    'lost',
  );
}

function stepsOf(
  lowering: Lowering,
  node: BoundNode,
  outer: Scope,
  columns: readonly RelationColumn[],
): readonly ScanStep[] {
  const steps = itemsOf(node, 'Steps');
  const visible = new Map(columns.map(({ name, type }) => [name, type]));
  for (const step of steps) {
    const name = step.parts.Name?.text ?? '';
    for (const { name: each, type } of columns) visible.set(`${name}.${each}`, type);
  }
  const scope: Scope = { ...outer, columns: visible, window: 'cannot stand in a step of scan' };
  return steps.map((step) => {
    const stated = step.parts.ScanStepOutput;
    // The parser takes the word `none` for the value that it has where there is none.
    const output = stated === undefined ? 'all' : (stated.parts.OutputKind?.text ?? 'none');
    return {
      name: step.parts.Name?.text ?? '',
      condition: lowering.scalar(step.parts.Condition, scope),
      assignments: itemsOf(step.parts.ComputationClause, 'Assignments').map((item) =>
        named(item.parts.Name?.text ?? '', lowering.scalar(item.parts.Expression, scope)),
      ),
      output: output === 'last' || output === 'none' ? output : 'all',
      isOptional: step.parts.OptionalKeyword !== undefined,
    };
  });
}
