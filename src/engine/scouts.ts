/**
 * Scouts in threads of their own: blocks of lines go out in turn, reports come back.
 *
 *   block in memory that threads share ──message: where it lies──▶ scout ──message: which lines matter──▶ report
 */
import module from 'node:module';
import { dirname } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { BlockRooms } from './block-rooms.ts';
import type { ScoutBlock, ScoutReport, ScoutTask } from './scout.ts';
import type { ScoutStart } from './scout-worker.ts';

/** What is made of a line is gone with the line. */
const YOUNG_MB = 6;

/** Looks at blocks; reports come in any order. */
export interface Scouting {
  readonly count: number;
  readonly rooms: BlockRooms;
  look(block: ScoutBlock): Promise<ScoutReport>;
}

export class Scouts implements Scouting {
  readonly count: number;
  readonly rooms = new BlockRooms();
  private readonly threads: readonly ScoutThread[];
  private next = 0;

  constructor(count: number, task: ScoutTask) {
    this.count = count;
    // Where the program was told how large the young half of a heap may be, V8 holds threads to that and not to their limits.
    setFlagsFromString('--max-semi-space-size=0');
    this.threads = Array.from({ length: count }, () => new ScoutThread(task));
  }

  look(block: ScoutBlock): Promise<ScoutReport> {
    const thread = this.threads[this.next] as ScoutThread;
    this.next = (this.next + 1) % this.count;
    return thread.look(block);
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.close()));
  }
}

interface Asked {
  readonly resolve: (report: ScoutReport) => void;
  readonly reject: (error: unknown) => void;
}

class ScoutThread {
  private readonly worker: Worker;
  private readonly asked: Asked[] = [];

  constructor(task: ScoutTask) {
    const file = import.meta.url.endsWith('.ts') ? './scout-worker.ts' : './scout-worker.js';
    const folder = module.getCompileCacheDir();
    const start: ScoutStart = { task, ...(folder === undefined ? {} : { compiled: dirname(folder) }) };
    this.worker = new Worker(new URL(file, import.meta.url), {
      workerData: start,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    this.worker.on('message', (report: ScoutReport) => this.asked.shift()?.resolve(report));
    this.worker.on('error', (error) => {
      for (const { reject } of this.asked.splice(0)) reject(error);
    });
  }

  look(block: ScoutBlock): Promise<ScoutReport> {
    return new Promise((resolve, reject) => {
      this.asked.push({ resolve, reject });
      this.worker.postMessage(block);
    });
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}
