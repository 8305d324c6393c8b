/**
 * The list itself: only the rows in sight exist, the rest is loaded page by page as the reader comes near. `j` and `k`
 * walk it; the row walked to holds the focus, so that Enter opens it.
 */
import { Skeleton } from '@mantine/core';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { AlertSummary } from '../../../src/serve/api.ts';
import { useKeys } from '../shell/keys.ts';
import { AlertRow } from './alert-row.tsx';
import styles from './alerts.module.css';
import { forgetPlace, recallPlace } from './list-place.ts';
import { type ListSearch, type SortColumn, toggleSort } from './list-search.ts';

const ROW_HEIGHT = 61;
/** How far from the end the next page is asked for. */
const NEAR_END = 40;
/** The table's sticky header and the funnel cover this much of the window. */
const COVERED = 52;

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
  const body = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    const top = body.current === null ? 0 : body.current.getBoundingClientRect().top + window.scrollY;
    setMargin((known) => (Math.abs(known - top) < 1 ? known : top));
  });
  const rows = useWindowVirtualizer({
    count: alerts.length,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => alerts[index]?.id ?? index,
    overscan: 12,
    scrollMargin: margin,
    scrollPaddingStart: COVERED,
    scrollPaddingEnd: COVERED,
  });
  const items = rows.getVirtualItems();

  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastShown > alerts.length - NEAR_END) loadMore();
  }, [hasMore, lastShown, alerts.length, loadMore]);

  const [active, setActive] = useState(() => recallPlace(alerts.map(({ id }) => id)));
  const walkTo = (index: number) => {
    const alert = alerts[index];
    if (alert === undefined) return;
    setActive(index);
    rows.scrollToIndex(index, { align: 'auto' });
    focusRow(alert.id);
  };
  // Once, when the reader comes back from an alert.
  const walkBack = useRef(() => active !== undefined && walkTo(active));
  useEffect(() => {
    walkBack.current();
    forgetPlace();
  }, []);
  useKeys({
    j: () => walkTo(active === undefined ? 0 : Math.min(active + 1, alerts.length - 1)),
    k: () => walkTo(active === undefined ? 0 : Math.max(active - 1, 0)),
    Enter:
      active === undefined || document.activeElement !== document.body
        ? undefined
        : () => {
            const alert = alerts[active];
            if (alert !== undefined) openAlert(alert.id);
          },
  });

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

// The row may come into being only after the scroll that makes room for it.
function focusRow(id: string, tries = 5): void {
  requestAnimationFrame(() => {
    const link = document.getElementById(`alert-${id}`);
    if (link !== null) link.focus({ preventScroll: true });
    else if (tries > 0) focusRow(id, tries - 1);
  });
}
