/**
 * The parts of a file's path, of Windows or Unix, as ECS has them.
 */
import type { JsonObject } from '../event/json.ts';

/** What stands after the last separator: a backslash where the path has one, else a slash. */
export function lastPart(path: string): string {
  return path.slice(separatorAt(path) + 1);
}

/**
 * `path`, and as far as the path has them `directory`, `name`, `extension`, `drive_letter`; `type` is `dir` for a path
 * that ends with a separator, or where the caller says so.
 */
export function fileOfPath(path: string, isDirectory = false): JsonObject {
  const directory = isDirectory || /[\\/]$/.test(path);
  const plain = path.length > 1 ? path.replace(/[\\/]$/, '') : path;
  const at = separatorAt(plain);
  const name = plain.slice(at + 1);
  const dot = name.lastIndexOf('.');
  return {
    path,
    type: directory ? 'dir' : 'file',
    ...(at === -1 ? {} : { directory: plain.slice(0, at), name }),
    ...(at === -1 || dot === -1 || directory ? {} : { extension: name.slice(dot + 1) }),
    ...(/^[A-Za-z]:/.test(plain) ? { drive_letter: plain.slice(0, 1).toUpperCase() } : {}),
  };
}

function separatorAt(path: string): number {
  const backslash = path.lastIndexOf('\\');
  return backslash === -1 ? path.lastIndexOf('/') : backslash;
}
