/** Hunts over the stored events. */
import { queryOptions } from '@tanstack/react-query';
import type { HuntAnswer, HuntAsk } from '../../../src/serve/hunt-api.ts';
import { HOLDS_ERRORS, request, sending } from './client.ts';

const SHOWN = 200;

/** Asked once, and again only by the reader; leaving the page ends it. */
export function huntQuestion(ask: Omit<HuntAsk, 'limit'>) {
  return queryOptions({
    queryKey: ['hunt', ask],
    queryFn: ({ signal }) =>
      request<HuntAnswer>('/api/hunt', { ...sending('POST', { ...ask, limit: SHOWN }), signal }, [HOLDS_ERRORS]),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}
