/**
 * Filters out of the texts of rule files.
 */
import { isFilter, readFilter } from '../language/sigma/filter.ts';
import { parseYaml } from '../language/yaml.ts';
import { mayHoldFilters, type SigmaFilters } from './sigma-filters.ts';

/** Takes the filters of a file; those with an error apply nowhere, as checking the file says. */
export function addFilters(filters: SigmaFilters, text: string, file: string): void {
  if (!mayHoldFilters(text)) return;
  for (const { root } of parseYaml(text)) {
    if (root?.kind !== 'map' || !isFilter(root)) continue;
    const { filter } = readFilter(root, text);
    if (filter !== undefined) filters.add(filter, file, text);
  }
}
