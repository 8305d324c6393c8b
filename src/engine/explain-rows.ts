/**
 * Why a rule over tables fires on files of events, or does not: the rows that come through each operator of its query, in
 * the last of its runs that has events.
 */

import { slotOf } from '../detect/run-grid.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import { scheduleWindow } from '../rule/schedule.ts';
import { LooseEvents } from '../store/segments/loose-events.ts';
import { readEvents } from './read-events.ts';
import type { GivenSchema } from './tables/given-tables.ts';
import { type FunnelStep, queryFunnel } from './tables/query-funnel.ts';
import { writtenEvent } from './written-event.ts';

export interface RowsExplanation {
  readonly steps: readonly FunnelStep[];
  /** What the run sees (ISO 8601), `after` exclusive, `up_to` inclusive. */
  readonly window: { readonly after: string; readonly up_to: string };
  readonly events: number;
  /** Of the query, and of files. */
  readonly problems: readonly Diagnostic[];
}

const LIMITS = { threads: 2, memoryMb: 1_024 };
const TICKS_PER_MS = 10_000n;

export async function explainRows(
  { document }: LoadedRule,
  paths: readonly string[],
  names?: GivenSchema,
): Promise<RowsExplanation> {
  const store = new LooseEvents(LIMITS);
  try {
    let newest = 0;
    let events = 0;
    const { problems } = await readEvents(paths, (event) => {
      const written = writtenEvent(event, false);
      if (written === undefined) return true;
      store.append(written);
      events += 1;
      newest = Math.max(newest, written.timeMs);
      return true;
    });
    await store.seal();
    const { interval, from } = scheduleWindow(document.schedule);
    const end = slotOf(newest, interval) + interval;
    const begin = end - Math.max(from, interval);
    const window = { after: BigInt(begin) * TICKS_PER_MS, upTo: BigInt(end) * TICKS_PER_MS, isOfThePast: true };
    const funnel = await queryFunnel(document.query, { ...names, store, now: window.upTo, window });
    return {
      steps: funnel.steps,
      window: { after: new Date(begin).toISOString(), up_to: new Date(end).toISOString() },
      events,
      problems: [...problems, ...funnel.diagnostics.filter(({ severity }) => severity === 'error')],
    };
  } finally {
    await store.close();
  }
}
