/**
 * One alert, in the order of the reader's questions: what happened, what ran, why it fired, where it came from, what was
 * around it, what to ask and to do; beside it the decision, what belongs to it, and the facts.
 */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Alert, AlertDetail } from '../../../src/serve/api.ts';
import type { ListSearch } from '../alerts/list-search.ts';
import { alertQuestion } from '../api/questions.ts';
import { textOf } from '../evidence/field-of.ts';
import { AttackIds } from '../parts/attack-ids.tsx';
import { LanguageChip, Tag } from '../parts/chip.tsx';
import { Fold } from '../parts/fold.tsx';
import pageStyles from '../parts/page.module.css';
import { Problem } from '../parts/problem.tsx';
import { RuleTexts } from '../parts/rule-texts.tsx';
import { Section } from '../parts/section.tsx';
import { SeverityWord } from '../parts/severity.tsx';
import { When } from '../parts/when.tsx';
import { useTitle } from '../shell/title.ts';
import { AlertFacts } from './alert-facts.tsx';
import { AlertTrail } from './alert-trail.tsx';
import { DecideCard } from './decide-card.tsx';
import { InvestigationGuide } from './guide.tsx';
import { History } from './history.tsx';
import { IncidentDoor } from './incident-door.tsx';
import { SeenElsewhere } from './likeness.tsx';
import { Notes } from './notes.tsx';
import { ProcessTree } from './process-tree.tsx';
import { QueryRows } from './query-rows.tsx';
import { RelatedAlerts } from './related-alerts.tsx';
import { RuleCredit } from './rule-credit.tsx';
import { SameProcess } from './same-process.tsx';
import { WhatRan } from './what-ran.tsx';
import { WhyItFired } from './why-it-fired.tsx';

const route = getRouteApi('/alerts/$id');

export function AlertPage() {
  const { id } = route.useParams();
  const search = route.useSearch();
  const question = alertQuestion(id);
  const { data, failureReason, error } = useQuery(question);
  useTitle(data?.alert.reason ?? 'Alert');
  const problem = error ?? failureReason;
  return (
    <>
      <AlertTrail id={id} search={search} />
      {problem !== null && (
        <Problem title="The alert could not be loaded" problem={problem} queryKey={question.queryKey} />
      )}
      {data === undefined ? error === null && <Ghost /> : <AlertView key={id} detail={data} search={search} />}
    </>
  );
}

function AlertView({ detail, search }: { readonly detail: AlertDetail; readonly search: ListSearch }) {
  const { alert, rule, raw } = detail;
  return (
    <article>
      <h1 className={pageStyles.title}>{alert.reason}</h1>
      <div className={pageStyles.meta}>
        <SeverityWord severity={alert.severity} />
        <span>risk {alert.risk_score}</span>
        <When time={alert.original_time} form="full" />
        <Link to="/rules/$id" params={{ id: alert.rule.id }}>
          {alert.rule.name}
        </Link>
        <LanguageChip language={alert.rule.language} />
        <AttackIds threat={alert.threat} />
        {alert.sample === true && <Tag title="From the sample capture, not from this machine">sample</Tag>}
      </div>
      <div className={pageStyles.columns}>
        <div className={pageStyles.lead}>
          <WhatRan alert={alert} />
        </div>
        <aside className={pageStyles.aside} aria-label="Decide and facts">
          <DecideCard detail={detail} />
          <SameProcess detail={detail} search={search} />
          {detail.incident !== undefined && <IncidentDoor id={detail.incident} />}
          <AlertFacts alert={alert} />
          <RelatedAlerts alert={alert} />
          <RuleCredit rule={alert.rule} />
          <History entries={detail.history} />
        </aside>
        <div className={pageStyles.rest}>
          <QueryRows alert={alert} />
          {alert.query_result === undefined && <WhyItFired detail={detail} />}
          {(alert.query_result === undefined || namesProcess(alert)) && <ProcessTree alert={alert} />}
          <SeenElsewhere id={alert.id} />
          <InvestigationGuide detail={detail} />
          <Notes detail={detail} />
          {rule !== undefined && <RuleTexts rule={rule} />}
          <Section title="The record">
            {alert.events.map((event, index) => (
              <Fold
                // biome-ignore lint/suspicious/noArrayIndexKey: events stand in order and may be alike
                key={index}
                title={alert.events.length > 1 ? `Event ${index + 1} in ECS (JSON)` : 'The event in ECS (JSON)'}
                text={JSON.stringify(event, null, 2)}
              />
            ))}
            {raw !== undefined && <Fold title="As received" text={raw} />}
          </Section>
        </div>
      </div>
    </article>
  );
}

function Ghost() {
  return (
    <div aria-hidden="true">
      <Skeleton height={28} width="70%" mb={14} />
      <Skeleton height={16} width="48%" mb={32} />
      <div className={pageStyles.columns}>
        <Skeleton className={pageStyles.lead} height={76} />
        <Skeleton className={pageStyles.aside} height={340} radius={12} />
        <Skeleton className={pageStyles.rest} height={220} />
      </div>
    </div>
  );
}

/** Rows that a query summarized may be of no process. */
function namesProcess({ events }: Alert): boolean {
  return events.some((event) =>
    ['process.entity_id', 'process.pid', 'process.name', 'process.executable'].some((field) => textOf(event, field)),
  );
}
