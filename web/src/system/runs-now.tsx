/** What is run over stored events just now, what waits for it, and what was not looked at. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { gapsQuestion, runsNowQuestion } from '../api/runs.ts';
import { Facts } from '../parts/facts.tsx';
import { Section } from '../parts/section.tsx';
import { rangeWords } from '../runs/range-words.ts';
import { KIND_WORD, progressOf } from '../runs/run-words.ts';
import { useNow } from '../words/clock.ts';
import { counted, grouped } from '../words/counts.ts';

/** Nothing where the service does not tell: the rest of the page says why. */
export function RunsNow() {
  const now = useNow();
  const { data } = useQuery(runsNowQuestion());
  const { data: gaps } = useQuery(gapsQuestion('open'));
  if (data === undefined || gaps === undefined) return null;
  const { underway, waiting } = data;
  const open = gaps.gaps.length;
  return (
    <Section title="Runs over stored events">
      <Facts
        facts={[
          [
            'Under way',
            underway === undefined
              ? 'nothing'
              : `${KIND_WORD[underway.kind]}: ${counted(underway.rules, 'rule')} over ${rangeWords(underway.from, underway.to, now)}, ${Math.round(progressOf(underway) * 100)} % of it`,
          ],
          ['Waiting', waiting === 0 ? 'none' : counted(waiting, 'request')],
          [
            'Not looked at',
            <Link key="gaps" to="/runs">
              {gaps.next === undefined ? counted(open, 'range') : `more than ${grouped(open)} ranges`}
            </Link>,
          ],
        ]}
      />
    </Section>
  );
}
