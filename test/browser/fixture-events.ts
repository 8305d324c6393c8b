/** Invented stored events, and the search among them: by host, user, process and time; of a query only its form counts. */
import { parseEql } from '../../src/language/eql/parse-eql.ts';
import type { EventDetail, EventList, EventSummary } from '../../src/serve/triage-api.ts';

/** How many are stored. */
const STORED = 260;
const APART_MS = 40_000;

const STORIES = [
  ['web-07', 'svc-build', 'process start', 'svc-build ran tar on web-07', 'tar czf exports/db.tgz /var/lib/app'],
  [
    'web-07',
    'svc-build',
    'network connection',
    'svc-build connected to 10.4.0.19:443 on web-07',
    'curl -s http://10.4.0.19/i.sh',
  ],
  ['ci-11', 'runner', 'process start', 'runner ran bash on ci-11', 'bash -c "make test"'],
  ['dev-3', 'dev', 'file creation', 'dev wrote /srv/exports/db.tgz on dev-3', undefined],
] as const;

export function inventEvents(now: number): readonly EventDetail[] {
  return Array.from({ length: STORED }, (_, index): EventDetail => {
    const [host, user, kind, sentence, line] = STORIES[index % STORIES.length] ?? STORIES[0];
    const time = new Date(now - 60_000 - index * APART_MS).toISOString();
    return {
      id: `e-${index}`,
      time,
      sentence,
      kind,
      host,
      user,
      ...(line === undefined ? {} : { process: line.split(' ')[0] ?? line, command_line: line }),
      document: {
        '@timestamp': time,
        event: { module: 'auditd', category: ['process'] },
        host: { name: host },
        user: { name: user },
        process: {
          pid: 4_000 + index,
          entity_id: `q-${index % 7}`,
          ...(line === undefined ? {} : { command_line: line }),
        },
      },
    };
  });
}

export type EventAnswer =
  | { readonly list: EventList }
  | { readonly message: string; readonly hint: string | undefined };

export function searchEvents(events: readonly EventDetail[], query: URLSearchParams): EventAnswer {
  const text = query.get('query');
  const wrong = text === null ? undefined : parseEql(text).diagnostics.find(({ severity }) => severity === 'error');
  if (wrong !== undefined) {
    return { message: `\`query\`, line 1, column ${wrong.span.start + 1}: ${wrong.message}`, hint: wrong.hint };
  }
  const found = events
    .filter((event) => [event.host, null].includes(query.get('host')))
    .filter((event) => [event.user, null].includes(query.get('user')))
    .filter((event) => [entityOf(event), null].includes(query.get('process')))
    .filter((event) => event.time >= (query.get('from') ?? '') && event.time < (query.get('to') ?? '~'))
    .filter((event) => text === null || !text.startsWith('network') || event.kind.startsWith('network'));
  const from = Number(query.get('cursor') ?? 0);
  // A search that has to read much is stopped once, as one is whose time is up.
  const isSlow = text?.startsWith('any where wait') === true && from === 0;
  const to = isSlow ? 3 : from + Number(query.get('limit') ?? 100);
  const shown = found.slice(from, to);
  return {
    list: {
      events: shown.map(inShort),
      ...(to < found.length ? { next: String(to) } : {}),
      ...(isSlow ? { stopped_at: shown.at(-1)?.time ?? '' } : {}),
    },
  };
}

function entityOf({ document }: EventDetail): string {
  return (document as { process: { entity_id: string } }).process.entity_id;
}

function inShort({ document: _, ...summary }: EventDetail): EventSummary {
  return summary;
}
