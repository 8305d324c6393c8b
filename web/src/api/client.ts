/**
 * Talking to the service. Every answer is JSON in the shapes of `serve/api.ts`; what goes wrong becomes an `ApiProblem`
 * with words fit to be shown, and knows whether trying again can help.
 */
import type {
  AlertDetail,
  ApiError,
  RuleCheck,
  RuleDetail,
  RuleTestReport,
  StatusChange,
} from '../../../src/serve/api.ts';
import type { NoteDraft, StepChange } from '../../../src/serve/triage-api.ts';

export class ApiProblem extends Error {
  readonly status: number;
  readonly hint: string | undefined;

  constructor(status: number, message: string, hint: string | undefined) {
    super(message);
    this.name = 'ApiProblem';
    this.status = status;
    this.hint = hint;
  }

  /** The service is down or stumbled: the same question may be answered later. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return request<T>(path, signal === undefined ? {} : { signal });
}

export function postStatus(id: string, change: StatusChange): Promise<AlertDetail> {
  return request(`/api/alerts/${encodeURIComponent(id)}/status`, sending('POST', change));
}

export function postNote(id: string, note: NoteDraft): Promise<AlertDetail> {
  return request(`/api/alerts/${encodeURIComponent(id)}/notes`, sending('POST', note));
}

export function postStep(id: string, change: StepChange): Promise<AlertDetail> {
  return request(`/api/alerts/${encodeURIComponent(id)}/steps`, sending('POST', change));
}

export function getTicket(id: string): Promise<{ readonly text: string }> {
  return get(`/api/alerts/${encodeURIComponent(id)}/ticket`);
}

export function deleteSample(): Promise<{ removed: number }> {
  return request('/api/sample', sending('DELETE', {}));
}

export function checkRuleText(text: string, signal?: AbortSignal): Promise<RuleCheck> {
  return request('/api/rules/check', { ...sending('POST', { text }), ...(signal === undefined ? {} : { signal }) });
}

export function testRuleText(text: string, tests: string): Promise<RuleTestReport> {
  return request('/api/rules/test', sending('POST', { text, tests }));
}

/** @returns what the text holds; with an error among its findings, nothing was added */
export function addRuleText(text: string): Promise<RuleCheck> {
  return request('/api/rules', sending('POST', { text }), [HOLDS_ERRORS]);
}

export function setRuleEnabled(id: string, enabled: boolean): Promise<RuleDetail> {
  return request(`/api/rules/${encodeURIComponent(id)}/enabled`, sending('POST', { enabled }));
}

export function removeRule(id: string): Promise<{ removed: true }> {
  return request(`/api/rules/${encodeURIComponent(id)}`, sending('DELETE', {}));
}

/** The status of an answer that says what is wrong with a rule, in the shape of any other check. */
export const HOLDS_ERRORS = 422;

/** A request that changes something, or asks with more than an address can hold. */
export function sending(method: 'POST' | 'PUT' | 'DELETE', body: object): RequestInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** The query string of a question, without what is not asked. */
export function queryString(query: object): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

/** @param taken statuses beside the good ones whose answers are of the same shape */
export async function request<T>(path: string, init: RequestInit, taken: readonly number[] = []): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (cause) {
    if (init.signal?.aborted === true) throw cause;
    throw new ApiProblem(0, 'The service does not answer.', 'See whether `npm start` is still running.');
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok && !taken.includes(response.status)) {
    const error = isApiError(body) ? body.error : undefined;
    throw new ApiProblem(response.status, error?.message ?? `The service answered ${response.status}.`, error?.hint);
  }
  if (body === undefined) throw new ApiProblem(502, 'The service’s answer was cut short.', undefined);
  return body as T;
}

function isApiError(body: unknown): body is ApiError {
  const error = (body as Partial<ApiError> | undefined)?.error;
  return typeof error === 'object' && error !== null && typeof error.message === 'string';
}
