/** On or off, as a switch. */
import type { ExceptionSummary } from '../../../src/serve/exception-api.ts';
import pageStyles from '../parts/page.module.css';
import ruleStyles from '../rules/rules.module.css';
import type { Turn } from './use-turn.ts';

interface Props {
  readonly summary: ExceptionSummary;
  readonly turn: Turn;
}

export function ExceptionSwitch({ summary, turn }: Props) {
  const { id, name, enabled } = summary.exception;
  return (
    <button
      type="button"
      role="switch"
      aria-checked={enabled}
      aria-label={`Apply ${name}`}
      aria-busy={turn.isPending && turn.variables.exception.id === id}
      className={ruleStyles.switch}
      onClick={() => {
        if (!turn.isPending) turn.mutate(summary);
      }}
    >
      <span className={ruleStyles.track} />
      <span className={ruleStyles.switchWord}>{enabled ? 'on' : 'off'}</span>
    </button>
  );
}

/** What became of the last change, when it failed. */
export function TurnFailure({ turn }: { readonly turn: Turn }) {
  if (turn.error === null) return null;
  return (
    <p className={pageStyles.failure} role="alert">
      Not turned {turn.variables?.exception.enabled === true ? 'off' : 'on'}: {turn.error.message} It is as it was.
    </p>
  );
}
