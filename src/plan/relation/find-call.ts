/**
 * A part of a plan: a call of one of some functions, or what reads files.
 */
import type { External, FunctionCell, Relation } from './node.ts';

/** The first call of one of the functions. */
export function findCall(relation: Relation, names: ReadonlySet<string>): FunctionCell | undefined {
  const call = find(relation, (part) => part.kind === 'call' && names.has(String(part.function)));
  return call as FunctionCell | undefined;
}

export function findExternal(relation: Relation): External | undefined {
  return find(relation, ({ kind }) => kind === 'external') as External | undefined;
}

/** Parts that stand in several places are looked at once. */
function find(relation: Relation, isWanted: (part: Readonly<Record<string, unknown>>) => boolean): object | undefined {
  const seen = new Set<object>();
  const left: unknown[] = [relation];
  while (left.length > 0) {
    const part = left.pop();
    if (typeof part !== 'object' || part === null || seen.has(part)) continue;
    seen.add(part);
    if (isWanted(part as Readonly<Record<string, unknown>>)) return part;
    for (const inner of Object.values(part).reverse()) left.push(inner);
  }
  return undefined;
}
