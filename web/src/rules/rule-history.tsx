/** Where the rule comes from, its earlier texts, and what each changed; asked for when it is opened. */
import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { RuleDetail } from '../../../src/serve/api.ts';
import type { DiffHunk, RuleRevision } from '../../../src/serve/rule-change-api.ts';
import { diffQuestion, revisionsQuestion } from '../api/rule-changes.ts';
import { Facts } from '../parts/facts.tsx';
import { Section } from '../parts/section.tsx';
import { When } from '../parts/when.tsx';
import styles from './rule-changes.module.css';

const SHORT_COMMIT = 12;
/** Where repositories are fetched to; what follows is the file’s place in its repository. */
const FETCHED = /^.*rule-sources[\\/][0-9a-f]{16}[\\/]files[\\/]/;

/** The rule's file as its authors know it: in a repository from its root. */
export function shortPath({ document, origin }: RuleDetail): string {
  return origin.repository === undefined ? document.source.path : document.source.path.replace(FETCHED, '');
}

export function RuleHistory({ rule }: { readonly rule: RuleDetail }) {
  const [isOpen, setOpen] = useState(false);
  const place = useRef<HTMLDetailsElement>(null);
  const isWanted = useLocation({ select: ({ hash }) => hash === 'revisions' });
  useEffect(() => {
    if (!isWanted) return;
    setOpen(true);
    place.current?.scrollIntoView({ block: 'start' });
  }, [isWanted]);
  const { repository, commit, author } = rule.origin;
  return (
    <Section title="Where from">
      <Facts
        facts={[
          ['File', rule.added ? undefined : shortPath(rule)],
          ['Added', rule.added ? 'on this page' : undefined],
          ['Repository', repository],
          ['Commit', commit?.slice(0, SHORT_COMMIT)],
          ['By', author],
        ]}
      />
      <details
        ref={place}
        className={styles.history}
        open={isOpen}
        onToggle={(event) => setOpen(event.currentTarget.open)}
      >
        <summary>Revisions</summary>
        {isOpen && <Revisions id={rule.id} />}
      </details>
    </Section>
  );
}

function Revisions({ id }: { readonly id: string }) {
  const { data, error } = useQuery(revisionsQuestion(id));
  const [chosen, setChosen] = useState<number>();
  if (error !== null) return <p role="alert">The revisions could not be loaded: {error.message}</p>;
  if (data === undefined) return null;
  if (data.length === 0) return <p className={styles.quiet}>None: the rule has not run yet.</p>;
  return (
    <ol className={styles.revisions}>
      {data.map((revision, at) => {
        const before = data[at + 1];
        const isChosen = chosen === revision.revision;
        return (
          <li key={revision.revision}>
            <Head revision={revision} />
            {before === undefined ? (
              <span className={styles.quiet}>the first that is kept</span>
            ) : (
              <button
                type="button"
                aria-expanded={isChosen}
                onClick={() => setChosen(isChosen ? undefined : revision.revision)}
              >
                {isChosen ? 'hide what changed' : 'what changed'}
              </button>
            )}
            {isChosen && before !== undefined && <Diff id={id} from={before.revision} to={revision.revision} />}
          </li>
        );
      })}
    </ol>
  );
}

function Head({ revision: { revision, time, author, commit } }: { readonly revision: RuleRevision }) {
  return (
    <span>
      <b>{revision}</b> <When time={time} form="full" />
      {author !== undefined && `, ${author}`}
      {commit !== undefined && <code> {commit.slice(0, SHORT_COMMIT)}</code>}
    </span>
  );
}

function Diff({ id, from, to }: { readonly id: string; readonly from: number; readonly to: number }) {
  const { data, error } = useQuery(diffQuestion(id, from, to));
  if (error !== null) return <p role="alert">What changed could not be loaded: {error.message}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div className={styles.diff} tabIndex={0} role="group" aria-label={`Revision ${from} to ${to}`}>
      {data?.hunks.map((hunk) => (
        <Hunk key={`${hunk.from_line} ${hunk.to_line}`} hunk={hunk} />
      ))}
    </div>
  );
}

const MARKS = { same: ' ', removed: '−', added: '+' } as const;

function Hunk({ hunk }: { readonly hunk: DiffHunk }) {
  return (
    <pre>
      {hunk.lines.map(({ kind, text }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines never move
        <span key={at} data-kind={kind}>
          {MARKS[kind]} {text}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
