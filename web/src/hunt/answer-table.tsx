/** The rows of an answer, with the names and types of its columns; a click on a name sorts by it. */
import { useMemo, useState } from 'react';
import type { TableHuntAnswer } from '../../../src/serve/table-api.ts';
import partStyles from '../parts/parts.module.css';
import { counted, grouped } from '../words/counts.ts';
import { withoutTurns } from '../words/direction.ts';
import styles from './answer.module.css';
import { type AnswerOrder, type AnswerRow, cellText, inOrder, shownText } from './answer-order.ts';

/** More than are looked at, few enough to draw at once. */
const PAGE = 200;
const FEW_COLUMNS = 10;
const NUMBERS: ReadonlySet<string> = new Set(['int', 'long', 'real', 'decimal']);

interface Props {
  readonly answer: Pick<TableHuntAnswer, 'columns' | 'rows'>;
  readonly open: (row: AnswerRow) => void;
}

export function AnswerTable({ answer: { columns, rows }, open }: Props) {
  const [order, setOrder] = useState<AnswerOrder>();
  const [most, setMost] = useState(PAGE);
  const [isWhole, setIsWhole] = useState(false);
  const ordered = useMemo(() => inOrder(rows, columns, order), [rows, columns, order]);
  const filled = useMemo(() => {
    const all = columns.map((column, at) => ({ ...column, at }));
    return columns.length <= FEW_COLUMNS
      ? all
      : all.filter(({ at }) => rows.some((row) => cellText(row[at] ?? null) !== ''));
  }, [columns, rows]);
  const shown = isWhole ? columns.map((column, at) => ({ ...column, at })) : filled;
  const left = columns.length - filled.length;
  // Once in one direction, then in the other, then as the query gave them.
  const turn = (column: number) =>
    setOrder(
      order?.column !== column
        ? { column, isDescending: false }
        : order.isDescending
          ? undefined
          : { column, isDescending: true },
    );
  return (
    <>
      <section className={styles.scroll} aria-label="Rows found">
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col" className={styles.number}>
                #
              </th>
              {shown.map(({ name, type, at }) => (
                <th
                  key={name}
                  scope="col"
                  aria-sort={order?.column !== at ? 'none' : order.isDescending ? 'descending' : 'ascending'}
                  data-number={NUMBERS.has(type)}
                >
                  <button type="button" onClick={() => turn(at)}>
                    {name}
                    {order?.column === at && <span aria-hidden="true">{order.isDescending ? ' ↓' : ' ↑'}</span>}
                  </button>
                  <small>{type}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ordered.slice(0, most).map((row, number) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of an answer have no names
              <tr key={number}>
                <td className={styles.number}>
                  <button type="button" aria-label={`Show row ${number + 1}`} onClick={() => open(row)}>
                    {number + 1}
                  </button>
                </td>
                {shown.map(({ name, type, at }) => {
                  const text = withoutTurns(shownText(row[at] ?? null, type));
                  return (
                    <td key={name} data-number={NUMBERS.has(type)} title={text.length > 40 ? text : undefined}>
                      {text}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className={styles.under}>
        {ordered.length > most && (
          <button type="button" className={partStyles.quiet} onClick={() => setMost(most + PAGE)}>
            Show {grouped(Math.min(PAGE, ordered.length - most))} more of {grouped(ordered.length)}
          </button>
        )}
        {left > 0 && (
          <button type="button" className={partStyles.quiet} onClick={() => setIsWhole(!isWhole)}>
            {isWhole ? 'Leave out empty columns' : `Show ${counted(left, 'empty column')}`}
          </button>
        )}
      </p>
    </>
  );
}
