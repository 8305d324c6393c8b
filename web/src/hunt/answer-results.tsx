/** What a whole query found: the chart it asks for, the table, files of it, and a rule of it. */
import { useEffect, useRef, useState } from 'react';
import type { TableFileAsk, TableHuntAnswer } from '../../../src/serve/table-api.ts';
import { downloadAnswer } from '../api/hunt.ts';
import partStyles from '../parts/parts.module.css';
import { Problem } from '../parts/problem.tsx';
import { useKeys } from '../shell/keys.ts';
import { grouped } from '../words/counts.ts';
import styles from './answer.module.css';
import { AnswerChart } from './answer-chart.tsx';
import type { AnswerRow } from './answer-order.ts';
import { AnswerTable } from './answer-table.tsx';
import huntStyles from './hunt.module.css';
import { RowPanel } from './row-panel.tsx';

const FORMATS: readonly (readonly [TableFileAsk['format'], string])[] = [
  ['csv', 'CSV'],
  ['json', 'JSON'],
  ['parquet', 'Parquet'],
];

interface Props {
  readonly answer: TableHuntAnswer;
  readonly ask: Omit<TableFileAsk, 'format' | 'rows'>;
  readonly makeRule: () => void;
}

export function AnswerResults({ answer, ask, makeRule }: Props) {
  const { rows, columns, cut } = answer;
  const [opened, setOpened] = useState<AnswerRow>();
  const [writing, setWriting] = useState<string>();
  const [failure, setFailure] = useState<Error>();
  const [cutAt, setCutAt] = useState<number>();
  const stopping = useRef<AbortController>(undefined);
  // Leaving the page interrupts what is computed for a file, too.
  useEffect(() => () => stopping.current?.abort(), []);
  const close = opened === undefined ? undefined : () => setOpened(undefined);
  useKeys({ Escape: writing === undefined ? close : () => stopping.current?.abort(), m: makeRule });
  const download = async (format: TableFileAsk['format']) => {
    setWriting(format);
    setFailure(undefined);
    const controller = new AbortController();
    stopping.current = controller;
    try {
      setCutAt(await downloadAnswer({ ...ask, format }, controller.signal));
    } catch (error) {
      if (!controller.signal.aborted) setFailure(error as Error);
    }
    setWriting(undefined);
  };
  return (
    <>
      <div className={huntStyles.head}>
        <p className={huntStyles.quiet}>
          {cut &&
            `These are the first ${grouped(rows.length)} rows; summarize, or filter, to see what the rest holds. `}
          {cutAt !== undefined && `The file holds the first ${grouped(cutAt)}; there are more.`}
        </p>
        <span className={styles.acts}>
          {FORMATS.map(([format, name]) => (
            <button
              key={format}
              type="button"
              className={partStyles.quiet}
              disabled={writing !== undefined || columns.length === 0}
              onClick={() => void download(format)}
              aria-label={`Download as ${name}`}
            >
              {writing === format ? 'Writing… Esc stops' : name}
            </button>
          ))}
          <button type="button" className={partStyles.quiet} onClick={makeRule} aria-keyshortcuts="m">
            Make a rule of it <kbd>m</kbd>
          </button>
        </span>
      </div>
      {failure !== undefined && (
        <Problem title="The file could not be written" problem={failure} queryKey={['hunt-file']} />
      )}
      {rows.length === 0 ? (
        <div className={partStyles.empty}>
          <h2>No rows</h2>
          <p>The query gave an empty table. Ask for another time, or for less.</p>
        </div>
      ) : (
        <div className={huntStyles.results} data-open={opened !== undefined}>
          <div className={huntStyles.found}>
            <AnswerChart answer={answer} />
            <AnswerTable key={JSON.stringify(ask)} answer={answer} open={setOpened} />
          </div>
          {opened !== undefined && <RowPanel row={opened} columns={columns} close={() => setOpened(undefined)} />}
        </div>
      )}
    </>
  );
}
