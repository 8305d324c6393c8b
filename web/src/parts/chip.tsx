/** Small labels: the language of a rule, a state, a key of the keyboard. */
import type { ReactNode } from 'react';
import type { RuleLanguage } from '../../../src/serve/api.ts';
import { LANGUAGE_WORD } from '../words/names.ts';
import styles from './parts.module.css';

export function LanguageChip({ language }: { readonly language: RuleLanguage }) {
  return <span className={styles.chip}>{LANGUAGE_WORD[language]}</span>;
}

export function Tag({ children, title }: { readonly children: ReactNode; readonly title?: string }) {
  return (
    <span className={styles.tag} title={title}>
      {children}
    </span>
  );
}

export function Key({ children }: { readonly children: string }) {
  return <kbd className={styles.key}>{children}</kbd>;
}
