/**
 * A call of one of some functions, anywhere in a plan.
 */
import type { FunctionCell, Relation } from './node.ts';

/** The first that is met; parts that stand in several places are looked at once. */
export function findCall(relation: Relation, names: ReadonlySet<string>): FunctionCell | undefined {
  const seen = new Set<object>();
  const left: unknown[] = [relation];
  while (left.length > 0) {
    const node = left.pop();
    if (typeof node !== 'object' || node === null || seen.has(node)) continue;
    seen.add(node);
    const call = node as Partial<FunctionCell>;
    if (call.kind === 'call' && names.has(String(call.function))) return call as FunctionCell;
    for (const part of Object.values(node).reverse()) left.push(part);
  }
  return undefined;
}
