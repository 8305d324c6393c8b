/**
 * Whether a relation can have no rows, whatever the other tables hold, because tables that it needs have none: a join with
 * a table that nothing feeds.
 */
import type { Join, Relation } from './node.ts';

/** @param empty names of tables without rows */
export function isVoid(relation: Relation, empty: ReadonlySet<string>): boolean {
  return isVoidIn(relation, { empty, shared: new Map() });
}

interface Known {
  readonly empty: ReadonlySet<string>;
  /** What was found of shared relations: each is looked at once, however often it is named. */
  readonly shared: Map<Relation, boolean>;
}

function isVoidIn(relation: Relation, known: Known): boolean {
  switch (relation.kind) {
    case 'scan-table':
      return known.empty.has(relation.table);
    case 'inline':
      return relation.rows.length === 0;
    case 'join':
      return isVoidJoin(relation, known);
    case 'union':
      return relation.inputs.every((input) => isVoidIn(input, known));
    case 'shared':
      return isVoidShared(relation.relation, known);
    case 'summarize':
      // Without keys there is a row of no rows, too.
      return relation.keys.length > 0 && isVoidIn(relation.input, known);
    case 'filter':
    case 'project':
    case 'sort':
    case 'take':
    case 'distinct':
    case 'expand':
    case 'parse':
    case 'parse-kv':
    case 'scan-steps':
    case 'top-nested':
      return isVoidIn(relation.input, known);
    case 'apply':
      return isVoidIn(relation.expand.input, known);
    case 'partition':
      return isVoidIn(relation.input, known);
    case 'evaluate':
    case 'external':
    case 'group':
    case 'make-series':
    case 'range':
      return false;
  }
}

function isVoidJoin({ join, left, right }: Join, known: Known): boolean {
  switch (join) {
    case 'inner':
    case 'innerunique':
    case 'leftsemi':
    case 'rightsemi':
      return isVoidIn(left, known) || isVoidIn(right, known);
    case 'leftouter':
    case 'leftanti':
      return isVoidIn(left, known);
    case 'rightouter':
    case 'rightanti':
      return isVoidIn(right, known);
    case 'fullouter':
      return isVoidIn(left, known) && isVoidIn(right, known);
  }
}

function isVoidShared(relation: Relation, known: Known): boolean {
  const before = known.shared.get(relation);
  if (before !== undefined) return before;
  const found = isVoidIn(relation, known);
  known.shared.set(relation, found);
  return found;
}
