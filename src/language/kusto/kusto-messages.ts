/**
 * What the thread with the Kusto parser and its owner say to each other.
 */
import type { BoundQuery, Insertion } from './adapt-bound.ts';
import type { ParsedKusto } from './adapter.ts';
import type { KustoSchema } from './schema.ts';

export interface KustoRequest {
  readonly id: number;
  /** Which schema the text is about; the first time with the schema itself. */
  readonly about: number;
  readonly schema?: KustoSchema;
  /** A schema that nobody will ask about again by this number. */
  readonly forget?: number;
  readonly text: string;
  /** A query over tables is answered as a bound tree; of one word of it, at `offset`, is said what it is. */
  readonly over: 'event' | 'tables' | 'word';
  readonly offset?: number;
  readonly insertions: readonly Insertion[];
}

/** As `Bridge.quickInfo`. */
export interface KustoWord {
  readonly info: string;
}

export type KustoReply =
  /** Loaded and warm. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'parsed'; readonly id: number; readonly parsed: ParsedKusto }
  | { readonly kind: 'bound'; readonly id: number; readonly bound: BoundQuery }
  | { readonly kind: 'word'; readonly id: number; readonly word: KustoWord }
  | { readonly kind: 'too-deep' | 'too-large'; readonly id: number }
  /** A bug in the parser or in the adapter. */
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
