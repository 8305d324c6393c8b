/**
 * The operating system that a program's path is of, for sources that do not name theirs.
 */
const MAC = /^\/(?:Applications|Library|System|Users|Volumes|private)\//;

/** A drive or a backslash is Windows', a path from the root macOS's where only macOS has such a folder, else Linux's. */
export function osOfPath(path: string | undefined): 'linux' | 'macos' | 'windows' | undefined {
  if (path === undefined) return undefined;
  if (/^(?:[A-Za-z]:|\\|%)/.test(path)) return 'windows';
  if (!path.startsWith('/')) return undefined;
  return MAC.test(path) ? 'macos' : 'linux';
}
