/** What the rule's authors wrote for whoever reads its alerts: guide, false positives, response, setup. */
import { Skeleton, Tabs } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { RuleDocument, Scenario } from '../../../src/serve/api.ts';
import { Section } from './section.tsx';

const Markdown = lazy(() => import('./markdown.tsx'));

export function RuleTexts({ rule }: { readonly rule: RuleDocument }) {
  const texts = textsOf(rule);
  const first = texts[0];
  if (first === undefined) return null;
  return (
    <Section title="From the rule">
      <Tabs defaultValue={first.key} variant="default">
        <Tabs.List mb={16}>
          {texts.map(({ key, name }) => (
            <Tabs.Tab key={key} value={key}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {texts.map(({ key, text }) => (
          <Tabs.Panel key={key} value={key}>
            <Suspense fallback={<Skeleton height={120} />}>
              <Markdown>{text}</Markdown>
            </Suspense>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Section>
  );
}

// The key becomes part of element ids, which must not hold spaces.
function textsOf(rule: RuleDocument): { key: string; name: string; text: string }[] {
  const short = rule.falsePositives.map((text) => `- ${text.trim().replace(/\n/g, '\n  ')}`).join('\n');
  const falsePositives = [short, ...(rule.scenarios ?? []).map(scenarioText)].filter((text) => text !== '');
  return [
    { key: 'guide', name: 'Investigation guide', text: rule.guide ?? '' },
    { key: 'false-positives', name: 'False positives', text: falsePositives.join('\n\n') },
    { key: 'response', name: 'Response', text: rule.response ?? '' },
    { key: 'setup', name: 'Setup', text: rule.setup ?? '' },
  ].filter(({ text }) => text.trim() !== '');
}

/** In Markdown; a filter, which may be in any language or none, stands as it is written. */
function scenarioText({ title, description, filter }: Scenario): string {
  return [
    `### ${title.replaceAll(/\s+/g, ' ')}`,
    description ?? '',
    filter === undefined ? '' : `*To leave it out:* ${plain(filter)}`,
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

function plain(text: string): string {
  return text
    .trim()
    .replaceAll(/[\\`*_{}[\]<>#+!|~&-]/g, '\\$&')
    .replaceAll('\n', '  \n');
}
