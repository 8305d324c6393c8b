/** The reader's last hunts, to be asked again; where there was none, what to begin with. */
import type { HuntLanguage } from '../../../src/serve/hunt-api.ts';
import { LanguageChip } from '../parts/chip.tsx';
import partStyles from '../parts/parts.module.css';
import { Section } from '../parts/section.tsx';
import styles from './hunt.module.css';
import { forgetHunts, type RecentHunt, useRecentHunts } from './recent-hunts.ts';

const EXAMPLES: readonly RecentHunt[] = [
  { language: 'eql', text: 'process where event.type == "start" and process.name in ("curl", "wget")' },
  {
    language: 'eql',
    text: 'sequence by process.entity_id with maxspan=1m\n  [process where event.type == "start"]\n  [network where true]',
  },
  { language: 'kuery', text: 'process.command_line: *http.server* and not user.name: root' },
  { language: 'kusto', text: 'imProcessCreate\n| where TargetProcessCommandLine has "base64"' },
];

interface Props {
  /** Whether nothing else is asked. */
  readonly isOpen: boolean;
  readonly take: (hunt: { readonly language: HuntLanguage; readonly text: string }) => void;
}

export function RecentHunts({ isOpen, take }: Props) {
  const recent = useRecentHunts();
  if (recent.length === 0) {
    if (!isOpen) return null;
    return (
      <Section title="To begin with">
        <p className={styles.intro}>
          Ask the stored events in the language that you write rules in. What holds can become a rule with one key.
        </p>
        <HuntList hunts={EXAMPLES} take={take} />
      </Section>
    );
  }
  const list = (
    <>
      <HuntList hunts={recent} take={take} />
      <p className={styles.links}>
        <button type="button" className={partStyles.quiet} onClick={forgetHunts}>
          Forget them
        </button>
      </p>
    </>
  );
  return isOpen ? (
    <Section title="Your last hunts">{list}</Section>
  ) : (
    <details className={styles.recent}>
      <summary>Your last hunts</summary>
      {list}
    </details>
  );
}

function HuntList({ hunts, take }: { readonly hunts: readonly RecentHunt[] } & Pick<Props, 'take'>) {
  return (
    <ul className={styles.hunts}>
      {hunts.map((hunt) => (
        <li key={hunt.language + hunt.text}>
          <button type="button" onClick={() => take(hunt)}>
            <LanguageChip language={hunt.language} /> <code>{hunt.text}</code>
          </button>
        </li>
      ))}
    </ul>
  );
}
