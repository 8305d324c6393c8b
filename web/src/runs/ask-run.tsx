/** Runs rules over a time of the stored events: all, or those that are chosen. */
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { rulesQuestion, statusQuestion } from '../api/questions.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Combobox, suggestionsFor } from '../parts/combobox.tsx';
import pageStyles from '../parts/page.module.css';
import { RemovableChips } from '../parts/removable-chips.tsx';
import { Section } from '../parts/section.tsx';
import { TimeField } from '../parts/time-field.tsx';
import { TimePresets } from '../parts/time-presets.tsx';
import { useKeys } from '../shell/keys.ts';
import { Failure } from './failure.tsx';
import styles from './runs.module.css';
import { useAskRun } from './use-asking.ts';

interface Range {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

const DAY_MS = 86_400_000;

export function AskRun() {
  const { data: rules = [] } = useQuery(rulesQuestion);
  const oldest = useQuery(statusQuestion).data?.events?.oldest;
  const [range, setRange] = useState<Range>(() => ({
    from: new Date(Date.now() - DAY_MS).toISOString(),
    to: undefined,
  }));
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [typed, setTyped] = useState('');
  const [isUncapped, setUncapped] = useState(false);
  const card = useRef<HTMLDivElement>(null);
  const asking = useAskRun();
  const from = range.from ?? oldest;
  const run = () => {
    if (from === undefined || asking.isPending) return;
    asking.mutate({
      from,
      to: range.to ?? new Date().toISOString(),
      ...(chosen.length === 0 ? {} : { rules: chosen }),
      ...(isUncapped ? { uncapped: true } : {}),
    });
  };
  useKeys({ r: run, '/': () => card.current?.querySelector<HTMLElement>('[role="combobox"]')?.focus() });
  const offered = rules
    .filter(({ id }) => !chosen.includes(id))
    .map(({ id, name }) => ({ value: id, label: name }))
    .sort((a, b) => a.label.localeCompare(b.label));
  return (
    <div ref={card} className={pageStyles.card}>
      <Section title="Run rules over a time">
        <div className={styles.ask}>
          <TimeField label="From" time={range.from} setTime={(time) => setRange({ ...range, from: time })} />
          <TimeField label="Until" time={range.to} setTime={(time) => setRange({ ...range, to: time })} />
          <TimePresets setRange={setRange} />
          <Combobox
            label="Rules"
            text={typed}
            setText={setTyped}
            placeholder={chosen.length === 0 ? 'All rules that run; or choose' : 'Another rule'}
            className={styles.choose}
            suggest={(text) => suggestionsFor(offered, text)}
            pick={({ value }) => {
              setChosen([...chosen, value]);
              setTyped('');
            }}
          />
          <RemovableChips
            chips={chosen.map((id) => ({
              text: rules.find((rule) => rule.id === id)?.name ?? id,
              remove: () => setChosen(chosen.filter((each) => each !== id)),
            }))}
          />
          <label className={styles.check}>
            <input
              type="checkbox"
              checked={isUncapped}
              onChange={(event) => setUncapped(event.currentTarget.checked)}
            />{' '}
            Create also what caps would cut off
          </label>
        </div>
        <div className={pageStyles.actions}>
          <ActionButton keyName="r" run={run} isMain isBusy={asking.isPending} disabled={from === undefined}>
            {chosen.length === 0
              ? 'Run all rules'
              : chosen.length === 1
                ? 'Run the rule'
                : `Run ${chosen.length} rules`}
          </ActionButton>
        </div>
        {from === undefined && <p className={styles.quiet}>No event is stored yet that rules could be run over.</p>}
        {asking.data !== undefined && !asking.isPending && (
          <p role="status" className={styles.said}>
            It waits its turn; nothing that has alerted already alerts again.
          </p>
        )}
        <Failure what="Not asked for" problem={asking.error} />
      </Section>
    </div>
  );
}
