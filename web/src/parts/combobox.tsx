/**
 * A field that suggests while it is typed into: arrows walk the suggestions, Enter takes one, Escape closes them. What is
 * typed counts as it is; a suggestion is never forced.
 */
import { type KeyboardEvent, type RefObject, useId, useState } from 'react';
import styles from './combobox.module.css';

export interface Suggestion {
  readonly value: string;
  /** Shown instead of the value. */
  readonly label?: string;
  /** Beside it: what it holds. */
  readonly note?: string | undefined;
}

interface Props {
  readonly label: string;
  readonly text: string;
  readonly setText: (text: string) => void;
  /** For the text as it is; the best first. */
  readonly suggest: (text: string) => readonly Suggestion[];
  readonly pick: (suggestion: Suggestion) => void;
  readonly placeholder?: string;
  readonly className?: string | undefined;
  readonly isInvalid?: boolean;
  readonly describedBy?: string;
  readonly input?: RefObject<HTMLInputElement | null>;
}

export function Combobox(props: Props) {
  const { label, text, setText, suggest, pick, placeholder, className, isInvalid = false, describedBy, input } = props;
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const suggestions = isOpen ? suggest(text) : [];
  const close = () => {
    setOpen(false);
    setActive(-1);
  };
  const take = (suggestion: Suggestion) => {
    pick(suggestion);
    close();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const chosen = suggestions[active];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      const count = isOpen ? suggestions.length : suggest(text).length;
      setOpen(true);
      if (count > 0) setActive((active + step + count) % count);
    } else if (event.key === 'Enter' && chosen !== undefined) {
      event.preventDefault();
      take(chosen);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      if (suggestions.length > 0) close();
      else event.currentTarget.blur();
    }
  };
  return (
    <span className={styles.box}>
      <input
        ref={input}
        role="combobox"
        aria-label={label}
        aria-expanded={suggestions.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={suggestions[active] === undefined ? undefined : `${id}-${String(active)}`}
        aria-invalid={isInvalid}
        aria-describedby={describedBy}
        className={className}
        placeholder={placeholder}
        value={text}
        autoComplete="off"
        spellCheck={false}
        maxLength={500}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setOpen(true);
          setActive(-1);
        }}
        onFocus={() => setOpen(text === '')}
        onBlur={close}
        onKeyDown={onKeyDown}
      />
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={`${label}: suggestions`}
        hidden={suggestions.length === 0}
        className={styles.list}
      >
        {suggestions.map(({ value, label: shown = value, note }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's
          <div
            key={value}
            id={`${id}-${String(index)}`}
            role="option"
            aria-selected={index === active}
            className={styles.option}
            // The field keeps the focus.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take({ value, label: shown, note })}
          >
            <span className={styles.name}>{shown}</span>
            {note !== undefined && <span className={styles.note}>{note}</span>}
          </div>
        ))}
      </div>
    </span>
  );
}

/** The suggestions whose words hold what is typed: those that begin with it first. */
export function suggestionsFor(all: readonly Suggestion[], text: string, most = 12): readonly Suggestion[] {
  const typed = text.trim().toLowerCase();
  const ranked = all
    .map((each) => ({ each, at: (each.label ?? each.value).toLowerCase().indexOf(typed) }))
    .filter(({ at }) => at !== -1);
  const first = ranked.filter(({ at }) => at === 0);
  const later = ranked.filter(({ at }) => at !== 0);
  return [...first, ...later].slice(0, most).map(({ each }) => each);
}
