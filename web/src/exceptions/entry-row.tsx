/** One entry of a condition: field, operator, what it is compared with, whether case counts. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { createContext, type RefObject, useContext, useMemo } from 'react';
import { fieldsQuestion, listsQuestion } from '../api/exceptions.ts';
import { Combobox, type Suggestion, suggestionsFor } from '../parts/combobox.tsx';
import partStyles from '../parts/parts.module.css';
import { counted } from '../words/counts.ts';
import styles from './exceptions.module.css';
import { FindingNotes, usePlace } from './finding-notes.tsx';
import { emptyEntry, type FormEntry, OPERATORS, type Operator, operandOf, withOperator } from './form-draft.ts';
import { ValuesBox } from './values-box.tsx';

/** Values that the event which the exception is made from has, by field. */
const EventValues = createContext<ReadonlyMap<string, readonly string[]>>(new Map());
export const EventValuesProvider = EventValues.Provider;

/** The entries say whose it is, so that fields which must not stand alone may be offered. */
const Narrowed = createContext(false);
export const NarrowedProvider = Narrowed.Provider;

const WITHIN_NESTED: ReadonlySet<Operator> = new Set(
  OPERATORS.map(({ operator }) => operator).filter((each) => !['nested', 'in_list', 'not_in_list'].includes(each)),
);

interface Props {
  readonly entry: FormEntry;
  /** Its place in the exception: `condition.entries.0`. */
  readonly at: string;
  readonly change: (entry: FormEntry) => void;
  readonly remove: () => void;
  readonly isNested?: boolean;
  readonly fieldInput?: RefObject<HTMLInputElement | null> | undefined;
}

export function EntryRow({ entry, at, change, remove, isNested = false, fieldInput }: Props) {
  const whole = usePlace(at);
  const operators = OPERATORS.filter(({ operator }) => !isNested || WITHIN_NESTED.has(operator));
  const operand = operandOf(entry.operator);
  const called = entry.field === '' ? 'the entry' : entry.field;
  return (
    <div className={styles.entry} role="group" aria-label={`Entry about ${called}`} aria-describedby={whole.id}>
      <div className={styles.entryLine}>
        <FieldBox entry={entry} at={`${at}.field`} change={change} fieldInput={fieldInput} />
        <select
          aria-label="Operator"
          className={styles.operator}
          value={entry.operator}
          onChange={(event) => change(withOperator(entry, event.currentTarget.value as Operator))}
        >
          {operators.map(({ operator, words }) => (
            <option key={operator} value={operator}>
              {words}
            </option>
          ))}
        </select>
        {operand !== 'nothing' && operand !== 'entries' && <Operand entry={entry} at={at} change={change} />}
        <button type="button" className={styles.drop} aria-label={`Take out ${called}`} onClick={remove}>
          ×
        </button>
      </div>
      {operand === 'entries' && <Nested entry={entry} at={at} change={change} />}
      <FindingNotes {...whole} />
    </div>
  );
}

function FieldBox({ entry, at, change, fieldInput }: Pick<Props, 'entry' | 'at' | 'change' | 'fieldInput'>) {
  const place = usePlace(at);
  const values = useContext(EventValues);
  const known = useQuery(fieldsQuestion).data;
  // A port alone would hide an attack, so it is offered only beside what says whose server it is.
  const narrowed = useContext(Narrowed);
  const all = useMemo((): readonly Suggestion[] => {
    const own = [...values].map(([value, seen]) => ({ value, note: seen.join(', ').slice(0, 80) }));
    const rest = (known ?? []).filter(({ name, beside }) => !values.has(name) && (beside !== true || narrowed));
    // What is parsed from arguments stands in no event, and nobody would guess its name.
    const parsed = rest.filter(({ about }) => about !== undefined);
    const ecs = rest.filter(({ about }) => about === undefined);
    return [
      ...parsed.map(({ name, about }) => ({ value: name, note: about })),
      ...own,
      ...ecs.map(({ name, type }) => ({ value: name, note: type })),
    ];
  }, [known, values, narrowed]);
  const pick = ({ value: field }: Suggestion) => {
    const [seen] = values.get(field) ?? [];
    change(entry.value === '' && seen !== undefined ? { ...entry, field, value: seen } : { ...entry, field });
  };
  return (
    <span className={styles.fieldCell}>
      <Combobox
        label="Field"
        text={entry.field}
        setText={(field) => change({ ...entry, field })}
        suggest={(text) => suggestionsFor(all, text)}
        pick={pick}
        placeholder="a field"
        className={`mono ${styles.input}`}
        isInvalid={place.isInvalid}
        describedBy={place.id}
        {...(fieldInput === undefined ? {} : { input: fieldInput })}
      />
      <FindingNotes {...place} />
    </span>
  );
}

function Operand({ entry, at, change }: Pick<Props, 'entry' | 'at' | 'change'>) {
  const operand = operandOf(entry.operator);
  const part = operand === 'values' ? 'values' : operand === 'list' ? 'list' : 'value';
  const place = usePlace(`${at}.${part}`, true);
  const described = { isInvalid: place.isInvalid, describedBy: place.id };
  return (
    <span className={styles.operand}>
      {operand === 'values' ? (
        <ValuesBox
          label="Values"
          values={entry.values}
          setValues={(values) => change({ ...entry, values })}
          {...described}
        />
      ) : operand === 'list' ? (
        <ListChoice list={entry.list} setList={(list) => change({ ...entry, list })} {...described} />
      ) : (
        <input
          aria-label={operand === 'pattern' ? 'Pattern' : 'Value'}
          aria-invalid={described.isInvalid}
          aria-describedby={described.describedBy}
          className={`mono ${styles.input}`}
          placeholder={operand === 'pattern' ? 'C:\\Tools\\*.exe' : 'a value'}
          value={entry.value}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => change({ ...entry, value: event.currentTarget.value })}
        />
      )}
      {operand === 'pattern' && <Pattern text={entry.value} />}
      <FindingNotes {...place} />
      {operand === 'value' && /[*?]/.test(entry.value) && (
        <button
          type="button"
          className={partStyles.quiet}
          onClick={() => change(withOperator(entry, entry.operator === 'is' ? 'matches' : 'does_not_match'))}
        >
          Let * and ? be wildcards
        </button>
      )}
      <label className={styles.caseToggle}>
        <input
          type="checkbox"
          checked={!entry.ignoreCase}
          onChange={(event) => change({ ...entry, ignoreCase: !event.currentTarget.checked })}
        />{' '}
        case counts
      </label>
    </span>
  );
}

/** The pattern with its wildcards set off from what stands for itself. */
function Pattern({ text }: { readonly text: string }) {
  const parts = text.match(/[*?]|[^*?]+/g) ?? [];
  if (!parts.some((part) => part === '*' || part === '?')) {
    return <span className={styles.patternHint}>* any characters, ? one; a backslash is a backslash</span>;
  }
  return (
    <span className={styles.patternHint} aria-hidden="true">
      {parts.map((part, index) => {
        const wild = part === '*' ? 'anything' : part === '?' ? 'one character' : undefined;
        return (
          <span key={`${String(index)}${part}`} className={wild === undefined ? 'mono' : styles.wild}>
            {wild ?? part}
          </span>
        );
      })}
    </span>
  );
}

interface ListChoiceProps {
  readonly list: string;
  readonly setList: (list: string) => void;
  readonly isInvalid: boolean;
  readonly describedBy: string;
}

function ListChoice({ list, setList, isInvalid, describedBy }: ListChoiceProps) {
  const lists = useQuery(listsQuestion).data ?? [];
  const isUnknown = list !== '' && !lists.some(({ id }) => id === list);
  return (
    <>
      <select
        aria-label="Value list"
        aria-invalid={isInvalid}
        aria-describedby={describedBy}
        className={styles.input}
        value={list}
        onChange={(event) => setList(event.currentTarget.value)}
      >
        <option value="">choose a list</option>
        {isUnknown && <option value={list}>{list} (not here)</option>}
        {lists.map(({ id, name, type, size }) => (
          <option key={id} value={id}>
            {name}: {type}, {counted(size, 'value')}
          </option>
        ))}
      </select>
      {lists.length === 0 && (
        <span className={styles.patternHint}>
          There is none yet. <Link to="/exceptions/lists">Make one</Link>
        </span>
      )}
    </>
  );
}

function Nested({ entry, at, change }: Pick<Props, 'entry' | 'at' | 'change'>) {
  const place = usePlace(`${at}.entries`);
  const put = (entries: readonly FormEntry[]) => change({ ...entry, entries });
  return (
    <div className={styles.nested}>
      {entry.entries.map((inner, index) => (
        <EntryRow
          key={inner.key}
          entry={inner}
          at={`${at}.entries.${String(index)}`}
          isNested
          change={(changed) => put(entry.entries.map((each) => (each.key === changed.key ? changed : each)))}
          remove={() => put(entry.entries.filter(({ key }) => key !== inner.key))}
        />
      ))}
      <FindingNotes {...place} />
      <button type="button" className={partStyles.quiet} onClick={() => put([...entry.entries, emptyEntry()])}>
        And of the same one
      </button>
    </div>
  );
}
