/**
 * What came of texts of rules, kept for the next time that their files are read: reading three thousand rules again
 * because one has changed takes as long as reading files.
 *
 *   file as it was, or its text ──same meaning of all else, no filter──▶ inspections as they were
 *
 * Sound because an inspection follows from the text, what Sigma rules are changed by and what rules in Kusto may name
 * (`begin`), and the filters that apply: a rule that a filter applies to is never kept, nor is a correlation, and every
 * other rule asks for its filters again. That a file still holds its text is told by its stamp (`file-stamp.ts`).
 */
import { hash } from 'node:crypto';
import type { FilteredRule } from '../language/sigma/filter.ts';
import { type FileStamp, isSameStamp } from './file-stamp.ts';
import type { Inspection } from './inspect.ts';
import { lateLocator } from './late-locator.ts';
import type { RuleText } from './rule-files.ts';
import type { SigmaFilters } from './sigma-filters.ts';

/** What came of one text. */
export interface KnownInspections {
  /** Whether it came of this text. */
  isOf(text: string): boolean;
  /** `textDigest` of the text. */
  readonly digest: string;
  /** The text; left empty where no rule stands in it. */
  readonly text: string;
  /** In the order of the text; none where no rule stands in it. */
  readonly inspections: readonly Inspection[];
  readonly asked: readonly FilteredRule[];
  /** What rules in Kusto could name; absent where the text holds none. */
  readonly names?: string | undefined;
  /** Whether Sigma filters stand in it. */
  readonly holdsFilters: boolean;
}

export interface KnownFile {
  readonly known: KnownInspections;
  /** Of the file that held the text; absent where none would have told that it changed. */
  readonly stamp?: FileStamp;
}

export class InspectionCache {
  private readonly restore: (meaning: string) => ReadonlyMap<string, KnownFile>;
  private meaning: string | undefined;
  private names = '';
  private before: ReadonlyMap<string, KnownFile> = new Map();
  private now = new Map<string, KnownFile>();
  private isNews = false;

  /** @param restore what another process knows under a meaning */
  constructor(restore: (meaning: string) => ReadonlyMap<string, KnownFile> = () => new Map()) {
    this.restore = restore;
  }

  /** What has come of the reading that was last, and under which meaning. */
  get last(): { readonly meaning: string; readonly known: ReadonlyMap<string, KnownFile> } {
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
    this.isNews = false;
    this.meaning = meaning;
  }

  /** Whether something was known of a file before this reading, perhaps of another text. */
  has(file: string): boolean {
    return this.before.has(file);
  }

  /** What is known of a file that nobody has written to since. */
  byStamp(file: string, stamp: FileStamp): KnownInspections | undefined {
    const before = this.before.get(file);
    return before?.stamp !== undefined && isSameStamp(before.stamp, stamp) ? before.known : undefined;
  }

  byText(file: string, text: string): KnownInspections | undefined {
    const known = this.before.get(file)?.known;
    return known?.isOf(text) === true ? known : undefined;
  }

  /** What is known, where the same would come of it now. */
  find(known: KnownInspections, filters: SigmaFilters): readonly Inspection[] | undefined {
    if (known.names !== undefined && known.names !== this.names) return undefined;
    if (filters.isEmpty) return known.inspections;
    filters.takeAsked();
    const applying = known.asked.map((rule) => filters.applyingTo(rule).length);
    return applying.every((count) => count === 0) ? known.inspections : undefined;
  }

  /** @param filters that were asked for nothing else since the text was looked at; whether some stand in it */
  keep(
    file: string,
    read: RuleText,
    inspections: readonly Inspection[],
    { filters, holdsFilters }: { readonly filters: SigmaFilters; readonly holdsFilters: boolean },
  ): void {
    const { known } = read;
    const asked = filters.takeAsked();
    if (known !== undefined && known.inspections === inspections) {
      if (asked.every(({ isFiltered }) => !isFiltered)) this.put(file, known, read.stamp);
      return;
    }
    if (asked.some(({ isFiltered }) => isFiltered) || inspections.some(({ correlate }) => correlate !== undefined))
      return;
    const { text } = read;
    const isNaming = inspections.some(({ document }) => document?.language === 'kusto');
    const kept: KnownInspections = {
      isOf: (now) => now === text,
      get digest() {
        return textDigest(text);
      },
      text,
      inspections: withoutTrees(inspections, file, text),
      asked: asked.map(({ rule }) => rule),
      holdsFilters,
      ...(isNaming ? { names: this.names } : {}),
    };
    this.put(file, kept, read.stamp);
  }

  /** Remembers that no rule stands in a text. */
  keepForeign(file: string, { known, text, stamp }: RuleText): void {
    this.put(file, known ?? foreign(text), stamp);
  }

  private put(file: string, known: KnownInspections, stamp: FileStamp | undefined): void {
    const before = this.before.get(file);
    const isSame =
      before?.known === known && (stamp === undefined || (before.stamp && isSameStamp(before.stamp, stamp)));
    if (isSame === true) {
      this.now.set(file, before as KnownFile);
      return;
    }
    this.isNews = true;
    this.now.set(file, stamp === undefined ? { known } : { known, stamp });
  }
}

function foreign(text: string): KnownInspections {
  const digest = textDigest(text);
  const isOf = (now: string) => textDigest(now) === digest;
  return { isOf, digest, text: '', inspections: [], asked: [], holdsFilters: false };
}

/** Another of each text. */
export function textDigest(text: string): string {
  return hash('sha256', text, 'base64');
}

function withoutTrees(inspections: readonly Inspection[], file: string, text: string): readonly Inspection[] {
  return inspections.map((one, at) =>
    one.locate === undefined ? one : { ...one, locate: lateLocator(text, file, at) },
  );
}
