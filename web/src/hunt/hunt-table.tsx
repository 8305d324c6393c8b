/** The events that were found, with the columns that the query computes and those that the reader chose. */
import { useState } from 'react';
import type { HuntAnswer, HuntedEvent } from '../../../src/serve/hunt-api.ts';
import { textOf } from '../evidence/field-of.ts';
import { Combobox, suggestionsFor } from '../parts/combobox.tsx';
import listStyles from '../parts/list.module.css';
import { huntPlace } from '../parts/list-place.ts';
import { RemovableChips } from '../parts/removable-chips.tsx';
import { rowLinkId } from '../parts/walked-list.ts';
import { HeaderCells, WalkedTable } from '../parts/walked-table.tsx';
import { useNow } from '../words/clock.ts';
import { withoutTurns } from '../words/direction.ts';
import { dayAndTime, exactTime } from '../words/time.ts';
import { fieldsIn } from './fields-in.ts';
import styles from './hunt.module.css';

const ROW_HEIGHT = 58;
const ALWAYS = ['When', 'What happened'];
const WHO = ['Host', 'User', 'Process'];
const WIDTHS = '104px minmax(0, 2fr)';
const WHO_WIDTHS = ' minmax(50px, 100px) minmax(50px, 90px) minmax(50px, 110px)';

interface Props {
  readonly answer: HuntAnswer;
  readonly chosen: readonly string[];
  readonly choose: (columns: readonly string[]) => void;
  readonly open: (id: string) => void;
  /** An event stands beside it, which says who did it. */
  readonly isNarrow: boolean;
}

export function HuntTable({ answer: { events, columns: computed }, chosen, choose, open, isNarrow }: Props) {
  const columns = [...(isNarrow ? [] : WHO), ...computed, ...chosen];
  const own = ' minmax(50px, 1fr)'.repeat(computed.length + chosen.length);
  const style = { '--columns': `${WIDTHS}${isNarrow ? '' : WHO_WIDTHS}${own}` } as React.CSSProperties;
  return (
    <>
      <Columns events={events} chosen={chosen} choose={choose} />
      <div style={style}>
        <WalkedTable
          label="Events found"
          className={styles.table}
          header={<HeaderCells names={[...ALWAYS, ...columns]} />}
          rows={events}
          idOf={idOf}
          rowHeight={ROW_HEIGHT}
          place={huntPlace}
          open={open}
        >
          {(event) => <Row event={event} computed={computed} chosen={chosen} open={open} isNarrow={isNarrow} />}
        </WalkedTable>
      </div>
    </>
  );
}

function idOf({ id }: HuntedEvent): string {
  return id;
}

interface RowProps extends Pick<Props, 'chosen' | 'open' | 'isNarrow'> {
  readonly event: HuntedEvent;
  readonly computed: readonly string[];
}

function Row({ event, computed, chosen, open, isNarrow }: RowProps) {
  const now = useNow();
  const { id, time, sentence, command_line, host, user, process, document, row } = event;
  const cells = [
    ...computed.map((name) => [name, textOfValue(row?.[name])] as const),
    ...chosen.map((name) => [name, textOf(document, name) ?? '–'] as const),
  ];
  return (
    <>
      <div role="cell" className={`${styles.when} ${listStyles.cell}`}>
        <time dateTime={time} title={exactTime(time)}>
          {dayAndTime(time, now).replace(/^today /, '')}
        </time>
      </div>
      <div role="cell" className={`${styles.what} ${listStyles.what}`}>
        <div className={listStyles.first}>
          <button
            id={rowLinkId(id)}
            type="button"
            className={`${listStyles.name} ${styles.sentence}`}
            onClick={() => open(id)}
          >
            {sentence}
          </button>
        </div>
        <code className={listStyles.under}>{withoutTurns(command_line ?? '')}</code>
      </div>
      {(isNarrow ? [] : [host, user, process]).map((value, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column
          key={index}
          role="cell"
          className={listStyles.cell}
          title={value}
        >
          {withoutTurns(value ?? '–')}
        </div>
      ))}
      {cells.map(([name, value]) => (
        <div key={name} role="cell" className={`mono ${listStyles.cell}`} title={withoutTurns(`${name}: ${value}`)}>
          {withoutTurns(value)}
        </div>
      ))}
    </>
  );
}

function textOfValue(value: string | number | boolean | null | undefined): string {
  return value === null || value === undefined || value === '' ? '–' : String(value);
}

function Columns({ events, chosen, choose }: Pick<Props, 'chosen' | 'choose'> & Pick<HuntAnswer, 'events'>) {
  const [typed, setTyped] = useState('');
  return (
    <div className={styles.columns}>
      <Combobox
        label="Another column"
        text={typed}
        setText={setTyped}
        placeholder="Another column"
        className={styles.column}
        suggest={(text) =>
          suggestionsFor(
            fieldsIn(events)
              .filter((field) => !chosen.includes(field))
              .map((value) => ({ value })),
            text,
          )
        }
        pick={({ value }) => {
          choose([...chosen, value]);
          setTyped('');
        }}
      />
      <RemovableChips
        chips={chosen.map((name) => ({
          text: name,
          remove: () => choose(chosen.filter((each) => each !== name)),
        }))}
      />
    </div>
  );
}
