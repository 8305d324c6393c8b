/** Sources in words. */
import type { Status } from '../../../src/serve/api.ts';
import { duration } from '../words/time.ts';

export type Source = Status['sources'][number];

const KINDS: Readonly<Record<string, string>> = {
  'audit-log': 'Linux audit log',
  procfs: 'process table, read from /proc',
  sample: 'sample capture',
  file: 'file',
  folder: 'folder',
  stdin: 'standard input',
  http: 'sent over HTTP',
  bulk: 'sent by a shipper',
};

export const STATE_WORD: Readonly<Record<Source['state'], string>> = {
  running: 'Running',
  waiting: 'Waiting',
  finished: 'Finished',
  failed: 'Failed',
};

export function kindWords(kind: string): string {
  return KINDS[kind] ?? kind;
}

/** How much later than its own time the last event came in; clocks differ by a little. */
export function lagWords(ms: number): string {
  if (ms < -1_000) return `${duration(-ms)} before its own time: a clock is ahead`;
  return ms < 1_000 ? 'within a second of its own time' : `${duration(ms)} after its own time`;
}

/** Whether the source sees what happens on this machine now. */
export function isWatching(source: Source): boolean {
  return source.state === 'running' && (source.kind === 'audit-log' || source.kind === 'procfs');
}

/** The page's sentence: what is being read, and what is not. */
export function systemHeadline(sources: readonly Source[]): string {
  const failed = sources.filter(({ state }) => state === 'failed').length;
  if (failed > 0) return `${failed} of ${sources.length} source${sources.length === 1 ? '' : 's'} failed`;
  const watching = sources.filter(isWatching).map(({ kind }) => kindWords(kind));
  if (watching.length > 0) return `Watching this machine through its ${watching.join(' and its ')}`;
  return 'No source is watching this machine';
}
