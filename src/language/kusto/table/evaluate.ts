/**
 * `evaluate`: the plugins that are run. The columns of `bag_unpack` and `pivot` follow from the rows; they are those
 * that the text states, those that were found in a first run, or not known yet.
 */
import type { Evaluate, RelationColumn, Scalar } from '../../../plan/relation/node.ts';
import { type BoundNode, itemsOf } from '../bound.ts';
import { isAddressLookup, lowerAddressLookup } from './address-lookup.ts';
import { constant, onward, relation } from './build.ts';
import { scalarType } from './cells.ts';
import type { Environment, Flow, Lowering } from './lowering.ts';

import { REFUSED_PLUGINS } from './refused.ts';
import { scopeOf, unwrapName } from './values.ts';

const PLUGINS: ReadonlySet<string> = new Set(['bag_unpack', 'narrow', 'pivot']);

export function lowerEvaluate(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Flow {
  const { span } = node;
  const made = node.parts.FunctionCall;
  const name = made?.symbol?.name ?? made?.parts.Name?.text ?? '';
  if (made !== undefined && isAddressLookup(name)) return lowerAddressLookup(lowering, made, flow, env);
  if (made === undefined || !PLUGINS.has(name)) {
    lowering.refuse(
      made?.parts.Name?.span ?? span,
      `The plugin “${name}”`,
      REFUSED_PLUGINS[name] ?? 'Plugins that are run: bag_unpack, ipv4_lookup, ipv6_lookup, narrow, pivot.',
    );
    return flow;
  }
  const scope = scopeOf(flow, env);
  const items = itemsOf(made.parts.ArgumentList, 'Expressions');
  const args =
    name === 'bag_unpack'
      ? unpacking(lowering, made, items, scope)
      : items.map((arg): Scalar => argument(lowering, arg, scope));
  const stays = staying(name, args, flow.relation.columns);
  const schema = node.parts.Schema;
  const stated = schema === undefined ? undefined : statedColumns(node);
  const columns = stated ?? (name === 'narrow' ? NARROW : undefined);
  const evaluate: Evaluate = relation({
    kind: 'evaluate',
    plugin: name as Evaluate['plugin'],
    input: flow.relation,
    args,
    isSettled: columns !== undefined,
    columns: [...(columns ?? stays)],
    span,
  });
  const next = onward(flow, evaluate, 'lost');
  if (columns !== undefined) return next;
  if (env.isInFunction)
    lowering.refuse(
      span,
      `“${name}” inside a function without its columns`,
      'Write them behind it: : (a:long, b:string).',
    );
  else lowering.unsettled(next);
  return next;
}

const NARROW: readonly RelationColumn[] = [
  { name: 'Row', type: 'long' },
  { name: 'Column', type: 'string' },
  { name: 'Value', type: 'string' },
];

/** An aggregate of `pivot` is a call like any other; the plan has it as one. */
function argument(lowering: Lowering, arg: BoundNode, scope: ReturnType<typeof scopeOf>): Scalar {
  return arg.kind === 'StarExpression' ? constant('string', '*', arg.span) : lowering.scalar(arg, scope);
}

const UNPACKING = ['column', 'outputcolumnprefix', 'columnsconflict', 'ignoredproperties'];

/** The bag, the prefix, what is done about columns that are there already, and what is left out; of two the binder does not know. */
function unpacking(
  lowering: Lowering,
  call: BoundNode,
  items: readonly BoundNode[],
  scope: ReturnType<typeof scopeOf>,
): readonly Scalar[] {
  const given = new Map<string, BoundNode>();
  for (const [at, item] of items.entries()) {
    const { given: names, expression } = unwrapName(item);
    const name = (names[0] ?? UNPACKING[at] ?? '').toLowerCase();
    if (UNPACKING.includes(name) && !given.has(name)) given.set(name, expression);
    else lowering.refuse(item.span, `The argument “${names[0] ?? at + 1}” of bag_unpack`);
  }
  lowering.forgive(call.parts.Name?.span ?? call.span, 'arguments');
  const ignored = given.get('ignoredproperties');
  if (ignored !== undefined) lowering.forgive(ignored.span, 'type');
  const value = (name: string, otherwise: string): Scalar => {
    const node = given.get(name);
    return node === undefined ? constant('string', otherwise, call.span) : lowering.scalar(node, scope);
  };
  const conflict = value('columnsconflict', 'error');
  if (conflict.kind !== 'constant' || !CONFLICTS.has(String(conflict.value)))
    lowering.refuse(conflict.span, 'A columnsConflict other than error, replace_source and keep_source');
  return [
    lowering.scalar(given.get('column'), scope),
    value('outputcolumnprefix', ''),
    conflict,
    ...(ignored === undefined ? [] : [lowering.scalar(ignored, scope)]),
  ];
}

const CONFLICTS: ReadonlySet<string> = new Set(['error', 'keep_source', 'replace_source']);

/** The columns of the input that the plugin leaves. */
function staying(
  plugin: string,
  args: readonly Scalar[],
  columns: readonly RelationColumn[],
): readonly RelationColumn[] {
  if (plugin === 'narrow') return NARROW;
  const isTaken = (name: string) => args.some((arg) => mentions(arg, name));
  if (plugin === 'bag_unpack')
    return columns.filter(({ name }) => !(args[0]?.kind === 'column' && args[0].name === name));
  const kept = args.slice(2).flatMap((arg) => (arg.kind === 'column' ? [arg.name] : []));
  return columns.filter(({ name }) => (kept.length > 0 ? kept.includes(name) : !isTaken(name)));
}

function mentions(value: Scalar, name: string): boolean {
  if (value.kind === 'column') return value.name === name;
  return value.kind === 'call' && value.args.some((arg) => mentions(arg, name));
}

/** Of the clause behind the call; the binder puts in what a star in it stands for. */
function statedColumns({ columns = [] }: BoundNode): readonly RelationColumn[] {
  return columns.map(({ name, type }) => ({ name, type: scalarType(type) ?? 'dynamic' }));
}
