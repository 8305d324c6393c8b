/**
 * A plan in which decimals that are equal are also equal as texts, which is how an engine holds them: `1.0` and `1.00` are
 * one group, one partner in a join, one of `distinct`, and stand together in order.
 *
 *   key of type decimal ──▶ `decimal-key` of it; what is shown of a group is the decimal of its first row
 *
 * Only plans for engines go through here: the reference evaluator compares decimals by their value.
 */
import type {
  Distinct,
  FunctionCell,
  Join,
  NamedScalar,
  Relation,
  RelationColumn,
  Scalar,
  Sort,
  Summarize,
} from './node.ts';

/** The same rows with the same columns. */
export function withDecimalKeys(relation: Relation): Relation {
  // A part that stands in the plan several times stays one.
  const done = new Map<object, object>();
  const walk = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    const known = done.get(value);
    if (known !== undefined) return known;
    const made = Array.isArray(value) ? value.map(walk) : settled(value as Relation, walk);
    done.set(value, made);
    return made;
  };
  return walk(relation) as Relation;
}

/** Parts of nodes that hold no nodes. */
const PLAIN: ReadonlySet<string> = new Set(['span', 'nameSpan', 'columns', 'type', 'kind', 'rows']);

function settled(node: Relation, walk: (part: unknown) => unknown): Relation {
  const parts = Object.entries(node).map(([name, part]) => [name, PLAIN.has(name) ? part : walk(part)]);
  const made = Object.fromEntries(parts) as Relation;
  switch (made.kind) {
    case 'summarize':
      return summarized(made);
    case 'distinct':
      return distinct(made);
    case 'join':
      return joined(made);
    case 'sort':
      return sorted(made);
    default:
      return made;
  }
}

const KEY = '#decimal ';

function isDecimal({ type }: { readonly type: string }): boolean {
  return type === 'decimal';
}

function summarized(node: Summarize): Relation {
  if (!node.keys.some(({ value }) => isDecimal(value))) return node;
  const keys = node.keys.map((key, at) =>
    isDecimal(key.value) ? { name: `${KEY}${at}`, value: keyOf(key.value) } : key,
  );
  const shown = node.keys.filter(({ value }) => isDecimal(value));
  const aggregates = shown.map(({ name, value }) => ({
    function: 'take_any',
    args: [value],
    columns: [{ name, type: value.type }],
    span: node.span,
  }));
  const columns: RelationColumn[] = [
    ...keys.map(({ name, value }) => ({ name, type: value.type })),
    ...aggregates.flatMap((one) => one.columns),
    ...node.aggregates.flatMap((one) => one.columns),
  ];
  const input: Summarize = { ...node, keys, aggregates: [...aggregates, ...node.aggregates], columns };
  const values = node.columns.map(({ name, type }): NamedScalar => ({ name, value: column(name, type, node) }));
  return { kind: 'project', input, values, columns: node.columns, span: node.span };
}

function distinct(node: Distinct): Relation {
  if (!node.columns.some(isDecimal)) return node;
  const { columns, input, span } = node;
  const keys = columns.map(({ name, type }) => ({ name, value: column(name, type, node) }));
  return summarized({ kind: 'summarize', input, keys, aggregates: [], columns, span });
}

function joined(node: Join): Relation {
  const keys = node.keys.map(({ left, right }) =>
    isDecimal(left) ? { left: keyOf(left), right: keyOf(right) } : { left, right },
  );
  return { ...node, keys };
}

function sorted(node: Sort): Relation {
  const keys = node.keys.map((key) => (isDecimal(key.value) ? { ...key, value: placeOf(key.value) } : key));
  return { ...node, keys };
}

function column(name: string, type: RelationColumn['type'], { span }: Relation): Scalar {
  return { kind: 'column', name, type, span };
}

function keyOf(value: Scalar): FunctionCell {
  return called('decimal-key', value, 'string');
}

/** Texts that have no null would lose it; a guid is a text that has one. */
function placeOf(value: Scalar): FunctionCell {
  return called('decimal-place', value, 'guid');
}

function called(name: string, value: Scalar, type: FunctionCell['type']): FunctionCell {
  return { kind: 'call', function: name, args: [value], type, nameSpan: value.span, span: value.span };
}
