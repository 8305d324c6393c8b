/**
 * Values that were changed here and that the rule has changed since: what it said before, what it says now, what counts
 * here, and which of them shall. It stands first on the rule's page, since nobody but a person can choose.
 */
import { Link } from '@tanstack/react-router';
import type { RuleDetail } from '../../../src/serve/api.ts';
import type { OverlayRequest, OverlayView } from '../../../src/serve/rule-change-api.ts';
import pageStyles from '../parts/page.module.css';
import partStyles from '../parts/parts.module.css';
import { Section } from '../parts/section.tsx';
import styles from './rule-changes.module.css';
import type { RuleSearch } from './rule-search.ts';
import { OVERLAY_NAMES, overlayWords, useRuleChange } from './use-rule-change.ts';

export function RuleConflict({ rule, search }: { readonly rule: RuleDetail; readonly search: RuleSearch }) {
  const change = useRuleChange(rule.id);
  const conflicts = rule.overlay.filter(({ conflict }) => conflict);
  if (conflicts.length === 0) return null;
  return (
    <div className={pageStyles.card}>
      <Section title="Changed here, and in the rule since">
        <p className={styles.quiet}>
          What was set here counts until you choose.{' '}
          <Link to="/rules/$id" params={{ id: rule.id }} search={search} hash="revisions" replace>
            What else changed
          </Link>
        </p>
        <table className={styles.conflicts}>
          <thead>
            <tr>
              <td />
              <th scope="col">The rule before</th>
              <th scope="col">The rule now</th>
              <th scope="col">Here</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {conflicts.map((view) => (
              <Conflict key={view.key} view={view} isBusy={change.isPending} send={change.mutate} />
            ))}
          </tbody>
        </table>
        {change.error !== null && (
          <p className={pageStyles.failure} role="alert">
            Not changed: {change.error.message}
          </p>
        )}
      </Section>
    </div>
  );
}

interface Props {
  readonly view: OverlayView;
  readonly isBusy: boolean;
  readonly send: (changes: OverlayRequest) => void;
}

function Conflict({ view: { key, value, theirs, base, by }, isBusy, send }: Props) {
  const name = OVERLAY_NAMES[key];
  return (
    <tr>
      <th scope="row">{name}</th>
      <td data-of="Before">{overlayWords(base ?? null)}</td>
      <td data-of="Now">{overlayWords(theirs)}</td>
      <td data-of="Here" title={by === undefined ? undefined : `Set by ${by}`}>
        <b>{overlayWords(value)}</b>
      </td>
      <td>
        <span className={styles.choices}>
          <button
            type="button"
            className={partStyles.quiet}
            aria-label={`Keep mine: ${name} ${overlayWords(value)}`}
            disabled={isBusy}
            onClick={() => send({ [key]: value })}
          >
            Keep mine
          </button>
          <button
            type="button"
            className={partStyles.quiet}
            aria-label={`Take theirs: ${name} ${overlayWords(theirs)}`}
            disabled={isBusy}
            onClick={() => send({ [key]: null })}
          >
            Take theirs
          </button>
        </span>
      </td>
    </tr>
  );
}
