/**
 * Runs cases in threads of their own, or in this one where that is quicker.
 *
 *   jobs ──one at a time to each──▶ rule-test-worker ──▶ outcomes, in the order in which they are done
 *
 * A plan is data, so a rule is compiled once, here, and sent along.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { LoadedRule } from '../rule/inspect.ts';
import type { CaseOutcome, TestCase } from './rule-test.ts';
import { runCase } from './rule-test-run.ts';

export interface TestJob {
  readonly rule: LoadedRule;
  readonly cases: readonly TestCase[];
  /** A folder of what rules in Kusto may name. */
  readonly own?: string;
}

/**
 * A case takes 1.3 ms (SigmaHQ's regression data, twelve times over); a thread most of a second of a processor until it is
 * ready. With fewer cases for each thread than this, one thread alone is done first.
 */
const CASES_A_THREAD = 1_000;

/** As many threads as pay for themselves; 0 for none but this. */
export function threadsFor(jobs: readonly TestJob[]): number {
  const cases = jobs.reduce((sum, job) => sum + job.cases.length, 0);
  const threads = Math.min(availableParallelism(), Math.floor(cases / CASES_A_THREAD), jobs.length);
  return threads < 2 ? 0 : threads;
}

/**
 * @param done called with the number of each job and what became of its cases
 * @param limitMs for all of it, in threads; what is not done by then fails
 */
export async function runJobs(
  jobs: readonly TestJob[],
  threads: number,
  done: (job: number, outcomes: readonly CaseOutcome[]) => void,
  limitMs?: number,
): Promise<void> {
  if (threads === 0) {
    for (const [index, job] of jobs.entries()) done(index, await runJob(job));
    return;
  }
  const waiting = jobs.entries();
  const workers = Array.from({ length: Math.min(threads, jobs.length) }, startWorker);
  const clock = new AbortController();
  const limit = limitMs === undefined ? undefined : setTimeout(() => clock.abort(), limitMs);
  try {
    await Promise.all(workers.map((worker) => drive(worker, waiting, done, clock.signal)));
  } finally {
    clearTimeout(limit);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

export async function runJob({ rule, cases, own }: TestJob): Promise<readonly CaseOutcome[]> {
  const outcomes: CaseOutcome[] = [];
  for (const test of cases) outcomes.push(await runCase(rule, test, own));
  return outcomes;
}

function startWorker(): Worker {
  const file = import.meta.url.endsWith('.ts') ? './rule-test-worker.ts' : './rule-test-worker.js';
  return new Worker(new URL(file, import.meta.url));
}

async function drive(
  worker: Worker,
  waiting: Iterator<[number, TestJob]>,
  done: (job: number, outcomes: readonly CaseOutcome[]) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let next = waiting.next(); next.done !== true; next = waiting.next()) {
    const [index, job] = next.value;
    done(index, await ask(worker, job, signal));
  }
}

/** @throws what went wrong in the thread, which is a fault of ours; and when the time is up */
function ask(worker: Worker, job: TestJob, signal: AbortSignal): Promise<readonly CaseOutcome[]> {
  return new Promise((resolve, reject) => {
    const late = () => settle(() => reject(new TestsTooSlow()));
    const fail = (error: Error) => settle(() => reject(error));
    const answer = (outcomes: readonly CaseOutcome[]) => settle(() => resolve(outcomes));
    function settle(then: () => void) {
      worker.off('message', answer).off('error', fail);
      signal.removeEventListener('abort', late);
      then();
    }
    worker.on('message', answer).on('error', fail);
    signal.addEventListener('abort', late);
    if (signal.aborted) late();
    else worker.postMessage(job);
  });
}

/** The tests took longer than they may. */
export class TestsTooSlow extends Error {
  constructor() {
    super('The tests take too long.');
  }
}
