/** The rules that are loaded, those that alerted most first. */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RuleSummary } from '../../../src/serve/api.ts';
import alertStyles from '../alert/alert.module.css';
import { rulesQuestion, statusQuestion } from '../api/questions.ts';
import { LanguageChip } from '../parts/chip.tsx';
import { Problem } from '../parts/problem.tsx';
import { SeverityWord } from '../parts/severity.tsx';
import { useTitle } from '../shell/title.ts';
import { counted, grouped } from '../words/counts.ts';
import styles from './rules.module.css';

export function RulesPage() {
  const { data, failureReason, error } = useQuery(rulesQuestion);
  const failed = useQuery(statusQuestion).data?.rules.failed ?? 0;
  const problem = error ?? failureReason;
  const title = data === undefined ? 'Rules' : headline(data);
  useTitle(title);
  const rules = [...(data ?? [])].sort((a, b) => b.alerts - a.alerts || a.name.localeCompare(b.name));
  return (
    <>
      {problem !== null && (
        <Problem title="The rules could not be loaded" problem={problem} queryKey={rulesQuestion.queryKey} />
      )}
      <h1 className={alertStyles.title}>{title}</h1>
      {failed > 0 && (
        <p className={styles.quiet}>
          {counted(failed, 'rule')} could not be loaded; <code>./vedette rule check</code> says why.
        </p>
      )}
      <div role="table" aria-label="Rules" className={styles.list}>
        <div role="row" className={`${styles.row} ${styles.header}`}>
          {['Severity', 'Rule', 'Risk', 'Language', 'State', 'Alerts'].map((name) => (
            <div key={name} role="columnheader" className={name === 'Alerts' ? styles.number : undefined}>
              {name}
            </div>
          ))}
        </div>
        {data === undefined
          ? Array.from({ length: 5 }, (_, index) => <Skeleton key={`ghost-${String(index)}`} height={18} my={16} />)
          : rules.map((rule) => <RuleRow key={rule.id} rule={rule} />)}
      </div>
    </>
  );
}

function RuleRow({ rule }: { readonly rule: RuleSummary }) {
  return (
    <div role="row" className={styles.row}>
      <div role="cell">{rule.severity === undefined ? '–' : <SeverityWord severity={rule.severity} />}</div>
      <div role="cell">
        <Link to="/rules/$id" params={{ id: rule.id }} className={styles.name}>
          {rule.name}
        </Link>
      </div>
      <div role="cell" className={styles.quiet}>
        {rule.risk_score ?? '–'}
      </div>
      <div role="cell">
        <LanguageChip language={rule.language} />
      </div>
      <div role="cell" className={styles.quiet}>
        {rule.enabled ? 'enabled' : 'disabled'}
      </div>
      <div role="cell" className={styles.number}>
        {rule.alerts === 0 ? (
          'none'
        ) : (
          <Link
            to="/"
            search={{ status: 'all', rule: rule.id }}
            aria-label={`${counted(rule.alerts, 'alert')} of ${rule.name}`}
          >
            {grouped(rule.alerts)}
          </Link>
        )}
      </div>
    </div>
  );
}

function headline(rules: readonly RuleSummary[]): string {
  const enabled = rules.filter((rule) => rule.enabled).length;
  const count = counted(enabled, 'rule');
  return `${count.charAt(0).toUpperCase()}${count.slice(1)} enabled`;
}
