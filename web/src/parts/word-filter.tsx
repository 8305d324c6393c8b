/** The field that filters a list by words, as they are typed; `/` leads to it. */
import { TextInput } from '@mantine/core';
import { type RefObject, useEffect, useState } from 'react';
import { Key } from './chip.tsx';
import styles from './parts.module.css';

/** Long enough to type a word through, short enough to feel at once. */
const TYPING_MS = 250;

interface Props {
  readonly words: string;
  readonly setWords: (words: string | undefined) => void;
  readonly placeholder: string;
  readonly input: RefObject<HTMLInputElement | null>;
  /** What could be typed next, each with the whole text that it makes. */
  readonly hints?: (typed: string) => readonly { readonly name: string; readonly filter: string }[];
}

export function WordFilter({ words, setWords, placeholder, input, hints }: Props) {
  const [typed, setTyped] = useState(words);
  // The address changes without typing too (back, a door, "clear"): then it has the last word.
  const [shown, setShown] = useState(words);
  if (shown !== words) {
    setShown(words);
    if (typed.trim() !== words) setTyped(words);
  }
  useEffect(() => {
    if (typed.trim() === words) return;
    const timer = setTimeout(() => setWords(typed.trim() || undefined), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, words, setWords]);
  const offered = hints?.(typed) ?? [];
  const take = (filter: string) => {
    setTyped(filter);
    input.current?.focus();
  };
  return (
    <div className={styles.filter}>
      <TextInput
        ref={input}
        type="search"
        aria-label="Filter by words"
        placeholder={placeholder}
        value={typed}
        maxLength={500}
        size="sm"
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
          const [first] = offered;
          if (event.key === 'ArrowDown' && first !== undefined) {
            event.preventDefault();
            take(first.filter);
          }
        }}
      />
      {offered.length > 0 && (
        <div className={styles.filterHints}>
          {offered.map(({ name, filter }, at) => (
            <button key={name} type="button" className={styles.quiet} onClick={() => take(filter)}>
              {name}: {at === 0 && <Key>↓</Key>}
            </button>
          ))}
        </div>
      )}
      {typed === '' && (
        <span className={styles.filterKey} aria-hidden="true">
          <Key>/</Key>
        </span>
      )}
    </div>
  );
}
