/** Doing what cannot be undone: a button, and then what is meant, with a way back. */
import type { UseMutationResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import partStyles from './parts.module.css';

interface Props {
  /** What the first button says. */
  readonly offer: string;
  /** What is about to happen, once it is asked for. */
  readonly question: ReactNode;
  readonly removal: Pick<UseMutationResult<unknown, Error, void>, 'isPending' | 'mutate'>;
  /** Beside the first button. */
  readonly before?: ReactNode;
  readonly after?: ReactNode;
}

export function AskedTwice({ offer, question, removal, before, after }: Props) {
  const [isAsking, setAsking] = useState(false);
  if (!isAsking) {
    return (
      <>
        {before}
        <button type="button" className={partStyles.quiet} onClick={() => setAsking(true)}>
          {offer}
        </button>
        {after}
      </>
    );
  }
  const back = () => setAsking(false);
  return (
    <>
      <span>{question}</span>
      <button
        type="button"
        className={partStyles.quiet}
        disabled={removal.isPending}
        onClick={() => removal.mutate(undefined, { onSuccess: back })}
      >
        {removal.isPending ? 'Removing…' : 'Remove'}
      </button>
      <button type="button" className={partStyles.quiet} onClick={back}>
        Keep
      </button>
    </>
  );
}
