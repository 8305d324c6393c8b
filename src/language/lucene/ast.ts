/** The syntax tree of a Lucene query string. */
import type { Span } from '../../diagnostic/span.ts';
import type { WildcardPattern } from '../../plan/predicate/node.ts';

/** How a clause counts in its list: it must hold, it may hold, it must not. */
export type Occurrence = 'must' | 'should' | 'must-not';

export interface LuceneList {
  readonly kind: 'list';
  readonly clauses: readonly { readonly occurrence: Occurrence; readonly node: LuceneNode }[];
  readonly span: Span;
}

export interface LuceneField {
  readonly name: string;
  readonly span: Span;
}

export interface LuceneTerm {
  readonly kind: 'term';
  readonly field: LuceneField;
  /** What is looked for, escapes resolved. */
  readonly pattern: WildcardPattern;
  readonly quoted: boolean;
  readonly span: Span;
}

export interface LuceneRegex {
  readonly kind: 'regex';
  readonly field: LuceneField;
  readonly source: string;
  readonly span: Span;
}

export interface LuceneBound {
  readonly text: string;
  readonly inclusive: boolean;
  readonly span: Span;
}

export interface LuceneRange {
  readonly kind: 'range';
  readonly field: LuceneField;
  /** Absent where the range is open. */
  readonly low?: LuceneBound;
  readonly high?: LuceneBound;
  readonly span: Span;
}

export interface LuceneExists {
  readonly kind: 'exists';
  readonly field: LuceneField;
  readonly span: Span;
}

export interface LuceneEverything {
  readonly kind: 'everything';
  readonly span: Span;
}

export type LuceneNode = LuceneList | LuceneTerm | LuceneRegex | LuceneRange | LuceneExists | LuceneEverything;
