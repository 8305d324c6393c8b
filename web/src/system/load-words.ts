/** How hard the service works, in sentences. */
import type { SystemReport } from '../../../src/serve/system-api.ts';
import { grouped } from '../words/counts.ts';
import { sizeWords } from './stored-words.ts';

const WAITING: Readonly<Record<string, string>> = {
  ordering: 'to be put in order for sequences',
  deciding: 'to become alerts or not',
  storing: 'to be stored',
  ingest: 'requests to be answered',
  ingest_bytes: 'bytes of requests to be read',
  runs: 'runs over the past to be begun',
};

export function rateWords({ rate }: Pick<SystemReport, 'rate'>): string {
  return `${perSecond(rate.now)} a second now, ${perSecond(rate.minute)} over the last minute`;
}

/** Only what waits is told; a queue that is nearly full is told with its limit. */
export function queueWords(queues: SystemReport['queues']): string {
  const waiting = queues.filter(({ depth }) => depth > 0);
  if (waiting.length === 0) return 'Nothing waits.';
  const parts = waiting.map(({ name, depth, limit }) => {
    const most = limit !== undefined && depth >= limit * 0.8 ? ` (full at ${grouped(limit)})` : '';
    return `${grouped(depth)}${most} ${WAITING[name] ?? name}`;
  });
  return `Waiting: ${parts.join(', ')}.`;
}

export function commitWords({ count, p50_ms, p99_ms }: SystemReport['commits']): string {
  if (count === 0) return 'Nothing was written yet.';
  if (count === 1) return `One batch, safe on the disk within ${time(p99_ms)}.`;
  return `Half of the last ${grouped(count)} batches were safe on the disk within ${time(p50_ms)}, 99 of 100 within ${time(p99_ms)}.`;
}

export function storageWords({ state_bytes, event_bytes, free_bytes }: SystemReport['storage']): string {
  const left = free_bytes === undefined ? '' : `; ${sizeWords(free_bytes)} left on the disk`;
  return `Alerts and state take ${sizeWords(state_bytes)}, events ${sizeWords(event_bytes)}${left}.`;
}

export function memoryWords({
  resident_bytes,
  working_heap_bytes,
  storing_heap_bytes,
  serving_heap_bytes,
}: SystemReport['memory']): string {
  return `${sizeWords(resident_bytes)}: ${sizeWords(working_heap_bytes)} for what detects, ${sizeWords(storing_heap_bytes)} for what stores events, ${sizeWords(serving_heap_bytes)} for what serves these pages, the rest shared.`;
}

/** The share of each kind of work beside taking events; `memory.megabytes` is divided so. */
export function limitWords({ limits }: Pick<SystemReport['memory'], 'limits'>): string {
  if (limits.length === 0) return 'None.';
  return `At most ${limits.map(({ of, bytes }) => `${sizeWords(bytes)} for ${LIMITED[of] ?? of}`).join(', ')}.`;
}

const LIMITED: Readonly<Record<string, string>> = {
  lookups: 'look-ups',
  effects: 'effects of exceptions',
  segments: 'making segments',
};

export function threadWords({ working_busy, serving_lag_p99_ms }: SystemReport['threads']): string {
  return `What detects is busy ${Math.round(working_busy * 100)} % of the time. Of 100 requests, 99 wait less than ${time(Math.max(1, serving_lag_p99_ms))} for their turn.`;
}

/** The points of a line in a box of 100 by 24, newest at its right. */
export function historyLine(history: readonly number[]): string {
  const most = Math.max(...history, 1);
  const step = 100 / Math.max(1, history.length - 1);
  return history.map((value, at) => `${(at * step).toFixed(1)},${(23 - (value / most) * 22).toFixed(1)}`).join(' ');
}

function perSecond(count: number): string {
  return count > 0 && count < 10 ? count.toFixed(1) : grouped(Math.round(count));
}

function time(milliseconds: number): string {
  return milliseconds < 1_000 ? `${Math.ceil(milliseconds)} ms` : `${(milliseconds / 1_000).toFixed(1)} s`;
}
