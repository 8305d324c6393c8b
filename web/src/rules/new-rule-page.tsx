/**
 * Adding a rule: paste or write it in any form that is read, see what is wrong as you type and what was understood, add
 * it. The service judges the text; the page knows no form.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type DragEvent, useMemo, useState } from 'react';
import type { Finding, RuleCheck } from '../../../src/serve/api.ts';
import { ApiProblem, addRuleText } from '../api/client.ts';
import { rulesQuestion } from '../api/questions.ts';
import { type Place, placeOf } from '../code/places.ts';
import { Key } from '../parts/chip.tsx';
import pageStyles from '../parts/page.module.css';
import partStyles from '../parts/parts.module.css';
import { Problem } from '../parts/problem.tsx';
import { Section } from '../parts/section.tsx';
import { useKeys } from '../shell/keys.ts';
import { useTitle } from '../shell/title.ts';
import { counted, grouped } from '../words/counts.ts';
import { LANGUAGE_WORD } from '../words/names.ts';
import { CodeText } from './code-text.tsx';
import { EXAMPLES } from './examples.ts';
import { FindingList, findingWords } from './finding-list.tsx';
import { RuleCost } from './rule-cost.tsx';
import { LONGEST_TEXT, type RuleDraft, useRuleDraft } from './rule-draft.ts';
import { RulePreview } from './rule-preview.tsx';
import { RuleTests } from './rule-tests.tsx';
import styles from './rules.module.css';
import { Understood } from './understood.tsx';

export function NewRulePage() {
  const draft = useRuleDraft();
  const navigate = useNavigate();
  const back = () => void navigate({ to: '/rules' });
  useKeys({ Escape: back });
  useTitle('Add a rule');
  const [jump, setJump] = useState<Place>();
  const [fileProblem, setFileProblem] = useState<string>();
  const [isOver, setOver] = useState(false);
  const take = async (files: FileList | null) => {
    const taken = await readOne(files);
    setFileProblem(taken.problem);
    if (taken.text !== undefined) draft.setText(taken.text);
  };
  const onDrag = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setOver(event.type === 'dragover');
  };
  const show = (finding: Finding) => setJump(placeOf(finding, draft.text) ?? { from: 0, to: 0 });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: whoever cannot drop a file chooses one
    <div
      className={styles.dropZone}
      data-over={isOver}
      onDragOverCapture={onDrag}
      onDragLeave={onDrag}
      onDropCapture={(event) => {
        onDrag(event);
        if (event.dataTransfer.types.includes('Files')) void take(event.dataTransfer.files);
      }}
    >
      <nav className={pageStyles.trail} aria-label="List">
        <Link to="/rules">
          ← Rules <Key>Esc</Key>
        </Link>
      </nav>
      <h1 className={pageStyles.title}>{headline(draft)}</h1>
      <div className={styles.starts}>
        <span>Start from an example:</span>
        {EXAMPLES.map(({ language, text }) => (
          <button key={language} type="button" className={partStyles.quiet} onClick={() => draft.setText(text)}>
            {LANGUAGE_WORD[language]}
          </button>
        ))}
        <span>or drop a file here, or</span>
        <label className={`${partStyles.quiet} ${styles.file}`}>
          choose a file
          <input
            type="file"
            onChange={(event) => {
              void take(event.currentTarget.files);
              event.currentTarget.value = '';
            }}
          />
        </label>
      </div>
      {fileProblem !== undefined && (
        <p className={pageStyles.failure} role="alert">
          {fileProblem}
        </p>
      )}
      {draft.problem !== null && (
        <Problem title="The text could not be checked" problem={draft.problem} queryKey={draft.question.queryKey} />
      )}
      <div className={styles.newColumns}>
        <div className={styles.editor}>
          <Editor draft={draft} jump={jump} />
          {!draft.isEmpty && <RulePreview text={draft.text} />}
          {!draft.isEmpty && <RuleCost text={draft.text} />}
          {!draft.isEmpty && <RuleTests text={draft.text} />}
        </div>
        <aside className={styles.newAside} aria-label="What was understood">
          <AddCard draft={draft} />
          {draft.check !== undefined && draft.check.findings.length > 0 && (
            <Section title="Findings">
              <FindingList findings={draft.check.findings} show={show} />
            </Section>
          )}
        </aside>
      </div>
    </div>
  );
}

function headline({ isEmpty, check }: RuleDraft): string {
  if (isEmpty || check === undefined) return 'Add a rule';
  const found = findingWords(check.findings);
  if (found !== undefined) return `${found.charAt(0).toUpperCase()}${found.slice(1)} in this text`;
  return check.rules.length === 1
    ? 'This rule can be added'
    : `These ${counted(check.rules.length, 'rule')} can be added`;
}

function Editor({ draft, jump }: { readonly draft: RuleDraft; readonly jump: Place | undefined }) {
  const { text, check, isCurrent } = draft;
  // What an answer says of a text that has changed since is left where the editor has moved it to.
  const [underlined, setUnderlined] = useState<{ of: RuleCheck | undefined; places: ReturnType<typeof placesOf> }>();
  const places = useMemo(
    () => (isCurrent && check !== undefined ? placesOf(check, text) : []),
    [check, isCurrent, text],
  );
  if (isCurrent && underlined?.of !== check) setUnderlined({ of: check, places });
  return (
    <div className={styles.editor}>
      <CodeText
        label="The rule’s text"
        text={text}
        underlined={underlined?.places ?? NONE}
        isNumbered
        assist="rule"
        onChange={draft.setText}
        placeholder="Paste a rule here, in any form that is read: Elastic TOML, an exported rule, a rule’s page, Sigma YAML, Sentinel YAML."
        jump={jump}
      />
    </div>
  );
}

const NONE: ReturnType<typeof placesOf> = [];

function placesOf({ findings }: RuleCheck, text: string) {
  return findings.flatMap((finding) => {
    const place = placeOf(finding, text);
    return place === undefined ? [] : [{ ...place, finding }];
  });
}

function AddCard({ draft }: { readonly draft: RuleDraft }) {
  const { text, check, isCurrent, isEmpty, isTooLong } = draft;
  const client = useQueryClient();
  const navigate = useNavigate();
  const addition = useMutation({
    mutationFn: () => addRuleText(text),
    onSuccess: async (answer) => {
      if (hasErrors(answer)) {
        client.setQueryData(draft.question.queryKey, answer);
        return;
      }
      draft.setText('');
      await client.invalidateQueries({ queryKey: rulesQuestion.queryKey });
      const [first, second] = answer.rules;
      if (first !== undefined && second === undefined) await navigate({ to: '/rules/$id', params: { id: first.id } });
      else await navigate({ to: '/rules' });
    },
  });
  const isReady = isCurrent && check !== undefined && check.rules.length > 0 && !hasErrors(check);
  const count = check?.rules.length ?? 0;
  return (
    <div className={pageStyles.card}>
      <Section title="Understood">
        <div aria-live="polite">
          {isEmpty && <p className={styles.quiet}>Nothing yet. What the text says will be shown here as you type.</p>}
          {isTooLong && (
            <p>
              The text has {grouped(text.length)} characters; at most {grouped(LONGEST_TEXT)} are read.
            </p>
          )}
          {check === undefined && !isEmpty && !isTooLong && <p className={styles.quiet}>Reading…</p>}
          {check !== undefined && <Understood rules={check.rules} />}
        </div>
        <button
          type="button"
          className={pageStyles.action}
          data-main="true"
          disabled={!isReady || addition.isPending}
          onClick={() => addition.mutate()}
        >
          {addition.isPending ? 'Adding…' : count > 1 ? `Add ${counted(count, 'rule')}` : 'Add the rule'}
        </button>
        {addition.error !== null && (
          <p className={pageStyles.failure} role="alert">
            Not added: {addition.error.message} {addition.error instanceof ApiProblem && addition.error.hint} The text
            is still here.
          </p>
        )}
        {addition.data !== undefined && hasErrors(addition.data) && (
          <p className={pageStyles.failure} role="alert">
            Not added: the service found {findingWords(addition.data.findings)}.
          </p>
        )}
      </Section>
    </div>
  );
}

function hasErrors({ findings }: RuleCheck): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

async function readOne(files: FileList | null): Promise<{ text?: string; problem?: string | undefined }> {
  const file = files?.[0];
  if (file === undefined) return {};
  if (file.size > LONGEST_TEXT) {
    return {
      problem: `${file.name} has ${grouped(file.size)} bytes; a rule’s text has at most ${grouped(LONGEST_TEXT)}.`,
    };
  }
  const text = await file.text().catch(() => undefined);
  if (text === undefined) return { problem: `${file.name} could not be read.` };
  if (text.includes('\0')) return { problem: `${file.name} is not a text.` };
  const left = (files?.length ?? 1) - 1;
  return { text, problem: left > 0 ? `Only ${file.name} was taken; add the others one by one.` : undefined };
}
