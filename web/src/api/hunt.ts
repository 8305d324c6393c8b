/** Hunts over the stored events. */
import { queryOptions } from '@tanstack/react-query';
import type { HuntAnswer, HuntAsk } from '../../../src/serve/hunt-api.ts';
import type { TableAsk, TableFileAsk, TableHuntAnswer } from '../../../src/serve/table-api.ts';
import { ApiProblem, HOLDS_ERRORS, request, sending } from './client.ts';

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

/** As many as the table is sorted by in an instant. */
const ROWS = 10_000;

/** A whole query in Kusto; leaving the page, or cancelling, interrupts it. */
export function tableQuestion(ask: Omit<TableAsk, 'rows'>) {
  return queryOptions({
    queryKey: ['hunt-table', ask],
    queryFn: ({ signal }) =>
      request<TableHuntAnswer>('/api/hunt/table', { ...sending('POST', { ...ask, rows: ROWS }), signal }, [
        HOLDS_ERRORS,
      ]),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}

/**
 * Asks again for all rows that the service allows, and hands them over as a file.
 * @returns how many rows stand in the file where there are more
 */
export async function downloadAnswer(ask: TableFileAsk, signal: AbortSignal): Promise<number | undefined> {
  const response = await fetch('/api/hunt/table/file', { ...sending('POST', ask), signal });
  if (!response.ok) {
    const body = (await response.json().catch(() => undefined)) as Partial<TableHuntAnswer> | undefined;
    const finding = body?.findings?.find(({ severity }) => severity === 'error');
    throw new ApiProblem(
      response.status,
      finding?.message ?? `The service answered ${response.status}.`,
      finding?.hint,
    );
  }
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = `hunt.${ask.format}`;
  link.click();
  URL.revokeObjectURL(address);
  return response.headers.get('x-vedette-cut') === 'true' ? Number(response.headers.get('x-vedette-rows')) : undefined;
}
