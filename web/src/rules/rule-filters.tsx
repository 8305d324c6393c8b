/** What narrows the list of rules: doors with counts for severities, languages and errors, words, on or off. */
import { SegmentedControl } from '@mantine/core';
import type { RefObject } from 'react';
import type { RuleSummary } from '../../../src/serve/api.ts';
import { Door, Doors, SeverityDoor } from '../parts/door.tsx';
import partStyles from '../parts/parts.module.css';
import { WordFilter } from '../parts/word-filter.tsx';
import { changed, type SetSearch, withChange } from '../shell/address.ts';
import { counted, grouped } from '../words/counts.ts';
import { LANGUAGE_WORD, SEVERITIES } from '../words/names.ts';
import { LANGUAGES, languagesOf, type RuleSearch, selectRules, severitiesOf, toggle } from './rule-search.ts';
import styles from './rules.module.css';

const STATES: { value: 'all' | 'on' | 'off'; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'on', label: 'On' },
  { value: 'off', label: 'Off' },
];

interface Props {
  readonly rules: readonly RuleSummary[];
  readonly search: RuleSearch;
  readonly setSearch: SetSearch<RuleSearch>;
  readonly input: RefObject<HTMLInputElement | null>;
}

export function RuleFilters({ rules, search, setSearch, input }: Props) {
  return (
    <>
      <div className={styles.doorGroups}>
        <SeverityGroup rules={rules} search={search} setSearch={setSearch} />
        <LanguageGroup rules={rules} search={search} setSearch={setSearch} />
        <TroubleGroup state="failing" rules={rules} search={search} setSearch={setSearch} />
        <TroubleGroup state="undecided" rules={rules} search={search} setSearch={setSearch} />
      </div>
      <div className={partStyles.filters}>
        <WordFilter
          words={search.q ?? ''}
          setWords={(q) => setSearch(changed({ q }))}
          placeholder="Filter by words of the name, id or ATT&CK technique"
          input={input}
        />
        <SegmentedControl
          aria-label="State"
          data={STATES}
          value={search.state === 'on' || search.state === 'off' ? search.state : 'all'}
          onChange={(state) => setSearch(changed({ state: state === 'all' ? undefined : state }))}
          transitionDuration={0}
          withItemsBorders={false}
        />
      </div>
    </>
  );
}

type GroupProps = Omit<Props, 'input'>;

// Each group counts what the other filters leave, so that the doors that are closed keep their numbers.
function SeverityGroup({ rules, search, setSearch }: GroupProps) {
  const left = selectRules(rules, withChange(search, { severity: undefined }));
  const chosen = new Set(severitiesOf(search));
  const count = (wanted: string) => left.filter(({ severity }) => severity === wanted).length;
  return (
    <Doors label="Severity">
      {SEVERITIES.filter((severity) => chosen.has(severity) || count(severity) > 0).map((severity) => (
        <SeverityDoor
          key={severity}
          severity={severity}
          count={count(severity)}
          isOpen={chosen.has(severity)}
          toggle={() => setSearch((before) => toggle(before, 'severity', severity))}
        />
      ))}
    </Doors>
  );
}

function LanguageGroup({ rules, search, setSearch }: GroupProps) {
  const left = selectRules(rules, withChange(search, { language: undefined }));
  const chosen = new Set(languagesOf(search));
  const count = (wanted: string) => left.filter(({ language }) => language === wanted).length;
  const shown = LANGUAGES.filter((language) => chosen.has(language) || count(language) > 0);
  if (shown.length < 2 && chosen.size === 0) return null;
  return (
    <Doors label="Language">
      {shown.map((language) => (
        <Door
          key={language}
          isOpen={chosen.has(language)}
          toggle={() => setSearch((before) => toggle(before, 'language', language))}
        >
          <span className={styles.doorWords}>
            {grouped(count(language))} {LANGUAGE_WORD[language]}
          </span>
        </Door>
      ))}
    </Doors>
  );
}

const TROUBLES = {
  failing: { label: 'Errors', words: 'with errors' },
  undecided: { label: 'To decide', words: 'changed here and there' },
} as const;

function TroubleGroup({ state, rules, search, setSearch }: GroupProps & { readonly state: keyof typeof TROUBLES }) {
  const { label, words } = TROUBLES[state];
  const isOpen = search.state === state;
  const count = selectRules(rules, withChange(search, { state })).length;
  if (count === 0 && !isOpen) return null;
  return (
    <Doors label={label}>
      <Door isOpen={isOpen} toggle={() => setSearch(changed({ state: isOpen ? undefined : state }))}>
        <span className={styles.doorWords}>
          {counted(count, 'rule')} {words}
        </span>
      </Door>
    </Doors>
  );
}
