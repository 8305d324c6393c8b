/**
 * Where the reader decides: acknowledge, close with a reason, reopen, each with its key. Nothing is shown as done
 * before the service has kept it; what it refuses is said here, and the alert stays as it was.
 */
import { type InfiniteData, useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { AlertDetail, AlertPage, StatusChange } from '../../../src/serve/api.ts';
import { noteDecision } from '../alerts/decided.ts';
import { postStatus } from '../api/client.ts';
import { refreshCounts } from '../api/live.ts';
import { alertQuestion, statusQuestion } from '../api/questions.ts';
import { Section } from '../parts/section.tsx';
import { When } from '../parts/when.tsx';
import { useKeys } from '../shell/keys.ts';
import { statusWords } from '../words/names.ts';
import styles from './alert.module.css';

interface Action {
  readonly key: string;
  readonly label: string;
  readonly change: StatusChange;
}

const ACKNOWLEDGE: Action = { key: 'a', label: 'Acknowledge', change: { status: 'acknowledged' } };
const REOPEN: Action = { key: 'o', label: 'Reopen', change: { status: 'open' } };
const CLOSE: readonly Action[] = [
  { key: 't', label: 'Close: true positive', change: { status: 'closed', reason: 'true_positive' } },
  { key: 'b', label: 'Close: benign', change: { status: 'closed', reason: 'benign_positive' } },
  { key: 'f', label: 'Close: false positive', change: { status: 'closed', reason: 'false_positive' } },
  { key: 'd', label: 'Close: duplicate', change: { status: 'closed', reason: 'duplicate' } },
];

const ACTIONS: Readonly<Record<AlertDetail['status'], readonly Action[]>> = {
  open: [ACKNOWLEDGE, ...CLOSE],
  acknowledged: [...CLOSE, REOPEN],
  closed: [REOPEN],
};

export function DecideCard({ detail }: { readonly detail: AlertDetail }) {
  const id = detail.alert.id;
  const [comment, setComment] = useState('');
  const commentBox = useRef<HTMLTextAreaElement>(null);
  const decision = useDecision(id, () => setComment(''));
  const actions = ACTIONS[detail.status];
  const decide = ({ change }: Action) => {
    if (decision.isPending) return;
    const words = comment.trim();
    decision.mutate(words === '' ? change : { ...change, comment: words });
  };
  useKeys({
    ...Object.fromEntries(actions.map((action) => [action.key, () => decide(action)])),
    c: () => commentBox.current?.focus(),
  });
  return (
    <div className={styles.decide}>
      <Section title="Decide">
        <div role="status">{detail.status !== 'open' && <State detail={detail} />}</div>
        <div className={styles.actions}>
          {actions.map((action) => (
            <button
              key={action.key}
              type="button"
              className={styles.action}
              data-main={action === ACKNOWLEDGE}
              disabled={decision.isPending}
              aria-keyshortcuts={action.key}
              onClick={() => decide(action)}
            >
              {decision.isPending && isSame(decision.variables, action.change) ? 'Saving…' : action.label}
              <span className={`mono ${styles.actionKey}`} aria-hidden="true">
                {action.key}
              </span>
            </button>
          ))}
        </div>
        <textarea
          ref={commentBox}
          className={styles.comment}
          aria-label="Comment, kept with the decision"
          placeholder="Comment, kept with the decision (c)"
          rows={1}
          maxLength={4000}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
        {decision.error !== null && (
          <p className={styles.failure} role="alert">
            Not saved: {decision.error.message} The alert is as it was; try again.
          </p>
        )}
      </Section>
    </div>
  );
}

function State({ detail }: { readonly detail: AlertDetail }) {
  const words = statusWords(detail.status, detail.close_reason);
  const since = detail.history.at(-1)?.time;
  return (
    <div className={styles.state}>
      <strong>{words.charAt(0).toUpperCase() + words.slice(1)}</strong>
      {since !== undefined && (
        <>
          , <When time={since} form="long" />
        </>
      )}
      {detail.comment !== undefined && <p>“{detail.comment}”</p>}
    </div>
  );
}

function useDecision(id: string, onSaved: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: StatusChange) => postStatus<AlertDetail>(id, change),
    onSuccess: (detail) => {
      onSaved();
      client.setQueryData(alertQuestion(id).queryKey, detail);
      const { status, close_reason } = detail;
      const noted = close_reason === undefined ? { status } : { status, close_reason };
      for (const [key, data] of client.getQueriesData<ListData>({ queryKey: ['alerts'] })) {
        if (data === undefined) continue;
        client.setQueryData<ListData>(key, { ...data, pages: data.pages.map((page) => noteDecision(page, id, noted)) });
      }
      void client.invalidateQueries({ queryKey: statusQuestion.queryKey });
      // Counts that nobody looks at now would, shown later, seem to know of alerts that the list has dropped.
      client.removeQueries({ queryKey: ['count'], type: 'inactive' });
      refreshCounts(client);
    },
  });
}

type ListData = InfiniteData<AlertPage, string>;

function isSame(a: StatusChange | undefined, b: StatusChange): boolean {
  return a?.status === b.status && a.reason === b.reason;
}
