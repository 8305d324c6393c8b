/**
 * A long table of rows that open something: only the rows in sight exist, `j` and `k` walk them, the rest is loaded as
 * the reader comes near its end.
 */
import { Skeleton } from '@mantine/core';
import { type ReactNode, useEffect, useMemo } from 'react';
import { type KeyCommands, useKeys } from '../shell/keys.ts';
import styles from './list.module.css';
import type { ListPlace } from './list-place.ts';
import { useWalkedList } from './walked-list.ts';

/** How far from the end the next page is asked for. */
const NEAR_END = 40;

interface Props<T> {
  readonly label: string;
  /** Sets `--columns`, and what else is its own. */
  readonly className: string | undefined;
  /** The cells of the header. */
  readonly header: ReactNode;
  /** Absent while they are loading; the same array while they are the same. */
  readonly rows: readonly T[] | undefined;
  readonly idOf: (row: T) => string;
  /** Pixels, before a row is measured. */
  readonly rowHeight: number;
  readonly place: ListPlace;
  readonly open: (id: string) => void;
  /** The cells of a row. */
  readonly children: (row: T) => ReactNode;
  /** What the row's look depends on, as `data-state`. */
  readonly stateOf?: (row: T) => string | undefined;
  /** What keys do to the row that is walked to. */
  readonly keysOf?: (row: T) => KeyCommands;
  readonly more?: { readonly has: boolean; readonly load: () => void };
  /** All rows, those not loaded yet among them; left out: as many as are loaded. */
  readonly total?: number;
}

export function WalkedTable<T>(props: Props<T>) {
  const { label, className, header, rows, idOf, rowHeight, place, open, children, stateOf, keysOf, more } = props;
  const ids = useMemo(() => (rows ?? []).map(idOf), [rows, idOf]);
  const list = useWalkedList({ ids, rowHeight, place, open });
  const walkedTo = list.active === undefined ? undefined : rows?.[list.active];
  useKeys(walkedTo === undefined ? {} : (keysOf?.(walkedTo) ?? {}));

  const lastShown = list.items.at(-1)?.index ?? 0;
  const isNearEnd = more?.has === true && lastShown > ids.length - NEAR_END;
  const load = more?.load;
  useEffect(() => {
    if (isNearEnd) load?.();
  }, [isNearEnd, load]);

  return (
    <div
      className={`${styles.table} ${className ?? ''}`}
      role="table"
      aria-label={label}
      aria-rowcount={(props.total ?? ids.length) + 1}
      aria-busy={rows === undefined}
    >
      <div role="rowgroup" className={styles.headerGroup}>
        <div role="row" aria-rowindex={1} className={styles.header}>
          {header}
        </div>
      </div>
      <div
        ref={list.body}
        role="rowgroup"
        className={styles.body}
        style={{ height: rows === undefined ? undefined : list.rows.getTotalSize() }}
      >
        {rows === undefined
          ? Array.from({ length: 8 }, (_, index) => <GhostRow key={`ghost-${String(index)}`} height={rowHeight} />)
          : list.items.map((item) => {
              const row = rows[item.index];
              return row === undefined ? null : (
                <div
                  key={item.key}
                  ref={list.rows.measureElement}
                  role="row"
                  aria-rowindex={item.index + 2}
                  data-index={item.index}
                  data-active={item.index === list.active}
                  data-state={stateOf?.(row)}
                  className={styles.row}
                  onFocus={() => list.setActive(item.index)}
                  style={{ transform: `translateY(${item.start - list.margin}px)`, minHeight: rowHeight - 1 }}
                >
                  {children(row)}
                </div>
              );
            })}
      </div>
    </div>
  );
}

export function HeaderCells({ names }: { readonly names: readonly string[] }) {
  return names.map((name) => (
    <div key={name} role="columnheader" className={styles.headerCell}>
      {name}
    </div>
  ));
}

function GhostRow({ height }: { readonly height: number }) {
  return (
    <div className={styles.ghost} style={{ height: height - 1 }} aria-hidden="true">
      <Skeleton height={13} width="42%" />
      <Skeleton height={11} width="28%" />
    </div>
  );
}
