/**
 * What an editor asks of a language. Shapes only, as in `api.ts`. Offsets are UTF-16 units.
 *
 *   POST /api/language/eql/highlight  { text }          → EqlHighlight[]
 *   POST /api/language/eql/check      { text }          → QueryFinding[]
 *   POST /api/language/eql/complete   EqlPlace          → EqlCompletions
 *   POST /api/language/eql/hover      EqlPlace          → EqlHover | null
 */
export interface EqlPlace {
  readonly text: string;
  readonly offset: number;
  /** `text` is a whole rule, in any form; outside of its query nothing is offered. Default `query`. */
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

export type { EqlCompletions } from '../language/eql/complete.ts';
export type { EqlHighlight } from '../language/eql/highlight.ts';
export type { EqlHover } from '../language/eql/hover.ts';
