/** Rules that alert live: first those whose caps cut something off, then the slots of late. */
import { useQuery } from '@tanstack/react-query';
import type { Slot } from '../../../src/serve/run-api.ts';
import { rulesQuestion } from '../api/questions.ts';
import { slotsQuestion } from '../api/runs.ts';
import partStyles from '../parts/parts.module.css';
import { Section } from '../parts/section.tsx';
import { useNow } from '../words/clock.ts';
import { counted } from '../words/counts.ts';
import { Failure } from './failure.tsx';
import { FunnelWords } from './funnel-words.tsx';
import { rangeWords } from './range-words.ts';
import { RuleLink } from './rule-link.tsx';
import { type Flood, floodsOf } from './run-words.ts';
import styles from './runs.module.css';
import { useAskRun, usePauseRule } from './use-asking.ts';

/** Slots shown beneath the flooding rules. */
const SLOTS_SHOWN = 12;

export function Live() {
  const capped = useQuery(slotsQuestion({ capped: true })).data?.slots;
  const recent = useQuery(slotsQuestion({ capped: false })).data?.slots;
  const floods = floodsOf(capped ?? []);
  const others = recent?.filter(({ funnel }) => funnel.capped === 0).slice(0, SLOTS_SHOWN);
  if (capped === undefined || others === undefined) return null;
  return (
    <Section title="Rules that alert live">
      {floods.length === 0 && others.length === 0 && (
        <p className={styles.none}>
          No rule has matched yet. A rule over one event, or over several in order, alerts within a second; what its
          matches became is counted here for each of its intervals, and a rule that alerts too much stands first.
        </p>
      )}
      <ul className={styles.list}>
        {floods.map((flood) => (
          <FloodRow key={flood.rule.id} flood={flood} />
        ))}
        {others.map((slot) => (
          <SlotRow key={`${slot.rule.id} ${slot.from}`} slot={slot} />
        ))}
      </ul>
    </Section>
  );
}

/** A rule that matched more than it may alert: what was cut can be created, and the rule be paused. */
export function FloodRow({ flood, isOfRule = false }: { readonly flood: Flood; readonly isOfRule?: boolean }) {
  const { rule, slots, capped, from, to } = flood;
  const now = useNow();
  const asking = useAskRun();
  const pausing = usePauseRule();
  const isPaused = useQuery(rulesQuestion).data?.find(({ id }) => id === rule.id)?.paused ?? false;
  return (
    <li className={styles.row}>
      <span className={styles.state} data-state="flooding">
        Floods
      </span>
      <div className={styles.what}>
        <p className={styles.name}>
          {isOfRule ? 'It matched more than it may alert' : <RuleLink rule={rule} />}{' '}
          <span className={styles.quiet}>{rangeWords(from, to, now)}</span>
        </p>
        <p>
          Its cap cut off {counted(capped, 'alert')} in {counted(slots, 'interval')}.
          {asking.data !== undefined && ' They are being created: the run waits its turn.'}
        </p>
        <Failure what="Not asked for" problem={asking.error} />
        <Failure what="Not paused" problem={pausing.error} />
      </div>
      <span className={styles.acts}>
        <button
          type="button"
          className={partStyles.quiet}
          disabled={asking.isPending || asking.data !== undefined || rule.name === undefined}
          onClick={() => asking.mutate({ rules: [rule.id], from, to, uncapped: true })}
        >
          Create the rest
        </button>
        {!isOfRule && rule.name !== undefined && (
          <button
            type="button"
            className={partStyles.quiet}
            disabled={pausing.isPending}
            onClick={() => pausing.mutate({ id: rule.id, paused: !isPaused })}
          >
            {isPaused ? 'Resume the rule' : 'Pause the rule'}
          </button>
        )}
      </span>
    </li>
  );
}

function SlotRow({ slot: { rule, from, to, funnel } }: { readonly slot: Slot }) {
  const now = useNow();
  return (
    <li className={styles.row}>
      <span className={styles.state} data-state="live">
        Live
      </span>
      <div className={styles.what}>
        <p className={styles.name}>
          <RuleLink rule={rule} /> <span className={styles.quiet}>{rangeWords(from, to, now)}</span>
        </p>
        <p>
          <FunnelWords funnel={funnel} rule={rule.id} from={from} to={to} />
        </p>
      </div>
    </li>
  );
}
