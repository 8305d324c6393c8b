/** The thread of one preview: runs rules over stored events and tells how far it is; it ends with its answer. */
import { parentPort, workerData } from 'node:worker_threads';
import { backtestData } from './backtest.ts';
import type { PreviewJob, PreviewMessage } from './previews.ts';
import { storedRuleCost } from './stored-rule-cost.ts';

const send = (message: PreviewMessage) => parentPort?.postMessage(message);
const job = workerData as PreviewJob;
const onProgress = (progress: { readonly events: number; readonly at: number }) =>
  send({ kind: 'progress', ...progress });

answer(job).then(send, (error: unknown) => {
  send({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
});

async function answer({ what, rules, settings, megabytes, from, to }: PreviewJob): Promise<PreviewMessage> {
  const range = { from, to, megabytes, onProgress };
  if (what === 'cost') return { kind: 'measured', cost: await storedRuleCost(rules, settings, range) };
  const folder = settings.dataFolder;
  return { kind: 'done', report: await backtestData(rules, { folder, ...range, againstExisting: true }) };
}
