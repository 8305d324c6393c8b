/** The other alerts that are folded with this one: of the same process, its wrappers included. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { AlertDetail } from '../../../src/serve/api.ts';
import { AlertLines } from '../alerts/alert-lines.tsx';
import type { ListSearch } from '../alerts/list-search.ts';
import { membersQuestion } from '../api/questions.ts';
import partStyles from '../parts/parts.module.css';
import { Section } from '../parts/section.tsx';
import { grouped } from '../words/counts.ts';
import styles from './alert.module.css';

const SHOWN = 5;

export function SameProcess({ detail, search }: { readonly detail: AlertDetail; readonly search: ListSearch }) {
  const { alert, folded } = detail;
  const { data, error } = useQuery({ ...membersQuestion(alert.id), enabled: folded > 1 });
  const [isWhole, setWhole] = useState(false);
  if (folded < 2) return null;
  const others = data?.filter(({ id }) => id !== alert.id) ?? [];
  return (
    <Section title={`Same process: ${grouped(folded - 1)} more`}>
      {error !== null && <p className={styles.unknown}>They could not be loaded: {error.message}</p>}
      <AlertLines alerts={isWhole ? others : others.slice(0, SHOWN)} search={search} said={alert.reason} />
      {!isWhole && others.length > SHOWN && (
        <button type="button" className={partStyles.quiet} onClick={() => setWhole(true)}>
          Show all {grouped(others.length)}
        </button>
      )}
    </Section>
  );
}
