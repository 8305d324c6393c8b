/**
 * SIGKILL at every failure point of the writer of segments, and at random instants: what was acknowledged is there, once,
 * whatever is stored again; nothing is left lying about.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openSegments } from '../../src/store/open-event-store.ts';
import { FAILURE_POINTS } from '../../src/store/segments/failure-point.ts';
import { BATCH, batchOf, KEPT } from './event-batches.ts';

const KILLS = Math.ceil(Number(process.env.VEDETTE_KILLS ?? 10) / 3);
const SEED = Number(process.env.VEDETTE_SEED ?? 20_261_122);
const BATCHES = 8;
/** The seventh segment is the first that is made of others. */
const POINTS = [
  ...FAILURE_POINTS.map((point) => `${point}:1`),
  'segment-copied:7',
  'segment-on-disk:7',
  'segment-listed:7',
  'part-removed:7',
];
const writer = fileURLToPath(new URL('./write-events.ts', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'vedette-kill-segments-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(folder: string, killAt: string): ChildProcess {
  return spawn(process.execPath, [writer, folder, String(BATCHES)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, VEDETTE_KILL_AT: killAt },
  });
}

/** What it said until it ended, and how it ended. */
async function hear(child: ChildProcess): Promise<{ readonly acknowledged: number; readonly signal: string | null }> {
  let said = '';
  child.stdout?.on('data', (text) => {
    said += text;
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { acknowledged: said.split('\n').length - 1, signal };
}

/** The events are there, once each, and stay so when all are stored again. */
async function check(folder: string, acknowledged: number): Promise<void> {
  const { store, setAside } = await openSegments(folder, KEPT);
  expect(setAside).toBeUndefined();
  const stored = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { id } of store.scan({})) found.push(id);
    expect(new Set(found).size).toBe(found.length);
    return found.sort();
  };
  const wanted = (batches: number) =>
    Array.from({ length: batches }, (_, batch) => batchOf(batch).map(({ id }) => id)).flat();
  expect(await stored()).toEqual(expect.arrayContaining(wanted(acknowledged)));
  for (let batch = 0; batch < BATCHES; batch += 1) await store.append(batchOf(batch));
  while (await store.prune(Date.now()));
  expect(await stored()).toEqual(wanted(BATCHES).sort());
  const { events, damaged, problem } = await store.status();
  expect({ events, damaged, problem }).toEqual({ events: BATCHES * BATCH, damaged: undefined, problem: undefined });
  await store.close();
  expect(readdirSync(join(folder, 'events', 'unfinished')).filter((name) => name !== 'duckdb')).toEqual([]);
  expect(readdirSync(join(folder, 'events', 'damaged'))).toEqual([]);
}

describe('SIGKILL of the writer of segments', { timeout: 600_000 }, () => {
  it.each(POINTS)('at %s', async (point) => {
    const folder = mkdtempSync(join(root, 'case-'));
    const { acknowledged, signal } = await hear(write(folder, point));
    expect(signal).toBe('SIGKILL');
    await check(folder, acknowledged);
  });

  it('at random instants', async () => {
    const folder = mkdtempSync(join(root, 'case-'));
    const instants = fc.sample(fc.integer({ min: 200, max: 3_000 }), { seed: SEED, numRuns: KILLS });
    let most = 0;
    for (const instant of instants) {
      const child = write(folder, '');
      const heard = hear(child);
      await sleep(instant);
      child.kill('SIGKILL');
      most = Math.max(most, (await heard).acknowledged);
    }
    await check(folder, most);
  });
});
