/** The thread of one scout: a block comes, its report goes. */
import module from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { ScoutBlock, ScoutTask } from './scout.ts';

/** What a thread is started with. */
export interface ScoutStart {
  readonly task: ScoutTask;
  /** Where compiled code is kept: threads do not take that over by themselves, and start four times as slowly without. */
  readonly compiled?: string;
}

const { task, compiled } = workerData as ScoutStart;
if (compiled !== undefined) module.enableCompileCache(compiled);
const { scoutOf } = await import('./scout.ts');
const scout = scoutOf(task);
parentPort?.on('message', (block: ScoutBlock) => parentPort?.postMessage(scout.look(block)));
