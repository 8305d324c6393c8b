/** The list itself. A row that stands for several alerts unfolds in place, with `u` or its button. */
import { memo, type ReactNode } from 'react';
import listStyles from '../parts/list.module.css';
import { alertPlace } from '../parts/list-place.ts';
import { rowLinkId } from '../parts/walked-list.ts';
import { WalkedTable } from '../parts/walked-table.tsx';
import type { SetSearch } from '../shell/address.ts';
import { AlertRow } from './alert-row.tsx';
import styles from './alerts.module.css';
import { type ListSearch, type SortColumn, toggleSort } from './list-search.ts';
import { toggleUnfolded, useUnfolded } from './unfolded.ts';
import { isFolded, type ListRow } from './use-alert-list.ts';

const ROW_HEIGHT = 61;

interface Props {
  /** Absent while they are loading. */
  readonly rows: readonly ListRow[] | undefined;
  readonly total: number;
  readonly more: { readonly has: boolean; readonly load: () => void };
  readonly search: ListSearch;
  readonly setSearch: SetSearch<ListSearch>;
  readonly openAlert: (id: string) => void;
  /** Stands in the header, over the place where new alerts would come in. */
  readonly fresh: ReactNode;
  /** Something else was asked for since. */
  readonly isOvertaken: boolean;
}

export function AlertTable({ isOvertaken, ...list }: Props) {
  return (
    <div className={styles.list} aria-busy={isOvertaken}>
      <List {...list} />
    </div>
  );
}

/** Drawn anew only where something in it is new, and not to be dimmed. */
const List = memo(function List({
  rows,
  total,
  more,
  search,
  setSearch,
  openAlert,
  fresh,
}: Omit<Props, 'isOvertaken'>) {
  const unfolded = useUnfolded();
  return (
    <>
      <div className={styles.freshPlace}>{fresh}</div>
      <WalkedTable
        label="Alerts"
        className={styles.table}
        header={<Header search={search} setSearch={setSearch} />}
        rows={rows}
        idOf={idOf}
        rowHeight={ROW_HEIGHT}
        place={alertPlace}
        open={openAlert}
        stateOf={({ alert }) => alert.status}
        keysOf={(row) => ({ u: folding(row) })}
        more={more}
        total={total}
      >
        {(row) => <AlertRow row={row} search={search} isUnfolded={unfolded.has(row.alert.id)} />}
      </WalkedTable>
    </>
  );
});

function idOf({ alert }: ListRow): string {
  return alert.id;
}

/** Folding from within leads to the row that stays. */
function folding({ alert, under }: ListRow): (() => void) | undefined {
  if (under === undefined) return isFolded(alert) ? () => toggleUnfolded(alert.id) : undefined;
  return () => {
    document.getElementById(rowLinkId(under))?.focus();
    toggleUnfolded(under);
  };
}

function Header(props: Pick<Props, 'search' | 'setSearch'>) {
  return (
    <>
      <SortHeader column="severity" {...props}>
        Severity
      </SortHeader>
      <div role="columnheader" className={listStyles.headerCell}>
        What happened
      </div>
      <SortHeader column="host" {...props}>
        Host
      </SortHeader>
      <SortHeader column="user" {...props}>
        User
      </SortHeader>
      <SortHeader column="rule" {...props}>
        Rule
      </SortHeader>
      <SortHeader column="time" {...props}>
        When
      </SortHeader>
    </>
  );
}

interface SortProps {
  readonly column: SortColumn;
  readonly search: ListSearch;
  readonly setSearch: SetSearch<ListSearch>;
  readonly children: string;
}

function SortHeader({ column, search, setSearch, children }: SortProps) {
  const sort = search.sort ?? '-time';
  const direction = sort === column ? 'ascending' : sort === `-${column}` ? 'descending' : undefined;
  return (
    <div role="columnheader" aria-sort={direction} className={listStyles.headerCell}>
      <button type="button" className={styles.sort} onClick={() => setSearch((before) => toggleSort(before, column))}>
        {children}
        {direction !== undefined && <span aria-hidden="true"> {direction === 'ascending' ? '↑' : '↓'}</span>}
      </button>
    </div>
  );
}
