/**
 * The instants at which writing events could be cut short, by name, so that a test can end the process at each of them
 * and show that nothing is lost: `VEDETTE_KILL_AT=segment-named:3` ends it the third time it comes there.
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

const [asked, time = '1'] = (process.env.VEDETTE_KILL_AT ?? '').split(':');
let passed = 0;

export function pass(point: FailurePoint): void {
  if (point !== asked) return;
  passed += 1;
  if (passed === Number(time)) process.kill(process.pid, 'SIGKILL');
}
