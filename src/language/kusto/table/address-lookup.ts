/**
 * `evaluate ipv4_lookup` and `ipv6_lookup`: the rows of a table of networks that hold an address.
 *
 *   rows ──their addresses, each once──▶ networks that could hold them ──join──▶ those of the table ──join──▶ rows
 *
 * Every network that holds the address gives a row, as a join does: Microsoft's page promises “as many records as
 * matching results”. Columns and their names are those of `lookup`, but that the network stays.
 */
import type { Join, Relation, RelationColumn } from '../../../plan/relation/node.ts';
import { type BoundNode, itemsOf } from '../bound.ts';
import { asValues, ColumnNames, call, column, constant, named, onward, project, relation } from './build.ts';
import type { Environment, Flow, Lowering } from './lowering.ts';

/** By plugin, the bits of an address. */
const WIDTHS: Readonly<Record<string, bigint>> = { ipv4_lookup: 32n, ipv6_lookup: 128n };

export function isAddressLookup(plugin: string): boolean {
  return Object.hasOwn(WIDTHS, plugin);
}

export function lowerAddressLookup(lowering: Lowering, node: BoundNode, flow: Flow, env: Environment): Flow {
  const { span } = node;
  const [table, address, network, ...rest] = itemsOf(node.parts.ArgumentList, 'Expressions');
  const shared = lowering.share(flow, span);
  const left = shared.relation;
  const { relation: right } = lowering.table(table, env);
  const width = constant('long', WIDTHS[node.symbol?.name ?? ''] ?? 32n, span);
  const onLeft = textColumn(lowering, address, left);
  const onRight = textColumn(lowering, network, right);
  if (onLeft === undefined || onRight === undefined) return flow;
  const keys = rest.flatMap(({ kind, text }) => (kind === 'NameReference' && text !== undefined ? [text] : []));
  const unmatched = rest.map((each) => each.parts.Expression ?? each).find(({ type }) => type === 'bool');
  const isOuter = unmatched?.text?.toLowerCase() === 'true';

  const [candidate, canonical, looked] = [lowering.hidden(), lowering.hidden(), lowering.hidden()];
  const address0 = column(onLeft, 'string', span);
  const once = project(left, [named(onLeft, address0)], span);
  const addresses = relation({ kind: 'distinct', input: once, columns: once.columns, span });
  const candidates = relation({
    kind: 'expand',
    input: addresses,
    expanded: [
      { name: candidate, value: call('address-networks', [address0, width], 'dynamic', span), type: 'string' },
    ],
    bags: 'bag',
    columns: [...addresses.columns, { name: candidate, type: 'string' }],
    span,
  });
  const networks = project(
    right,
    [
      ...asValues(right.columns, span),
      named(canonical, call('address-network', [column(onRight, 'string', span), width], 'string', span)),
    ],
    span,
  );
  const matches = relation({
    kind: 'join',
    join: 'inner',
    left: candidates,
    right: networks,
    keys: [{ left: column(candidate, 'string', span), right: column(canonical, 'string', span) }],
    from: [
      { side: 'left', column: onLeft },
      ...right.columns.map(({ name }) => ({ side: 'right', column: name }) as const),
    ],
    columns: [{ name: looked, type: 'string' }, ...right.columns],
    span,
  });
  const names = new ColumnNames();
  const given = right.columns.filter(({ name }) => !keys.includes(name));
  const made = relation({
    kind: 'join',
    join: isOuter ? 'leftouter' : 'inner',
    left,
    right: matches,
    keys: [
      { left: address0, right: column(looked, 'string', span) },
      ...keys.flatMap((key) => sameColumn(key, left, right, span)),
    ],
    from: [
      ...left.columns.map(({ name }) => ({ side: 'left', column: name }) as const),
      ...given.map(({ name }) => ({ side: 'right', column: name }) as const),
    ],
    columns: [...left.columns, ...given].map(({ name, type }): RelationColumn => ({ name: names.add(name), type })),
    span,
  });
  return onward(flow, made, 'lost');
}

function textColumn(lowering: Lowering, node: BoundNode | undefined, of: Relation): string | undefined {
  const found = of.columns.find(({ name }) => node?.kind === 'NameReference' && name === node.text);
  if (found?.type === 'string') return found.name;
  if (node !== undefined && node.type !== 'unknown')
    lowering.refuse(
      node.span,
      'What is no column of texts as an address',
      'Make one before it: extend A = tostring(…).',
    );
  return undefined;
}

function sameColumn(name: string, left: Relation, right: Relation, span: BoundNode['span']): Join['keys'] {
  const [a, b] = [left, right].map(({ columns }) => columns.find((each) => each.name === name));
  return a === undefined || b === undefined
    ? []
    : [{ left: column(name, a.type, span), right: column(name, b.type, span) }];
}
