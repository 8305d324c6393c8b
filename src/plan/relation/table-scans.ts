/** What a plan reads: tables, by the first of their names, each once, and files. */
import type { Relation, Scan } from './node.ts';

export function tableScans(relation: Relation): ReadonlySet<string> {
  const names = new Set<string>();
  visit(relation, (node) => {
    if (node.kind === 'scan-table') names.add((node as Scan).table);
  });
  return names;
}

/** Whether it has `externaldata` somewhere. */
export function readsFiles(relation: Relation): boolean {
  let found = false;
  visit(relation, ({ kind }) => {
    found ||= kind === 'external';
  });
  return found;
}

function visit(relation: Relation, see: (node: { readonly kind?: unknown }) => void): void {
  const seen = new Set<object>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    const node = value as { readonly kind?: unknown };
    if (node.kind === 'constant' || node.kind === 'inline') return;
    see(node);
    for (const part of Object.values(value)) walk(part);
  };
  walk(relation);
}
