/**
 * Whole Kusto queries over the stored events. Shapes only, as in `api.ts`. Times are ISO 8601.
 *
 *   POST /api/hunt/table        TableAsk → TableHuntAnswer; 422 with TableHuntAnswer where the query has an error
 *   POST /api/hunt/table/file   TableFileAsk → the file; 422 with TableHuntAnswer
 */
import type { AnswerFormat } from '../engine/tables/answer-file.ts';
import type { AnswerJson } from '../plan/relation/answer-json.ts';
import type { ChartHint } from '../plan/relation/chart.ts';
import type { QueryFinding } from './language-api.ts';

export interface TableAsk {
  /** In Kusto. */
  readonly text: string;
  /** The query sees events from this time on, whatever it asks. */
  readonly from?: string;
  /** Exclusive. */
  readonly to?: string;
  /** Rows that are handed over; default and at most what the service allows. */
  readonly rows?: number;
}

export interface TableFileAsk extends TableAsk {
  readonly format: AnswerFormat;
}

/** Columns with Kusto's names of their types; an integer beyond 2^53 is text. */
export interface TableHuntAnswer extends AnswerJson {
  /** What is wrong with the query, at offsets of it; with an error among them there are no columns. */
  readonly findings: readonly QueryFinding[];
  /** There are more rows than are handed over. */
  readonly cut: boolean;
  /** How long it took, milliseconds. */
  readonly ms: number;
  /** How `render`, or a `bin()` of time, asks for it to be drawn. */
  readonly chart?: ChartHint;
}
