/**
 * Answers to `_bulk` in Elasticsearch's words, an item for each action in their order.
 *
 * Statuses and types are those by which shippers decide: 201 and 409 (`version_conflict_engine_exception`: it is there
 * already) are done, 429 (`es_rejected_execution_exception`) is sent again, 400 (`document_parsing_exception`) never.
 */
import type { BulkAction } from '../ingest/bulk.ts';

export interface BulkOutcome {
  readonly action: BulkAction;
  readonly index: string;
  readonly id: string;
  status: number;
  /** Elasticsearch's name for it. */
  type?: string;
  reason?: string;
}

/** Where an item names no index. */
export const NO_INDEX = 'logs-generic-default';

/**
 * @param milliseconds the work took
 * @param isBrief only statuses and errors, as shippers ask for with `filter_path`
 */
export function bulkAnswer(outcomes: readonly BulkOutcome[], milliseconds: number, isBrief: boolean): string {
  const items = outcomes.map((outcome) => `{"${outcome.action}":${isBrief ? brief(outcome) : whole(outcome)}}`);
  const errors = outcomes.some(({ status }) => status >= 300);
  const head = isBrief ? '' : `"took":${Math.max(0, Math.round(milliseconds))},`;
  return `{${head}"errors":${errors},"items":[${items.join(',')}]}`;
}

function brief({ status, type, reason }: BulkOutcome): string {
  return type === undefined ? `{"status":${status}}` : `{"status":${status},"error":${error(type, reason)}}`;
}

function whole({ index, id, status, type, reason }: BulkOutcome): string {
  const place = `"_index":${JSON.stringify(index)},"_id":${JSON.stringify(id)},"status":${status}`;
  if (type !== undefined) return `{${place},"error":${error(type, reason)}}`;
  const result = status === 201 ? 'created' : 'noop';
  return `{${place},"_version":1,"result":"${result}","_shards":{"total":1,"successful":1,"failed":0},"_seq_no":0,"_primary_term":1}`;
}

function error(type: string, reason: string | undefined): string {
  return JSON.stringify({ type, reason: reason ?? '' });
}
