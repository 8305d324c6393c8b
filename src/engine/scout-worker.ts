/** The thread of one scout: a batch comes, its report goes. */
import { parentPort, workerData } from 'node:worker_threads';
import { Scout, type ScoutBatch, type ScoutTask } from './scout.ts';

const scout = new Scout(workerData as ScoutTask);
parentPort?.on('message', (batch: ScoutBatch) => parentPort?.postMessage(scout.look(batch)));
