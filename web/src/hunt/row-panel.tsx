/** A row of an answer beside it: every column that has a value, whole. */
import type { TableHuntAnswer } from '../../../src/serve/table-api.ts';
import { Key } from '../parts/chip.tsx';
import { CopyButton } from '../parts/copy.tsx';
import partStyles from '../parts/parts.module.css';
import { withoutTurns } from '../words/direction.ts';
import styles from './answer.module.css';
import { type AnswerRow, cellText } from './answer-order.ts';
import huntStyles from './hunt.module.css';

interface Props {
  readonly row: AnswerRow;
  readonly columns: TableHuntAnswer['columns'];
  readonly close: () => void;
}

export function RowPanel({ row, columns, close }: Props) {
  const cells = columns.flatMap(({ name }, at) => {
    const cell = row[at] ?? null;
    return cellText(cell) === '' ? [] : [[name, cell] as const];
  });
  return (
    <aside className={huntStyles.panel} aria-label="The row">
      <div className={huntStyles.panelHead}>
        <h2>The row</h2>
        <button type="button" className={partStyles.quiet} onClick={close}>
          Close <Key>Esc</Key>
        </button>
      </div>
      <p className={huntStyles.links}>
        <CopyButton text={JSON.stringify(Object.fromEntries(cells), null, 2)} what="the row" />
      </p>
      <dl className={styles.cells}>
        {cells.map(([name, cell]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="mono">
              {withoutTurns(typeof cell === 'object' ? JSON.stringify(cell, null, 1) : cellText(cell))}
            </dd>
          </div>
        ))}
      </dl>
    </aside>
  );
}
