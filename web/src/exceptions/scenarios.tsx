/** The exceptions that come with Vedette, each off until somebody chooses it and fills in what only he knows. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ExceptionScenario, ExceptionSummary } from '../../../src/serve/exception-api.ts';
import { scenariosQuestion } from '../api/exceptions.ts';
import partStyles from '../parts/parts.module.css';
import { Section } from '../parts/section.tsx';
import styles from './exceptions.module.css';

export function Scenarios({ exceptions }: { readonly exceptions: readonly ExceptionSummary[] }) {
  const { data = [] } = useQuery(scenariosQuestion);
  if (data.length === 0) return null;
  return (
    <div className={styles.scenarios}>
      <Section title="Harmless reasons that are known">
        <p className={styles.quiet}>They come with Vedette and remove nothing until you choose one.</p>
        <ul>
          {data.map((scenario) => (
            <li key={scenario.id} className={styles.scenario}>
              <Scenario
                scenario={scenario}
                chosen={exceptions.filter(({ exception }) => exception.scenario === scenario.id)}
              />
            </li>
          ))}
        </ul>
      </Section>
    </div>
  );
}

interface Props {
  readonly scenario: ExceptionScenario;
  /** Exceptions that were made from it. */
  readonly chosen: readonly ExceptionSummary[];
}

function Scenario({ scenario: { id, title, description, needs }, chosen }: Props) {
  return (
    <>
      <div>
        <h3>{title}</h3>
        <p>{description}</p>
        {needs.length > 0 && <p className={styles.quiet}>To fill in: {needs.map(({ what }) => what).join('; ')}.</p>}
        {chosen.map(({ exception }) => (
          <p key={exception.id}>
            Chosen{exception.enabled ? '' : ', and off'}:{' '}
            <Link to="/exceptions/$id" params={{ id: exception.id }}>
              {exception.name}
            </Link>
          </p>
        ))}
      </div>
      <Link to="/exceptions/new" search={{ scenario: id }} className={partStyles.quiet} aria-label={`Choose: ${title}`}>
        {chosen.length === 0 ? 'Choose…' : 'Choose again…'}
      </Link>
    </>
  );
}
