/**
 * The thread in which Microsoft's parser lives: text in, our tree out. See `parse-kusto.ts` for the other side.
 *
 * Loading and the first analysis take a second or two; the thread says `ready` after both, so that the time limit of a
 * query measures the query.
 */
import { parentPort } from 'node:worker_threads';
import { adaptBound, TooLarge } from './adapt-bound.ts';
import { adaptKusto, TooDeep } from './adapter.ts';
import { type Bridge, loadBridge } from './bridge.ts';
import type { KustoReply, KustoRequest } from './kusto-messages.ts';

const send = (reply: KustoReply) => parentPort?.postMessage(reply);

adaptKusto('print 1 | where 1 == 1', loadBridge({ tables: [] }));
send({ kind: 'ready' });

/** What takes long is there once; another schema is a matter of milliseconds. */
const bridges = new Map<number, Bridge>();

parentPort?.on('message', ({ id, about, schema, forget, text, over, offset, insertions }: KustoRequest) => {
  try {
    if (forget !== undefined) bridges.delete(forget);
    const bridge = bridges.get(about) ?? loadBridge(schema ?? { tables: [] });
    bridges.set(about, bridge);
    if (over === 'tables') send({ kind: 'bound', id, bound: adaptBound(text, bridge, insertions) });
    else if (over === 'word') send({ kind: 'word', id, word: { info: bridge.quickInfo(text, offset ?? 0) } });
    else send({ kind: 'parsed', id, parsed: adaptKusto(text, bridge) });
  } catch (error) {
    // A RangeError is the end of the stack, which the parser reaches on text nested thousands of levels deep.
    if (error instanceof TooLarge) send({ kind: 'too-large', id });
    else if (error instanceof TooDeep || error instanceof RangeError) send({ kind: 'too-deep', id });
    else send({ kind: 'failed', id, message: error instanceof Error ? error.message : String(error) });
  }
});
