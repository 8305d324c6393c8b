/** The stored events in a sentence. */
import type { Status } from '../../../src/serve/api.ts';
import { counted, grouped } from '../words/counts.ts';
import { dayAndTime } from '../words/time.ts';

type Stored = NonNullable<Status['events']>;

export function storedWords(
  { events, bytes, oldest, waiting, dropped, problem, set_aside, damaged = 0 }: Stored,
  now: number,
): string {
  const since = oldest === undefined ? '' : `, back to ${dayAndTime(oldest, now)}`;
  const parts = [
    events === 0 ? 'None kept.' : `${counted(events, 'event')} kept in ${sizeWords(bytes)}${since}.`,
    problem === undefined
      ? ''
      : waiting === 0
        ? problem
        : `Storing fails (${counted(waiting, 'event')} waiting): ${problem}`,
    dropped === 0 ? '' : `${counted(dropped, 'event')} could not be stored.`,
    set_aside === undefined ? '' : `A damaged file was moved to ${set_aside}.`,
    damaged === 0
      ? ''
      : `${damaged === 1 ? 'A file' : `${damaged} files`} of events could not be read and ${damaged === 1 ? 'was' : 'were'} moved to events/damaged in the data folder.`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** In powers of a thousand, as disks are sold. */
export function sizeWords(bytes: number): string {
  if (bytes < 1e6) return `${grouped(Math.ceil(bytes / 1e3))} kB`;
  return bytes < 1e9 ? `${grouped(Math.round(bytes / 1e6))} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
