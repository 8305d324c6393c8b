/** What the service's check says of a part of the exception, where that part is written. */
import { createContext, useContext, useId } from 'react';
import type { ExceptionFinding } from '../../../src/serve/exception-api.ts';
import styles from './exceptions.module.css';

const Findings = createContext<readonly ExceptionFinding[]>([]);

export const FindingsProvider = Findings.Provider;

const WORD = { error: 'Error', warning: 'Warning', info: 'Note' } as const;

/** @param isDeep with those of its parts, which are not shown by themselves */
export function usePlace(at: string, isDeep = false) {
  const id = useId();
  const findings = useContext(Findings).filter(
    (finding) => finding.at === at || (isDeep && finding.at.startsWith(`${at}.`)),
  );
  const isInvalid = findings.some(({ severity }) => severity === 'error');
  return { id, findings, isInvalid };
}

export function FindingNotes({ id, findings }: Omit<ReturnType<typeof usePlace>, 'isInvalid'>) {
  return (
    <span id={id} className={styles.notes}>
      {findings.map(({ severity, message, hint }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: findings of one place, in order
        <span key={index} className={styles.note} data-severity={severity}>
          <strong>{WORD[severity]}</strong> {message} {hint}
        </span>
      ))}
    </span>
  );
}
