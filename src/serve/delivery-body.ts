/**
 * The body of a delivery as it comes: decompressed and counted against the limits byte by byte, so that neither a large
 * body nor a small one that decompresses into a large one takes more memory than there is.
 *
 *   request ──content-encoding──▶ bytes ──room in the intake?──▶ body
 */
import type { IncomingMessage } from 'node:http';
import { Readable, type Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGunzip, createInflate, createInflateRaw, createZstdDecompress } from 'node:zlib';
import type { Reservation } from '../engine/intake.ts';
import { ApiFailure } from './api-error.ts';

/** Bytes of one delivery, decompressed; shippers send a few megabytes at a time, Elasticsearch takes 100. */
export const MOST_DELIVERY_BYTES = 64 * 1024 * 1024;
export const RETRY_SECONDS = 2;
const WAIT_STEP_MS = 50;

/**
 * @returns a body with a buffer of its own, fit to be given away.
 * @throws {ApiFailure} `body-too-large`, `encoding-refused`, `body-damaged` or `ingest-busy`.
 */
export async function receiveBody(
  request: IncomingMessage,
  body: Readable,
  room: Reservation,
  most = MOST_DELIVERY_BYTES,
): Promise<Uint8Array> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > most) throw tooLarge(most);
  const encoding = String(request.headers['content-encoding'] ?? 'identity').toLowerCase();
  const chunks: Buffer[] = [];
  const grow = patient(room);
  // As a whole, where its size is known: parts of many requests would take all room, and none of them could go on.
  let reserved = declared;
  if (!(await grow(declared))) throw busy();
  let size = 0;
  for await (const chunk of await decoded(body, encoding)) {
    size += chunk.length;
    if (size > most) throw tooLarge(most);
    if (size > reserved && !(await grow(size - reserved))) throw busy();
    reserved = Math.max(reserved, size);
    chunks.push(chunk);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

async function decoded(body: Readable, encoding: string): Promise<AsyncIterable<Buffer>> {
  switch (encoding) {
    case '':
    case 'identity':
      return body;
    case 'gzip':
    case 'x-gzip':
      return through(body, createGunzip(), encoding);
    case 'zstd':
      return through(body, createZstdDecompress(), encoding);
    case 'deflate':
      return await inflated(body);
    default: {
      const hint = 'gzip, deflate and zstd are accepted, and no encoding.';
      throw new ApiFailure('encoding-refused', `The encoding ${encoding.slice(0, 40)} is not known.`, hint);
    }
  }
}

/** `deflate` means zlib's format (RFC 9110), and some programs send it without its header. */
async function inflated(body: Readable): Promise<AsyncIterable<Buffer>> {
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first = await chunks.next();
  const [head = 0, flags = 0] = first.done === true ? [] : first.value;
  const isZlib = (head & 0x0f) === 8 && (head * 256 + flags) % 31 === 0;
  const again = async function* () {
    if (first.done !== true) yield first.value;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  };
  return through(
    Readable.from(again(), { objectMode: false }),
    isZlib ? createInflate() : createInflateRaw(),
    'deflate',
  );
}

async function* through(body: Readable, stage: Transform, encoding: string): AsyncGenerator<Buffer> {
  body.on('error', (error) => stage.destroy(error));
  body.pipe(stage);
  try {
    for await (const chunk of stage) yield chunk as Buffer;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!/^(?:Z_|ZSTD_)/.test(code)) throw error;
    throw new ApiFailure('body-damaged', `The request body is not valid ${encoding} data.`);
  } finally {
    stage.destroy();
  }
}

/** Reserves room, waiting for it where there is none: for the whole request no longer than is patience for. */
function patient(room: Reservation): (bytes: number) => Promise<boolean> {
  let left = room.patienceMs;
  return async (bytes) => {
    while (!room.grow(bytes)) {
      if (left <= 0) return false;
      left -= WAIT_STEP_MS;
      await sleep(WAIT_STEP_MS);
    }
    return true;
  };
}

function tooLarge(most: number): ApiFailure {
  const hint = `At most ${most / 1024 / 1024} MiB are read at once, decompressed: send smaller batches.`;
  return new ApiFailure('body-too-large', 'The request body is too large.', hint);
}

function busy(): ApiFailure {
  return new ApiFailure('ingest-busy', 'More is waiting to be read than there is room for.', 'Send it again later.');
}
