/**
 * Back to a list, and through it: the next and the previous of the same filter. What is read is remembered as the
 * reader's place in the list.
 */
import { type ReactNode, useEffect } from 'react';
import { useKeys } from '../shell/keys.ts';
import { grouped } from '../words/counts.ts';
import { Key } from './chip.tsx';
import type { ListPlace } from './list-place.ts';
import styles from './page.module.css';

interface Props {
  readonly id: string;
  /** What stands for it in the list, where that is another. */
  readonly standIn?: string | undefined;
  /** The list in its order, as far as it is loaded. */
  readonly ids: readonly string[];
  /** All of the list; left out: nobody knows how many there are. */
  readonly total?: number | undefined;
  readonly place: ListPlace;
  readonly open: (id: string) => void;
  readonly back: () => void;
  /** The link that leads back. */
  readonly children: ReactNode;
}

export function Trail({ id, standIn = id, ids, total, place, open, back, children }: Props) {
  const index = ids.indexOf(standIn);
  useEffect(() => {
    if (index !== -1) place.remember({ id: standIn, index });
  }, [standIn, index, place]);
  const stepTo = (target: string | undefined) => (target === undefined ? undefined : () => open(target));
  const next = stepTo(index === -1 ? undefined : ids[index + 1]);
  const previous = stepTo(index === -1 ? undefined : ids[index - 1]);
  useKeys({ j: next, k: previous, Escape: back });
  return (
    <nav className={styles.trail} aria-label="List">
      {children}
      <div className={styles.steps}>
        {index !== -1 && total !== undefined && (
          <span>
            {grouped(index + 1)} of {grouped(total)}
          </span>
        )}
        <button type="button" className={styles.step} disabled={previous === undefined} onClick={previous}>
          Previous <Key>k</Key>
        </button>
        <button type="button" className={styles.step} disabled={next === undefined} onClick={next}>
          Next <Key>j</Key>
        </button>
      </div>
    </nav>
  );
}
