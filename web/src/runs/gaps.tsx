/** What rules have not looked at: why, what that means, and filling it. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { GapSummary } from '../../../src/serve/run-api.ts';
import { gapsQuestion } from '../api/runs.ts';
import { Door, Doors } from '../parts/door.tsx';
import partStyles from '../parts/parts.module.css';
import { Section } from '../parts/section.tsx';
import { useNow } from '../words/clock.ts';
import { counted } from '../words/counts.ts';
import { Failure } from './failure.tsx';
import { rangeWords } from './range-words.ts';
import { RuleLink } from './rule-link.tsx';
import { GAP_REASONS, gapsByRule } from './run-words.ts';
import styles from './runs.module.css';
import { useFillGaps } from './use-asking.ts';

const STATES = {
  open: { word: 'Open', none: 'None: every rule has looked at every event that was stored while it ran.' },
  filled: { word: 'Filled', none: 'No gap has been filled yet.' },
  gone: { word: 'Gone', none: 'No gap was left open until its events were no longer stored.' },
} as const;
type State = keyof typeof STATES;

export function Gaps() {
  const [state, setState] = useState<State>('open');
  const { data } = useQuery(gapsQuestion(state));
  const filling = useFillGaps();
  return (
    <Section title="What was not looked at">
      <Doors label="Gaps">
        {(Object.keys(STATES) as State[]).map((each) => (
          <Door key={each} isOpen={each === state} toggle={() => setState(each)}>
            {STATES[each].word}
          </Door>
        ))}
      </Doors>
      {data?.gaps.length === 0 && <p className={styles.none}>{STATES[state].none}</p>}
      <Failure what="Not filled" problem={filling.error} />
      <ul className={styles.list}>
        {gapsByRule(data?.gaps ?? []).map((gaps) => (
          <GapsOfRule key={gaps[0]?.rule.id} gaps={gaps} filling={filling} />
        ))}
      </ul>
      {data?.next !== undefined && (
        <p className={styles.quiet}>Only the newest {counted(data.gaps.length, 'gap')} are shown.</p>
      )}
    </Section>
  );
}

interface Props {
  readonly gaps: readonly GapSummary[];
  readonly filling: ReturnType<typeof useFillGaps>;
}

function GapsOfRule({ gaps, filling }: Props) {
  const [first] = gaps;
  const open = gaps.filter(({ state }) => state === 'open');
  if (first === undefined) return null;
  return (
    <li>
      <div className={styles.ofRule}>
        <p className={styles.name}>
          <RuleLink rule={first.rule} />
        </p>
        {open.length > 1 && (
          <button
            type="button"
            className={partStyles.quiet}
            disabled={filling.isPending}
            onClick={() => filling.mutate(open.map(({ id }) => id))}
          >
            Fill all {open.length}
          </button>
        )}
      </div>
      <ul className={styles.list}>
        {gaps.map((gap) => (
          <GapRow key={gap.id} gap={gap} filling={filling} />
        ))}
      </ul>
    </li>
  );
}

export function GapRow({ gap, filling }: { readonly gap: GapSummary } & Pick<Props, 'filling'>) {
  const now = useNow();
  const { id, from, to, reason, state, tries } = gap;
  const { why, remedy } = GAP_REASONS[reason];
  const isAsked = filling.isSuccess && filling.variables.includes(id);
  return (
    <li className={styles.row}>
      <span className={styles.state} data-state={state}>
        {STATES[state].word}
      </span>
      <div className={styles.what}>
        <p>
          {rangeWords(from, to, now)}: {why}.
        </p>
        <p className={styles.quiet}>
          {state === 'open' && (isAsked ? 'Asked for: it is filled when its turn comes.' : remedy)}
          {state === 'open' && tries > 0 && ` Filling it was tried ${counted(tries, 'time')}.`}
          {state === 'filled' && 'The rule has looked at it since.'}
          {state === 'gone' && 'Its events are no longer stored.'}
        </p>
      </div>
      {state === 'open' && (
        <button
          type="button"
          className={partStyles.quiet}
          aria-label={`Fill ${rangeWords(from, to, now)}`}
          disabled={filling.isPending || isAsked}
          onClick={() => filling.mutate([id])}
        >
          Fill
        </button>
      )}
    </li>
  );
}
