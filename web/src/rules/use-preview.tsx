/** A rule's text being run over stored events by the service: asked for, watched until it has an answer, stopped. */
import { useMutation, useQuery } from '@tanstack/react-query';
import type { PreviewAsk, PreviewBegun, PreviewState } from '../../../src/serve/preview-api.ts';
import { previewState, startPreview, stopPreview } from '../api/preview.ts';
import { useNow } from '../words/clock.ts';
import { counted } from '../words/counts.ts';
import { dayAndTime } from '../words/time.ts';
import styles from './rules.module.css';

/** How often it is asked how far it is. */
const LOOK_MS = 400;

interface PreviewUse {
  readonly ask: (asked: PreviewAsk) => void;
  /** Absent where there is nothing to stop. */
  readonly stop: (() => void) | undefined;
  readonly begun: PreviewBegun | undefined;
  readonly state: PreviewState | undefined;
  readonly isBusy: boolean;
  /** Why there is no answer. */
  readonly error: Error | null;
}

export function usePreview(): PreviewUse {
  const begin = useMutation({ mutationFn: startPreview });
  const stop = useMutation({ mutationFn: stopPreview, onSuccess: () => begin.reset() });
  const number = begin.data?.preview;
  const { data: state, error } = useQuery({
    queryKey: ['preview', number],
    queryFn: ({ signal }) => previewState(number ?? 0, signal),
    enabled: number !== undefined,
    refetchInterval: ({ state: { data } }) => (data === undefined || isUnderWay(data.state) ? LOOK_MS : false),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return {
    ask: begin.mutate,
    stop: number === undefined ? undefined : () => stop.mutate(number),
    begun: begin.data,
    state,
    isBusy: begin.isPending || (number !== undefined && error === null && isUnderWay(state?.state ?? 'waiting')),
    error: begin.error ?? error ?? (state?.state === 'failed' ? new Error(state.message) : null),
  };
}

function isUnderWay(state: PreviewState['state']): boolean {
  return state === 'waiting' || state === 'running';
}

export function PreviewProgress({ state }: { readonly state: PreviewState | undefined }) {
  const now = useNow();
  if (state?.state === 'waiting') return <p className={styles.quiet}>It waits for another preview.</p>;
  if (state?.state !== 'running') return null;
  return (
    <p className={styles.quiet}>
      {state.events === 0
        ? 'Getting ready…'
        : `${counted(state.events, 'event')} read, up to ${dayAndTime(state.at, now)}`}
    </p>
  );
}
