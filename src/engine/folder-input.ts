/**
 * A folder of logs as inputs: one that looks for files, and one for each file, as if each had been named.
 */
import type { FormatSettings } from '../format/format.ts';
import { FolderWatcher } from '../ingest/folder-watcher.ts';
import { followedInput } from './followed-input.ts';
import type { LiveInput } from './live-loop.ts';

/** Files are many, and each is looked at so often. */
const POLL_MS = 500;

/** @param add reads one more input from now on */
export function folderInput(folder: string, settings: FormatSettings, add: (input: LiveInput) => void): LiveInput {
  const ends = new Map<string, AbortController>();
  let note = `Looking into ${folder}.`;
  return {
    ...{ name: `folder:${folder}`, kind: 'folder', sample: false, settings },
    get note() {
      return note;
    },
    run: (_handlers, _position, signal) => {
      const onFile = (path: string) => {
        const end = new AbortController();
        ends.set(path, end);
        add(passingInput(path, settings, end.signal));
      };
      const onGone = (path: string) => {
        ends.get(path)?.abort();
        ends.delete(path);
      };
      const onNote = (text: string) => {
        note = text;
      };
      return new FolderWatcher(folder, { onFile, onGone, onNote }).run(signal);
    },
    position: () => undefined,
  };
}

/** A file that is followed until it is gone. */
function passingInput(path: string, settings: FormatSettings, gone: AbortSignal): LiveInput {
  const about = { name: `file:${path}`, kind: 'file', sample: false, settings, isPassing: true };
  const input = followedInput(about, path, { startAt: 'start', pollMs: POLL_MS });
  return {
    ...about,
    run: (handlers, position, signal) => input.run(handlers, position, AbortSignal.any([signal, gone])),
    position: (origin) => input.position(origin),
  };
}
