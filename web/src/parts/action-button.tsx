/** Something that can be done, with its key. */
import type { ReactNode } from 'react';
import pageStyles from './page.module.css';

interface Props {
  readonly keyName: string;
  readonly run: () => void;
  readonly isMain?: boolean;
  readonly isBusy?: boolean;
  readonly disabled?: boolean;
  readonly children: ReactNode;
}

export function ActionButton({ keyName, run, isMain = false, isBusy = false, disabled = false, children }: Props) {
  return (
    <button
      type="button"
      className={pageStyles.action}
      data-main={isMain}
      disabled={disabled}
      aria-keyshortcuts={keyName}
      onClick={run}
    >
      {isBusy ? 'Saving…' : children}
      <span className={`mono ${pageStyles.actionKey}`} aria-hidden="true">
        {keyName}
      </span>
    </button>
  );
}
