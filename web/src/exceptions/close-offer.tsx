/** After saving: the alerts that would not be there, to be closed as what they are. */
import { useDecision } from '../alert/use-triage.ts';
import { ActionButton } from '../parts/action-button.tsx';
import pageStyles from '../parts/page.module.css';
import { useKeys } from '../shell/keys.ts';
import { counted } from '../words/counts.ts';

interface Props {
  readonly name: string;
  /** Alerts that nobody has closed. */
  readonly ids: readonly string[];
}

export function CloseOffer({ name, ids }: Props) {
  const decision = useDecision(() => {});
  const close = () =>
    decision.mutate({
      ids,
      change: { status: 'closed', reason: 'false_positive', comment: `Excepted by “${name}”.` },
    });
  const isOpen = ids.length > 0 && !decision.isPending && !decision.isSuccess;
  useKeys({ f: isOpen ? close : undefined });
  if (ids.length === 0) return null;
  if (decision.isSuccess) return <p role="status">{counted(ids.length, 'alert')} closed as false positive.</p>;
  const those = ids.length === 1 ? 'the alert' : `the ${String(ids.length)} alerts`;
  return (
    <div className={pageStyles.actions}>
      <ActionButton keyName="f" isMain isBusy={decision.isPending} disabled={decision.isPending} run={close}>
        Close {those} that it would have removed: false positive
      </ActionButton>
      {decision.error !== null && (
        <p className={pageStyles.failure} role="alert">
          Not all were closed: {decision.error.message} Press again for the others.
        </p>
      )}
    </div>
  );
}
