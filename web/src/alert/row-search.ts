/**
 * The stored events behind a row of a query: a search for what the row says of host, user, process and the rest, in the
 * time that the query saw. A row is no event, so this is where to look, not what was counted.
 */
import type { Alert } from '../../../src/serve/api.ts';
import { textOf } from '../evidence/field-of.ts';
import type { HuntSearch } from '../hunt/hunt-search.ts';

type QueryResult = NonNullable<Alert['query_result']>;

/** Any of these is enough by itself. */
const IDENTITIES = ['event.id', 'process.entity_id'] as const;
const DESCRIBING = [
  'host.name',
  'user.name',
  'process.executable',
  'process.pid',
  'process.command_line',
  'source.ip',
  'destination.ip',
  'dns.question.name',
  'url.full',
  'file.path',
  'registry.path',
] as const;

/** @returns nothing where the row names nothing that events have */
export function rowSearch(event: Alert['events'][number], { window }: QueryResult): HuntSearch | undefined {
  const named = (names: readonly string[]) =>
    names.flatMap((name) => {
      const value = textOf(event, name);
      return value === undefined || value === '' ? [] : [`${name}: ${quoted(value)}`];
    });
  const terms = named(IDENTITIES);
  const asked = terms.length > 0 ? terms : named(DESCRIBING);
  if (asked.length === 0) return undefined;
  return { language: 'kuery', q: asked.join(' and '), ...timesOf(window) };
}

/** The window is open where it begins, a search where it ends. */
function timesOf({ after, up_to: upTo }: QueryResult['window']): Pick<HuntSearch, 'from' | 'to'> {
  return { from: after, to: new Date(Date.parse(upTo) + 1).toISOString() };
}

function quoted(value: string): string {
  return `"${value.replaceAll(/[\\"]/g, '\\$&')}"`;
}
