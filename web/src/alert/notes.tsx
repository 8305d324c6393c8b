/** What people wrote down about the alert, oldest first, and a place to add to it. */
import { lazy, Suspense, useRef, useState } from 'react';
import type { AlertDetail } from '../../../src/serve/api.ts';
import { Key } from '../parts/chip.tsx';
import pageStyles from '../parts/page.module.css';
import partStyles from '../parts/parts.module.css';
import { Section } from '../parts/section.tsx';
import { When } from '../parts/when.tsx';
import { useKeys } from '../shell/keys.ts';
import styles from './alert.module.css';
import { useNote } from './use-triage.ts';

const Markdown = lazy(() => import('../parts/markdown.tsx'));
const LONGEST_NOTE = 10_000;

export function Notes({ detail }: { readonly detail: AlertDetail }) {
  const [text, setText] = useState('');
  const box = useRef<HTMLTextAreaElement>(null);
  const note = useNote(detail.alert.id, () => setText(''));
  const add = () => {
    if (!note.isPending && text.trim() !== '') note.mutate(text.trim());
  };
  useKeys({ n: () => box.current?.focus() });
  return (
    <Section title="Notes">
      {detail.notes.map(({ id, text: written, by, time }) => (
        <div key={id} className={styles.note}>
          <p className={styles.noteBy}>
            <strong>{by}</strong> <When time={time} form="full" />
          </p>
          <Suspense fallback={<p>{written}</p>}>
            <Markdown>{written}</Markdown>
          </Suspense>
        </div>
      ))}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <textarea
          ref={box}
          className={pageStyles.comment}
          aria-label="A note"
          placeholder="What you found, for whoever reads this next (n)"
          rows={2}
          maxLength={LONGEST_NOTE}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) add();
          }}
        />
        <button type="submit" className={partStyles.quiet} disabled={note.isPending || text.trim() === ''}>
          {note.isPending ? 'Saving…' : 'Add the note'} <Key>Ctrl Enter</Key>
        </button>
      </form>
      {note.error !== null && (
        <p className={pageStyles.failure} role="alert">
          Not saved: {note.error.message} The text is still here; try again.
        </p>
      )}
    </Section>
  );
}
