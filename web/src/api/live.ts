/**
 * Live updates: the service's event stream, turned into fresh counts.
 *
 *   /api/live ──`status`──▶ the status in the cache
 *             └─`alerts`──▶ counts and histogram asked again (at most once a second); the list waits for the reader
 *
 * The browser reconnects by itself; after a gap everything counted is asked again, since what was missed is unknown.
 */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Status } from '../../../src/serve/api.ts';
import { statusQuestion } from './questions.ts';

const REFRESH_MS = 1000;
/** A browser gives up for good after some failures (an HTTP error instead of a stream); then we start anew. */
const REOPEN_MS = 5000;

/** Follows the stream for as long as the component is mounted; false while the connection is lost. */
export function useLive(): boolean {
  const client = useQueryClient();
  const [isConnected, setConnected] = useState(true);
  useEffect(() => follow(client, setConnected), [client]);
  return isConnected;
}

function follow(client: QueryClient, setConnected: (connected: boolean) => void): () => void {
  let stream: EventSource;
  let reopen: ReturnType<typeof setTimeout> | undefined;
  let refresh: ReturnType<typeof setTimeout> | undefined;
  let wasLost = false;

  const refreshSoon = () => {
    refresh ??= setTimeout(() => {
      refresh = undefined;
      refreshCounts(client);
    }, REFRESH_MS);
  };
  const open = () => {
    stream = new EventSource('/api/live');
    stream.onopen = () => {
      setConnected(true);
      if (wasLost) {
        void client.invalidateQueries({ queryKey: statusQuestion.queryKey });
        refreshCounts(client);
      }
      wasLost = false;
    };
    stream.onerror = () => {
      wasLost = true;
      setConnected(false);
      if (stream.readyState === EventSource.CLOSED) reopen = setTimeout(open, REOPEN_MS);
    };
    stream.addEventListener('alerts', refreshSoon);
    stream.addEventListener('status', (message) => {
      const status = JSON.parse(message.data) as Status;
      const before = client.getQueryData(statusQuestion.queryKey);
      client.setQueryData(statusQuestion.queryKey, status);
      if (before !== undefined && before.rules_read !== status.rules_read) {
        for (const kind of ['rules', 'rule']) void client.invalidateQueries({ queryKey: [kind] });
      }
    });
  };

  open();
  return () => {
    stream.close();
    clearTimeout(reopen);
    clearTimeout(refresh);
  };
}

/** Asks again for everything that is counted, and for nothing that is listed. */
export function refreshCounts(client: QueryClient): void {
  for (const kind of ['count', 'histogram', 'rules']) void client.invalidateQueries({ queryKey: [kind] });
}
