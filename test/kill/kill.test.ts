/**
 * SIGKILL of the service at random instants: after a restart nothing is lost and each alert exists once.
 *
 * VEDETTE_KILLS says how many times it is killed in all, VEDETTE_SEED makes the instants repeatable.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scan } from '../../src/engine/index.ts';
import { openStateStore } from '../../src/store/open-state-store.ts';
import { makeAuditTraffic } from './audit-traffic.ts';

const KILLS = Number(process.env.VEDETTE_KILLS ?? 3);
const SEED = Number(process.env.VEDETTE_SEED ?? 20_261_122);
/** A service reads about this long at what it is given; kills fall into it, and into its start. */
const LONGEST_RUN_MS = 2_000;
/** So many that a service is killed in the midst of them several times, however often it is started again. */
const EXECUTIONS = 12_000 + 12_000 * Math.ceil(KILLS / 3);
const entry = fileURLToPath(new URL('../../bin/vedette.js', import.meta.url));

function startService(...more: string[]): ChildProcess {
  return spawn(process.execPath, [entry, 'start', '--port', '0', '--no-watch', ...more], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function kill(child: ChildProcess, afterMs: number): Promise<void> {
  const ended = once(child, 'exit');
  await sleep(afterMs);
  child.kill('SIGKILL');
  await ended;
}

/** Waits until the store holds as many alerts as wanted, or long enough to be sure that it will not. */
async function settle(data: string, wanted: number): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    await sleep(100);
    if (alertsIn(data).length >= wanted) return;
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

async function killAndSettle(
  kills: number,
  args: (data: string) => string[],
  expected: readonly string[],
): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'vedette-kill-'));
  try {
    const instants = fc.sample(fc.integer({ min: 50, max: LONGEST_RUN_MS }), { seed: SEED, numRuns: kills });
    const before: number[] = [];
    for (const instant of instants) {
      await kill(startService('--data', data, ...args(data)), instant);
      const found = alertsIn(data);
      expect(new Set(found).size).toBe(found.length);
      before.push(found.length);
    }
    console.log(`alerts there after each kill, of ${expected.length}: ${before.join(' ')}`);
    const last = startService('--data', data, ...args(data));
    await settle(data, expected.length);
    await kill(last, 500);
    expect(alertsIn(data).sort()).toEqual([...expected].sort());
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

describe('SIGKILL', () => {
  it('of a service that follows a log loses nothing and repeats nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vedette-kill-log-'));
    try {
      const log = join(folder, 'audit.log');
      const { text, servers } = makeAuditTraffic(EXECUTIONS);
      writeFileSync(log, text);
      const alerts = await scan({ logs: [log] }).alerts();
      expect(alerts.filter(({ rule }) => rule.name === 'Web Server Spawned via Python')).toHaveLength(servers);
      const expected = alerts.map(({ id }) => id);
      await killAndSettle(KILLS, () => ['--no-sample', '--follow', log], expected);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 3_600_000);

  it('in the middle of the sample leaves each of its alerts once', async () => {
    const sample = fileURLToPath(new URL('../../sample/web-07-audit.log', import.meta.url));
    const expected = (await scan({ logs: [sample] }).alerts()).length;
    const data = mkdtempSync(join(tmpdir(), 'vedette-kill-'));
    try {
      const instants = fc.sample(fc.integer({ min: 200, max: 900 }), { seed: SEED, numRuns: Math.min(KILLS, 10) });
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
