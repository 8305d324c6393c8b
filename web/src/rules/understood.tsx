/** What the service understood of a text: the rules in it, and what each states. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RuleDocument } from '../../../src/serve/api.ts';
import { rulesQuestion } from '../api/questions.ts';
import { AttackIds } from '../parts/attack-ids.tsx';
import { LanguageChip } from '../parts/chip.tsx';
import { SeverityWord } from '../parts/severity.tsx';
import { counted } from '../words/counts.ts';
import styles from './rules.module.css';

/** Of a text with many rules, no more are shown. */
const SHOWN = 8;

export function Understood({ rules }: { readonly rules: readonly RuleDocument[] }) {
  const loaded = new Set(useQuery(rulesQuestion).data?.map(({ id }) => id));
  if (rules.length === 0) return <p className={styles.quiet}>No rule yet: what is required is missing.</p>;
  return (
    <>
      {rules.length > 1 && <p className={styles.quiet}>{counted(rules.length, 'rule')} in one text</p>}
      {rules.slice(0, SHOWN).map((rule) => (
        <div key={rule.id} className={styles.understood}>
          <h3>{rule.name}</h3>
          <div className={styles.understoodFacts}>
            {rule.severity === undefined ? (
              <span className={styles.quiet}>no severity</span>
            ) : (
              <SeverityWord severity={rule.severity} />
            )}
            <LanguageChip language={rule.language} />
            <AttackIds threat={rule.threat} />
          </div>
          {loaded.has(rule.id) && (
            <p className={styles.hint}>
              A rule with this id is loaded already:{' '}
              <Link to="/rules/$id" params={{ id: rule.id }}>
                see it
              </Link>
              .
            </p>
          )}
        </div>
      ))}
      {rules.length > SHOWN && <p className={styles.quiet}>and {counted(rules.length - SHOWN, 'more rule')}</p>}
    </>
  );
}
