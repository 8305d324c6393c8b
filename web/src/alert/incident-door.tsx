/** The incident that the alert is part of, as its door. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { incidentQuestion } from '../api/questions.ts';
import { Section } from '../parts/section.tsx';
import { counted } from '../words/counts.ts';
import styles from './alert.module.css';

export function IncidentDoor({ id }: { readonly id: string }) {
  const incident = useQuery(incidentQuestion(id)).data?.incident;
  // Of an incident that is this alert and nothing more there is nothing to open.
  if (incident !== undefined && incident.alerts < 2) return null;
  return (
    <Section title="Incident">
      <Link to="/incidents/$id" params={{ id }} search={{}}>
        {incident?.reason ?? 'The incident it is part of'}
      </Link>
      {incident !== undefined && (
        <p className={styles.unknown}>
          {counted(incident.alerts, 'alert')}, {incident.open} open, risk {incident.risk_score}
        </p>
      )}
    </Section>
  );
}
