/** The thread that writes events, the only writer of a folder's: it carries out the calls of `event-thread.ts`, in their order. */
import { parentPort } from 'node:worker_threads';
import {
  type EventAnswers,
  type EventCall,
  type EventMessage,
  type EventRequest,
  type Refused,
  unpacked,
} from './event-protocol.ts';
import { openSegments } from './open-event-store.ts';
import { StoreError } from './store-error.ts';

type Opened = Awaited<ReturnType<typeof openSegments>>;

let opening: Promise<Opened> | undefined;
let arrival = 0;

parentPort?.on('message', (request: EventRequest) => void answer(request));

async function answer({ call, ask }: EventRequest): Promise<void> {
  try {
    const value = await carryOut(ask);
    send({ call, value, arrival });
  } catch (error) {
    send({ call, refused: refusedFrom(error), arrival });
  }
  if (ask.kind === 'close') parentPort?.close();
}

async function carryOut(ask: EventCall): Promise<EventAnswers[EventCall['kind']]> {
  if (ask.kind === 'open') opening = openSegments(ask.folder, ask.options, ask.isDamaged);
  if (opening === undefined) throw new Error(`${ask.kind}: the events were not opened`);
  const { store, setAside } = await opening;
  try {
    switch (ask.kind) {
      case 'open':
        return setAside;
      case 'append':
        return (await store.append(unpacked(ask.events))) as undefined;
      case 'known':
        return await store.known(ask.ids);
      case 'query':
        return await store.query(ask.query);
      case 'status':
        return { ...(await store.status()), heapBytes: process.memoryUsage().heapUsed };
      case 'prune':
        return await store.prune(ask.nowMs);
      case 'remove-sample':
        return await store.removeSample();
      case 'close':
        return (await store.close()) as undefined;
    }
  } finally {
    arrival = store.lastArrival;
  }
}

function refusedFrom(error: unknown): Refused {
  if (error instanceof StoreError) {
    const { code, message, hint } = error;
    return { code, message, ...(hint === undefined ? {} : { hint }) };
  }
  return { message: error instanceof Error ? error.message : String(error) };
}

function send(message: EventMessage): void {
  parentPort?.postMessage(message);
}
