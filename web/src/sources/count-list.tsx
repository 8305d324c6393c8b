/** Names with how often each came, most frequent first. */
import type { SourceProfile } from '../../../src/serve/api.ts';
import { Section } from '../parts/section.tsx';
import { counted, grouped } from '../words/counts.ts';
import styles from './sources.module.css';

interface Props {
  readonly title: string;
  readonly noun: string;
  readonly counts: SourceProfile['formats'];
  /** For the events that name none. */
  readonly unnamed?: string;
}

export function CountList({ title, noun, counts, unnamed }: Props) {
  const { top, different, rest, exceeded } = counts;
  const others = different - top.length;
  return (
    <Section title={title}>
      {top.length === 0 && <p className={styles.quiet}>None.</p>}
      <dl className={styles.countList}>
        {top.map(({ name, count }) => (
          <div key={name}>
            <dt>{name === '-' && unnamed !== undefined ? <span className={styles.quiet}>{unnamed}</span> : name}</dt>
            <dd>{grouped(count)}</dd>
          </div>
        ))}
      </dl>
      {rest > 0 && (
        <p className={styles.quiet}>
          {exceeded ? 'At least ' : ''}
          {counted(others, `other ${noun}`)}: {counted(rest, 'event')}
        </p>
      )}
    </Section>
  );
}
