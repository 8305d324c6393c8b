/**
 * An operator that the reference evaluator computes, with rows in the place of whatever else it asks than its input:
 * the tables of its body, the queries within its expressions.
 *
 *   mv-apply … on (where e in (T)) ──rows of T──▶ mv-apply … on (where e in (datatable(…)))
 *
 * What depends on the rows of a group stays as it is, and only what it asks beside them becomes rows.
 */
import type { Row } from '../../plan/relation/cell.ts';
import type { Relation, Take } from '../../plan/relation/node.ts';

/** @param rowsOf runs a relation that depends on no group */
export async function groundRelation(
  node: Relation,
  rowsOf: (relation: Relation) => Promise<readonly Row[]>,
): Promise<Relation> {
  const ground = async (value: unknown): Promise<unknown> => {
    if (Array.isArray(value)) {
      const items: unknown[] = [];
      for (const item of value) items.push(await ground(item));
      return items;
    }
    if (typeof value !== 'object' || value === null) return value;
    if (isRelation(value) && !dependsOnGroup(value)) return inlined(value);
    const { kind, relation } = value as { readonly kind?: unknown; readonly relation?: Relation };
    // Of `toscalar` one row is asked for.
    if (kind === 'query' && relation !== undefined && !dependsOnGroup(relation))
      return { ...value, relation: await inlined(firstOf(relation)) };
    return parts(value);
  };
  const inlined = async (relation: Relation): Promise<Relation> => {
    const { columns, span } = relation;
    return { kind: 'inline', columns, rows: await rowsOf(relation), span };
  };
  const parts = async (value: object): Promise<object> => {
    const entries: [string, unknown][] = [];
    for (const [name, part] of Object.entries(value)) entries.push([name, PLAIN.has(name) ? part : await ground(part)]);
    return Object.fromEntries(entries);
  };
  if (node.kind === 'apply') {
    const { input, ...expand } = node.expand;
    const { expand: _, ...rest } = node;
    return { ...(await parts(rest)), expand: { ...(await parts(expand)), input } } as Relation;
  }
  if (!('input' in node)) return node;
  const { input, ...rest } = node;
  return { ...(await parts(rest)), input } as Relation;
}

/** Parts of nodes that hold no nodes. */
const PLAIN: ReadonlySet<string> = new Set(['columns', 'from', 'kind', 'nameSpan', 'rows', 'span', 'type']);

const RELATIONS: Readonly<Record<Relation['kind'], true>> = {
  apply: true,
  distinct: true,
  evaluate: true,
  expand: true,
  external: true,
  filter: true,
  group: true,
  inline: true,
  join: true,
  'make-series': true,
  parse: true,
  'parse-kv': true,
  partition: true,
  project: true,
  range: true,
  'scan-steps': true,
  'scan-table': true,
  shared: true,
  sort: true,
  summarize: true,
  take: true,
  'top-nested': true,
  union: true,
};

function isRelation(value: object): value is Relation {
  const { kind } = value as { readonly kind?: unknown };
  return typeof kind === 'string' && Object.hasOwn(RELATIONS, kind);
}

/** The body of a further `mv-apply` or `partition` has a group of its own. */
function dependsOnGroup(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(dependsOnGroup);
  if (typeof value !== 'object' || value === null) return false;
  const node = value as Relation;
  if (node.kind === 'group') return true;
  if (node.kind === 'apply') return dependsOnGroup(node.expand);
  if (node.kind === 'partition') return dependsOnGroup(node.input);
  return Object.entries(value).some(([name, part]) => !PLAIN.has(name) && dependsOnGroup(part));
}

function firstOf(relation: Relation): Take {
  const { columns, span } = relation;
  return { kind: 'take', input: relation, count: { kind: 'constant', type: 'long', value: 1n, span }, columns, span };
}
