/** What the query of a rule over tables gave: its rows, what the rule says of them, and the way to the stored events. */
import { useNavigate } from '@tanstack/react-router';
import type { Alert } from '../../../src/serve/api.ts';
import { AnswerTable } from '../hunt/answer-table.tsx';
import { Facts } from '../parts/facts.tsx';
import partStyles from '../parts/parts.module.css';
import { Section } from '../parts/section.tsx';
import { When } from '../parts/when.tsx';
import { counted, grouped } from '../words/counts.ts';
import styles from './alert.module.css';
import { rowSearch } from './row-search.ts';

/** Nothing for alerts of other rules. */
export function QueryRows({ alert }: { readonly alert: Alert }) {
  const { query_result: result, custom_details: details = {}, events } = alert;
  const navigate = useNavigate();
  if (result === undefined) return null;
  const { columns, rows, count, window } = result;
  const searchAt = (at: number) => (rows.length === 0 ? undefined : rowSearch(events[at] ?? {}, result));
  const only = rows.length === 1 ? searchAt(0) : undefined;
  const follow = (search: ReturnType<typeof rowSearch>) => {
    if (search !== undefined) void navigate({ to: '/hunt', search });
  };
  return (
    <Section title="What the query gave">
      <p>
        {count === 0 ? 'No rows' : counted(count, 'row')}
        {count > rows.length && `, the first ${grouped(rows.length)} below`}, of events from{' '}
        <When time={window.after} form="full" /> to <When time={window.up_to} form="full" />.
        {rows.length > 1 && ' The number of a row searches the stored events for what it names.'}
      </p>
      <div className={styles.details}>
        <Facts facts={Object.entries(details).map(([name, values]) => [name, values.map(shown).join(', ')])} />
      </div>
      {rows.length > 0 && (
        <AnswerTable answer={{ columns, rows }} open={(row) => follow(searchAt(rows.indexOf(row)))} />
      )}
      {only !== undefined && (
        <button type="button" className={partStyles.quiet} onClick={() => follow(only)}>
          Search the stored events for what the row names
        </button>
      )}
    </Section>
  );
}

function shown(value: NonNullable<Alert['custom_details']>[string][number]): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
