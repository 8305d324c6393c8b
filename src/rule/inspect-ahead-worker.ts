/** The thread of `inspect-ahead.ts`: from the last chunk of texts to the first that the other thread has taken. */
import module from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { AheadDone, AheadTask } from './inspect-ahead.ts';
import type { KnownFile } from './inspection-cache.ts';

const { texts, chunk: size, taken, placeholders, compiled } = workerData as AheadTask;
if (compiled !== undefined) module.enableCompileCache(compiled);
const [{ inspectText }, { encodeInspections }, { textDigest }, { SigmaFilters }] = await Promise.all([
  import('./inspect.ts'),
  import('./inspection-file.ts'),
  import('./inspection-cache.ts'),
  import('./sigma-filters.ts'),
]);
const filters = new SigmaFilters();
const options = { filters, ...(placeholders === undefined ? {} : { placeholders }) };

for (let chunk = taken.length - 1; chunk >= 0; chunk -= 1) {
  if (Atomics.compareExchange(taken, chunk, 0, 1) !== 0) break;
  const known = new Map<string, KnownFile>();
  for (const { file, text } of texts.slice(chunk * size, (chunk + 1) * size)) {
    const inspections = inspectText(text, file, options);
    const asked = filters.takeAsked().map(({ rule }) => rule);
    const isWhole = inspections.every(
      ({ pending, correlate, document }) =>
        pending === undefined && correlate === undefined && (document?.language ?? 'sigma') === 'sigma',
    );
    const [isOf, digest] = [(other: string) => other === text, textDigest(text)];
    if (isWhole) known.set(file, { known: { isOf, digest, text, inspections, asked, holdsFilters: false } });
  }
  const done: AheadDone = { chunk, ...encodeInspections(known) };
  parentPort?.postMessage(done);
}
