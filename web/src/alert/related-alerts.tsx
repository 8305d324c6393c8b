/** Other alerts by what they share with this one; every count opens what it counts. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Alert } from '../../../src/serve/api.ts';
import { alertQueryOf, type ListSearch } from '../alerts/list-search.ts';
import { countQuestion } from '../api/questions.ts';
import { around } from '../events/event-search.ts';
import { textOf } from '../evidence/field-of.ts';
import { CountDoors, CountRow, countWords } from '../parts/count-door.tsx';
import { Section } from '../parts/section.tsx';
import { withoutTurns } from '../words/direction.ts';

const HOUR_MS = 3_600_000;

export function RelatedAlerts({ alert }: { readonly alert: Alert }) {
  const event = alert.events.at(-1) ?? {};
  const host = textOf(event, 'host.name');
  const user = textOf(event, 'user.name');
  return (
    <Section title="Related alerts">
      <CountDoors>
        {host !== undefined && (
          <Door search={{ status: 'all', host, ...around(alert.original_time, HOUR_MS) }}>
            On {withoutTurns(host)} within an hour
          </Door>
        )}
        {host !== undefined && <Door search={{ status: 'all', host }}>All alerts on {withoutTurns(host)}</Door>}
        {user !== undefined && <Door search={{ status: 'all', user }}>All alerts of {withoutTurns(user)}</Door>}
        {host !== undefined && user !== undefined && (
          <Door search={{ status: 'all', host, user }}>
            All alerts of {withoutTurns(user)} on {withoutTurns(host)}
          </Door>
        )}
        <Door search={{ status: 'all', rule: alert.rule.id }}>All alerts of this rule</Door>
      </CountDoors>
    </Section>
  );
}

function Door({ search, children }: { readonly search: ListSearch; readonly children: ReactNode }) {
  const { data } = useQuery(countQuestion(alertQueryOf(search)));
  return (
    <li>
      <Link to="/" search={search}>
        <CountRow count={data === undefined ? '' : countWords(data.total)}>{children}</CountRow>
      </Link>
    </li>
  );
}
