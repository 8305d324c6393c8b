/**
 * Log files that a person named, followed from their beginning as they grow, over rotations and restarts.
 */
import { resolve } from 'node:path';
import { FileFollower } from '../ingest/file-follower.ts';
import type { LiveInput } from './live-loop.ts';

export function fileInputs(paths: readonly string[], now: () => number): readonly LiveInput[] {
  return paths.map((path) => {
    const absolute = resolve(path);
    const follower = new FileFollower(absolute, { startAt: 'start' });
    return {
      name: `file:${absolute}`,
      kind: 'file',
      sample: false,
      settings: { standsInForEndpoint: true, now },
      run: (deliver, position, signal) => follower.run(deliver, position, signal),
      position: (origin) => follower.position(origin),
    };
  });
}
