/**
 * What a data folder consists of, for a backup: databases and the folder of events, which are copied as of one instant, and
 * plain files.
 *
 * The order is that of the copying, and matters: the state first, then the events. Events are stored before the position
 * behind them, so every event that the copied state has read is in the events copied after it.
 */
import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface BackupPart {
  readonly kind: 'database' | 'events' | 'file';
  /** Below the data folder, with `/` between. */
  readonly name: string;
}

/** What belongs to the running service, or can be had again, or was left over. */
const LEFT_OUT = [
  /^writer\.(?:lock|pid)$/,
  /^service\.json$/,
  /-(?:wal|shm|journal)$/,
  /\.unfinished$/,
  /^state\.before-v\d+\.sqlite$/,
  /^events\.damaged\b/,
];

const STATE = 'state.sqlite';
/** The folder of events, and the file that an older Vedette kept them in. */
const EVENTS = /^events(?:\.sqlite)?$/;

/** @param withEvents whether the stored events are part of it */
export function backupParts(folder: string, withEvents: boolean): readonly BackupPart[] {
  const names = filesBelow(folder, '').filter((name) => !LEFT_OUT.some((left) => left.test(name)));
  const rank = (name: string) => (name === STATE ? 0 : EVENTS.test(name) ? 1 : 2);
  return names
    .filter((name) => withEvents || !EVENTS.test(name))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map((name) => ({ kind: kindOf(name), name }));
}

function kindOf(name: string): BackupPart['kind'] {
  if (name === 'events') return 'events';
  return name.endsWith('.sqlite') ? 'database' : 'file';
}

/** Links are left out: what they lead to is no part of the data folder. */
function filesBelow(folder: string, under: string): string[] {
  return readdirSync(join(folder, under), { withFileTypes: true }).flatMap((entry: Dirent) => {
    const name = under === '' ? entry.name : `${under}/${entry.name}`;
    if (entry.isDirectory()) return name === 'events' ? [name] : filesBelow(folder, name);
    return entry.isFile() ? [name] : [];
  });
}
