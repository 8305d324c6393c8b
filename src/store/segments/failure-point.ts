/**
 * The instants at which writing events could be cut short, by name, so that a test can end the process at each of them
 * and show that nothing is lost: VEDETTE_KILL_AT names one.
 */
export const FAILURE_POINTS = [
  'wal-begun',
  'wal-written',
  'segment-copied',
  'segment-synced',
  'segment-named',
  'segment-on-disk',
  'segment-listed',
  'part-removed',
] as const;
export type FailurePoint = (typeof FAILURE_POINTS)[number];

export function pass(point: FailurePoint): void {
  if (process.env.VEDETTE_KILL_AT === point) process.kill(process.pid, 'SIGKILL');
}
