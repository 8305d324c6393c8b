/**
 * The list itself: only the rows in sight exist, the rest is loaded page by page as the reader comes near.
 */
import { Skeleton } from '@mantine/core';
import { type ReactNode, useEffect, useMemo } from 'react';
import type { AlertSummary } from '../../../src/serve/api.ts';
import { alertPlace } from '../parts/list-place.ts';
import { useWalkedList } from '../parts/walked-list.ts';
import { AlertRow } from './alert-row.tsx';
import styles from './alerts.module.css';
import { type ListSearch, type SortColumn, toggleSort } from './list-search.ts';

const ROW_HEIGHT = 61;
/** How far from the end the next page is asked for. */
const NEAR_END = 40;

interface Props {
  readonly alerts: readonly AlertSummary[];
  readonly total: number;
  readonly hasMore: boolean;
  readonly loadMore: () => void;
  readonly isLoading: boolean;
  readonly search: ListSearch;
  readonly setSearch: (search: ListSearch) => void;
  readonly openAlert: (id: string) => void;
  /** Stands in the header, over the place where new alerts would come in. */
  readonly fresh: ReactNode;
}

export function AlertTable(props: Props) {
  const { alerts, total, hasMore, loadMore, isLoading, search, setSearch, openAlert, fresh } = props;
  const ids = useMemo(() => alerts.map(({ id }) => id), [alerts]);
  const { body, rows, items, margin, active } = useWalkedList({
    ids,
    rowHeight: ROW_HEIGHT,
    place: alertPlace,
    open: openAlert,
  });

  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastShown > alerts.length - NEAR_END) loadMore();
  }, [hasMore, lastShown, alerts.length, loadMore]);

  return (
    <div className={styles.list}>
      <div className={styles.freshPlace}>{fresh}</div>
      <div className={styles.table} role="table" aria-label="Alerts" aria-rowcount={total + 1} aria-busy={isLoading}>
        <div role="rowgroup" className={styles.headerGroup}>
          <div role="row" aria-rowindex={1} className={styles.header}>
            <SortHeader column="severity" search={search} setSearch={setSearch}>
              Severity
            </SortHeader>
            <div role="columnheader" className={styles.headerCell}>
              What happened
            </div>
            <SortHeader column="host" search={search} setSearch={setSearch}>
              Host
            </SortHeader>
            <SortHeader column="user" search={search} setSearch={setSearch}>
              User
            </SortHeader>
            <SortHeader column="rule" search={search} setSearch={setSearch}>
              Rule
            </SortHeader>
            <SortHeader column="time" search={search} setSearch={setSearch}>
              When
            </SortHeader>
          </div>
        </div>
        <div
          ref={body}
          role="rowgroup"
          className={styles.body}
          style={{ height: isLoading ? undefined : rows.getTotalSize() }}
        >
          {isLoading
            ? Array.from({ length: 9 }, (_, index) => <GhostRow key={`ghost-${String(index)}`} />)
            : items.map((item) => {
                const alert = alerts[item.index];
                return alert === undefined ? null : (
                  <AlertRow
                    key={item.key}
                    alert={alert}
                    index={item.index}
                    isActive={item.index === active}
                    offset={item.start - margin}
                    search={search}
                    measure={rows.measureElement}
                  />
                );
              })}
        </div>
      </div>
    </div>
  );
}

interface SortProps {
  readonly column: SortColumn;
  readonly search: ListSearch;
  readonly setSearch: (search: ListSearch) => void;
  readonly children: string;
}

function SortHeader({ column, search, setSearch, children }: SortProps) {
  const sort = search.sort ?? '-time';
  const direction = sort === column ? 'ascending' : sort === `-${column}` ? 'descending' : undefined;
  return (
    <div role="columnheader" aria-sort={direction} className={styles.headerCell}>
      <button type="button" className={styles.sort} onClick={() => setSearch(toggleSort(search, column))}>
        {children}
        {direction !== undefined && <span aria-hidden="true"> {direction === 'ascending' ? '↑' : '↓'}</span>}
      </button>
    </div>
  );
}

function GhostRow() {
  return (
    <div className={styles.ghost} aria-hidden="true">
      <Skeleton height={13} width="42%" />
      <Skeleton height={11} width="28%" />
    </div>
  );
}
