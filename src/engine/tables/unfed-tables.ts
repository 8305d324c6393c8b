/** What a hunt is told of tables that are known and that no source fills: an empty answer would say that nothing happened. */
import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import type { TablePlan } from '../../plan/relation/node.ts';
import { scanPlaces } from '../../plan/relation/table-scans.ts';
import type { Table } from '../../vocabulary/table.ts';
import { WATCHLIST_TABLES } from '../../vocabulary/watchlist.ts';

/** @param given tables whose rows are no events */
export function unfedTables(
  { relation }: TablePlan,
  tables: readonly Table[],
  given: readonly Table[],
): readonly Diagnostic[] {
  const namesOf = (some: readonly Table[]) => some.flatMap(({ names }) => names);
  const unfed = new Set(namesOf(tables.filter(({ isEmpty }) => isEmpty === true)));
  // A list that is not there is told of otherwise; one that is may be empty.
  const others = new Set(namesOf([...WATCHLIST_TABLES, ...given]));
  return [...scanPlaces(relation)]
    .filter(([name]) => unfed.has(name) && !others.has(name))
    .map(([name, span]) =>
      diagnose('kusto-table-empty', 'warning', `Nothing that is read here fills “${name}”, so it has no rows.`, span),
    );
}
