/**
 * The thread in which Microsoft's parser lives: text in, our tree out. See `parse-kusto.ts` for the other side.
 *
 * Loading and the first analysis take a second or two; the thread says `ready` after both, so that the time limit of a
 * query measures the query.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { adaptKusto, TooDeep } from './adapter.ts';
import { loadBridge } from './bridge.ts';
import type { KustoReply, KustoRequest } from './kusto-messages.ts';
import type { KustoSchema } from './schema.ts';

const send = (reply: KustoReply) => parentPort?.postMessage(reply);

const schema = workerData as KustoSchema;
const bridge = loadBridge(schema);
adaptKusto(`${schema.tables[0]?.names[0]} | where 1 == 1`, bridge);
send({ kind: 'ready' });

parentPort?.on('message', ({ id, text }: KustoRequest) => {
  try {
    send({ kind: 'parsed', id, parsed: adaptKusto(text, bridge) });
  } catch (error) {
    // A RangeError is the end of the stack, which the parser reaches on text nested thousands of levels deep.
    if (error instanceof TooDeep || error instanceof RangeError) send({ kind: 'too-deep', id });
    else send({ kind: 'failed', id, message: error instanceof Error ? error.message : String(error) });
  }
});
