/** Several values as chips: Enter keeps one, pasted lines are one each, Backspace in the empty field takes the last back. */
import { useState } from 'react';
import styles from './exceptions.module.css';

interface Props {
  readonly label: string;
  readonly values: readonly string[];
  readonly setValues: (values: readonly string[]) => void;
  readonly isInvalid: boolean;
  readonly describedBy: string;
}

export function ValuesBox({ label, values, setValues, isInvalid, describedBy }: Props) {
  const [typed, setTyped] = useState('');
  const add = (texts: readonly string[]) => {
    const fresh = texts.filter((text) => text !== '' && !values.includes(text));
    if (fresh.length > 0) setValues([...values, ...new Set(fresh)]);
    setTyped('');
  };
  return (
    <span className={styles.values}>
      {values.map((value) => (
        <span key={value} className={`mono ${styles.value}`}>
          {value}
          <button
            type="button"
            aria-label={`Take out ${value}`}
            onClick={() => setValues(values.filter((each) => each !== value))}
          >
            ×
          </button>
        </span>
      ))}
      <input
        aria-label={label}
        aria-invalid={isInvalid}
        aria-describedby={describedBy}
        className="mono"
        placeholder={values.length === 0 ? 'a value, then Enter' : 'another'}
        value={typed}
        spellCheck={false}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onPaste={(event) => {
          const lines = event.clipboardData.getData('text').split(/\r?\n/);
          if (lines.length < 2) return;
          event.preventDefault();
          add(lines.map((line) => line.trim()));
        }}
        onBlur={() => add([typed])}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
            event.preventDefault();
            add([typed]);
          } else if (event.key === 'Backspace' && typed === '') setValues(values.slice(0, -1));
        }}
      />
    </span>
  );
}
