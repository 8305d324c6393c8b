/** The thread that makes segments, one after the other, in the messages of `segment-thread.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import type { DuckDBInstance } from '@duckdb/node-api';
import { openDuck } from './duck.ts';
import { EventFiles } from './event-files.ts';
import { makeSegment } from './segment-job.ts';
import type { SegmentAnswer, SegmentRequest, SegmentThreadSettings } from './segment-thread.ts';

const settings = workerData as SegmentThreadSettings;
let opened: Promise<DuckDBInstance> | undefined;

parentPort?.on('message', (request: SegmentRequest) => {
  if (request === 'end') void end();
  else void answer(request);
});

async function answer({ job }: Exclude<SegmentRequest, 'end'>): Promise<void> {
  try {
    opened ??= openDuck(new EventFiles(settings.dataFolder).folder, settings.limits);
    const connection = await (await opened).connect();
    try {
      send({ segment: await makeSegment(connection, { ...job, dataFolder: settings.dataFolder }) });
    } finally {
      connection.closeSync();
    }
  } catch (error) {
    send({ failure: error instanceof Error ? error.message : String(error) });
  }
}

async function end(): Promise<void> {
  // One that could not be opened needs no closing.
  (await opened?.catch(() => undefined))?.closeSync();
  parentPort?.close();
}

function send(message: SegmentAnswer): void {
  parentPort?.postMessage(message);
}
