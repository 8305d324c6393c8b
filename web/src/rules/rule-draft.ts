/**
 * The text that is being written, kept while the reader looks at other pages, and what the service says of it.
 *
 *   keystrokes ──quiet for a moment──▶ asked ──▶ answer, used while its text is the one on the page
 */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { ruleCheckQuestion } from '../api/questions.ts';

const TYPING_MS = 250;
/** What the service takes, in UTF-8 bytes at most; longer texts are not sent. */
export const LONGEST_TEXT = 1_048_576;

let kept = '';

/** What the page of a new rule opens with. */
export function startDraft(text: string): void {
  kept = text;
}

export function useRuleDraft() {
  const [text, setText] = useState(kept);
  const [asked, setAsked] = useState(text);
  useEffect(() => {
    kept = text;
    if (text === asked) return;
    // Emptied, or pasted into nothing: there is no typing to wait for.
    const timer = setTimeout(() => setAsked(text), text === '' || asked === '' ? 0 : TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, asked]);
  const isTooLong = text.length > LONGEST_TEXT;
  const isEmpty = text.trim() === '';
  const question = ruleCheckQuestion(asked);
  const answer = useQuery({ ...question, enabled: asked.trim() !== '' && asked.length <= LONGEST_TEXT });
  const check = isEmpty || isTooLong ? undefined : answer.data;
  /** Whether `check` is about the text as it is now. */
  const isCurrent = check !== undefined && !answer.isPlaceholderData && text === asked;
  return {
    text,
    setText,
    check,
    isCurrent,
    isEmpty,
    isTooLong,
    question,
    problem: answer.error ?? answer.failureReason,
  };
}

export type RuleDraft = ReturnType<typeof useRuleDraft>;
