/** The list of rules. `e` turns the rule that is walked to on or off. */
import { Skeleton } from '@mantine/core';
import { useMemo } from 'react';
import type { RuleSummary } from '../../../src/serve/api.ts';
import { rulePlace } from '../parts/list-place.ts';
import { useWalkedList } from '../parts/walked-list.ts';
import { useKeys } from '../shell/keys.ts';
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
  const ids = useMemo(() => (rules ?? []).map(({ id }) => id), [rules]);
  const { body, rows, items, margin, active } = useWalkedList({
    ids,
    rowHeight: ROW_HEIGHT,
    place: rulePlace,
    open: openRule,
  });
  const walkedTo = active === undefined ? undefined : rules?.[active];
  useKeys({
    e:
      walkedTo === undefined || enabling.isPending
        ? undefined
        : () => enabling.mutate({ id: walkedTo.id, enabled: !walkedTo.enabled }),
  });
  return (
    <div
      role="table"
      aria-label="Rules"
      aria-rowcount={(rules?.length ?? 0) + 1}
      aria-busy={rules === undefined}
      className={styles.table}
    >
      <div role="rowgroup" className={styles.headerGroup}>
        <div role="row" aria-rowindex={1} className={styles.header}>
          {COLUMNS.map((name) => (
            <div key={name} role="columnheader" className={styles.headerCell}>
              {name}
            </div>
          ))}
        </div>
      </div>
      <div
        ref={body}
        role="rowgroup"
        className={styles.body}
        style={{ height: rules === undefined ? undefined : rows.getTotalSize() }}
      >
        {rules === undefined
          ? Array.from({ length: 6 }, (_, index) => <GhostRow key={`ghost-${String(index)}`} />)
          : items.map((item) => {
              const rule = rules[item.index];
              return rule === undefined ? null : (
                <RuleRow
                  key={item.key}
                  rule={rule}
                  index={item.index}
                  isActive={item.index === active}
                  offset={item.start - margin}
                  search={search}
                  enabling={enabling}
                  measure={rows.measureElement}
                />
              );
            })}
      </div>
    </div>
  );
}

function GhostRow() {
  return (
    <div className={styles.ghost} aria-hidden="true">
      <Skeleton height={13} width="38%" />
      <Skeleton height={11} width="24%" />
    </div>
  );
}
