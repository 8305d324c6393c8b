/**
 * An exception that is being written, and what the service says of it.
 *
 *   typing ──quiet for a moment──▶ check: findings, the sentence ──no error──▶ effect: what it would remove
 */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { ExceptionDraft } from '../../../src/serve/exception-api.ts';
import { effectQuestion, exceptionCheckQuestion } from '../api/exceptions.ts';
import { type FormDraft, isBlank, toDraft } from './form-draft.ts';

const TYPING_MS = 250;
const EFFECT_MS = 400;

export function useExceptionForm(initial: FormDraft) {
  const [form, setForm] = useState(initial);
  const draft = useMemo(() => toDraft(form), [form]);
  const asked = useQuiet(draft, TYPING_MS);
  const blank = isBlank(form);
  const question = exceptionCheckQuestion(asked);
  const answer = useQuery({ ...question, enabled: !blank });
  const check = blank ? undefined : answer.data;
  const isCurrent = check !== undefined && !answer.isPlaceholderData && asked === draft;
  const hasErrors = check?.findings.some(({ severity }) => severity === 'error') ?? true;
  const tried = useQuiet(asked, EFFECT_MS);
  const canTry = !blank && !hasErrors && !answer.isPlaceholderData && tried === asked;
  // The name and the reason change nothing about what it removes.
  const condition = useMemo(() => conditionOf(tried), [tried]);
  const isTried = useMemo(() => JSON.stringify(conditionOf(draft)) === JSON.stringify(condition), [draft, condition]);
  const effectAnswer = useQuery({ ...effectQuestion(condition), enabled: canTry });
  return {
    form,
    setForm,
    draft,
    check,
    isCurrent,
    hasErrors,
    question,
    problem: answer.error ?? answer.failureReason,
    effect: blank || hasErrors ? undefined : effectAnswer.data,
    isEffectStale: effectAnswer.isFetching || effectAnswer.isPlaceholderData || !isTried,
    effectProblem: effectAnswer.error,
  };
}

export type ExceptionForm = ReturnType<typeof useExceptionForm>;

/**
 * Ids of the alerts that nobody has closed and that the draft would remove, to be closed once it is kept. Never those of
 * a draft before it: what was shown while typing may have been of another one.
 */
export function useUndecided(draft: ExceptionDraft | undefined): readonly string[] {
  const question = effectQuestion(conditionOf(draft ?? NO_DRAFT));
  const { data, isPlaceholderData } = useQuery({ ...question, enabled: draft !== undefined });
  return isPlaceholderData ? NONE : (data?.alerts.undecided ?? NONE);
}

const NONE: readonly string[] = [];
const NO_DRAFT: ExceptionDraft = { name: '', rules: [], condition: { kind: 'entries', entries: [] }, reason: '' };

/** What decides which matches it removes. */
function conditionOf(draft: ExceptionDraft): ExceptionDraft {
  return { ...draft, name: 'tried', reason: '', enabled: true };
}

/** The value once it has not changed for so long; at once where it is the first. */
function useQuiet<T>(value: T, ms: number): T {
  const [quiet, setQuiet] = useState(value);
  useEffect(() => {
    if (quiet === value) return;
    const timer = setTimeout(() => setQuiet(() => value), ms);
    return () => clearTimeout(timer);
  }, [value, quiet, ms]);
  return quiet;
}
