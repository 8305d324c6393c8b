/** A long text that opens on demand and can be copied. Rendered only while it is open. */
import { useState } from 'react';
import { CopyButton } from './copy.tsx';
import styles from './parts.module.css';

export function Fold({ title, text }: { readonly title: string; readonly text: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={styles.fold} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{title}</summary>
      {isOpen && (
        <div className={styles.foldBody}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <pre className={styles.code} tabIndex={0}>
            {text}
          </pre>
          <CopyButton text={text} what={title.toLowerCase()} className={styles.foldCopy} />
        </div>
      )}
    </details>
  );
}
