/**
 * Whether a relation can have no rows, whatever the other tables hold, because tables that it needs have none: a join with
 * a table that nothing feeds.
 */
import type { Join, Relation } from './node.ts';

/** @param empty names of tables without rows */
export function isVoid(relation: Relation, empty: ReadonlySet<string>): boolean {
  switch (relation.kind) {
    case 'scan-table':
      return empty.has(relation.table);
    case 'inline':
      return relation.rows.length === 0;
    case 'join':
      return isVoidJoin(relation, empty);
    case 'union':
      return relation.inputs.every((input) => isVoid(input, empty));
    case 'shared':
      return isVoid(relation.relation, empty);
    case 'summarize':
      // Without keys there is a row of no rows, too.
      return relation.keys.length > 0 && isVoid(relation.input, empty);
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
      return isVoid(relation.input, empty);
    case 'apply':
      return isVoid(relation.expand.input, empty);
    case 'partition':
      return isVoid(relation.input, empty);
    case 'evaluate':
    case 'external':
    case 'group':
    case 'make-series':
    case 'range':
      return false;
  }
}

function isVoidJoin({ join, left, right }: Join, empty: ReadonlySet<string>): boolean {
  switch (join) {
    case 'inner':
    case 'innerunique':
    case 'leftsemi':
    case 'rightsemi':
      return isVoid(left, empty) || isVoid(right, empty);
    case 'leftouter':
    case 'leftanti':
      return isVoid(left, empty);
    case 'rightouter':
    case 'rightanti':
      return isVoid(right, empty);
    case 'fullouter':
      return isVoid(left, empty) && isVoid(right, empty);
  }
}
