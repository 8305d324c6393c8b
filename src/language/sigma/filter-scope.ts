/**
 * Which rules a Sigma filter is for: those that it names, or any, whose log source it leaves alone.
 */
import type { Named } from './ast.ts';
import type { FilteredRule, SigmaFilter } from './filter.ts';

/** Whether the filter changes the rule: it names it (or any), and its log source says nothing else than the rule's. */
export function filterApplies(filter: SigmaFilter, rule: FilteredRule): boolean {
  if (filter.rules !== 'any' && !filter.rules.some(({ name }) => isCalled(name, rule))) return false;
  return hasLogSource(filter, rule);
}

/** A rule that the filter names, and whose log source it leaves alone. */
export function namesInVain(filter: SigmaFilter, rule: FilteredRule): Named | undefined {
  if (filter.rules === 'any' || hasLogSource(filter, rule)) return undefined;
  return filter.rules.find(({ name }) => isCalled(name, rule));
}

export function isCalled(name: string, { id, name: own }: Pick<FilteredRule, 'id' | 'name'>): boolean {
  return name === own || name.toLowerCase() === id?.toLowerCase();
}

function hasLogSource({ detection: { logSource: wanted } }: SigmaFilter, { logSource }: FilteredRule): boolean {
  return (['category', 'product', 'service'] as const).every(
    (part) => wanted[part] === undefined || wanted[part] === logSource[part],
  );
}
