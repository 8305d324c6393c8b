/** One rule: what it looks for, its query, what its authors say, and how it runs. */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { RuleDetail, RuleDocument } from '../../../src/serve/api.ts';
import alertStyles from '../alert/alert.module.css';
import { ruleQuestion } from '../api/questions.ts';
import { AttackIds } from '../parts/attack-ids.tsx';
import { LanguageChip, Tag } from '../parts/chip.tsx';
import { CopyButton } from '../parts/copy.tsx';
import { Facts } from '../parts/facts.tsx';
import { Fold } from '../parts/fold.tsx';
import partStyles from '../parts/parts.module.css';
import { Problem } from '../parts/problem.tsx';
import { ReferenceList } from '../parts/reference-list.tsx';
import { RuleTexts } from '../parts/rule-texts.tsx';
import { Section } from '../parts/section.tsx';
import { SeverityWord } from '../parts/severity.tsx';
import { useTitle } from '../shell/title.ts';
import { counted } from '../words/counts.ts';
import styles from './rules.module.css';

const Markdown = lazy(() => import('../parts/markdown.tsx'));
const route = getRouteApi('/rules/$id');

export function RulePage() {
  const { id } = route.useParams();
  const question = ruleQuestion(id);
  const { data, failureReason, error } = useQuery(question);
  const problem = error ?? failureReason;
  useTitle(data?.name ?? 'Rule');
  return (
    <>
      <div className={alertStyles.trail}>
        <Link to="/rules">← Rules</Link>
      </div>
      {problem !== null && (
        <Problem title="The rule could not be loaded" problem={problem} queryKey={question.queryKey} />
      )}
      {data === undefined ? error === null && <Skeleton height={280} /> : <RuleView rule={data} />}
    </>
  );
}

function RuleView({ rule }: { readonly rule: RuleDetail }) {
  const { document } = rule;
  return (
    <article>
      <h1 className={alertStyles.title}>{rule.name}</h1>
      <div className={alertStyles.meta}>
        {rule.severity !== undefined && <SeverityWord severity={rule.severity} />}
        {rule.risk_score !== undefined && <span>risk {rule.risk_score}</span>}
        <LanguageChip language={rule.language} />
        <AttackIds threat={document.threat} />
        {!rule.enabled && <Tag>disabled</Tag>}
        {rule.alerts > 0 && (
          <Link to="/" search={{ status: 'all', rule: rule.id }}>
            {counted(rule.alerts, 'alert')}
          </Link>
        )}
      </div>
      <div className={styles.columns}>
        <div className={styles.parts}>
          {document.description !== undefined && (
            <Suspense fallback={<Skeleton height={60} />}>
              <Markdown>{document.description}</Markdown>
            </Suspense>
          )}
          <Section title="Query">
            <div className={alertStyles.commandBox}>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that may scroll must be reachable by keyboard */}
              <pre className={partStyles.code} tabIndex={0}>
                {document.query.trim()}
              </pre>
              <CopyButton text={document.query.trim()} what="the query" className={alertStyles.commandCopy} />
            </div>
          </Section>
          <RuleTexts rule={document} />
          <Section title="The document">
            <Fold title={`As written (${document.source.path})`} text={document.source.text} />
          </Section>
        </div>
        <aside className={styles.parts} aria-label="About the rule">
          <HowItRuns document={document} />
          <Section title="Attribution">
            <Facts
              facts={[
                ['Authors', document.authors.join(', ')],
                ['Licence', document.license],
                [
                  'References',
                  document.references.length > 0 && <ReferenceList key="r" references={document.references} />,
                ],
                ['Tags', document.tags.join(', ')],
                ['Rule id', document.id],
                ['Version', document.version],
              ]}
            />
          </Section>
        </aside>
      </div>
    </article>
  );
}

/** Elastic's defaults, which a rule that states none has (documented with `rule/rule.ts`). */
const DEFAULT_INTERVAL = '5m';
const DEFAULT_FROM = 'now-6m';
const DEFAULT_MAX_ALERTS = 100;

function HowItRuns({ document }: { readonly document: RuleDocument }) {
  const { schedule, indexPatterns } = document;
  return (
    <Section title="How it runs">
      <Facts
        facts={[
          [
            'Reads',
            indexPatterns.length === 0 ? 'every event' : indexPatterns.map((each) => <div key={each}>{each}</div>),
          ],
          ['Schedule', `every ${schedule.interval ?? DEFAULT_INTERVAL}, from ${schedule.from ?? DEFAULT_FROM}`],
          ['Max alerts', `${document.maxAlerts ?? DEFAULT_MAX_ALERTS} a run`],
        ]}
      />
    </Section>
  );
}
