/**
 * A relation with something else in the place of its tables, wherever they stand: below operators, in queries within
 * expressions, in arguments of other tables.
 */
import type { Relation, Scan } from './node.ts';

/** @param map given the scan with what its own arguments became */
export function mapScans(relation: Relation, map: (scan: Scan) => Relation): Relation {
  // A part that stands in the plan several times stays one.
  const done = new Map<object, object>();
  const walk = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    const known = done.get(value);
    if (known !== undefined) return known;
    const made = walkAnew(value);
    done.set(value, made);
    return made;
  };
  const walkAnew = (value: object): object => {
    if (Array.isArray(value)) return value.map(walk);
    const { kind } = value as { kind?: unknown };
    if (kind === 'constant' || kind === 'inline') return value;
    const parts = Object.entries(value).map(([name, part]) => [name, PLAIN.has(name) ? part : walk(part)]);
    const made = Object.fromEntries(parts) as Relation;
    return kind === 'scan-table' ? map(made as Scan) : made;
  };
  return walk(relation) as Relation;
}

/** Parts of nodes that hold no nodes. */
const PLAIN: ReadonlySet<string> = new Set(['span', 'nameSpan', 'columns', 'type', 'kind']);
