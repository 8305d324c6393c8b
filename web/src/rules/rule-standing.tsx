/** Whether the rule keeps up: paused or not, flooding, what it has not looked at, and its last runs over stored events. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RuleDetail } from '../../../src/serve/api.ts';
import { gapsQuestion, lastRunsQuestion, slotsQuestion } from '../api/runs.ts';
import { Key } from '../parts/chip.tsx';
import pageStyles from '../parts/page.module.css';
import partStyles from '../parts/parts.module.css';
import { Section } from '../parts/section.tsx';
import { Failure } from '../runs/failure.tsx';
import { FloodRow } from '../runs/floods.tsx';
import { GapRow } from '../runs/gaps.tsx';
import { RunRow } from '../runs/run-row.tsx';
import { floodsOf } from '../runs/run-words.ts';
import runStyles from '../runs/runs.module.css';
import { useFillGaps, usePauseRule } from '../runs/use-asking.ts';
import { useKeys } from '../shell/keys.ts';
import { isRunning } from './rule-search.ts';
import styles from './rules.module.css';

const RUNS_SHOWN = 5;

/** Beside the rule: stopping it for a while. Nothing where it does not run anyway. */
export function RulePause({ rule }: { readonly rule: RuleDetail }) {
  const pausing = usePauseRule();
  const { id, paused } = rule;
  const canPause = isRunning(rule) || paused;
  const turn = () => pausing.mutate({ id, paused: !paused });
  useKeys({ p: canPause && !pausing.isPending ? turn : undefined });
  if (!canPause) return null;
  return (
    <div className={pageStyles.card}>
      <Section title={paused ? 'Paused' : 'For a while'}>
        <div className={styles.stateLine}>
          <p className={styles.quiet}>
            {paused
              ? 'It does not run. What it misses is a gap, to be filled when it goes on.'
              : 'A rule that floods can be paused: what it misses meanwhile is kept as a gap.'}
          </p>
          <div className={styles.stateSwitch}>
            <button type="button" className={partStyles.quiet} disabled={pausing.isPending} onClick={turn}>
              {paused ? 'Resume' : 'Pause'}
            </button>
            <Key>p</Key>
          </div>
        </div>
        <Failure what={paused ? 'Not resumed' : 'Not paused'} problem={pausing.error} />
      </Section>
    </div>
  );
}

/** What it was cut off, what it has not looked at, and its last runs over stored events. */
export function RuleStanding({ id }: { readonly id: string }) {
  const slots = useQuery(slotsQuestion({ rule: id, capped: true })).data?.slots ?? [];
  const { data: gaps } = useQuery(gapsQuestion('open', id));
  const { data: log } = useQuery(lastRunsQuestion(id, RUNS_SHOWN));
  const filling = useFillGaps();
  const [flood] = floodsOf(slots);
  const open = gaps?.gaps ?? [];
  const runs = log?.runs ?? [];
  if (flood === undefined && open.length === 0 && runs.length === 0) return null;
  return (
    <Section title="Runs over stored events">
      <ul className={runStyles.list}>
        {flood !== undefined && <FloodRow flood={flood} isOfRule />}
        {open.map((gap) => (
          <GapRow key={gap.id} gap={gap} filling={filling} />
        ))}
        {runs.map((run) => (
          <RunRow key={run.id} run={run} isOfRule />
        ))}
      </ul>
      <Failure what="Not filled" problem={filling.error} />
      <p className={styles.all}>
        <Link to="/runs" search={{ rule: id }}>
          All its runs
        </Link>
      </p>
    </Section>
  );
}
