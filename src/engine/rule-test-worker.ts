/**
 * The thread that runs cases: a job in, its outcomes out.
 */
import { parentPort } from 'node:worker_threads';
import { runJob, type TestJob } from './rule-test-threads.ts';

parentPort?.on('message', async (job: TestJob) => {
  parentPort?.postMessage(await runJob(job));
});
