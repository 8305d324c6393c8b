/** How many in each severity; each count opens its alerts, and closes them again. */
import { useQuery } from '@tanstack/react-query';
import type { AlertPage } from '../../../src/serve/api.ts';
import { countQuestion } from '../api/questions.ts';
import { Doors, SeverityDoor } from '../parts/door.tsx';
import { type SetSearch, withChange } from '../shell/address.ts';
import { SEVERITIES } from '../words/names.ts';
import { alertQueryOf, type ListSearch, severitiesOf, toggleSeverity } from './list-search.ts';

interface Props {
  readonly search: ListSearch;
  readonly setSearch: SetSearch<ListSearch>;
  /** What the list itself counted: the doors agree with it, new alerts or not. */
  readonly listed: AlertPage['by_severity'] | undefined;
}

export function SeverityDoors({ search, setSearch, listed }: Props) {
  // Counted without the severity filter: the doors that are closed keep their numbers.
  const { data } = useQuery({
    ...countQuestion(alertQueryOf(withChange(search, { severity: undefined }))),
    enabled: search.severity !== undefined,
  });
  const counts = search.severity === undefined ? listed : (data?.by_severity ?? listed);
  const chosen = new Set(severitiesOf(search.severity));
  const shown = SEVERITIES.filter((severity) => chosen.has(severity) || (counts?.[severity] ?? 0) > 0);
  return (
    <Doors label="Severity">
      {shown.map((severity) => (
        <SeverityDoor
          key={severity}
          severity={severity}
          count={counts?.[severity] ?? 0}
          isOpen={chosen.has(severity)}
          toggle={() => setSearch((before) => toggleSeverity(before, severity))}
        />
      ))}
    </Doors>
  );
}
