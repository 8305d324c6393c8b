/** A link that leaves the workbench: marked, in a tab of its own, telling the other side nothing. */
import type { ReactNode } from 'react';
import styles from './parts.module.css';

export function OutsideLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  return (
    <a className={styles.outside} href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}
