/** What a list of incidents asks for, checked; and the cursors that go on where a page ended. */
import { parseTime } from '../event/time.ts';
import type { IncidentQuery } from './incident.ts';

export const INCIDENT_STATUSES = ['open', 'closed', 'all'] as const;
export const MAX_INCIDENTS = 100;
const DEFAULT_INCIDENTS = 50;

export interface IncidentSelection {
  readonly clauses: readonly string[];
  readonly parameters: readonly (string | number)[];
  /** Time of the last event and number of the incident that the page before ended with. */
  readonly after: readonly [toMs: number, id: number] | undefined;
  readonly limit: number;
}

export interface IncidentProblem {
  readonly parameter: keyof IncidentQuery;
  readonly message: string;
  readonly hint: string;
}

export function selectIncidents(query: IncidentQuery): IncidentSelection | IncidentProblem {
  const clauses: string[] = [];
  const parameters: (string | number)[] = [];
  const status = query.status ?? 'open';
  if (!INCIDENT_STATUSES.includes(status)) {
    const message = `\`status\` does not know ${JSON.stringify(status)}.`;
    return { parameter: 'status', message, hint: `Accepted: ${INCIDENT_STATUSES.join(', ')}.` };
  }
  if (status !== 'all') clauses.push(status === 'open' ? 'open > 0' : 'open = 0');
  if (query.host !== undefined) {
    clauses.push('host = ?');
    parameters.push(query.host);
  }
  for (const [parameter, clause] of [
    ['from', 'to_ms >= ?'],
    ['to', 'from_ms < ?'],
  ] as const) {
    const text = query[parameter];
    if (text === undefined) continue;
    const time = parseTime(text);
    if (time === undefined) {
      const hint = 'ISO 8601, for example 2026-01-31T12:00:00Z or 2026-01-31; in a URL a + is written %2B.';
      return { parameter, message: `\`${parameter}\` is not a time: ${JSON.stringify(text)}.`, hint };
    }
    clauses.push(clause);
    parameters.push(time.ms);
  }
  const limit = query.limit ?? DEFAULT_INCIDENTS;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_INCIDENTS) {
    return {
      parameter: 'limit',
      message: `\`limit\` is ${limit}.`,
      hint: `A whole number from 1 to ${MAX_INCIDENTS}.`,
    };
  }
  const after = query.cursor === undefined ? undefined : readCursor(query.cursor);
  if (query.cursor !== undefined && after === undefined) {
    const hint = 'Pass on `next` as it came, or leave it out.';
    return { parameter: 'cursor', message: '`cursor` is not the `next` of a page of incidents.', hint };
  }
  return { clauses, parameters, after, limit };
}

export function isIncidentProblem(result: IncidentSelection | IncidentProblem): result is IncidentProblem {
  return 'parameter' in result;
}

export function incidentCursor(toMs: number, id: number): string {
  return Buffer.from(JSON.stringify([toMs, id])).toString('base64url');
}

function readCursor(cursor: string): readonly [number, number] | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) && parts.length === 2 && parts.every(Number.isSafeInteger)
      ? (parts as [number, number])
      : undefined;
  } catch {
    return undefined;
  }
}
