/** Something asked of the runs: what is shown of them is asked again when the service has taken it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ruleQuestion, rulesQuestion } from '../api/questions.ts';
import { askRun, fillGaps, pauseRule, refreshRuns, stopRun } from '../api/runs.ts';

export function useAskRun() {
  const client = useQueryClient();
  return useMutation({ mutationFn: askRun, onSettled: () => refreshRuns(client) });
}

export function useStopRun() {
  const client = useQueryClient();
  return useMutation({ mutationFn: stopRun, onSettled: () => refreshRuns(client) });
}

export function useFillGaps() {
  const client = useQueryClient();
  return useMutation({ mutationFn: fillGaps, onSettled: () => refreshRuns(client) });
}

export function usePauseRule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, paused }: { readonly id: string; readonly paused: boolean }) => pauseRule(id, paused),
    onSuccess: (detail) => {
      client.setQueryData(ruleQuestion(detail.id).queryKey, detail);
      void client.invalidateQueries({ queryKey: rulesQuestion.queryKey });
      refreshRuns(client);
    },
  });
}
