/**
 * The sample capture as an input: played once through the path that every log takes, its times moved to end now.
 *
 * The moved capture is a file in the data folder, made once; so a start that is interrupted in the middle goes on at
 * the committed position, with the same events and the same alert ids. Once removed it is not played again.
 */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FormatSettings } from '../format/format.ts';
import { materialiseSample, samplePath } from '../ingest/sample.ts';
import { SAMPLE_SOURCE, type StateStore } from '../store/state-store.ts';
import { followedInput } from './followed-input.ts';
import type { LiveInput } from './live-loop.ts';

const SETTING = 'sample';
const REMOVED = 'removed';

export function sampleInputs(dataFolder: string, store: StateStore, settings: FormatSettings): readonly LiveInput[] {
  if (store.setting(SETTING) === REMOVED) return [];
  const about = {
    name: SAMPLE_SOURCE,
    kind: 'sample',
    sample: true,
    settings,
    note: 'A capture recorded with auditd, its times moved to end at the first start.',
  };
  return [followedInput(about, materialiseSample(dataFolder, settings.now()), { startAt: 'start', untilEnd: true })];
}

/** Removes the sample's alerts, position and capture, for good; gives how many alerts went. */
export function forgetSample(dataFolder: string, store: StateStore): number {
  const removed = store.removeSample();
  store.setSetting(SETTING, REMOVED);
  rmSync(dirname(samplePath(dataFolder)), { recursive: true, force: true });
  return removed;
}
