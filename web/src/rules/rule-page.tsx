/**
 * One rule: whether it runs, what it looks for and what is wrong with it, its alerts, what its authors say, and its
 * text as written.
 */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useLocation } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import type { Finding, RuleDetail } from '../../../src/serve/api.ts';
import { ruleQuestion } from '../api/questions.ts';
import { type Place, placeInQuery, placeOf } from '../code/places.ts';
import { AttackIds } from '../parts/attack-ids.tsx';
import { LanguageChip, Tag } from '../parts/chip.tsx';
import { CopyButton } from '../parts/copy.tsx';
import pageStyles from '../parts/page.module.css';
import { Problem } from '../parts/problem.tsx';
import { RuleTexts } from '../parts/rule-texts.tsx';
import { Section } from '../parts/section.tsx';
import { SeverityWord } from '../parts/severity.tsx';
import { useTitle } from '../shell/title.ts';
import { CodeText } from './code-text.tsx';
import { FindingList } from './finding-list.tsx';
import { RuleAlerts } from './rule-alerts.tsx';
import { RuleConflict } from './rule-conflict.tsx';
import { RuleCost } from './rule-cost.tsx';
import { RuleExceptions, RuleRuns } from './rule-exceptions.tsx';
import { RuleExplain } from './rule-explain.tsx';
import { AttackMapping, Attribution, HowItRuns, OtherKeys } from './rule-facts.tsx';
import { RuleFields } from './rule-fields.tsx';
import { RuleHistory, shortPath } from './rule-history.tsx';
import { RuleOverlay } from './rule-overlay.tsx';
import { RulePreview } from './rule-preview.tsx';
import type { RuleSearch } from './rule-search.ts';
import { RulePause, RuleStanding } from './rule-standing.tsx';
import { RuleState } from './rule-state.tsx';
import { RuleTests } from './rule-tests.tsx';
import { RuleTrail } from './rule-trail.tsx';
import styles from './rules.module.css';

const Markdown = lazy(() => import('../parts/markdown.tsx'));
const route = getRouteApi('/rules/$id');

export function RulePage() {
  const { id } = route.useParams();
  const search = route.useSearch();
  const question = ruleQuestion(id);
  const { data, failureReason, error } = useQuery(question);
  const problem = error ?? failureReason;
  useTitle(data?.name ?? 'Rule');
  return (
    <>
      <RuleTrail id={id} search={search} />
      {problem !== null && (
        <Problem title="The rule could not be loaded" problem={problem} queryKey={question.queryKey} />
      )}
      {data === undefined ? error === null && <Ghost /> : <RuleView key={id} rule={data} search={search} />}
    </>
  );
}

function RuleView({ rule, search }: { readonly rule: RuleDetail; readonly search: RuleSearch }) {
  const { document, findings } = rule;
  const [jump, setJump] = useState<Place>();
  const show = (finding: Finding) => setJump(placeOf(finding, document.source.text) ?? { from: 0, to: 0 });
  return (
    <article>
      <h1 className={pageStyles.title}>{rule.name}</h1>
      <div className={pageStyles.meta}>
        {rule.severity !== undefined && <SeverityWord severity={rule.severity} />}
        {rule.risk_score !== undefined && <span>risk {rule.risk_score}</span>}
        <LanguageChip language={rule.language} />
        <AttackIds threat={document.threat} />
        {rule.added && <Tag title="Added on this page, and so removable here">added</Tag>}
      </div>
      <div className={pageStyles.columns}>
        <div className={pageStyles.lead}>
          <RuleConflict rule={rule} search={search} />
          {document.description !== undefined && (
            <Suspense fallback={<Skeleton height={60} />}>
              <Markdown>{document.description}</Markdown>
            </Suspense>
          )}
          {findings.length > 0 && <Findings findings={findings} show={show} />}
          <Query rule={rule} />
          <RuleFields fields={rule.fields} />
        </div>
        <aside className={pageStyles.aside} aria-label="About the rule">
          <RuleState rule={rule} search={search} />
          <RulePause rule={rule} />
          <HowItRuns document={document} />
          <RuleOverlay rule={rule} />
          <AttackMapping threat={document.threat} />
          <Attribution document={document} />
          <OtherKeys extra={document.extra} />
        </aside>
        <div className={pageStyles.rest}>
          <RuleAlerts rule={rule} />
          <RulePreview text={document.source.text} />
          <RuleCost text={document.source.text} />
          <RuleExplain id={rule.id} />
          <RuleTests text={document.source.text} id={rule.id} />
          <RuleExceptions id={rule.id} />
          <RuleRuns id={rule.id} />
          <RuleStanding id={rule.id} />
          <RuleTexts rule={document} />
          <AsWritten rule={rule} jump={jump} />
          <RuleHistory rule={rule} />
        </div>
      </div>
    </article>
  );
}

function Findings({ findings, show }: { findings: readonly Finding[]; show: (finding: Finding) => void }) {
  const place = useRef<HTMLDivElement>(null);
  const isWanted = useLocation({ select: ({ hash }) => hash === 'findings' });
  useEffect(() => {
    if (isWanted) place.current?.scrollIntoView({ block: 'center' });
  }, [isWanted]);
  return (
    <div ref={place}>
      <Section title="Findings">
        <FindingList findings={findings} show={show} />
      </Section>
    </div>
  );
}

function Query({ rule: { document, findings } }: { readonly rule: RuleDetail }) {
  const { query, queryOffset, source, language } = document;
  const shown = query.replace(/^(?:[ \t]*\r?\n)+/, '').trimEnd();
  const underlined = useMemo(
    () =>
      findings.flatMap((finding) => {
        const place = placeInQuery(placeOf(finding, source.text), source.text, query, queryOffset);
        const lead = query.indexOf(shown);
        return place === undefined ? [] : [{ from: place.from - lead, to: place.to - lead, finding }];
      }),
    [findings, source.text, query, queryOffset, shown],
  );
  return (
    <Section title="Query">
      <div className={styles.code}>
        <CodeText label="Query" text={shown} grammar={language} underlined={underlined} />
        <CopyButton text={shown} what="the query" className={styles.codeCopy} />
      </div>
    </Section>
  );
}

function AsWritten({ rule, jump }: { readonly rule: RuleDetail; readonly jump: Place | undefined }) {
  const { document, findings } = rule;
  const { text } = document.source;
  const [isOpen, setOpen] = useState(findings.length > 0);
  const [jumped, setJumped] = useState(jump);
  if (jumped !== jump) {
    setJumped(jump);
    setOpen(true);
  }
  const underlined = useMemo(
    () =>
      findings.flatMap((finding) => {
        const place = placeOf(finding, text);
        return place === undefined ? [] : [{ ...place, finding }];
      }),
    [findings, text],
  );
  return (
    <Section title="As written">
      <details
        className={styles.written}
        open={isOpen}
        onToggle={(event) => {
          if (event.target === event.currentTarget) setOpen(event.currentTarget.open);
        }}
      >
        <summary>{shortPath(rule)}</summary>
        {isOpen && (
          <div className={styles.code}>
            <CodeText
              label="The rule as written"
              text={text.trimEnd()}
              underlined={underlined}
              isNumbered
              jump={jump}
            />
            <CopyButton text={text} what="the rule as written" className={styles.codeCopy} />
          </div>
        )}
      </details>
    </Section>
  );
}

function Ghost() {
  return (
    <div aria-hidden="true">
      <Skeleton height={28} width="60%" mb={14} />
      <Skeleton height={16} width="40%" mb={32} />
      <div className={pageStyles.columns}>
        <Skeleton className={pageStyles.lead} height={180} />
        <Skeleton className={pageStyles.aside} height={300} radius={12} />
        <Skeleton className={pageStyles.rest} height={200} />
      </div>
    </div>
  );
}
