/**
 * A process that stores events and moves them into segments, to be killed while it does.
 *
 *   node write-events.ts FOLDER BATCHES
 *
 * Says the number of each batch when it is stored for good. What is stored already is stored again, as after a crash.
 */
import { writeSync } from 'node:fs';
import { openSegments } from '../../src/store/open-event-store.ts';
import { batchOf, KEPT } from './event-batches.ts';

const [folder = '', batches = '0'] = process.argv.slice(2);
// Every batch is a log file of its own, and a segment.
const { store } = await openSegments(folder, { ...KEPT, logBytes: 1 });
for (let batch = 0; batch < Number(batches); batch += 1) {
  await store.append(batchOf(batch));
  writeSync(1, `${batch}\n`);
  while (await store.prune(Date.now()));
}
await store.close();
