/** Values that count here instead of a rule's own: their names, and changing them. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { OverlayKey, OverlayRequest, OverlayView } from '../../../src/serve/rule-change-api.ts';
import { ruleQuestion, rulesQuestion } from '../api/questions.ts';
import { changeRuleHere } from '../api/rule-changes.ts';

export const OVERLAY_NAMES: Readonly<Record<OverlayKey, string>> = {
  enabled: 'Runs',
  severity: 'Severity',
  risk_score: 'Risk score',
  interval: 'Every',
  from: 'Looks back to',
  max_alerts: 'Max alerts a run',
};

export function overlayWords(value: OverlayView['theirs']): string {
  if (value === null) return 'nothing';
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value);
}

export function useRuleChange(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (changes: OverlayRequest) => changeRuleHere(id, changes),
    onSuccess: async (detail) => {
      client.setQueryData(ruleQuestion(id).queryKey, detail);
      await client.invalidateQueries({ queryKey: rulesQuestion.queryKey });
    },
  });
}
