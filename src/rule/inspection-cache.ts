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
import { lateLocator } from './late-locator.ts';
import type { SigmaFilters } from './sigma-filters.ts';

/** What came of one file. */
export interface KnownInspections {
  /** What came of it, where the file still holds that text. */
  of(text: string): readonly Inspection[] | undefined;
  /** The text; absent where only its hash is known. */
  readonly text?: string;
  readonly asked: readonly FilteredRule[];
  /** What rules in Kusto could name; absent where the file holds none. */
  readonly names?: string | undefined;
}

export class InspectionCache {
  private readonly restore: (meaning: string) => ReadonlyMap<string, KnownInspections>;
  private meaning: string | undefined;
  private names = '';
  private before: ReadonlyMap<string, KnownInspections> = new Map();
  private now = new Map<string, KnownInspections>();
  /** What another thread has made since `begin`. */
  private learned = new Map<string, KnownInspections>();
  private isNews = false;

  /** @param restore what another process knows under a meaning */
  constructor(restore: (meaning: string) => ReadonlyMap<string, KnownInspections> = () => new Map()) {
    this.restore = restore;
  }

  /** What has come of the reading that was last, and under which meaning. */
  get last(): { readonly meaning: string; readonly known: ReadonlyMap<string, KnownInspections> } {
    return { meaning: this.meaning ?? '', known: this.now };
  }

  /** Whether the last reading has come to more, less or something else than the one before, or than was restored. */
  get hasNews(): boolean {
    return this.isNews || this.now.size !== this.before.size;
  }

  /**
   * Before files are read; what was not found in the last reading is forgotten. One reading at a time.
   * @param meaning another where pipelines or placeholders are others
   * @param names another where rules in Kusto may name something else
   */
  begin(meaning: string, names = ''): void {
    this.names = names;
    this.before = this.meaning === meaning ? this.now : this.restore(meaning);
    this.now = new Map();
    this.learned = new Map();
    this.isNews = false;
    this.meaning = meaning;
  }

  /** Whether something was known of a file before this reading, perhaps of another text. */
  has(file: string): boolean {
    return this.before.has(file);
  }

  /** Takes what another thread has made of a file of which nothing was known. */
  learn(file: string, known: KnownInspections): void {
    this.learned.set(file, known);
    this.isNews = true;
  }

  find(file: string, text: string, filters: SigmaFilters): readonly Inspection[] | undefined {
    filters.takeAsked();
    const known = this.before.get(file) ?? this.learned.get(file);
    const inspections = known?.of(text);
    if (known === undefined || inspections === undefined) return undefined;
    if (known.names !== undefined && known.names !== this.names) return undefined;
    const applying = known.asked.map((rule) => filters.applyingTo(rule).length);
    return applying.every((count) => count === 0) ? inspections : undefined;
  }

  keep(file: string, text: string, inspections: readonly Inspection[], filters: SigmaFilters): void {
    const asked = filters.takeAsked();
    if (asked.some(({ isFiltered }) => isFiltered) || inspections.some(({ correlate }) => correlate !== undefined))
      return;
    const isNaming = inspections.some(({ document }) => document?.language === 'kusto');
    const before = this.before.get(file) ?? this.learned.get(file);
    if (before !== undefined && before.of(text) === inspections) {
      this.now.set(file, before);
      return;
    }
    this.isNews = true;
    const kept = withoutTrees(inspections, file, text);
    this.now.set(file, {
      text,
      of: (now) => (now === text ? kept : undefined),
      asked: asked.map(({ rule }) => rule),
      ...(isNaming ? { names: this.names } : {}),
    });
  }
}

function withoutTrees(inspections: readonly Inspection[], file: string, text: string): readonly Inspection[] {
  return inspections.map((one, at) =>
    one.locate === undefined ? one : { ...one, locate: lateLocator(text, file, at) },
  );
}
