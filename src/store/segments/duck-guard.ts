/**
 * Ending a thread in which DuckDB may be at work.
 *
 *   owner: readingThread ──▶ Worker ──terminate──▶ no new call begins ──the last one has ended──▶ the thread is ended
 *
 * A thread that is ended while a call of DuckDB's binding is under way takes the whole process with it: the binding
 * throws where nobody can catch it (@duckdb/node-api 1.5.6, tried with calls that run and with calls whose answer has not
 * been heard). So both sides share two numbers: how many calls are under way, and whether more may begin. A call counts
 * itself before it looks whether it may begin; so when none is counted after the door was shut, none begins.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker, type WorkerOptions, workerData } from 'node:worker_threads';

const CALLS = 0;
const SHUT = 1;
const LOOK_MS = 10;
/** How often a call under way looks whether it is to end. */
const INTERRUPT_MS = 50;

interface Guarded {
  readonly duckGuard?: SharedArrayBuffer;
}

/** A thread whose `terminate` waits for DuckDB, and interrupts it. */
export function readingThread(file: URL, options: WorkerOptions & { readonly workerData: object }): Worker {
  const guard = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(file, { ...options, workerData: { ...options.workerData, duckGuard: guard.buffer } });
  let hasExited = false;
  worker.once('exit', () => {
    hasExited = true;
  });
  const terminate = worker.terminate.bind(worker);
  return Object.assign(worker, {
    terminate: async (): Promise<number> => {
      Atomics.store(guard, SHUT, 1);
      while (!hasExited && Atomics.load(guard, CALLS) > 0) await sleep(LOOK_MS);
      return terminate();
    },
  });
}

/** Of this thread; one that nobody ends from outside has one of its own. */
const own = new Int32Array((workerData as Guarded | null)?.duckGuard ?? new SharedArrayBuffer(8));

/**
 * A call of DuckDB's, or several.
 * @param interrupt ends the one under way
 * @throws {Error} where the thread is being ended
 */
export async function guarded<T>(action: () => Promise<T>, interrupt: () => void = () => {}): Promise<T> {
  Atomics.add(own, CALLS, 1);
  const looking = setInterval(() => {
    if (Atomics.load(own, SHUT) !== 0) interrupt();
  }, INTERRUPT_MS);
  try {
    if (Atomics.load(own, SHUT) !== 0) throw new Error('The thread is being ended.');
    return await action();
  } finally {
    clearInterval(looking);
    Atomics.sub(own, CALLS, 1);
  }
}
