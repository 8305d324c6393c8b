/** What a plan reads: tables, by the first of their names, each once, and files. */
import type { Span } from '../../diagnostic/span.ts';
import type { Relation, Scan } from './node.ts';

export function tableScans(relation: Relation): ReadonlySet<string> {
  return new Set(scanPlaces(relation).keys());
}

/** Where each table is first asked. */
export function scanPlaces(relation: Relation): ReadonlyMap<string, Span> {
  const places = new Map<string, Span>();
  visit(relation, (node) => {
    if (node.kind !== 'scan-table') return;
    const { table, span } = node as Scan;
    if (!places.has(table)) places.set(table, span);
  });
  return places;
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
