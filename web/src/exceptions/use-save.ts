/** Keeping an exception; what the service refuses comes back as the check of what was sent. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ExceptionDraft, ExceptionSummary } from '../../../src/serve/exception-api.ts';
import { exceptionCheckQuestion, exceptionQuestion, forgetExceptions, saveException } from '../api/exceptions.ts';

interface Saving {
  readonly draft: ExceptionDraft;
  /** Of the one that is changed. */
  readonly id?: string | undefined;
}

export function useSave(onSaved: (saved: ExceptionSummary, draft: ExceptionDraft) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ draft, id }: Saving) => saveException(draft, id),
    onSuccess: (answer, { draft }) => {
      if (!('exception' in answer)) {
        client.setQueryData(exceptionCheckQuestion(draft).queryKey, answer);
        return;
      }
      forgetExceptions(client);
      client.setQueryData(exceptionQuestion(answer.exception.id).queryKey, answer);
      onSaved(answer, draft);
    },
  });
}

/** What became of the last saving, where it was not kept. */
export function savingFailure(save: ReturnType<typeof useSave>): string | undefined {
  if (save.error !== null) return `Not saved: ${save.error.message} What is written is still here.`;
  if (save.data !== undefined && !('exception' in save.data)) return 'Not saved: the service found errors in it.';
  return undefined;
}
