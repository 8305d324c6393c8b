/**
 * What an editor asks of a language. Shapes only, as in `api.ts`. Offsets are UTF-16 units.
 *
 *   POST /api/language/eql/highlight  { text }            → QueryHighlight[]
 *   POST /api/language/eql/check      { text }            → QueryFinding[]
 *   POST /api/language/eql/complete   QueryPlace          → QueryCompletions
 *   POST /api/language/eql/hover      QueryPlace          → QueryHover | null
 *
 * and the same of `kuery`; of `kusto`, too, which has no highlighting.
 */
import type { EqlCompletions } from '../language/eql/complete.ts';
import type { EqlHighlight } from '../language/eql/highlight.ts';
import type { EqlHover } from '../language/eql/hover.ts';
import type { KueryCompletions } from '../language/kuery/complete.ts';
import type { KueryHighlight } from '../language/kuery/highlight.ts';
import type { KueryHover } from '../language/kuery/hover.ts';
import type { KustoCompletions } from '../language/kusto/complete.ts';
import type { KustoHover } from '../language/kusto/hover.ts';

export interface QueryPlace {
  readonly text: string;
  readonly offset: number;
  /**
   * `text` is a whole rule, in any form, whose query’s language counts, whichever was asked; outside of its query nothing
   * is offered. Default `query`.
   */
  readonly in?: 'query' | 'rule';
}

export interface QueryFinding {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly hint?: string;
  readonly start: number;
  readonly end: number;
}

export type QueryCompletions = EqlCompletions | KueryCompletions | KustoCompletions;
export type QueryHighlight = EqlHighlight | KueryHighlight;
export type QueryHover = EqlHover | KueryHover | KustoHover;
