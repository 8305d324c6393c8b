/** A file that is followed, as an input of the live loop. */
import type { Reject } from '../format/format.ts';
import { FileFollower, type FollowOptions } from '../ingest/file-follower.ts';
import type { LiveInput } from './live-loop.ts';

/** An input that follows one file. */
export function followedInput(
  about: Omit<LiveInput, 'run' | 'position'>,
  path: string,
  options: Pick<FollowOptions, 'startAt' | 'untilEnd' | 'pollMs'>,
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
