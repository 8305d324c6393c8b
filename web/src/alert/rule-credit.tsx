/** Whose rule it is: authors, licence and references stand wherever its alert is shown. */
import { Link } from '@tanstack/react-router';
import type { Alert } from '../../../src/serve/api.ts';
import { Facts } from '../parts/facts.tsx';
import { ReferenceList } from '../parts/reference-list.tsx';
import { Section } from '../parts/section.tsx';
import { LANGUAGE_WORD } from '../words/names.ts';

export function RuleCredit({ rule }: { readonly rule: Alert['rule'] }) {
  return (
    <Section title="Rule">
      <Facts
        facts={[
          [
            'Name',
            <Link key="name" to="/rules/$id" params={{ id: rule.id }}>
              {rule.name}
            </Link>,
          ],
          ['Language', LANGUAGE_WORD[rule.language]],
          ['Version', rule.version],
          ['Authors', rule.author.join(', ')],
          ['Licence', rule.license],
          ['References', rule.reference.length > 0 && <ReferenceList key="references" references={rule.reference} />],
        ]}
      />
    </Section>
  );
}
