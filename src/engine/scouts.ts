/**
 * Scouts in threads of their own, which take blocks of a file that is open for all threads from one board, and say there which
 * lines matter.
 */
import module from 'node:module';
import { dirname } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { MessageChannel, type MessagePort, type ResourceLimits, Worker } from 'node:worker_threads';
import { setRunsBeforeBestCode, setRunsBeforeGoodCode } from '../rule/best-code.ts';
import type { ScoutFile, ScoutTask } from './scout.ts';
import { boardMemory, ScoutBoard } from './scout-board.ts';
import type { ScoutStart } from './scout-worker.ts';

/** What is made of a line is gone with the line. With 6 a thread took 3 MB more, and as much of the processor. */
const YOUNG_MB = 3;

/** The scan and scouts each learn what the others do. With 15,000 and with 50,000 the threads took a tenth less of the processor. */
const RUNS_BEFORE_BEST_CODE = 20_000;
/** With 400, V8's own, a further thread took 12 MB more, with 4,000 two more, and as much of the processor. */
const RUNS_BEFORE_GOOD_CODE = 8_000;

/** A turn takes as long as to read a tenth of a megabyte. */
const TURN_EVERY_MS = 10;

/** Who looks at blocks of the board. */
export interface Scouting {
  readonly board: ScoutBoard;
  /** Tells scouts of a file; its blocks are opened to them after that. */
  tell(file: ScoutFile): void;
  /** Whether nothing else has happened in this thread for long. */
  readonly isDue: boolean;
  /** Lets other things happen; throws what a scout has thrown. */
  turn(): Promise<void>;
}

export class Scouts implements Scouting {
  readonly board: ScoutBoard;
  private readonly limits: ResourceLimits;
  private readonly threads: readonly Worker[];
  private readonly ports: readonly MessagePort[];
  private turned = 0;
  private failure: { readonly error: unknown } | undefined;

  /** @param limits of each thread, for tests */
  constructor(count: number, task: ScoutTask, limits: ResourceLimits = { maxYoungGenerationSizeMb: YOUNG_MB }) {
    this.limits = limits;
    const memory = boardMemory(count);
    this.board = new ScoutBoard(memory);
    // Where the program was told how large the young half of a heap may be, V8 holds threads to that and not to their limits.
    setFlagsFromString('--max-semi-space-size=0');
    setRunsBeforeBestCode(RUNS_BEFORE_BEST_CODE);
    setRunsBeforeGoodCode(RUNS_BEFORE_GOOD_CODE);
    const channels = Array.from({ length: count }, () => new MessageChannel());
    this.ports = channels.map(({ port1 }) => port1);
    this.threads = channels.map(({ port2 }, number) => this.start({ task, board: memory, number, files: port2 }));
  }

  tell(file: ScoutFile): void {
    for (const port of this.ports) port.postMessage(file);
  }

  get isDue(): boolean {
    return performance.now() - this.turned > TURN_EVERY_MS;
  }

  turn(): Promise<void> {
    this.turned = performance.now();
    if (this.failure !== undefined) return Promise.reject(this.failure.error);
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  }

  async close(): Promise<void> {
    for (const port of this.ports) port.close();
    await Promise.all(this.threads.map((thread) => thread.terminate()));
    setRunsBeforeBestCode();
    setRunsBeforeGoodCode();
  }

  private start(start: ScoutStart): Worker {
    const file = import.meta.url.endsWith('.ts') ? './scout-worker.ts' : './scout-worker.js';
    const folder = module.getCompileCacheDir();
    const workerData: ScoutStart = folder === undefined ? start : { ...start, compiled: dirname(folder) };
    const worker = new Worker(new URL(file, import.meta.url), {
      workerData,
      transferList: [start.files],
      resourceLimits: this.limits,
    });
    worker.on('error', (error) => {
      // What it did the scan does by itself, and what it has said holds.
      if (isOutOfMemory(error)) this.board.lost(start.number);
      else this.failure ??= { error };
    });
    return worker;
  }
}

function isOutOfMemory(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
