/**
 * Filters out of the texts of rule files.
 */
import { isFilter, readFilter } from '../language/sigma/filter.ts';
import { parseYaml } from '../language/yaml.ts';
import { mayHoldFilters, type SigmaFilters } from './sigma-filters.ts';

/**
 * Takes the filters of a file; those with an error apply nowhere, as checking the file says.
 * @returns whether there are any
 */
export function addFilters(filters: SigmaFilters, text: string, file: string): boolean {
  let hasSome = false;
  if (!mayHoldFilters(text)) return hasSome;
  for (const { root } of parseYaml(text)) {
    if (root?.kind !== 'map' || !isFilter(root)) continue;
    const { filter } = readFilter(root, text);
    if (filter === undefined) continue;
    filters.add(filter, file, text);
    hasSome = true;
  }
  return hasSome;
}
