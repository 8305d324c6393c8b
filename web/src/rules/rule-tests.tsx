/**
 * A rule's text, as it stands or as it is being written, tested on events that it must alert on and events that it must
 * not: the same tests as `vedette rule test` runs, so that they can be kept beside the rule afterwards.
 */
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { CaseResult, RuleTestReport } from '../../../src/serve/api.ts';
import { ApiProblem, testRuleText } from '../api/client.ts';
import { type Place, placeOf } from '../code/places.ts';
import { CopyButton } from '../parts/copy.tsx';
import pageStyles from '../parts/page.module.css';
import partStyles from '../parts/parts.module.css';
import { Section } from '../parts/section.tsx';
import { counted } from '../words/counts.ts';
import { CodeText } from './code-text.tsx';
import { FindingList } from './finding-list.tsx';
import testStyles from './rule-tests.module.css';
import styles from './rules.module.css';

const START = `cases:
  - name: it alerts on a server
    events:   # records in any format that is read: as a map, or as text behind |-
      - event: { category: [process], type: [start] }
        host: { name: web-07, os: { type: linux } }
        process: { name: python3, executable: /usr/bin/python3, args: [python3, -m, http.server], command_line: python3 -m http.server }
    expect: 1
  - name: it stays silent on a listing
    events:
      - event: { category: [process], type: [start] }
        host: { name: web-07, os: { type: linux } }
        process: { name: ls, executable: /usr/bin/ls, args: [ls], command_line: ls }
    expect: none
`;

interface Props {
  /** The rule's text. */
  readonly text: string;
  /** Of the rule that is meant, where the text may hold several. */
  readonly id?: string;
}

export function RuleTests({ text, id }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Section title="Tests">
      {isOpen ? (
        <TestBox text={text} {...(id === undefined ? {} : { id })} />
      ) : (
        <p className={styles.quiet}>
          Say which events it must alert on, and which not.{' '}
          <button type="button" className={partStyles.quiet} onClick={() => setOpen(true)}>
            Write tests
          </button>
        </p>
      )}
    </Section>
  );
}

function TestBox({ text, id }: Props) {
  const [tests, setTests] = useState(id === undefined ? START : `rule: ${JSON.stringify(id)}\n${START}`);
  const [jump, setJump] = useState<Place>();
  const run = useMutation({ mutationFn: () => testRuleText(text, tests) });
  const isEmpty = text.trim() === '' || tests.trim() === '';
  return (
    <div className={testStyles.box}>
      <CodeText
        label="Tests"
        text={tests}
        grammar="yaml"
        isNumbered
        onChange={setTests}
        jump={jump}
        takesFocus={false}
      />
      <div className={testStyles.line}>
        <button
          type="button"
          className={pageStyles.action}
          disabled={isEmpty || run.isPending}
          onClick={() => run.mutate()}
        >
          {run.isPending ? 'Running…' : 'Run the tests'}
        </button>
        <CopyButton text={tests} what="the tests" />
      </div>
      <div aria-live="polite">
        {run.error !== null && (
          <p className={pageStyles.failure} role="alert">
            Not run: {run.error.message} {run.error instanceof ApiProblem && run.error.hint}
          </p>
        )}
        {run.data !== undefined && (
          <Report report={run.data} show={(finding) => setJump(placeOf(finding, tests) ?? { from: 0, to: 0 })} />
        )}
      </div>
    </div>
  );
}

type Show = NonNullable<Parameters<typeof FindingList>[0]['show']>;

function Report({ report, show }: { readonly report: RuleTestReport; readonly show: Show }) {
  const { results, passed, failed, findings } = report;
  const ofTests = findings.filter(({ file }) => file === 'tests');
  const others = findings.length - ofTests.length;
  return (
    <>
      {results.length > 0 && (
        <p>
          <strong>{failed === 0 ? `${counted(passed, 'case')} passed` : `${passed} passed, ${failed} failed`}</strong>
        </p>
      )}
      {others > 0 && <p>The rule’s text has {counted(others, 'error')}, which keeps it from being tested.</p>}
      <FindingList findings={ofTests} show={show} />
      <ul className={testStyles.cases}>
        {results.map((result) => (
          <Case key={`${result.rule.id} ${result.line}`} result={result} />
        ))}
      </ul>
    </>
  );
}

function Case({ result: { name, passed, differences } }: { readonly result: CaseResult }) {
  return (
    <li data-passed={passed}>
      <span>
        {passed ? '✓ ' : '✗ '}
        {name}
      </span>
      {differences.map(({ message, why }) => (
        <div key={message}>
          <p>{message}</p>
          {why.map((reason) => (
            <p key={reason} className={styles.quiet}>
              {reason}
            </p>
          ))}
        </div>
      ))}
    </li>
  );
}
