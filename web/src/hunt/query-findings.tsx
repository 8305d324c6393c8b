/** What is wrong with a query that was run: where, in words, and what would be accepted. */
import type { QueryFinding } from '../../../src/serve/language-api.ts';
import { Marked } from '../parts/marked.tsx';
import styles from './hunt.module.css';

export function QueryFindings({
  findings,
  text,
}: {
  readonly findings: readonly QueryFinding[];
  readonly text: string;
}) {
  return (
    <ul className={styles.findings}>
      {findings.map(({ severity, message, hint, start, end }, index) => {
        const place = lineAt(text, start, end);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: findings stand in the order of the text and may be alike
          <li key={index}>
            {place !== undefined && (
              <pre className={styles.place}>
                <Marked text={place.line} ranges={[place.range]} />
              </pre>
            )}
            <p className={severity === 'error' ? styles.wrong : undefined}>{message}</p>
            {hint !== undefined && <p className={styles.quiet}>{hint}</p>}
          </li>
        );
      })}
    </ul>
  );
}

/** The line that the place begins in; nothing where the whole text is meant. */
function lineAt(text: string, start: number, end: number) {
  if (end === 0 || start > text.length) return undefined;
  const begin = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', start);
  const line = text.slice(begin, lineEnd === -1 ? text.length : lineEnd);
  const from = start - begin;
  const to = Math.min(end - begin, line.length);
  // At the end of a line there is nothing to mark but the end.
  return to > from ? { line, range: [from, to] as const } : { line: `${line} `, range: [from, from + 1] as const };
}
