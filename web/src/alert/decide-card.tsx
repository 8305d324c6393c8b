/**
 * Where the reader decides: acknowledge, close with a reason, reopen, each with its key; then the same for the other
 * alerts of the process. Nothing is shown as done before the service has kept it; what it refuses is said here, and the
 * alert stays as it was.
 */
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { AlertDetail, AlertSummary, StatusChange } from '../../../src/serve/api.ts';
import { membersQuestion } from '../api/questions.ts';
import { ActionButton } from '../parts/action-button.tsx';
import pageStyles from '../parts/page.module.css';
import { Section } from '../parts/section.tsx';
import { When } from '../parts/when.tsx';
import { useKeys } from '../shell/keys.ts';
import { counted } from '../words/counts.ts';
import { REASON_WORD, statusWords } from '../words/names.ts';
import styles from './alert.module.css';
import { Signer } from './signer.tsx';
import { TakeAlong } from './take-along.tsx';
import { useDecision } from './use-triage.ts';

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
  const decision = useDecision(() => setComment(''));
  const actions = ACTIONS[detail.status];
  const others = useOthers(detail);
  const decide = (ids: readonly string[], change: StatusChange) => {
    if (decision.isPending || ids.length === 0) return;
    const words = comment.trim();
    decision.mutate({ ids, change: words === '' ? change : { ...change, comment: words } });
  };
  const decideOthers = () => decide(others, changeOf(detail));
  useKeys({
    ...Object.fromEntries(actions.map(({ key, change }) => [key, () => decide([id], change)])),
    c: () => commentBox.current?.focus(),
    w: others.length > 0 ? decideOthers : undefined,
  });
  return (
    <div className={pageStyles.card}>
      <Section title="Decide">
        <div role="status">{detail.status !== 'open' && <State detail={detail} />}</div>
        <div className={pageStyles.actions}>
          {others.length > 0 && (
            <ActionButton
              keyName="w"
              isMain
              isBusy={decision.isPending && decision.variables.ids[0] !== id}
              disabled={decision.isPending}
              run={decideOthers}
            >
              {othersWords(detail, others.length)}
            </ActionButton>
          )}
          {actions.map((action) => (
            <ActionButton
              key={action.key}
              keyName={action.key}
              isMain={action === ACKNOWLEDGE}
              isBusy={decision.isPending && isSame(decision.variables, id, action.change)}
              disabled={decision.isPending}
              run={() => decide([id], action.change)}
            >
              {action.label}
            </ActionButton>
          ))}
        </div>
        <textarea
          ref={commentBox}
          className={pageStyles.comment}
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
          <p className={pageStyles.failure} role="alert">
            Not saved: {decision.error.message} What is shown is how it stands; try again.
          </p>
        )}
        <TakeAlong id={id} />
        <Signer />
      </Section>
    </div>
  );
}

function State({ detail }: { readonly detail: AlertDetail }) {
  const words = statusWords(detail.status, detail.close_reason);
  const last = detail.history.at(-1);
  return (
    <div className={styles.state}>
      <strong>{words.charAt(0).toUpperCase() + words.slice(1)}</strong>
      {last?.by !== undefined && ` by ${last.by}`}
      {last !== undefined && (
        <>
          , <When time={last.time} form="long" />
        </>
      )}
      {detail.comment !== undefined && <p>“{detail.comment}”</p>}
    </div>
  );
}

/** The alerts of the same process that are not as far as this one. */
function useOthers({ alert, status, folded }: AlertDetail): readonly string[] {
  const { data = [] } = useQuery({ ...membersQuestion(alert.id), enabled: folded > 1 });
  return data.filter((member) => member.id !== alert.id && isBehind(member, status)).map(({ id }) => id);
}

function isBehind(member: AlertSummary, status: AlertDetail['status']): boolean {
  if (status === 'closed') return member.status !== 'closed';
  return status === 'acknowledged' && member.status === 'open';
}

function changeOf({ status, close_reason }: AlertDetail): StatusChange {
  return close_reason === undefined ? { status } : { status, reason: close_reason };
}

function othersWords({ status, close_reason }: AlertDetail, count: number): string {
  const others = `${counted(count, 'other')} of the process`;
  return status === 'closed' && close_reason !== undefined
    ? `Close ${others} too: ${REASON_WORD[close_reason]}`
    : `Acknowledge ${others} too`;
}

function isSame(deciding: { ids: readonly string[]; change: StatusChange } | undefined, id: string, b: StatusChange) {
  return deciding?.ids[0] === id && deciding.change.status === b.status && deciding.change.reason === b.reason;
}
