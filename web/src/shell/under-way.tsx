/**
 * A line over the page from the moment that another page, filter, order or folding is asked for until it is drawn. The
 * router draws what was asked for beside what stands there, which takes a while on a busy machine; a click that shows
 * nothing until then looks lost.
 *
 *   address changes ──▶ on ──▶ the page for it is drawn ──▶ off; lists that still wait for answers say so themselves
 */
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import styles from './shell.module.css';

export function UnderWay() {
  const router = useRouter();
  const [isOn, setOn] = useState(false);
  useEffect(() => {
    const begins = router.history.subscribe(() => setOn(true));
    const ends = router.subscribe('onResolved', () => setOn(false));
    return () => {
      begins();
      ends();
    };
  }, [router]);
  return <div className={styles.underWay} data-on={isOn} aria-hidden="true" />;
}
