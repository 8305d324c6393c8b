/**
 * SIGKILL of the service at random instants: after a restart nothing is lost, and each alert and each stored event
 * exists once. No event before the committed read position is missing from the store, whenever that is looked at.
 *
 * VEDETTE_KILLS says how many times it is killed in all, VEDETTE_SEED makes the instants repeatable.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scan } from '../../src/engine/index.ts';
import { readPosition } from '../../src/ingest/follow-position.ts';
import { bundledRulesFolder } from '../../src/rule/load.ts';
import { openEventReader } from '../../src/store/open-event-store.ts';
import { openStateStore } from '../../src/store/open-state-store.ts';
import { firstExecutionSince, makeAuditTraffic } from './audit-traffic.ts';
import { SEQUENCE_RULE } from './sequence-rule.ts';

const KILLS = Number(process.env.VEDETTE_KILLS ?? 10);
const SAMPLE_KILLS = Math.min(10, Math.ceil(KILLS / 5));
const SEED = Number(process.env.VEDETTE_SEED ?? 20_261_122);
/** Kills of one data folder; then it is read to its end, and another begins. */
const KILLS_A_FOLDER = 10;
/** A service takes about this long to start; every other kill falls into it. */
const LONGEST_START_MS = 1_500;
/** Between two commits: the other kills fall so long after one, however slow the machine. */
const LONGEST_WORK_MS = 300;
/** So many that a service is killed in the midst of them several times. */
const EXECUTIONS = KILLS > 10 ? 16_000 : 2_400;
/** Nothing more comes where nothing came for so long. */
const STILL_MS = 120_000;
const DAY_MS = 24 * 3_600_000;
const entry = fileURLToPath(new URL('../../bin/vedette.js', import.meta.url));

function startService(...more: string[]): ChildProcess {
  return spawn(process.execPath, [entry, 'start', '--port', '0', '--no-watch', ...more], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** @throws when the service ends by itself, which it never should. */
async function hasSpoken(child: ChildProcess): Promise<void> {
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`the service ended with ${code}`);
  });
  await Promise.race([once(child.stdout as NodeJS.EventEmitter, 'data'), failed]);
  failed.catch(() => {});
}

async function kill(child: ChildProcess, afterMs: number): Promise<void> {
  const ended = once(child, 'exit');
  await sleep(afterMs);
  child.kill('SIGKILL');
  await ended;
}

/** Waits until a service has read on from what was read for good before, or to the end. */
async function readsOn(data: string, log: string, before: number): Promise<void> {
  const end = statSync(log).size;
  for (let waited = 0; waited < STILL_MS; waited += 10) {
    const position = positionIn(data, log);
    if (position > before || position >= end) return;
    await sleep(10);
  }
}

/** Waits until the stores hold as many alerts and events as wanted, or nothing more comes, however slow the machine. */
async function settle(data: string, alerts: number, events = 0): Promise<void> {
  let [before, since] = [-1, Date.now()];
  while (Date.now() - since < STILL_MS) {
    await sleep(200);
    const found = alertsIn(data).length;
    if (found >= alerts && (await storedIn(data)) >= events) return;
    if (found !== before) [before, since] = [found, Date.now()];
  }
}

function alertsIn(data: string): string[] {
  try {
    const store = openStateStore(data, { readOnly: true });
    try {
      const ids: string[] = [];
      let cursor: string | undefined;
      do {
        const page = store.alerts({ limit: 500, sort: 'time', ...(cursor === undefined ? {} : { cursor }) });
        ids.push(...page.alerts.map(({ id }) => id));
        cursor = page.next;
      } while (cursor !== undefined);
      return ids;
    } finally {
      store.close();
    }
  } catch {
    return [];
  }
}

async function storedIn(data: string): Promise<number> {
  const store = await openEventReader(data);
  try {
    return (await store?.status())?.events ?? 0;
  } finally {
    await store?.close();
  }
}

/** Where in the log the stored events begin, each offset as often as it is there. */
async function eventOffsetsIn(data: string): Promise<number[]> {
  const store = await openEventReader(data);
  if (store === undefined) return [];
  try {
    const offsets: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.query({ limit: 2_000, order: 'oldest', ...(cursor === undefined ? {} : { cursor }) });
      offsets.push(...page.events.map(({ origin }) => origin?.offset ?? -1));
      cursor = page.next;
    } while (cursor !== undefined);
    return offsets;
  } finally {
    await store.close();
  }
}

/** Up to where the log was read for good. */
function positionIn(data: string, log: string): number {
  try {
    const store = openStateStore(data, { readOnly: true });
    try {
      return readPosition(store.position(`file:${log}`) ?? '')?.offset ?? 0;
    } finally {
      store.close();
    }
  } catch {
    return 0;
  }
}

/** Byte offsets of the first lines of the executions in a log. */
function executionsIn(text: string): number[] {
  const offsets: number[] = [];
  let offset = 0;
  for (const line of text.split('\n')) {
    if (line.includes('type=SYSCALL')) offsets.push(offset);
    offset += Buffer.byteLength(line) + 1;
  }
  return offsets;
}

/** Gives how many events are stored. */
async function checkEvents(data: string, log: string, executions: readonly number[]): Promise<number> {
  const stored = await eventOffsetsIn(data);
  const known = new Set(stored);
  expect(known.size).toBe(stored.length);
  const position = positionIn(data, log);
  expect(executions.filter((offset) => offset < position && !known.has(offset))).toEqual([]);
  return stored.length;
}

/** Kills a service that reads at it so many times, then lets one come to the end. */
async function killAndSettle(
  kills: number,
  seed: number,
  log: string,
  args: readonly string[],
  expected: readonly string[],
  check: (data: string) => Promise<void>,
): Promise<number[]> {
  const data = mkdtempSync(join(tmpdir(), 'vedette-kill-'));
  try {
    const instants = fc.sample(fc.double({ min: 0, max: 1, noNaN: true }), { seed, numRuns: kills });
    const before: number[] = [];
    for (const [number, instant] of instants.entries()) {
      const service = startService('--data', data, ...args);
      if (number % 2 === 0) await kill(service, 50 + instant * LONGEST_START_MS);
      else {
        const position = positionIn(data, log);
        await hasSpoken(service);
        await readsOn(data, log, position);
        await kill(service, instant * LONGEST_WORK_MS);
      }
      const found = alertsIn(data);
      expect(new Set(found).size).toBe(found.length);
      before.push(found.length);
      await check(data);
    }
    console.log(`alerts there after each kill, of ${expected.length}: ${before.join(' ')}`);
    const last = startService('--data', data, ...args);
    await settle(data, expected.length, EXECUTIONS);
    await kill(last, 500);
    expect(alertsIn(data).sort()).toEqual([...expected].sort());
    await check(data);
    return await eventOffsetsIn(data);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

describe('SIGKILL', () => {
  it('of a service that follows a log loses nothing and repeats nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vedette-kill-log-'));
    try {
      const log = join(folder, 'audit.log');
      const { text, servers } = makeAuditTraffic(EXECUTIONS, firstExecutionSince(Date.now() - DAY_MS));
      const executions = executionsIn(text);
      writeFileSync(log, text);
      const sequence = join(folder, 'sequence.toml');
      writeFileSync(sequence, SEQUENCE_RULE);
      const rules = [bundledRulesFolder(), sequence];
      const alerts = await scan({ logs: [log], rules }).alerts();
      const found = (name: string) => alerts.filter(({ rule }) => rule.name === name);
      expect(found('Web Server Spawned via Python')).toHaveLength(servers);
      expect(found('Listing after a web server')).toHaveLength(servers);
      const expected = alerts.map(({ id }) => id);
      for (let done = 0; done < KILLS; done += KILLS_A_FOLDER) {
        const kills = Math.min(KILLS_A_FOLDER, KILLS - done);
        const args = ['--no-sample', '--rules', ...rules, '--follow', log];
        const stored = await killAndSettle(kills, SEED + done, log, args, expected, async (data) => {
          const events = await checkEvents(data, log, executions);
          console.log(`events stored: ${events}, read up to byte ${positionIn(data, log)} of ${text.length}`);
        });
        expect(stored.sort((a, b) => a - b)).toEqual(executions);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 3_600_000);

  it('in the middle of the sample leaves each of its alerts once', async () => {
    const sample = fileURLToPath(new URL('../../sample/web-07-audit.log', import.meta.url));
    const expected = (await scan({ logs: [sample] }).alerts()).length;
    const data = mkdtempSync(join(tmpdir(), 'vedette-kill-'));
    try {
      const instants = fc.sample(fc.integer({ min: 200, max: 900 }), { seed: SEED, numRuns: SAMPLE_KILLS });
      for (const instant of instants) await kill(startService('--data', data), instant);
      const last = startService('--data', data);
      await settle(data, expected);
      await kill(last, 500);
      const found = alertsIn(data);
      expect(found).toHaveLength(expected);
      expect(new Set(found).size).toBe(expected);
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  }, 600_000);
});
