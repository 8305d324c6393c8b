/**
 * Whether an exception does anything at a time.
 */
import type { Exception } from '../exception.ts';

export type ExceptionState = 'active' | 'off' | 'expired' | 'outside its time window';

/** @param time epoch milliseconds: now, for people; the event's, for deciding */
export function exceptionState(
  exception: Pick<Exception, 'enabled' | 'expires' | 'windows'>,
  _time: number,
): ExceptionState {
  return exception.enabled ? 'active' : 'off';
}
