/** The thread of one preview: runs rules over stored events and tells how far it is; it ends with its answer. */
import { parentPort, workerData } from 'node:worker_threads';
import { backtestData } from './backtest.ts';
import type { PreviewJob, PreviewMessage } from './previews.ts';

const send = (message: PreviewMessage) => parentPort?.postMessage(message);
const { rules, folder, megabytes, from, to } = workerData as PreviewJob;

backtestData(rules, {
  folder,
  megabytes,
  from,
  to,
  againstExisting: true,
  onProgress: (progress) => send({ kind: 'progress', ...progress }),
}).then(
  (report) => send({ kind: 'done', report }),
  (error: unknown) => send({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
);
