/** Why a rule fires on an event, or does not: any rule, any event. Both stand in the address. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { rulesQuestion } from '../api/questions.ts';
import { Key } from '../parts/chip.tsx';
import { Combobox, suggestionsFor } from '../parts/combobox.tsx';
import pageStyles from '../parts/page.module.css';
import { Section } from '../parts/section.tsx';
import { useKeys } from '../shell/keys.ts';
import { useTitle } from '../shell/title.ts';
import styles from './explain.module.css';
import { ExplainPanel } from './explain-panel.tsx';

const route = getRouteApi('/explain');

export function ExplainPage() {
  const { rule, event } = route.useSearch();
  const navigate = useNavigate();
  const { data } = useQuery(rulesQuestion);
  const known = data?.find(({ id }) => id === rule);
  const back = () =>
    void (event === undefined
      ? navigate({ to: '/rules', search: {} })
      : navigate({ to: '/events/$id', params: { id: event }, search: {} }));
  useKeys({ Escape: back });
  useTitle('Why did it not fire?');
  return (
    <>
      <nav className={pageStyles.trail} aria-label="List">
        {event === undefined ? (
          <Link to="/rules">
            ← Rules <Key>Esc</Key>
          </Link>
        ) : (
          <Link to="/events/$id" params={{ id: event }}>
            ← The event <Key>Esc</Key>
          </Link>
        )}
      </nav>
      <h1 className={pageStyles.title}>
        {known === undefined ? 'Why did it not fire?' : `Why does “${known.name}” fire, or not?`}
      </h1>
      <div className={styles.page}>
        <Section title="The rule">
          <RuleChoice
            key={rule}
            name={known?.name ?? rule ?? ''}
            choose={(id) =>
              void navigate({
                to: '/explain',
                search: { rule: id, ...(event === undefined ? {} : { event }) },
                replace: true,
              })
            }
          />
        </Section>
        <Section title="The event">
          <ExplainPanel rule={known?.id ?? rule} event={event} />
        </Section>
      </div>
    </>
  );
}

function RuleChoice({ name, choose }: { readonly name: string; readonly choose: (id: string) => void }) {
  const { data } = useQuery(rulesQuestion);
  const [typed, setTyped] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  useKeys({ r: () => input.current?.focus() });
  const rules = useMemo(() => (data ?? []).map(({ id, name: label }) => ({ value: id, label })), [data]);
  return (
    <div className={styles.rule}>
      <Combobox
        label="Rule"
        text={typed ?? name}
        setText={setTyped}
        suggest={(text) => suggestionsFor(rules, text)}
        pick={({ value }) => {
          setTyped(undefined);
          choose(value);
        }}
        placeholder="a rule, by its name"
        className={styles.field}
        input={input}
      />
      <span>
        <Key>r</Key>
      </span>
    </div>
  );
}
