/**
 * The thread for what exceptions ask that takes long: reading a list's text, and looking what an exception would remove.
 * One job a thread; it ends with its answer, or is ended.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { findEffect } from './exception-effect.ts';
import type { ExceptionAnswer, ExceptionJob, ListPiece } from './exception-thread.ts';
import { readList } from './list-reader.ts';

const send = (answer: ExceptionAnswer) => parentPort?.postMessage(answer);

async function work(job: ExceptionJob): Promise<void> {
  if (job.kind === 'effect') {
    send({ kind: 'effect', effect: await findEffect(job) });
    return;
  }
  const { slices, ...about } = await readList(job.type, pieces());
  send({ kind: 'list', about });
  for await (const values of slices) send({ kind: 'values', values });
  send({ kind: 'end' });
}

/** The text as it is sent; each piece is asked for, so that no more waits than is being read. */
async function* pieces(): AsyncIterable<Uint8Array> {
  for (;;) {
    const next = new Promise<ListPiece>((resolve) => parentPort?.once('message', resolve));
    send({ kind: 'more' });
    const piece = await next;
    if (piece === undefined) return;
    yield piece;
  }
}

work(workerData as ExceptionJob).then(
  () => parentPort?.close(),
  (error: unknown) => {
    const { name, message, hint } = error as { name: string; message: string; hint?: string };
    send({ kind: 'failed', name, message, ...(hint === undefined ? {} : { hint }) });
    parentPort?.close();
  },
);
