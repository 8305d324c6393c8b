/**
 * How large a plan may be: names and functions of a query are put in where they are used, so a short text can become a
 * very large plan. Shared parts count once, as they are computed once.
 */
import type { Relation } from '../../../plan/relation/node.ts';

/** Nodes of a plan, written out; Sentinel's largest query has some 2,000. */
const MOST_NODES = 100_000;
/** Levels; what walks a plan is recursion. */
const MOST_LEVELS = 1_000;

interface Measure {
  readonly nodes: number;
  readonly levels: number;
}

const NOTHING: Measure = { nodes: 0, levels: 0 };

export function isWithinLimits(relation: Relation): boolean {
  const { nodes, levels } = measure(relation, new Map());
  return nodes <= MOST_NODES && levels <= MOST_LEVELS;
}

/** Each object is measured once, however often it is reached. */
function measure(value: unknown, known: Map<object, Measure>): Measure {
  if (typeof value !== 'object' || value === null) return NOTHING;
  const before = known.get(value);
  if (before !== undefined)
    return 'kind' in value && value.kind === 'shared' ? { nodes: 1, levels: before.levels } : before;
  const isNode = 'kind' in value;
  let nodes = isNode ? 1 : 0;
  let levels = 0;
  for (const [name, child] of Object.entries(value)) {
    if (name === 'columns' || name === 'span' || name === 'nameSpan' || name === 'rows') continue;
    const inner = measure(child, known);
    nodes += inner.nodes;
    levels = Math.max(levels, inner.levels);
  }
  const made = { nodes, levels: levels + (isNode ? 1 : 0) };
  known.set(value, made);
  return made;
}
