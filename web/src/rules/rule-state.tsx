/** Whether the rule runs, turning it on or off, and removing it where it was added here: in two steps, for good. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { RuleDetail } from '../../../src/serve/api.ts';
import { removeRule } from '../api/client.ts';
import { ruleQuestion, rulesQuestion } from '../api/questions.ts';
import { AskedTwice } from '../parts/asked-twice.tsx';
import { Key } from '../parts/chip.tsx';
import pageStyles from '../parts/page.module.css';
import { Section } from '../parts/section.tsx';
import { useKeys } from '../shell/keys.ts';
import { isRunning, type RuleSearch } from './rule-search.ts';
import { EnableFailure, RuleSwitch, useEnableRule } from './rule-switch.tsx';
import styles from './rules.module.css';

export function RuleState({ rule, search }: { readonly rule: RuleDetail; readonly search: RuleSearch }) {
  const enabling = useEnableRule();
  useKeys({
    e: enabling.isPending ? undefined : () => enabling.mutate({ id: rule.id, enabled: !rule.enabled }),
  });
  return (
    <div className={pageStyles.card}>
      <Section title="State">
        <div className={styles.stateLine}>
          <p role="status">{stateWords(rule)}</p>
          <div className={styles.stateSwitch}>
            <RuleSwitch rule={rule} enabling={enabling} />
            <Key>e</Key>
          </div>
        </div>
        <EnableFailure enabling={enabling} />
        {rule.added && <Removal rule={rule} search={search} />}
      </Section>
    </div>
  );
}

function stateWords(rule: RuleDetail): string {
  if (rule.enabled && !rule.paused && rule.kept_revision !== undefined) {
    return `Running as before (revision ${rule.kept_revision}): its file has an error.`;
  }
  if (isRunning(rule)) return rule.paused ? 'On, and paused.' : 'Running.';
  if (rule.enabled) return 'On, but an error keeps it from running.';
  return 'Off: it creates no alerts.';
}

function Removal({ rule, search }: { readonly rule: RuleDetail; readonly search: RuleSearch }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const removal = useMutation({
    mutationFn: () => removeRule(rule.id),
    onSuccess: async () => {
      await navigate({ to: '/rules', search });
      client.removeQueries({ queryKey: ruleQuestion(rule.id).queryKey });
      await client.invalidateQueries({ queryKey: rulesQuestion.queryKey });
    },
  });
  return (
    <div className={styles.removal}>
      <AskedTwice offer="Remove the rule" question="Remove the rule and its text? Its alerts stay." removal={removal} />
      {removal.error !== null && (
        <p className={pageStyles.failure} role="alert">
          Not removed: {removal.error.message}
        </p>
      )}
    </div>
  );
}
