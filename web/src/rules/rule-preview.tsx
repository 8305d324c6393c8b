/**
 * A rule's text, as it stands or as it is being written, run over stored events of a time: what it would have alerted on,
 * by the path that the service runs it on, and the difference from the alerts that exist.
 */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PreviewState, RuleBacktest } from '../../../src/serve/preview-api.ts';
import { statusQuestion } from '../api/questions.ts';
import pageStyles from '../parts/page.module.css';
import partStyles from '../parts/parts.module.css';
import { Section } from '../parts/section.tsx';
import { TimeField } from '../parts/time-field.tsx';
import { TimePresets } from '../parts/time-presets.tsx';
import { Failure } from '../runs/failure.tsx';
import { useNow } from '../words/clock.ts';
import { grouped } from '../words/counts.ts';
import { dayAndTime } from '../words/time.ts';
import { FindingList } from './finding-list.tsx';
import { PreviewResult } from './preview-result.tsx';
import previewStyles from './rule-preview.module.css';
import styles from './rules.module.css';
import { PreviewProgress, usePreview } from './use-preview.tsx';

interface Range {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

const DAY_MS = 86_400_000;

export function RulePreview({ text }: { readonly text: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Section title="Try on stored events">
      {isOpen ? (
        <PreviewBox text={text} />
      ) : (
        <p className={styles.quiet}>
          See what it would have alerted on, had it run.{' '}
          <button type="button" className={partStyles.quiet} onClick={() => setOpen(true)}>
            Try it
          </button>
        </p>
      )}
    </Section>
  );
}

function PreviewBox({ text }: { readonly text: string }) {
  const oldest = useQuery(statusQuestion).data?.events?.oldest;
  const [range, setRange] = useState<Range>(() => ({
    from: new Date(Date.now() - DAY_MS).toISOString(),
    to: undefined,
  }));
  const { ask, stop, begun, state, isBusy, error } = usePreview();
  const from = range.from ?? oldest;
  const run = () => {
    if (from !== undefined) ask({ text, from, to: range.to ?? new Date().toISOString() });
  };
  return (
    <div className={previewStyles.box}>
      <div className={previewStyles.line}>
        <TimeField label="From" time={range.from} setTime={(time) => setRange({ ...range, from: time })} />
        <TimeField label="Until" time={range.to} setTime={(time) => setRange({ ...range, to: time })} />
        <TimePresets setRange={setRange} />
        <button
          type="button"
          className={pageStyles.action}
          disabled={isBusy || from === undefined || text.trim() === ''}
          onClick={run}
        >
          {isBusy ? 'Running…' : 'Run'}
        </button>
        {isBusy && stop !== undefined && (
          <button type="button" className={partStyles.quiet} onClick={stop}>
            Stop
          </button>
        )}
      </div>
      {from === undefined && <p className={styles.quiet}>No event is stored yet.</p>}
      <div aria-live="polite">
        <PreviewProgress state={isBusy ? state : undefined} />
        <Failure what="Not run" problem={error} />
      </div>
      {begun !== undefined && begun.findings.length > 0 && <FindingList findings={begun.findings} />}
      {state?.state === 'done' && (
        <>
          <p className={styles.quiet}>
            <When report={state.report} />
          </p>
          {state.report.rules.map((rule: RuleBacktest) => (
            <PreviewResult key={rule.id} rule={rule} isAlone={state.report.rules.length === 1} />
          ))}
        </>
      )}
    </div>
  );
}

function When({ report }: { readonly report: Extract<PreviewState, { readonly state: 'done' }>['report'] }) {
  const now = useNow();
  const seconds = Math.max(0.1, report.milliseconds / 1_000).toFixed(1);
  return (
    <>
      {dayAndTime(report.from, now)} to {dayAndTime(report.to, now)}, {grouped(report.events)} events in {seconds} s. As
      the service runs it: exceptions, suppression and the maximum of alerts apply. Nothing was kept.
    </>
  );
}
