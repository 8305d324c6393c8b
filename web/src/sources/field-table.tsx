/** The fields of a source's events: in how many they are, with examples; narrowed by words, as there may be hundreds. */
import { TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import type { SourceProfile } from '../../../src/serve/api.ts';
import { Key } from '../parts/chip.tsx';
import partStyles from '../parts/parts.module.css';
import { Section } from '../parts/section.tsx';
import { useKeys } from '../shell/keys.ts';
import { counted, grouped } from '../words/counts.ts';
import styles from './sources.module.css';

type Props = Pick<SourceProfile, 'fields' | 'events'>;

/** More would make the page slow; the filter reaches the rest. */
const SHOWN = 200;

export function FieldTable({ fields: { fields, sampled, notFollowed }, events: all }: Props) {
  const [words, setWords] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => input.current?.focus() });
  const wanted = words.toLowerCase().split(/\s+/);
  const matching = fields.filter(({ field, examples }) => {
    const text = [field, ...examples.map(({ name }) => name)].join('\n').toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
  return (
    <Section title="Fields">
      <p className={styles.about}>
        {counted(fields.length, 'field')} in{' '}
        {sampled >= all
          ? counted(all, 'event')
          : `the ${counted(sampled, 'event')} that were looked at, of ${grouped(all)}`}
        .{notFollowed && ' There are more; these came first.'}
      </p>
      <div className={partStyles.filter}>
        <TextInput
          ref={input}
          type="search"
          aria-label="Filter the fields"
          placeholder="Words of a field or a value"
          value={words}
          maxLength={500}
          size="sm"
          onChange={(event) => setWords(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
        {words === '' && (
          <span className={partStyles.filterKey} aria-hidden="true">
            <Key>/</Key>
          </span>
        )}
      </div>
      <table className={styles.fields}>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">In events</th>
            <th scope="col">Values, for example</th>
          </tr>
        </thead>
        <tbody>
          {matching.slice(0, SHOWN).map(({ field, events, different, manyMore, examples }) => (
            <tr key={field}>
              <th scope="row">{field}</th>
              <td>{percent(events, sampled)}</td>
              <td>
                {examples.map(({ name }) => (
                  <code key={name}>{name === '' ? '(empty)' : name}</code>
                ))}
                {different > examples.length && (
                  <span className={styles.quiet}>
                    {' '}
                    of {manyMore ? 'more than ' : ''}
                    {grouped(different)}
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {matching.length === 0 && <p className={styles.quiet}>No field matches this filter.</p>}
      {matching.length > SHOWN && <p className={styles.quiet}>{grouped(matching.length - SHOWN)} more match.</p>}
    </Section>
  );
}

function percent(count: number, of: number): string {
  const share = (100 * count) / of;
  return share > 0 && share < 1 ? '< 1 %' : `${Math.floor(share)} %`;
}
