/**
 * What came of texts of rules, kept for the next time that their files are read: reading three thousand rules again
 * because one has changed takes as long as reading files.
 *
 *   file, text ──same text, same meaning of all else, no filter──▶ inspections as they were
 *
 * Sound because an inspection follows from the text, what Sigma rules are changed by and what rules in Kusto may name
 * (`begin`), and the filters that apply: a rule that a filter applies to is never kept, nor is a correlation, and every
 * other rule asks for its filters again.
 */
import type { FilteredRule } from '../language/sigma/filter.ts';
import type { Inspection } from './inspect.ts';
import type { SigmaFilters } from './sigma-filters.ts';

interface Known {
  readonly text: string;
  readonly inspections: readonly Inspection[];
  readonly asked: readonly FilteredRule[];
  /** What rules in Kusto could name; absent where the file holds none. */
  readonly names?: string;
}

export class InspectionCache {
  private meaning = '';
  private names = '';
  private before = new Map<string, Known>();
  private now = new Map<string, Known>();

  /**
   * Before files are read; what was not found in the last reading is forgotten. One reading at a time.
   * @param meaning another where pipelines or placeholders are others
   * @param names another where rules in Kusto may name something else
   */
  begin(meaning: string, names = ''): void {
    this.names = names;
    this.before = this.meaning === meaning ? this.now : new Map();
    this.now = new Map();
    this.meaning = meaning;
  }

  find(file: string, text: string, filters: SigmaFilters): readonly Inspection[] | undefined {
    filters.takeAsked();
    const known = this.before.get(file);
    if (known?.text !== text || (known.names !== undefined && known.names !== this.names)) return undefined;
    const applying = known.asked.map((rule) => filters.applyingTo(rule).length);
    return applying.every((count) => count === 0) ? known.inspections : undefined;
  }

  keep(file: string, text: string, inspections: readonly Inspection[], filters: SigmaFilters): void {
    const asked = filters.takeAsked();
    if (asked.some(({ isFiltered }) => isFiltered) || inspections.some(({ correlate }) => correlate !== undefined))
      return;
    const isNaming = inspections.some(({ document }) => document?.language === 'kusto');
    this.now.set(file, {
      text,
      inspections,
      asked: asked.map(({ rule }) => rule),
      ...(isNaming ? { names: this.names } : {}),
    });
  }
}
