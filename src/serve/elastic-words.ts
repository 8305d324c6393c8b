/** Errors and headers in the form that Elasticsearch's clients expect. */
import type { FastifyRequest } from 'fastify';
import type { ApiErrorCode, ApiFailure } from './api-error.ts';

/** Elasticsearch's names for kinds of errors, by which clients decide what to do. */
const TYPES: Partial<Record<ApiErrorCode, string>> = {
  'body-damaged': 'illegal_argument_exception',
  'body-invalid': 'illegal_argument_exception',
  'body-too-large': 'content_too_long_exception',
  'ingest-busy': 'es_rejected_execution_exception',
  'not-found': 'resource_not_found_exception',
  'token-refused': 'security_exception',
  'write-failed': 'unavailable_shards_exception',
};

export function elasticError({ code, message, hint, status }: ApiFailure): object {
  const cause = {
    type: TYPES[code] ?? 'illegal_argument_exception',
    reason: hint === undefined ? message : `${message} ${hint}`,
  };
  return { error: { root_cause: [cause], ...cause }, status };
}

/** Clients refuse to talk to what does not say this. Compatible clients want their own type of JSON back. */
export function elasticHeaders({ headers }: FastifyRequest): {
  readonly 'content-type': string;
  'x-elastic-product': string;
} {
  const compatible = /application\/vnd\.elasticsearch\+(?:x-nd)?json; ?compatible-with=(\d)/.exec(
    headers.accept ?? headers['content-type'] ?? '',
  );
  const type =
    compatible === null
      ? 'application/json; charset=utf-8'
      : `application/vnd.elasticsearch+json;compatible-with=${compatible[1]}`;
  return { 'content-type': type, 'x-elastic-product': 'Elasticsearch' };
}
