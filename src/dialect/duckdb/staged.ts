/**
 * Which operators of a plan have no SQL: they are computed by the reference evaluator over the rows of their input.
 */
import type { Relation, Scalar } from '../../plan/relation/node.ts';

export function isStaged(node: Relation): boolean {
  switch (node.kind) {
    case 'apply':
    case 'evaluate':
    case 'external':
    case 'make-series':
    case 'partition':
    case 'scan-steps':
    case 'top-nested':
      return true;
    case 'expand':
      return node.expanded.length === 0 || node.expanded.some(({ value }) => looksAround(value));
    case 'project':
      return node.values.some(({ value }) => looksAround(value));
    case 'sort':
    case 'summarize':
      return node.keys.some(({ value }) => looksAround(value));
    case 'parse':
    case 'parse-kv':
      return looksAround(node.value);
    case 'filter':
      return looksAround(node.condition);
    default:
      return false;
  }
}

/** Window functions that have no SQL. */
function looksAround(node: Scalar): boolean {
  if (node.kind !== 'call') return node.kind === 'in-query' && looksAround(node.operand);
  if (/^row_(rank|window)/.test(node.function)) return true;
  if (/^(prev|next)$/.test(node.function) && node.args[1] !== undefined && node.args[1].kind !== 'constant')
    return true;
  return node.args.some(looksAround);
}
