/** The command lines of the events that matched, the parts that made the rule true marked. */
import type { Alert } from '../../../src/serve/api.ts';
import { textOf } from '../evidence/field-of.ts';
import { markCommandLine } from '../evidence/marking.ts';
import { CopyButton } from '../parts/copy.tsx';
import { Marked } from '../parts/marked.tsx';
import { Section } from '../parts/section.tsx';
import styles from './alert.module.css';

export function WhatRan({ alert }: { readonly alert: Alert }) {
  const ran = alert.events.flatMap((event, index) => {
    const line = textOf(event, 'process.command_line') ?? textOf(event, 'process.executable');
    // Of several events each has its own.
    const fields = alert.evidence.events?.[index];
    return line === undefined ? [] : [{ event, line, evidence: fields === undefined ? alert.evidence : { fields } }];
  });
  if (ran.length === 0) return null;
  return (
    <Section title="What ran">
      {ran.map(({ event, line, evidence }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: events stand in order and may be alike
        <div key={index} className={styles.commandBox}>
          <pre className={styles.command}>
            <Marked text={line} ranges={markCommandLine(event, evidence)} />
          </pre>
          <CopyButton text={line} what="the command line" className={styles.commandCopy} />
        </div>
      ))}
    </Section>
  );
}
