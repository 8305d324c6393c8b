/** What narrows a list, each to be taken away again. */
import styles from './removable-chips.module.css';

interface Chip {
  /** Empty or absent where nothing is narrowed by it. */
  readonly text: string | undefined;
  readonly remove: () => void;
}

export function RemovableChips({ chips }: { readonly chips: readonly Chip[] }) {
  const shown = chips.filter(({ text }) => text !== undefined && text !== '');
  if (shown.length === 0) return null;
  return (
    <div className={styles.chips}>
      {shown.map(({ text, remove }) => (
        <span key={text} className={styles.chip}>
          {text}
          <button type="button" aria-label={`Remove ${text}`} onClick={remove}>
            ×
          </button>
        </span>
      ))}
    </div>
  );
}
