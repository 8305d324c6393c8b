/**
 * Keeps the lines that could not be read in a file of NDJSON: `{file, line, offset, code, reason, text}`.
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { RejectedLine } from '../engine/scan-summary.ts';

export interface RejectsFile {
  add(reject: RejectedLine): void;
  close(): Promise<void>;
}

export function keepRejects(path: string): RejectsFile {
  const out = createWriteStream(path);
  return {
    add(reject) {
      out.write(`${JSON.stringify(reject)}\n`);
    },
    async close() {
      out.end();
      await once(out, 'close');
    },
  };
}
