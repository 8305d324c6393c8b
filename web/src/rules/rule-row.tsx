/** The cells of one rule of the list: severity, what it is called and what it looks for, what is wrong with it, its alerts, on or off. */
import { Link } from '@tanstack/react-router';
import type { RuleSummary } from '../../../src/serve/api.ts';
import { LanguageChip, Tag } from '../parts/chip.tsx';
import listStyles from '../parts/list.module.css';
import { SeverityWord } from '../parts/severity.tsx';
import { rowLinkId } from '../parts/walked-list.ts';
import { attackLinks } from '../words/attack.ts';
import { counted, grouped } from '../words/counts.ts';
import type { RuleSearch } from './rule-search.ts';
import { RuleSwitch, type useEnableRule } from './rule-switch.tsx';
import styles from './rules.module.css';

interface Props {
  readonly rule: RuleSummary;
  readonly search: RuleSearch;
  readonly enabling: ReturnType<typeof useEnableRule>;
}

export function RuleRow({ rule, search, enabling }: Props) {
  return (
    <>
      <div role="cell" className={styles.severity}>
        {rule.severity === undefined ? '–' : <SeverityWord severity={rule.severity} />}
      </div>
      <div role="cell" className={`${styles.what} ${listStyles.what}`}>
        <div className={listStyles.first}>
          <Link
            id={rowLinkId(rule.id)}
            to="/rules/$id"
            params={{ id: rule.id }}
            search={search}
            className={`${styles.ruleName} ${listStyles.name}`}
          >
            {rule.name}
          </Link>
          {rule.added && <Tag title="Added on this page, and so removable here">added</Tag>}
          {rule.upstream_changed && (
            <Tag title="The rule has changed a value that was changed here: choose on its page which counts">
              changed here and there
            </Tag>
          )}
        </div>
        <div className={listStyles.under}>
          {attackLinks(rule.threat)
            .map(({ id, name }) => `${id} ${name}`)
            .join(' · ') || 'no ATT&CK technique'}
        </div>
      </div>
      <div role="cell" className={styles.language}>
        <LanguageChip language={rule.language} />
      </div>
      <div role="cell" className={styles.findings}>
        <FindingCounts rule={rule} search={search} />
      </div>
      <div role="cell" className={styles.alerts}>
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
      <div role="cell" className={styles.state}>
        <RuleSwitch rule={rule} enabling={enabling} />
      </div>
    </>
  );
}

function FindingCounts({ rule, search }: Pick<Props, 'rule' | 'search'>) {
  const { id, errors, warnings } = rule;
  const counts = [
    { count: errors, noun: 'error', className: styles.errors },
    { count: warnings, noun: 'warning', className: undefined },
  ].filter(({ count }) => count > 0);
  return counts.map(({ count, noun, className }) => (
    <Link key={noun} to="/rules/$id" params={{ id }} search={search} hash="findings" className={className}>
      {counted(count, noun)}
    </Link>
  ));
}
