/** What rules have looked at, and what not: what is under way, what floods, gaps, the log of runs, and asking for one. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { gapsQuestion, runsNowQuestion, slotsQuestion } from '../api/runs.ts';
import pageStyles from '../parts/page.module.css';
import { Problem } from '../parts/problem.tsx';
import { useTitle } from '../shell/title.ts';
import { AskRun } from './ask-run.tsx';
import { Live } from './floods.tsx';
import { Gaps } from './gaps.tsx';
import { RunLog } from './run-log.tsx';
import { floodsOf, runsHeadline } from './run-words.ts';
import styles from './runs.module.css';
import { UnderWay } from './under-way.tsx';

const route = getRouteApi('/runs');

export function RunsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, failureReason } = useQuery(gapsQuestion('open'));
  const problem = error ?? failureReason;
  const gaps = data?.gaps.length;
  const capped = useQuery(slotsQuestion({ capped: true })).data?.slots ?? [];
  const isGoing = useQuery(runsNowQuestion()).data?.underway !== undefined;
  const title = runsHeadline(gaps, floodsOf(capped).length, isGoing);
  useTitle(title);
  return (
    <>
      {problem !== null && <Problem title="The runs could not be loaded" problem={problem} queryKey={['runs']} />}
      <h1 className={pageStyles.title}>{title}</h1>
      <p className={styles.lead}>
        Rules over one event, or over several in order, alert live. Everything else is a run over stored events: on an
        interval, to catch up, to fill what was missed, or because somebody asked.
      </p>
      <div className={pageStyles.columns}>
        <div className={pageStyles.lead}>
          <UnderWay />
          <Gaps />
          <Live />
        </div>
        <aside className={pageStyles.aside} aria-label="Ask for a run">
          <AskRun />
        </aside>
        <div className={pageStyles.rest}>
          <RunLog
            search={search}
            setSearch={(next) => void navigate({ to: '/runs', search: next, replace: true, resetScroll: false })}
          />
        </div>
      </div>
    </>
  );
}
