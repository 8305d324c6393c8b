/** On or off. Nothing is shown as changed before the service has kept it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { RuleSummary } from '../../../src/serve/api.ts';
import { setRuleEnabled } from '../api/client.ts';
import { ruleQuestion, rulesQuestion } from '../api/questions.ts';
import pageStyles from '../parts/page.module.css';
import styles from './rules.module.css';

interface Change {
  readonly id: string;
  readonly enabled: boolean;
}

export function useEnableRule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, enabled }: Change) => setRuleEnabled(id, enabled),
    onSuccess: (detail) => {
      client.setQueryData(ruleQuestion(detail.id).queryKey, detail);
      const { document: _, findings: __, ...summary } = detail;
      client.setQueryData(rulesQuestion.queryKey, (rules) =>
        rules?.map((rule) => (rule.id === summary.id ? summary : rule)),
      );
    },
  });
}

interface Props {
  readonly rule: Pick<RuleSummary, 'id' | 'name' | 'enabled'>;
  readonly enabling: ReturnType<typeof useEnableRule>;
}

export function RuleSwitch({ rule, enabling }: Props) {
  const { id, name, enabled } = rule;
  const isChanging = enabling.isPending && enabling.variables.id === id;
  return (
    <button
      type="button"
      role="switch"
      aria-checked={enabled}
      aria-label={`Run ${name}`}
      aria-busy={isChanging}
      className={styles.switch}
      onClick={() => {
        if (!enabling.isPending) enabling.mutate({ id, enabled: !enabled });
      }}
    >
      <span className={styles.track} />
      <span className={styles.switchWord}>{enabled ? 'on' : 'off'}</span>
    </button>
  );
}

/** What became of the last change, when it failed. */
export function EnableFailure({ enabling }: { readonly enabling: ReturnType<typeof useEnableRule> }) {
  if (enabling.error === null) return null;
  const { enabled } = enabling.variables ?? { enabled: true };
  return (
    <p className={pageStyles.failure} role="alert">
      Not turned {enabled ? 'on' : 'off'}: {enabling.error.message} The rule is as it was; try again.
    </p>
  );
}
