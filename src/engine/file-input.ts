/**
 * Log files that a person named, followed from their beginning as they grow, over rotations and restarts.
 */
import { resolve } from 'node:path';
import type { FormatSettings } from '../format/format.ts';
import { FileFollower } from '../ingest/file-follower.ts';
import type { LiveInput } from './live-loop.ts';

export function fileInputs(paths: readonly string[], settings: FormatSettings): readonly LiveInput[] {
  return paths.map((path) => {
    const absolute = resolve(path);
    const follower = new FileFollower(absolute, { startAt: 'start' });
    return {
      name: `file:${absolute}`,
      kind: 'file',
      sample: false,
      settings,
      run: (deliver, position, signal) => follower.run(deliver, position, signal),
      position: (origin) => follower.position(origin),
    };
  });
}
