/**
 * The names of columns that a plan may read, whichever table they are of: what no name is said of need not be made.
 *
 * Rather too many than too few: a name counts for every table. Passing a column on under its name is
 * no use of it. Operators that look at whole rows (`distinct`, plugins)
 * use all the columns of their input.
 */
import type { Join, Project, Relation, RelationColumn } from './node.ts';

interface Node {
  readonly kind?: unknown;
  readonly name?: unknown;
  readonly from?: unknown;
  readonly columns?: readonly RelationColumn[];
}

export function usedColumns(relation: Relation): ReadonlySet<string> {
  const used = new Set<string>();
  const add = (columns: readonly RelationColumn[]): void => {
    for (const { name } of columns) used.add(name);
  };
  const done = new Set<object>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || done.has(value)) return;
    done.add(value);
    if (Array.isArray(value)) {
      for (const item of value) walk(item);
      return;
    }
    const node = value as Node;
    if (node.kind === 'constant' || node.kind === 'inline') return;
    if (node.kind === 'column' && typeof node.name === 'string') {
      used.add(node.name);
      // In the steps of `scan` a name stands behind that of its step.
      used.add(node.name.slice(node.name.indexOf('.') + 1));
    }
    if (node.kind === 'project') {
      project(value as Project);
      return;
    }
    // What a column of a join is called where it comes from.
    if (Array.isArray(node.from)) {
      for (const [at, { column }] of (node.from as Join['from']).entries())
        if (column !== node.columns?.[at]?.name) used.add(column);
    }
    if (node.kind === 'query' || node.kind === 'in-query') add((value as { relation: Relation }).relation.columns);
    if (node.kind === 'distinct' || node.kind === 'evaluate') add((value as { input: Relation }).input.columns);
    for (const [name, part] of Object.entries(value)) if (!PLAIN.has(name)) walk(part);
  };
  const project = ({ input, values }: Project): void => {
    for (const { name, value } of values) if (value.kind !== 'column' || value.name !== name) walk(value);
    walk(input);
  };
  add(relation.columns);
  walk(relation);
  return used;
}

/** Parts of nodes that hold no nodes. */
const PLAIN: ReadonlySet<string> = new Set(['span', 'nameSpan', 'columns']);
