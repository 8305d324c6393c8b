/** Back to the list, and through it: the next and the previous alert of the same filter. */
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { ListSearch } from '../alerts/list-search.ts';
import { useAlertList } from '../alerts/use-alert-list.ts';
import { Key } from '../parts/chip.tsx';
import { alertPlace } from '../parts/list-place.ts';
import { useKeys } from '../shell/keys.ts';
import { grouped } from '../words/counts.ts';
import styles from './alert.module.css';

export function Trail({ id, search }: { readonly id: string; readonly search: ListSearch }) {
  const navigate = useNavigate();
  const { alerts, first, answer } = useAlertList(search);
  const index = alerts.findIndex((alert) => alert.id === id);
  const isLast = index === alerts.length - 1;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = answer;
  useEffect(() => {
    if (index !== -1) alertPlace.remember({ id, index });
    if (index !== -1 && isLast && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [id, index, isLast, hasNextPage, isFetchingNextPage, fetchNextPage]);

  const stepTo = (target: string | undefined) =>
    target === undefined
      ? undefined
      : () => void navigate({ to: '/alerts/$id', params: { id: target }, search, replace: true });
  const next = stepTo(index === -1 ? undefined : alerts[index + 1]?.id);
  const previous = stepTo(index === -1 ? undefined : alerts[index - 1]?.id);
  // The list goes to its own place; scrolled to its top after that, it would lose it.
  const back = () => void navigate({ to: '/', search, resetScroll: false });
  useKeys({ j: next, k: previous, Escape: back });
  return (
    <nav className={styles.trail} aria-label="List">
      <Link to="/" search={search} resetScroll={false}>
        ← Alerts <Key>Esc</Key>
      </Link>
      <div className={styles.steps}>
        {index !== -1 && first !== undefined && (
          <span>
            {grouped(index + 1)} of {grouped(first.total)}
          </span>
        )}
        <button type="button" className={styles.step} disabled={previous === undefined} onClick={previous}>
          Previous <Key>k</Key>
        </button>
        <button type="button" className={styles.step} disabled={next === undefined} onClick={next}>
          Next <Key>j</Key>
        </button>
      </div>
    </nav>
  );
}
