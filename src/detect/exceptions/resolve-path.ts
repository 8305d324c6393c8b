/**
 * A path as the system will follow it, links aside: absolute, without `.` and `..`, without a slash at its end.
 */
import { posix, win32 } from 'node:path';

const WINDOWS = /^(?:[A-Za-z]:|\\\\|\\)/;

/** `undefined` for a relative path where the working folder is not known. */
export function resolvePath(path: string, workingFolder: string | undefined): string | undefined {
  if (path.includes('\0') || path === '') return undefined;
  const base = workingFolder ?? '';
  const { isAbsolute, normalize, join } = WINDOWS.test(path) || WINDOWS.test(base) ? win32 : posix;
  if (!isAbsolute(path) && !isAbsolute(base)) return undefined;
  const whole = normalize(isAbsolute(path) ? path : join(base, path));
  // POSIX leaves two slashes at the start to the system; on Linux they are one.
  const one = whole.startsWith('/') ? whole.replace(/^\/+/, '/') : whole;
  return one.length > 1 && /[^:][\\/]$/.test(one) ? one.slice(0, -1) : one;
}
