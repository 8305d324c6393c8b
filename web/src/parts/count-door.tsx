/** A question with its count, each a row of a list; the count opens what it counts. */
import type { ReactNode } from 'react';
import { grouped } from '../words/counts.ts';
import styles from './count-door.module.css';

export function CountDoors({ children }: { readonly children: ReactNode }) {
  return <ul className={styles.doors}>{children}</ul>;
}

/** What stands in the link of a row: the words, at its end the count. */
export function CountRow({ children, count }: { readonly children: ReactNode; readonly count: ReactNode }) {
  return (
    <>
      <span className={styles.words}>{children}</span>
      <span className={styles.count}>{count}</span>
    </>
  );
}

/** `38 →`; `10,000+ →` where the counting stopped there. */
export function countWords(count: number, countedUpTo?: number): string {
  return `${grouped(count)}${countedUpTo !== undefined && count >= countedUpTo ? '+' : ''} →`;
}
