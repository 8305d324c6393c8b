/** Counts above a list that filter it: a door opens what it counts, and closes it again. */
import type { ReactNode } from 'react';
import type { Severity } from '../../../src/serve/api.ts';
import { grouped } from '../words/counts.ts';
import { SEVERITY_WORD } from '../words/names.ts';
import styles from './parts.module.css';

export function Doors({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className={styles.doors} role="group" aria-label={label}>
      {children}
    </div>
  );
}

interface DoorProps {
  readonly isOpen: boolean;
  readonly toggle: () => void;
  readonly children: ReactNode;
}

export function Door({ isOpen, toggle, children }: DoorProps) {
  return (
    <button type="button" className={styles.door} aria-pressed={isOpen} onClick={toggle}>
      {children}
    </button>
  );
}

interface SeverityDoorProps extends Omit<DoorProps, 'children'> {
  readonly severity: Severity;
  readonly count: number;
}

export function SeverityDoor({ severity, count, ...door }: SeverityDoorProps) {
  return (
    <Door {...door}>
      <span style={{ color: `var(--${severity}-word)`, fontWeight: 550 }}>
        <span className={styles.doorDot} style={{ background: `var(--${severity})` }} />
        {grouped(count)} {SEVERITY_WORD[severity].toLowerCase()}
      </span>
    </Door>
  );
}
