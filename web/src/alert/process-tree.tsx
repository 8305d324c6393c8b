/** The process under its ancestors, as far as they are known; where the line breaks off, it says so. */
import type { Alert } from '../../../src/serve/api.ts';
import { lineageOf, type ProcessSummary, processLine } from '../evidence/lineage.ts';
import { markCommandLine } from '../evidence/marking.ts';
import { Marked } from '../parts/marked.tsx';
import { Section } from '../parts/section.tsx';
import styles from './alert.module.css';

const INDENT = 18;

export function ProcessTree({ alert }: { readonly alert: Alert }) {
  const { ancestors, self, isComplete } = lineageOf(alert);
  const event = alert.events.at(-1);
  const first = isComplete ? 0 : 1;
  return (
    <Section title="Process tree">
      <ol className={styles.tree}>
        {!isComplete && (
          <li className={`${styles.process} ${styles.unknown}`}>
            {ancestors.length === 0
              ? 'The parent is not known: it started before the watching did, or the source does not name it.'
              : 'Earlier ancestors are not known.'}
          </li>
        )}
        {ancestors.map((process, depth) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the line has one order
          <TreeLine key={depth} process={process} depth={depth + first} />
        ))}
        <TreeLine
          process={self}
          depth={ancestors.length + first}
          marked={event && markCommandLine(event, alert.evidence)}
        />
      </ol>
    </Section>
  );
}

interface LineProps {
  readonly process: ProcessSummary;
  readonly depth: number;
  readonly marked?: ReturnType<typeof markCommandLine> | undefined;
}

function TreeLine({ process, depth, marked }: LineProps) {
  const line = processLine(process);
  return (
    <li
      className={styles.process}
      data-self={marked !== undefined}
      style={{ paddingLeft: Math.max(0, depth - 1) * INDENT }}
    >
      {depth > 0 && (
        <span className={styles.branch} aria-hidden="true">
          └
        </span>
      )}
      <code className={styles.processLine} title={marked === undefined ? line : undefined}>
        <Marked text={line} ranges={line === process.command_line ? (marked ?? []) : []} />
      </code>
      {process.pid !== undefined && <span className={styles.aboutProcess}>pid {process.pid}</span>}
    </li>
  );
}
