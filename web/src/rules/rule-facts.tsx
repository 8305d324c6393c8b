/** What the document states besides its query: how it runs, ATT&CK, whose it is, and keys that have no name here. */
import type { RuleDocument, RuleLanguage } from '../../../src/serve/api.ts';
import { Facts } from '../parts/facts.tsx';
import { Fold } from '../parts/fold.tsx';
import { OutsideLink } from '../parts/outside-link.tsx';
import { ReferenceList } from '../parts/reference-list.tsx';
import { Section } from '../parts/section.tsx';
import { attackHref } from '../words/attack.ts';
import styles from './rules.module.css';

/** Elastic's defaults, which a rule that states none has (documented with `rule/rule.ts`). */
const DEFAULT_INTERVAL = '5m';
const DEFAULT_FROM = 'now-6m';
const DEFAULT_MAX_ALERTS = 100;

/** What a rule reads that names no index patterns. */
const READS_BY_ITSELF: Readonly<Record<RuleLanguage, string>> = {
  eql: 'every event',
  kuery: 'every event',
  lucene: 'every event',
  sigma: 'the events of its log source',
  kusto: 'the events of its tables',
  esql: 'nothing here',
  ml: 'nothing here',
};

export function HowItRuns({ document }: { readonly document: RuleDocument }) {
  const { schedule, indexPatterns } = document;
  return (
    <Section title="How it runs">
      <Facts
        facts={[
          [
            'Reads',
            indexPatterns.length === 0
              ? READS_BY_ITSELF[document.language]
              : indexPatterns.map((each) => <div key={each}>{each}</div>),
          ],
          [
            'Schedule',
            `every ${schedule.interval ?? DEFAULT_INTERVAL}, from ${schedule.from ?? DEFAULT_FROM}${schedule.to === undefined ? '' : ` to ${schedule.to}`}`,
          ],
          ['Max alerts', `${document.maxAlerts ?? DEFAULT_MAX_ALERTS} a run`],
          ['Suppression', document.suppression && suppressionWords(document.suppression)],
        ]}
      />
    </Section>
  );
}

function suppressionWords({ groupBy, durationMs, missing }: NonNullable<RuleDocument['suppression']>): string {
  const fields = groupBy.map(({ field, step }) => (step === undefined ? field : `${field} of step ${step}`));
  const alike = fields.length === 0 ? 'all of the rule' : `each ${fields.join(', ')}`;
  const time = durationMs === undefined ? 'a run' : spanWords(durationMs);
  const absent = missing === 'alert' && fields.length > 0 ? '; without a value each alerts' : '';
  return `one alert for ${alike} in ${time}${absent}`;
}

function spanWords(ms: number): string {
  const [unit, word] = (
    [
      [86_400_000, 'd'],
      [3_600_000, 'h'],
      [60_000, 'm'],
    ] as const
  ).find(([one]) => ms % one === 0) ?? [1_000, 's'];
  return `${ms / unit}${word}`;
}

export function AttackMapping({ threat }: Pick<RuleDocument, 'threat'>) {
  if (threat.length === 0) return null;
  return (
    <Section title="ATT&CK">
      <ul className={styles.attack}>
        {threat.map(({ tactic, technique }) => (
          <li key={tactic.id}>
            <AttackLink {...tactic} />
            {technique.map((each) => (
              <ul key={each.id}>
                <li>
                  <AttackLink {...each} />
                  {each.subtechnique.map((sub) => (
                    <ul key={sub.id}>
                      <li>
                        <AttackLink {...sub} />
                      </li>
                    </ul>
                  ))}
                </li>
              </ul>
            ))}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function AttackLink({ id, name }: { readonly id: string; readonly name: string }) {
  const href = attackHref(id);
  const text = `${id} ${name}`;
  return href === undefined ? text : <OutsideLink href={href}>{text}</OutsideLink>;
}

export function Attribution({ document }: { readonly document: RuleDocument }) {
  return (
    <Section title="Attribution">
      <Facts
        facts={[
          ['Authors', document.authors.join(', ')],
          ['Licence', document.license],
          [
            'References',
            document.references.length > 0 && <ReferenceList key="references" references={document.references} />,
          ],
          ['Tags', document.tags.join(', ')],
          ['Rule id', document.id],
          ['Version', document.version],
        ]}
      />
    </Section>
  );
}

/** Longer values open on demand. */
const LONGEST_SHOWN = 240;

export function OtherKeys({ extra }: Pick<RuleDocument, 'extra'>) {
  const entries = Object.entries(extra).map(([key, value]) => ({
    key,
    text: typeof value === 'string' ? value : JSON.stringify(value, null, 2),
  }));
  if (entries.length === 0) return null;
  const [short, long] = [true, false].map((isShort) =>
    entries.filter(({ text }) => isShort === text.length <= LONGEST_SHOWN),
  );
  return (
    <Section title="Other keys">
      <Facts
        facts={(short ?? []).map(({ key, text }) => [
          key,
          <code key={key} className={styles.extra}>
            {text === '' ? '""' : text}
          </code>,
        ])}
      />
      {long !== undefined && long.length > 0 && (
        <div className={styles.longExtra}>
          {long.map(({ key, text }) => (
            <Fold key={key} title={key} text={text} />
          ))}
        </div>
      )}
    </Section>
  );
}
