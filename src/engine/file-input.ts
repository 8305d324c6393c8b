/**
 * A log file as an input: read from a position on, followed as it grows, over rotations and restarts.
 */
import { resolve } from 'node:path';
import type { FormatSettings, Reject } from '../format/format.ts';
import { FileFollower, type FollowOptions } from '../ingest/file-follower.ts';
import type { LiveInput } from './live-loop.ts';

/** Log files that a person named, from their beginning. */
export function fileInputs(paths: readonly string[], settings: FormatSettings): readonly LiveInput[] {
  return paths.map((path) => {
    const absolute = resolve(path);
    const about = { name: `file:${absolute}`, kind: 'file', sample: false, settings };
    return followedInput(about, absolute, { startAt: 'start' });
  });
}

/** An input that follows one file. */
export function followedInput(
  about: Omit<LiveInput, 'run' | 'position'>,
  path: string,
  options: Pick<FollowOptions, 'startAt' | 'untilEnd'>,
): LiveInput {
  let onReject = (_reject: Reject) => {};
  const follower = new FileFollower(path, { ...options, onReject: (reject) => onReject(reject) });
  return {
    ...about,
    run: ({ deliver, reject }, position, signal) => {
      onReject = reject;
      return follower.run(deliver, position, signal);
    },
    position: (origin) => follower.position(origin),
  };
}
