/** A thread of `inspect-ahead.ts`: takes the next chunk of texts for as long as there is one. */
import module from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { AheadDone, AheadTask } from './inspect-ahead.ts';
import type { KnownFile } from './inspection-cache.ts';

const { files, texts, ends, chunk: size, taken, placeholders, compiled } = workerData as AheadTask;
if (compiled !== undefined) module.enableCompileCache(compiled);
const [{ inspectText }, { encodeInspections }, { textDigest }, { SigmaFilters }] = await Promise.all([
  import('./inspect.ts'),
  import('./inspection-file.ts'),
  import('./inspection-cache.ts'),
  import('./sigma-filters.ts'),
]);
const filters = new SigmaFilters();
const bytes = Buffer.from(texts.buffer, texts.byteOffset, texts.byteLength);
const options = { filters, ...(placeholders === undefined ? {} : { placeholders }) };

for (let chunk = next(); chunk * size < files.length; chunk = next()) {
  const known = new Map<string, KnownFile>();
  for (let at = chunk * size; at < Math.min((chunk + 1) * size, files.length); at += 1) {
    const file = files[at] as string;
    const text = textAt(at);
    const inspections = inspectText(text, file, options);
    const asked = filters.takeAsked().map(({ rule }) => rule);
    const isWhole = inspections.every(
      ({ pending, correlate, document }) =>
        pending === undefined && correlate === undefined && (document?.language ?? 'sigma') === 'sigma',
    );
    const [isOf, digest] = [(other: string) => other === text, textDigest(text)];
    if (isWhole) known.set(file, { known: { isOf, digest, text, inspections, asked, holdsFilters: false } });
  }
  const { index, bodies } = encodeInspections(known);
  const done: AheadDone = { chunk, index, bodies: joined(bodies) };
  parentPort?.postMessage(done, [done.bodies.buffer]);
}

function next(): number {
  return Atomics.add(taken, 0, 1);
}

function textAt(at: number): string {
  return bytes.toString('utf8', ends[at - 1] ?? 0, ends[at]);
}

/** In memory of its own, which a message hands over. */
function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
