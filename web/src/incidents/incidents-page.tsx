/** Incidents: the alerts of one host that stand close together in time, worst risk said first. */
import { SegmentedControl } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { IncidentSummary } from '../../../src/serve/triage-api.ts';
import listStyles from '../parts/list.module.css';
import { incidentPlace } from '../parts/list-place.ts';
import pageStyles from '../parts/page.module.css';
import partStyles from '../parts/parts.module.css';
import { Problem } from '../parts/problem.tsx';
import { RemovableChips } from '../parts/removable-chips.tsx';
import { SeverityWord } from '../parts/severity.tsx';
import { rowLinkId } from '../parts/walked-list.ts';
import { HeaderCells, WalkedTable } from '../parts/walked-table.tsx';
import { When } from '../parts/when.tsx';
import { changed, type SetSearch } from '../shell/address.ts';
import { useTitle } from '../shell/title.ts';
import { counted, grouped } from '../words/counts.ts';
import { withoutTurns } from '../words/direction.ts';
import type { IncidentSearch } from './incident-search.ts';
import styles from './incidents.module.css';
import { useIncidentList } from './use-incident-list.ts';

const route = getRouteApi('/incidents');
const ROW_HEIGHT = 62;
const COLUMNS = ['Severity', 'What happened', 'Host', 'Risk', 'Alerts', 'Last'];
const STATUSES = [
  { value: 'open', label: 'To decide' },
  { value: 'closed', label: 'Closed' },
  { value: 'all', label: 'All' },
];

export function IncidentsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const setSearch: SetSearch<IncidentSearch> = (next) =>
    void navigate({ to: '/incidents', search: next, replace: true, resetScroll: false });
  const { question, answer, incidents, total } = useIncidentList(search);
  const problem = answer.failureReason ?? answer.error;
  const title = total === undefined ? 'Incidents' : headline(total, search);
  useTitle(title);
  return (
    <>
      {problem !== null && (
        <Problem title="The incidents could not be loaded" problem={problem} queryKey={question.queryKey} />
      )}
      <h1 className={pageStyles.title}>{title}</h1>
      <div className={styles.filters}>
        <p className={styles.about}>Alerts of one host, none further than an hour from the next, are one incident.</p>
        <SegmentedControl
          aria-label="State"
          data={STATUSES}
          value={search.status ?? 'open'}
          onChange={(status) =>
            setSearch(changed({ status: status === 'closed' || status === 'all' ? status : undefined }))
          }
          transitionDuration={0}
          withItemsBorders={false}
        />
      </div>
      <RemovableChips
        chips={[
          {
            text: search.host && `host ${search.host}`,
            remove: () => setSearch(changed({ host: undefined })),
          },
        ]}
      />
      {total === 0 ? (
        <NoIncident search={search} />
      ) : (
        <WalkedTable
          key={JSON.stringify(search)}
          label="Incidents"
          className={styles.table}
          header={<HeaderCells names={COLUMNS} />}
          rows={total === undefined ? undefined : incidents}
          idOf={idOf}
          rowHeight={ROW_HEIGHT}
          place={incidentPlace}
          open={(id) => void navigate({ to: '/incidents/$id', params: { id }, search })}
          stateOf={({ open }) => (open === 0 ? 'closed' : 'open')}
          more={{ has: answer.hasNextPage && !answer.isFetchingNextPage, load: answer.fetchNextPage }}
          total={total ?? 0}
        >
          {(incident) => <IncidentRow incident={incident} search={search} />}
        </WalkedTable>
      )}
    </>
  );
}

function idOf({ id }: IncidentSummary): string {
  return id;
}

function headline(total: number, { status, host }: IncidentSearch): string {
  if (total === 0 && status === undefined && host === undefined) return 'No incident to decide';
  const count = counted(total, 'incident');
  const state = status === undefined ? ' to decide' : status === 'closed' ? ' closed' : '';
  return `${count.charAt(0).toUpperCase()}${count.slice(1)}${state}${host === undefined ? '' : ` on ${host}`}`;
}

function IncidentRow({ incident, search }: { readonly incident: IncidentSummary; readonly search: IncidentSearch }) {
  const { id, severity, reason, users, tactics, host, risk_score, alerts, open, to } = incident;
  return (
    <>
      <div role="cell" className={styles.severity}>
        <SeverityWord severity={severity} />
      </div>
      <div role="cell" className={`${styles.what} ${listStyles.what}`}>
        <div className={listStyles.first}>
          <Link id={rowLinkId(id)} to="/incidents/$id" params={{ id }} search={search} className={listStyles.name}>
            {reason}
          </Link>
        </div>
        <div className={listStyles.under}>
          {withoutTurns([users.join(', '), tactics.join(', ')].filter(Boolean).join(' · '))}
        </div>
      </div>
      <div role="cell" className={`${styles.host} ${listStyles.cell}`}>
        {host}
      </div>
      <div role="cell" className={listStyles.cell}>
        <span className={styles.unit}>risk </span>
        {risk_score}
      </div>
      <div role="cell" className={listStyles.cell}>
        <Link
          to="/"
          search={{ status: 'all', incident: id }}
          className={`${listStyles.above} ${styles.count}`}
          aria-label={`${counted(alerts, 'alert')} of this incident`}
        >
          {grouped(alerts)}
        </Link>
        <span className={styles.unit}> alerts</span>
        {open < alerts && `, ${open === 0 ? 'none' : grouped(open)} open`}
      </div>
      <div role="cell" className={listStyles.number}>
        <When time={to} form="short" />
      </div>
    </>
  );
}

function NoIncident({ search }: { readonly search: IncidentSearch }) {
  return (
    <div className={partStyles.empty}>
      <h2>{search.status === 'closed' ? 'No incident is closed' : 'No incident is waiting'}</h2>
      <p>
        {search.status === 'closed'
          ? 'An incident is closed when all of its alerts are.'
          : 'An alert that names its host makes one, and alerts that follow within an hour join it.'}
      </p>
      <Link to="/" search={{ status: 'all' }}>
        See all alerts
      </Link>
    </div>
  );
}
