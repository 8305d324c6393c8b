/**
 * Places of a document's parts in a page, noted down while the page is read.
 */
import { NO_SPAN, type Span } from '../diagnostic/span.ts';
import type { DocumentPath, RuleLocator } from './locator.ts';

interface Place {
  readonly key: Span;
  readonly value: Span;
}

export class PlaceMap {
  private readonly places = new Map<string, Place>();

  /** @param key the label or heading; the value where there is none */
  set(path: DocumentPath, value: Span, key: Span = value): void {
    this.places.set(JSON.stringify(path), { key, value });
  }

  /** @param query from a part of the query to the page; without it the whole query is shown */
  locator(query?: (part: Span) => Span): RuleLocator {
    const find = (path: DocumentPath): Place | undefined => {
      for (let length = path.length; length > 0; length -= 1) {
        const place = this.places.get(JSON.stringify(path.slice(0, length)));
        if (place !== undefined) return place;
      }
      return undefined;
    };
    return {
      key: (path) => find(path)?.key ?? NO_SPAN,
      value: (path) => find(path)?.value ?? NO_SPAN,
      query: query ?? (() => find(['query'])?.value ?? NO_SPAN),
    };
  }
}
