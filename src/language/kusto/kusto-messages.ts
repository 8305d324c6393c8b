/**
 * What the thread with the Kusto parser and its owner say to each other.
 */
import type { ParsedKusto } from './adapter.ts';

export interface KustoRequest {
  readonly id: number;
  readonly text: string;
}

export type KustoReply =
  /** Loaded and warm. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'parsed'; readonly id: number; readonly parsed: ParsedKusto }
  | { readonly kind: 'too-deep'; readonly id: number }
  /** A bug in the parser or in the adapter. */
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
