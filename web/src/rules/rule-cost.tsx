/**
 * What a rule's text, as it stands or as it is being written, would cost: measured over stored events beside all rules that
 * run, in the words and the order of `vedette rule cost`.
 */
import { Link } from '@tanstack/react-router';
import type { RankedCost, StoredRuleCost } from '../../../src/serve/preview-api.ts';
import pageStyles from '../parts/page.module.css';
import partStyles from '../parts/parts.module.css';
import { Section } from '../parts/section.tsx';
import { Failure } from '../runs/failure.tsx';
import { counted, grouped } from '../words/counts.ts';
import { costWords, milliseconds, share } from './cost-words.ts';
import { FindingList } from './finding-list.tsx';
import styles from './rule-cost.module.css';
import previewStyles from './rule-preview.module.css';
import { PreviewProgress, usePreview } from './use-preview.tsx';

const TIMES = [
  { name: 'Last hour', ms: 3_600_000 },
  { name: 'Last 24 hours', ms: 86_400_000 },
] as const;

export function RuleCost({ text }: { readonly text: string }) {
  const { ask, stop, begun, state, isBusy, error } = usePreview();
  const measure = (ms: number) => {
    const now = Date.now();
    ask({ text, what: 'cost', from: new Date(now - ms).toISOString(), to: new Date(now).toISOString() });
  };
  return (
    <Section title="What it costs">
      <div className={previewStyles.box}>
        <div className={previewStyles.line}>
          <span className={previewStyles.quiet}>Measure it beside the rules that run, over stored events:</span>
          {TIMES.map(({ name, ms }) => (
            <button
              key={name}
              type="button"
              className={pageStyles.action}
              disabled={isBusy}
              onClick={() => measure(ms)}
            >
              {name}
            </button>
          ))}
          {isBusy && stop !== undefined && (
            <button type="button" className={partStyles.quiet} onClick={stop}>
              Stop
            </button>
          )}
        </div>
        <div aria-live="polite">
          <PreviewProgress state={isBusy ? (state ?? { state: 'waiting' }) : undefined} />
          <Failure what="Not measured" problem={error} />
          {state?.state === 'measured' && <Words cost={state.cost} />}
        </div>
        {begun !== undefined && begun.findings.length > 0 && <FindingList findings={begun.findings} />}
        {state?.state === 'measured' && state.cost.dearest.length > 0 && <Dearest cost={state.cost} />}
      </div>
    </Section>
  );
}

function Words({ cost }: { readonly cost: StoredRuleCost }) {
  return costWords(cost).map((words) => (
    <p key={words} className={previewStyles.sentence}>
      {words}
    </p>
  ));
}

/** The dearest of all, and the text's own wherever they stand. */
function Dearest({ cost: { dearest, rules, events } }: { readonly cost: StoredRuleCost }) {
  const own = new Set(rules.map(({ id }) => id));
  const shown = [
    ...dearest,
    ...rules.filter(({ id, candidates }) => candidates > 0 && !dearest.some((one) => one.id === id)),
  ];
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <caption>The dearest rules over these events</caption>
        <thead>
          <tr>
            {['', 'share', 'time', 'candidates', 'matches'].map((title) => (
              <th key={title} scope="col">
                {title === '' ? <span className={styles.hidden}>rank</span> : title}
              </th>
            ))}
            <th scope="col">rule</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((rule) => (
            <Row key={rule.id} rule={rule} events={events} isOwn={own.has(rule.id)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ rule, events, isOwn }: { readonly rule: RankedCost; readonly events: number; readonly isOwn: boolean }) {
  return (
    <tr data-own={isOwn}>
      <td>{grouped(rule.rank)}</td>
      <td>{share(rule.share)}</td>
      <td>{milliseconds(rule.milliseconds)}</td>
      <td title={`${share(rule.candidates / events)} of ${counted(events, 'event')}`}>{grouped(rule.candidates)}</td>
      <td>{grouped(rule.matches)}</td>
      <td>
        {isOwn ? (
          <b>{rule.name}</b>
        ) : (
          <Link to="/rules/$id" params={{ id: rule.id }}>
            {rule.name}
          </Link>
        )}
      </td>
    </tr>
  );
}
