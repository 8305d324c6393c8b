/**
 * Standard input as an input of the live loop: read as it comes, once. What was read and not committed before a crash
 * cannot be read again.
 */
import { createReadStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { FormatSettings } from '../format/format.ts';
import { STANDARD_INPUT } from '../ingest/byte-source.ts';
import { LineSplitter } from '../ingest/line-splitter.ts';
import type { LiveInput } from './live-loop.ts';

export function stdinInput(settings: FormatSettings): LiveInput {
  return {
    ...{ name: 'stdin', kind: 'stdin', sample: false, settings },
    async run({ deliver, reject }, _position, signal) {
      const splitter = new LineSplitter({
        origin: (offset, line) => ({ path: STANDARD_INPUT, offset, line }),
        onTooLong: reject,
      });
      const stream = openStdin();
      const stop = () => stream.destroy();
      signal.addEventListener('abort', stop, { once: true });
      try {
        for await (const chunk of stream) {
          splitter.feed(chunk as Buffer);
          for (let line = splitter.next(); line !== undefined; line = splitter.next()) await deliver(line);
        }
        const last = splitter.finish();
        if (last !== undefined) await deliver(last);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    position: () => undefined,
  };
}

/** By its number: a thread's own `process.stdin` is not the process's. A pipe may be one that must not be waited for. */
function openStdin(): Readable {
  if (fstatSync(0).isFile()) return createReadStream('', { fd: 0, autoClose: false });
  return new Socket({ fd: 0, readable: true, writable: false });
}
