/**
 * The list's filter as it stands in the address, and the question it asks. Everything that narrows or orders the list
 * is in the address, so that a link shows what its sender saw; what an address gets wrong is left out, never an error.
 */
import type { AlertQuery, Severity } from '../../../src/serve/api.ts';
import { readAddress, withChange } from '../shell/address.ts';
import type { StatusFilter } from '../words/counts.ts';
import { SEVERITIES } from '../words/names.ts';

export interface ListSearch {
  /** Left out: to decide. */
  readonly status?: 'closed' | 'all';
  /** Comma separated, worst first. */
  readonly severity?: string;
  readonly q?: string;
  readonly rule?: string;
  readonly host?: string;
  readonly user?: string;
  /** ISO 8601, inclusive. */
  readonly from?: string;
  /** ISO 8601, exclusive. */
  readonly to?: string;
  /** Left out: newest first. */
  readonly sort?: Sort;
  /** An incident's id. */
  readonly incident?: string;
  /** Left out: alerts of one process stand in one row. */
  readonly fold?: 'off';
}

export type Sort = NonNullable<AlertQuery['sort']>;
export type SortColumn = 'time' | 'severity' | 'host' | 'user' | 'rule';

const COLUMNS: readonly SortColumn[] = ['time', 'severity', 'host', 'user', 'rule'];
const SORTS = new Set<string>(COLUMNS.flatMap((column) => [column, `-${column}`]));
const LONGEST_TEXT = 500;

export function parseListSearch(raw: Readonly<Record<string, unknown>>): ListSearch {
  const { text, time } = readAddress(raw, LONGEST_TEXT);
  const status = text('status');
  const sort = text('sort');
  return withChange<ListSearch>(
    {},
    {
      status: status === 'closed' || status === 'all' ? status : undefined,
      severity: joinSeverities(severitiesOf(text('severity'))),
      q: text('q'),
      rule: text('rule'),
      host: text('host'),
      user: text('user'),
      from: time('from'),
      to: time('to'),
      sort: sort !== undefined && sort !== '-time' && SORTS.has(sort) ? (sort as Sort) : undefined,
      incident: text('incident'),
      fold: text('fold') === 'off' ? 'off' : undefined,
    },
  );
}

const STATUSES: Readonly<Record<StatusFilter, string>> = {
  decide: 'open,acknowledged',
  closed: 'closed',
  all: 'open,acknowledged,closed',
};

export function statusFilterOf(search: ListSearch): StatusFilter {
  return search.status ?? 'decide';
}

export function alertQueryOf(search: ListSearch): AlertQuery {
  const { status: _, fold, ...rest } = search;
  const folded = fold === 'off' ? {} : { fold: 'process' as const };
  return { ...rest, ...folded, status: STATUSES[statusFilterOf(search)], sort: search.sort ?? '-time' };
}

/** The list’s filter that asks what a query of the API asks, as guides give them (`status=open,closed&host=web-07`). */
export function listSearchOf(query: string): ListSearch {
  const raw = Object.fromEntries(new URLSearchParams(query));
  const states = new Set((raw.status ?? STATUSES.decide).split(','));
  const status = !states.has('closed') ? undefined : states.size > 1 ? 'all' : 'closed';
  return parseListSearch({ ...raw, status });
}

/** Whether anything but the status keeps alerts out of the list. */
export function isNarrowed({ status: _, sort: __, fold: ___, ...filters }: ListSearch): boolean {
  return Object.values(filters).some((value) => value !== undefined);
}

export function severitiesOf(text: string | undefined): readonly Severity[] {
  const named = new Set(text?.split(','));
  return SEVERITIES.filter((severity) => named.has(severity));
}

/** Adds the severity to the filter, or takes it out. */
export function toggleSeverity(search: ListSearch, severity: Severity): ListSearch {
  const named = new Set(severitiesOf(search.severity));
  if (!named.delete(severity)) named.add(severity);
  return withChange(search, { severity: joinSeverities(SEVERITIES.filter((candidate) => named.has(candidate))) });
}

/** Sorts by a column, or the other way round where it already is sorted by it. Times and severities start at the top. */
export function toggleSort(search: ListSearch, column: SortColumn): ListSearch {
  const current = search.sort ?? '-time';
  const first: Sort = column === 'time' || column === 'severity' ? `-${column}` : column;
  const next: Sort = current === first ? (first.startsWith('-') ? column : `-${column}`) : first;
  return withChange(search, { sort: next === '-time' ? undefined : next });
}

function joinSeverities(severities: readonly Severity[]): string | undefined {
  return severities.length === 0 ? undefined : severities.join(',');
}
