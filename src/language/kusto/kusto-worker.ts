/**
 * The thread in which Microsoft's parser lives: text in, our tree out. See `parse-kusto.ts` for the other side.
 *
 * Loading and the first analysis take a second or two; the thread says `ready` after both, so that the time limit of a
 * query measures the query.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { adaptBound, TooLarge } from './adapt-bound.ts';
import { adaptKusto, TooDeep } from './adapter.ts';
import { loadBridge } from './bridge.ts';
import type { KustoReply, KustoRequest } from './kusto-messages.ts';
import type { KustoSchema } from './schema.ts';

const send = (reply: KustoReply) => parentPort?.postMessage(reply);

const schema = workerData as KustoSchema;
const bridge = loadBridge(schema);
adaptKusto('print 1 | where 1 == 1', bridge);
send({ kind: 'ready' });

parentPort?.on('message', ({ id, text, over, insertions }: KustoRequest) => {
  try {
    if (over === 'tables') send({ kind: 'bound', id, bound: adaptBound(text, bridge, insertions) });
    else send({ kind: 'parsed', id, parsed: adaptKusto(text, bridge) });
  } catch (error) {
    // A RangeError is the end of the stack, which the parser reaches on text nested thousands of levels deep.
    if (error instanceof TooDeep || error instanceof TooLarge || error instanceof RangeError)
      send({ kind: 'too-deep', id });
    else send({ kind: 'failed', id, message: error instanceof Error ? error.message : String(error) });
  }
});
