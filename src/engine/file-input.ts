/**
 * Log files as inputs: read from a position on, followed as they grow, over rotations and restarts.
 */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FormatSettings } from '../format/format.ts';
import { STANDARD_INPUT } from '../ingest/byte-source.ts';
import { folderInput } from './folder-input.ts';
import { followedInput } from './followed-input.ts';
import type { LiveInput } from './live-loop.ts';
import { stdinInput } from './stdin-input.ts';

/**
 * What a person named: log files, from their beginning; folders of them; `-` is standard input.
 * @param add reads one more input from now on
 */
export function fileInputs(
  paths: readonly string[],
  settings: FormatSettings,
  add: (input: LiveInput) => void,
): readonly LiveInput[] {
  return [...new Set(paths.map((path) => (path === STANDARD_INPUT ? path : resolve(path))))].map((path) => {
    if (path === STANDARD_INPUT) return stdinInput(settings);
    if (isFolder(path)) return folderInput(path, settings, add);
    return followedInput({ name: `file:${path}`, kind: 'file', sample: false, settings }, path, { startAt: 'start' });
  });
}

/** What is not there yet may become a file. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
