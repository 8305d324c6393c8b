/** An empty list says why it is empty and what to do next. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { statusQuestion } from '../api/questions.ts';
import { CommandLine } from '../parts/copy.tsx';
import partStyles from '../parts/parts.module.css';
import type { SetSearch } from '../shell/address.ts';
import { isWatching } from '../system/source-words.ts';
import { isNarrowed, type ListSearch, statusFilterOf } from './list-search.ts';

interface Props {
  readonly search: ListSearch;
  readonly setSearch: SetSearch<ListSearch>;
}

export function EmptyList({ search, setSearch }: Props) {
  if (isNarrowed(search)) {
    return (
      <div className={partStyles.empty}>
        <h2>No alert matches this filter</h2>
        <p>Alerts that match it will appear here by themselves.</p>
        <button
          type="button"
          className={partStyles.quiet}
          onClick={() => setSearch(({ status }) => (status === undefined ? {} : { status }))}
        >
          Clear the filter
        </button>
      </div>
    );
  }
  if (statusFilterOf(search) === 'closed') {
    return (
      <div className={partStyles.empty}>
        <h2>No alert has been closed yet</h2>
        <p>Open an alert and close it with a reason; it will be kept here, and can be reopened.</p>
      </div>
    );
  }
  return <TryIt />;
}

function TryIt() {
  const sources = useQuery(statusQuestion).data?.sources.filter(isWatching) ?? [];
  return (
    <div className={partStyles.empty}>
      <h2>No alert is waiting</h2>
      <p>To see one arrive, type this in another terminal on this machine; it shows up here within seconds.</p>
      <CommandLine>python3 -m http.server</CommandLine>
      <p>
        {sources.length > 0 ? (
          <>
            Process starts are being watched through{' '}
            <Link to="/system">{sources.map(({ name }) => name).join(', ')}</Link>.
          </>
        ) : (
          <>
            No source is watching this machine at the moment: <Link to="/system">see why</Link>.
          </>
        )}
      </p>
    </div>
  );
}
