/** What the rule's authors wrote for whoever reads its alerts: guide, false positives, response, setup. */
import { Skeleton, Tabs } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { RuleDocument } from '../../../src/serve/api.ts';
import { Section } from './section.tsx';

const Markdown = lazy(() => import('./markdown.tsx'));

export function RuleTexts({ rule }: { readonly rule: RuleDocument }) {
  const texts = textsOf(rule);
  const first = texts[0];
  if (first === undefined) return null;
  return (
    <Section title="From the rule">
      <Tabs defaultValue={first.name} variant="default">
        <Tabs.List mb={16}>
          {texts.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {texts.map(({ name, text }) => (
          <Tabs.Panel key={name} value={name}>
            <Suspense fallback={<Skeleton height={120} />}>
              <Markdown>{text}</Markdown>
            </Suspense>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Section>
  );
}

function textsOf(rule: RuleDocument): { name: string; text: string }[] {
  const falsePositives = rule.falsePositives.map((text) => `- ${text.trim().replace(/\n/g, '\n  ')}`).join('\n');
  return [
    { name: 'Investigation guide', text: rule.guide ?? '' },
    { name: 'False positives', text: falsePositives },
    { name: 'Response', text: rule.response ?? '' },
    { name: 'Setup', text: rule.setup ?? '' },
  ].filter(({ text }) => text.trim() !== '');
}
