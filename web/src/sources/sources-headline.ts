/** What is read, in a sentence. */
import type { SourceSummary } from '../../../src/serve/api.ts';
import { counted } from '../words/counts.ts';
import { longAge } from '../words/time.ts';

/** `2 sources, 1,204 events, last one 3 minutes ago`; `now` in epoch ms. */
export function sourcesHeadline(sources: readonly SourceSummary[], now: number): string {
  if (sources.length === 0) return 'No source is read';
  const events = sources.reduce((sum, source) => sum + source.events, 0);
  const times = sources.flatMap(({ last_event }) => (last_event === undefined ? [] : [last_event]));
  const last = times.sort().at(-1);
  const failed = sources.filter(({ state }) => state === 'failed').length;
  return [
    counted(sources.length, 'source'),
    ...(failed === 0 ? [] : [`${failed} failed`]),
    counted(events, 'event'),
    ...(last === undefined ? [] : [`last one ${longAge(last, now)}`]),
  ].join(', ');
}
