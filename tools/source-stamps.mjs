/**
 * Whether what was made of a clone's sources (`tools/bundle.mjs`) is still of the sources as they are.
 *
 *   names of sources ──size, times and number of each, as git tells that nobody has written to a file──▶ one text
 *
 * As in `src/rule/file-stamp.ts`: whoever writes to a file, or puts another in its place, changes the time of the change of
 * its inode, which no program can set, or its number. A source that is not named here is in nothing that was made.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** In the folder of what was made. */
export const MADE_OF = 'made-of.json';

/**
 * Of files as they are; nothing where one is gone.
 * @param {string} root
 * @param {readonly string[]} files from the root on
 */
export function stampsOf(root, files) {
  let text = '';
  for (const file of files) {
    const stats = statSync(join(root, file), { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    text += `${stats.size} ${stats.mtimeMs} ${stats.ctimeMs} ${stats.ino}\n`;
  }
  return text;
}

/**
 * @param {string} root of the clone
 * @param {string} folder of what was made
 */
export function isAsMade(root, folder) {
  try {
    const { files, stamps } = JSON.parse(readFileSync(join(folder, MADE_OF), 'utf8'));
    return stamps === stampsOf(root, files);
  } catch {
    return false;
  }
}
