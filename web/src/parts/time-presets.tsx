/** The last hour, day or week with a click. */
import styles from './time-presets.module.css';

const PRESETS = [
  { label: '1 h', name: 'Last hour', ms: 3_600_000 },
  { label: '24 h', name: 'Last 24 hours', ms: 86_400_000 },
  { label: '7 d', name: 'Last 7 days', ms: 7 * 86_400_000 },
];

/** ISO 8601. */
interface Range {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export function TimePresets({ setRange }: { readonly setRange: (range: Range) => void }) {
  return (
    <span className={styles.presets}>
      {PRESETS.map(({ label, name, ms }) => (
        <button
          key={label}
          type="button"
          className={styles.preset}
          title={name}
          onClick={() => setRange({ from: new Date(Date.now() - ms).toISOString(), to: undefined })}
        >
          {label}
        </button>
      ))}
      <button type="button" className={styles.preset} onClick={() => setRange({ from: undefined, to: undefined })}>
        any time
      </button>
    </span>
  );
}
