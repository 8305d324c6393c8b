/**
 * From a part of a rule document back to the text it was read from. Every rule form brings its own, so that checks
 * speak of the document and findings still point into the file.
 */
import type { Span } from '../diagnostic/span.ts';

/** A property of a `RuleDocument` and what lies in it: `['threat', 0, 'tactic', 'id']`. */
export type DocumentPath = readonly (string | number)[];

export interface RuleLocator {
  /** The key (or header) that gives this part, or the nearest thing around it; `NO_SPAN` where nothing does. */
  key(path: DocumentPath): Span;
  value(path: DocumentPath): Span;
  /** A part of the query as it stands in the file, where escapes may make it longer. */
  query(part: Span): Span;
  /** A part of another text of the document; forms whose documents hold no other query do without. */
  part?(path: DocumentPath, part: Span): Span;
}
