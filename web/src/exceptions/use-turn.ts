/** Turning an exception on or off. Nothing is shown as changed before the service has kept it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ExceptionSummary } from '../../../src/serve/exception-api.ts';
import { exceptionQuestion, exceptionsQuestion, forgetExceptions, saveException } from '../api/exceptions.ts';

export function useTurn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ exception }: ExceptionSummary): Promise<ExceptionSummary> => {
      const { created: _, updated: __, ...draft } = exception;
      const answer = await saveException({ ...draft, enabled: !exception.enabled }, exception.id);
      if ('exception' in answer) return answer;
      const first = answer.findings.find(({ severity }) => severity === 'error');
      throw new Error(first?.message ?? 'The service found an error in it.');
    },
    onSuccess: (answer) => {
      const { id } = answer.exception;
      client.setQueryData(exceptionsQuestion.queryKey, (all) =>
        all?.map((each) => (each.exception.id === id ? answer : each)),
      );
      client.setQueryData(exceptionQuestion(id).queryKey, answer);
      forgetExceptions(client);
    },
  });
}

export type Turn = ReturnType<typeof useTurn>;
