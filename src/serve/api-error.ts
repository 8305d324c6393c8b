/**
 * Every error that the API answers with: a stable code and its HTTP status. docs/api.md lists them all (tested).
 *
 *   ApiFailure, thrown by a route ─┐
 *   Fastify's and the store's own ─┴─toApiFailure──▶ {error: {code, message, hint}} with its status
 */
import { StoreError } from '../store/store-error.ts';
import type { ApiError } from './api.ts';
import { explainValidation, type RequestParts, type SchemaFailure } from './validation-message.ts';

/** Code → HTTP status. A code never changes its meaning. */
export const API_ERRORS = {
  'request-invalid': 400,
  'query-invalid': 400,
  'query-unknown': 400,
  'body-invalid': 400,
  'body-damaged': 400,
  'token-refused': 401,
  'host-refused': 403,
  'origin-refused': 403,
  'not-found': 404,
  'alert-not-found': 404,
  'incident-not-found': 404,
  'rule-not-found': 404,
  'source-not-found': 404,
  'exception-not-found': 404,
  'list-not-found': 404,
  'event-not-found': 404,
  'request-not-found': 404,
  'gap-not-found': 404,
  'preview-not-found': 404,
  'rule-revision-not-found': 404,
  'rule-overlay-refused': 422,
  'rule-exists': 409,
  'rule-not-added': 409,
  'rule-not-explained': 409,
  'gap-not-open': 409,
  'exception-exists': 409,
  'list-exists': 409,
  'list-in-use': 409,
  'body-too-large': 413,
  'type-refused': 415,
  'encoding-refused': 415,
  'ingest-busy': 429,
  internal: 500,
  'events-unavailable': 503,
  'live-full': 503,
  'store-unavailable': 503,
  'tests-busy': 503,
  'write-failed': 503,
} as const satisfies Record<string, number>;

export type ApiErrorCode = keyof typeof API_ERRORS;

/** Thrown in a route, answered as an ApiError. */
export class ApiFailure extends Error {
  readonly code: ApiErrorCode;
  /** What would be accepted, or what to do. */
  readonly hint: string | undefined;

  constructor(code: ApiErrorCode, message: string, hint?: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ApiFailure';
    this.code = code;
    this.hint = hint;
  }

  get status(): number {
    return API_ERRORS[this.code];
  }

  toJSON(): ApiError {
    const { code, message, hint } = this;
    return { error: hint === undefined ? { code, message } : { code, message, hint } };
  }
}

/** Nobody waits for the answer any more: no mistake, and nothing for the log. */
export class AskerGone extends ApiFailure {
  constructor() {
    super('events-unavailable', 'Whoever asked has gone.');
  }
}

/** Whatever was thrown, as what is answered; an error that nobody foresaw says nothing about its cause. */
export function toApiFailure(error: unknown, request: RequestParts): ApiFailure {
  if (error instanceof ApiFailure) return error;
  if (error instanceof StoreError) return new ApiFailure('store-unavailable', error.message, error.hint, error);
  if (isSchemaFailure(error)) {
    const { code, message, hint } = explainValidation(error, request);
    return new ApiFailure(code, message, hint);
  }
  return (
    ofFastify(error) ?? new ApiFailure('internal', 'The service made a mistake; its log says more.', undefined, error)
  );
}

function ofFastify(error: unknown): ApiFailure | undefined {
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new ApiFailure(
      'body-too-large',
      'The request body is too large.',
      'At most 64 kB are read, of a rule or an exception 1 MiB, of an export 16 MiB, of a list 256 MiB.',
    );
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return typeRefused();
  if (error instanceof SyntaxError || code === 'FST_ERR_CTP_INVALID_JSON_BODY') {
    return new ApiFailure('body-invalid', 'The request body is not JSON.', 'One JSON object is accepted.');
  }
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode > 499) return undefined;
  return new ApiFailure(
    'request-invalid',
    'The request cannot be read.',
    error instanceof Error ? error.message : undefined,
  );
}

export function typeRefused(): ApiFailure {
  const hint = 'Send the header Content-Type: application/json.';
  return new ApiFailure('type-refused', 'A request that changes something has to come as JSON.', hint);
}

function isSchemaFailure(error: unknown): error is SchemaFailure {
  return error instanceof Error && 'validation' in error && Array.isArray(error.validation);
}
