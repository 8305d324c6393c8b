/**
 * What came over HTTP, on its way from the serving thread to the thread that reads, and what became of it. Plain data: it
 * crosses threads.
 */

export interface Delivery {
  /** Name of the source that it belongs to, without its kind. */
  readonly source: string;
  /** Lines in whatever formats, or the pairs of lines of Elasticsearch's `_bulk`. */
  readonly form: 'lines' | 'bulk';
  /** Decompressed. */
  readonly body: Uint8Array;
  /** Of the past: stored, and not matched live. */
  readonly isHistory: boolean;
  /** Of `_bulk`: the index of items that name none. */
  readonly index?: string;
  /** Of `_bulk`: only statuses and errors of items are wanted. */
  readonly isBrief?: boolean;
}

export type Delivered =
  /** Everything that could be read is durable, and so are its alerts. */
  | { readonly kind: 'lines'; readonly taken: LinesTaken }
  /** The same, with the answer as Elasticsearch words it, in JSON. */
  | { readonly kind: 'bulk'; readonly answer: string; readonly range?: EventRange }
  /** It is no `_bulk` request. */
  | { readonly kind: 'malformed'; readonly reason: string }
  /** Nothing was taken: to be sent again. */
  | { readonly kind: 'later'; readonly reason: string; readonly seconds: number; readonly answer?: string }
  /** Events could not be stored; some may be there all the same. To be sent again. */
  | { readonly kind: 'failed'; readonly reason: string; readonly answer?: string };

/** To send it again, told item by item in `answer` where it was a `_bulk` request. */
export type NotDelivered = Extract<Delivered, { readonly kind: 'later' | 'failed' }>;

export interface LinesTaken {
  readonly lines: number;
  readonly events: number;
  readonly rejected: number;
  /** The first of them. */
  readonly rejects: readonly LineReject[];
  /** Of the events' own times; absent where there is none. */
  readonly range?: EventRange;
}

export interface LineReject {
  /** In this delivery, from 1. */
  readonly line: number;
  readonly code: string;
  readonly reason: string;
}

/** Event times in ISO 8601, both ends inclusive. */
export interface EventRange {
  readonly from: string;
  readonly to: string;
}
