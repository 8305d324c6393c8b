/** What is wrong with a query that is being written, once nobody has typed for a moment. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { QueryFinding } from '../../../src/serve/language-api.ts';
import { type AssistedLanguage, findingsQuestion } from '../api/language.ts';
import type { Underlined } from './code-pane.tsx';

/** Long enough that a word half written is not called wrong. */
const TYPING_MS = 600;
const NOTHING: readonly Underlined[] = [];

/** @param language nothing is asked without one */
export function useFindings(language: AssistedLanguage | undefined, text: string): readonly Underlined[] {
  const [asked, setAsked] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const { data } = useQuery({
    ...findingsQuestion(language ?? 'eql', asked),
    enabled: language !== undefined && asked.trim() !== '' && asked === text,
  });
  return useMemo(
    () => (data === undefined || asked !== text || language === undefined ? NOTHING : underlinedOf(data)),
    [data, asked, text, language],
  );
}

/** A point is widened to the letter before it, so that there is something to see; what has no place is of the whole text. */
export function underlinedOf(findings: readonly QueryFinding[]): readonly Underlined[] {
  const placed = findings.filter(({ end }) => end > 0);
  return placed.map(({ start, end, severity, message, hint }) => ({
    from: end > start ? start : Math.max(0, start - 1),
    to: end,
    finding: { severity, message, ...(hint === undefined ? {} : { hint }) },
  }));
}
