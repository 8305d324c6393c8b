/** A service at work, for the system page. */
import { divideMemory, memoryShares } from '../../src/engine/memory-budget.ts';
import type { Status } from '../../src/serve/api.ts';
import type { SystemReport } from '../../src/serve/system-api.ts';

const HISTORY = Array.from({ length: 60 }, (_, second) => 40 + Math.round(30 * Math.sin(second / 6)));

export function systemOf(
  status: Status,
  rules: readonly { readonly id: string; readonly name: string; readonly alerts: number }[],
  now: number,
): SystemReport {
  const busy = rules.filter(({ alerts }) => alerts > 0);
  return {
    status,
    time: new Date(now).toISOString(),
    readiness: { ready: true, reasons: [], notes: [] },
    rate: { now: 42, minute: 38.5 },
    history: HISTORY,
    sources: status.sources.map((source) => ({ ...source, rate: { now: 21, minute: 19 } })),
    rules: busy.map(({ id, name, alerts }) => ({
      id,
      name,
      funnel: { matched: alerts + 2, excepted: 2, suppressed: 0, duplicate: 0, capped: 0, created: alerts },
    })),
    queues: [
      { name: 'ordering', depth: 17 },
      { name: 'storing', depth: 0 },
    ],
    commits: { count: 100, p50_ms: 4.2, p99_ms: 31 },
    storage: { state_bytes: 6_200_000, event_bytes: 81_000_000, free_bytes: 79_000_000_000 },
    memory: {
      ...{
        resident_bytes: 312_000_000,
        serving_heap_bytes: 40_000_000,
        working_heap_bytes: 91_000_000,
        storing_heap_bytes: 30_000_000,
      },
      limits: Object.entries(memoryShares(divideMemory())).map(([of, megabytes]) => ({
        of,
        bytes: megabytes * 1024 * 1024,
      })),
    },
    threads: { working_busy: 0.12, serving_lag_p99_ms: 1.2 },
  };
}
