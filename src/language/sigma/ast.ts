/**
 * The detection of a Sigma rule as a syntax tree. Modifiers are still names here and values as they stand in the YAML;
 * spans point into the text.
 */
import type { Span } from '../../diagnostic/span.ts';
import type { YamlScalar } from '../yaml.ts';

export interface SigmaDetection {
  readonly logSource: SigmaLogSource;
  /** Search identifiers in the order of the text. */
  readonly searches: ReadonlyMap<string, NamedSearch>;
  /** Linked with or. */
  readonly conditions: readonly Condition[];
  readonly span: Span;
}

export interface SigmaLogSource {
  readonly category?: string;
  readonly product?: string;
  readonly service?: string;
  readonly span: Span;
}

export interface NamedSearch {
  readonly name: string;
  readonly nameSpan: Span;
  readonly search: Search;
}

export type Search =
  /** A map: all of its items. */
  | { readonly kind: 'all'; readonly children: readonly Search[]; readonly span: Span }
  /** A list: any of its items. */
  | { readonly kind: 'any'; readonly children: readonly Search[]; readonly span: Span }
  | SearchItem;

/** `Field|modifier|modifier: values`; without a field a search for keywords. */
export interface SearchItem {
  readonly kind: 'item';
  readonly field?: string;
  readonly modifiers: readonly Named[];
  readonly values: readonly YamlScalar[];
  /** Whether the values stand in a list, be it of one. */
  readonly isList: boolean;
  readonly span: Span;
}

export interface Named {
  readonly name: string;
  readonly span: Span;
}

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly children: readonly Condition[]; readonly span: Span }
  | { readonly kind: 'not'; readonly child: Condition; readonly span: Span }
  | { readonly kind: 'identifier'; readonly name: string; readonly span: Span }
  /** `1 of selection_*`; the pattern `them` means every identifier. */
  | { readonly kind: 'some'; readonly quantifier: 'any' | 'all'; readonly pattern: string; readonly span: Span };
