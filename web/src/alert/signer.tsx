/** Whose name stands beside decisions, notes and steps: asked once, kept in this browser, changed here. */
import { useState } from 'react';
import { setSigner, useSigner } from '../api/signer.ts';
import partStyles from '../parts/parts.module.css';
import styles from './alert.module.css';

export function Signer() {
  const name = useSigner();
  const [isAsking, setAsking] = useState(false);
  if (name !== undefined && !isAsking) {
    return (
      <p className={styles.signer}>
        Signed as <strong>{name}</strong>{' '}
        <button type="button" className={partStyles.quiet} onClick={() => setAsking(true)}>
          Change
        </button>
      </p>
    );
  }
  return (
    <form
      className={styles.signer}
      onSubmit={(event) => {
        event.preventDefault();
        setSigner(String(new FormData(event.currentTarget).get('name')));
        setAsking(false);
      }}
    >
      <input
        name="name"
        aria-label="Your name, kept in this browser"
        placeholder="Your name, to sign with"
        defaultValue={name}
        maxLength={200}
        autoComplete="name"
        // biome-ignore lint/a11y/noAutofocus: only after the reader has asked to change it
        autoFocus={isAsking}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      <button type="submit" className={partStyles.quiet}>
        Keep
      </button>
    </form>
  );
}
