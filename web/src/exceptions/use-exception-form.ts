/**
 * An exception that is being written, and what the service says of it.
 *
 *   typing ──quiet for a moment──▶ check: findings, the sentence ──no error──▶ effect: what it would remove
 */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
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
  const condition = useMemo(() => ({ ...tried, name: 'tried', reason: '', enabled: true }), [tried]);
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
    isEffectStale: effectAnswer.isFetching || effectAnswer.isPlaceholderData || tried !== draft,
    effectProblem: effectAnswer.error,
  };
}

export type ExceptionForm = ReturnType<typeof useExceptionForm>;

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
