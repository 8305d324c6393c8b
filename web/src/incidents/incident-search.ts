/** The filter of the incidents as it stands in the address; what an address gets wrong is left out. */
import type { IncidentQuery } from '../../../src/serve/triage-api.ts';

export interface IncidentSearch {
  /** Left out: those with an alert that is not closed. */
  readonly status?: 'closed' | 'all';
  readonly host?: string;
}

export function parseIncidentSearch(raw: Readonly<Record<string, unknown>>): IncidentSearch {
  const { status, host } = raw;
  return {
    ...(status === 'closed' || status === 'all' ? { status } : {}),
    ...(typeof host === 'string' && host.trim() !== '' ? { host: host.slice(0, 500) } : {}),
  };
}

export function incidentQueryOf(search: IncidentSearch): IncidentQuery {
  return { ...search, status: search.status ?? 'open' };
}
