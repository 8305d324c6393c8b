/**
 * Whether an exception does anything at a time.
 */
import { parseTime } from '../../event/time.ts';
import type { Exception } from '../exception.ts';
import { checkWindow, compileWindow } from './time-window.ts';

export type ExceptionState = 'active' | 'off' | 'expired' | 'outside its time window';

/** @param time epoch milliseconds: now, for people; deciding looks at the event's */
export function exceptionState(
  exception: Pick<Exception, 'enabled' | 'expires' | 'windows'>,
  time: number,
): ExceptionState {
  const { enabled, expires, windows } = exception;
  if (!enabled) return 'off';
  const end = expires === undefined ? undefined : parseTime(expires);
  if (end !== undefined && time >= end.ms) return 'expired';
  const within = (windows ?? []).some((window) => checkWindow(window) === undefined && compileWindow(window)(time));
  return windows === undefined || within ? 'active' : 'outside its time window';
}
