/**
 * What people do to alerts: decide, note, tick steps. Nothing is shown as done before the service has kept it; what it
 * answers goes to every place that shows the alert.
 */
import { type InfiniteData, type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import type { AlertDetail, AlertSummary, StatusChange } from '../../../src/serve/api.ts';
import { type Decision, decided, noteDecision } from '../alerts/decided.ts';
import { postNote, postStatus, postStep } from '../api/client.ts';
import { refreshCounts } from '../api/live.ts';
import { alertQuestion, type ListPage, membersQuestion, statusQuestion } from '../api/questions.ts';
import { signature } from '../api/signer.ts';

/** So many decisions are under way at once when several alerts are decided together. */
const AT_ONCE = 6;

interface Deciding {
  readonly ids: readonly string[];
  readonly change: StatusChange;
}

export function useDecision(onSaved: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ ids, change }: Deciding) => {
      const signed = { ...change, ...signature() };
      for (let from = 0; from < ids.length; from += AT_ONCE) {
        const details = await Promise.all(ids.slice(from, from + AT_ONCE).map((id) => postStatus(id, signed)));
        for (const detail of details) keepDetail(client, detail);
      }
    },
    onSuccess: onSaved,
    // Of several, some may have been kept before one failed.
    onSettled: () => {
      void client.invalidateQueries({ queryKey: statusQuestion.queryKey });
      for (const kind of ['incidents', 'incident']) void client.invalidateQueries({ queryKey: [kind] });
      // Counts that nobody looks at now would, shown later, seem to know of alerts that the list has dropped.
      client.removeQueries({ queryKey: ['count'], type: 'inactive' });
      refreshCounts(client);
    },
  });
}

export function useNote(id: string, onSaved: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (text: string) => postNote(id, { text, ...signature() }),
    onSuccess: (detail) => {
      onSaved();
      client.setQueryData(alertQuestion(id).queryKey, detail);
    },
  });
}

export function useStep(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: { readonly step: string; readonly done: boolean }) =>
      postStep(id, { ...change, ...signature() }),
    onSuccess: (detail) => client.setQueryData(alertQuestion(id).queryKey, detail),
  });
}

function keepDetail(client: QueryClient, detail: AlertDetail): void {
  const { id } = detail.alert;
  client.setQueryData(alertQuestion(id).queryKey, detail);
  const { status, close_reason } = detail;
  const decision: Decision = close_reason === undefined ? { status } : { status, close_reason };
  for (const [key, data] of client.getQueriesData<InfiniteData<ListPage, string>>({ queryKey: ['alerts'] })) {
    const row = data?.pages.flatMap(({ alerts }) => alerts).find((alert) => alert.id === id);
    if (data === undefined) continue;
    client.setQueryData<InfiniteData<ListPage, string>>(key, {
      ...data,
      pages: data.pages.map((page) => noteDecision(page, id, decision)),
    });
    // What a row that stands for several shows, and whether it is still there, only the service knows.
    if (row === undefined || (row.folded?.alerts ?? 1) > 1) {
      void client.invalidateQueries({ queryKey: key, exact: true, refetchType: 'none' });
    }
  }
  for (const [key, members] of client.getQueriesData<readonly AlertSummary[]>({ queryKey: [membersKind] })) {
    if (members?.some((member) => member.id === id) !== true) continue;
    client.setQueryData(
      key,
      members.map((member) => (member.id === id ? decided(member, decision) : member)),
    );
  }
}

const membersKind = membersQuestion('').queryKey[0];
