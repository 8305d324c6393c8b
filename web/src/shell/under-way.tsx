/**
 * A line over the page from the moment that another page, filter, order or folding is asked for until it is drawn; a
 * click that shows nothing until then looks lost. Lists that still wait for answers then say so themselves.
 */
import { useEffect, useSyncExternalStore } from 'react';
import { giveHeldKeys, holdKeys } from './held-keys.ts';
import { isUnderWay, onPassage } from './passage.ts';
import styles from './shell.module.css';

export function UnderWay() {
  const isOn = useSyncExternalStore(onPassage, isUnderWay);
  useEffect(holdKeys, []);
  // React runs this after the effects with which what was drawn listens for keys.
  useEffect(() => {
    if (!isOn) giveHeldKeys();
  }, [isOn]);
  return <div className={styles.underWay} data-on={isOn} aria-hidden="true" />;
}
