/** The list of rules. `e` turns the rule that is walked to on or off. */
import type { RuleSummary } from '../../../src/serve/api.ts';
import { rulePlace } from '../parts/list-place.ts';
import { HeaderCells, WalkedTable } from '../parts/walked-table.tsx';
import { RuleRow } from './rule-row.tsx';
import type { RuleSearch } from './rule-search.ts';
import type { useEnableRule } from './rule-switch.tsx';
import styles from './rules.module.css';

const ROW_HEIGHT = 62;
const COLUMNS = ['Severity', 'Rule', 'Language', 'Findings', 'Alerts', 'Runs'];

interface Props {
  /** Absent while they are loading. */
  readonly rules: readonly RuleSummary[] | undefined;
  readonly search: RuleSearch;
  readonly enabling: ReturnType<typeof useEnableRule>;
  readonly openRule: (id: string) => void;
}

export function RuleTable({ rules, search, enabling, openRule }: Props) {
  return (
    <WalkedTable
      label="Rules"
      className={styles.table}
      header={<HeaderCells names={COLUMNS} />}
      rows={rules}
      idOf={idOf}
      rowHeight={ROW_HEIGHT}
      place={rulePlace}
      open={openRule}
      stateOf={(rule) => (rule.enabled ? 'on' : 'off')}
      keysOf={({ id, enabled }) => ({
        e: enabling.isPending ? undefined : () => enabling.mutate({ id, enabled: !enabled }),
      })}
    >
      {(rule) => <RuleRow rule={rule} search={search} enabling={enabling} />}
    </WalkedTable>
  );
}

function idOf({ id }: RuleSummary): string {
  return id;
}
