/** The tables that a plan reads, by the first of their names, each once. */
import type { Relation, Scan } from './node.ts';

export function tableScans(relation: Relation): ReadonlySet<string> {
  const names = new Set<string>();
  const seen = new Set<object>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    const { kind } = value as { kind?: unknown };
    if (kind === 'constant' || kind === 'inline') return;
    if (kind === 'scan-table') names.add((value as Scan).table);
    for (const part of Object.values(value)) walk(part);
  };
  walk(relation);
  return names;
}
