/** Names and values beside each other; a fact that is not known is left out. */
import { Fragment, type ReactNode } from 'react';
import { withoutTurns } from '../words/direction.ts';
import styles from './parts.module.css';

export type Fact = readonly [name: string, value: ReactNode];

export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className={styles.facts}>
      {facts
        .filter(([, value]) => value !== undefined && value !== null && value !== false && value !== '')
        .map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{typeof value === 'string' ? withoutTurns(value) : value}</dd>
          </Fragment>
        ))}
    </dl>
  );
}
