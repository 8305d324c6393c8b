/**
 * SIGKILL between storing events and committing what was found in them: nobody was told that they are there, and when they
 * are sent again they alert, once. And a log of events that was cut off while the service did not run: that is told.
 */
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { alertIds, ask, ended, launch, type RunningService, started, storedEvents } from './running-service.ts';
import { serversOn } from './web-servers.ts';

const EVENTS = 3;
/** Two of the bundled rules read what Elastic Defend sends. */
const ALERTS = 2 * EVENTS;
const PATIENCE = { timeout: 180_000, interval: 200 };

async function send({ address }: RunningService, name: string, events = EVENTS): Promise<readonly number[]> {
  const headers = { 'content-type': 'application/x-ndjson' };
  const response = await fetch(`${address}/_bulk`, { method: 'POST', headers, body: serversOn(name, events) });
  const { items } = (await response.json()) as { items: { create: { status: number } }[] };
  return items.map(({ create }) => create.status);
}

it('stored and not answered, an event alerts when it is sent again among others', { timeout: 900_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-unanswered-'));
  const data = join(folder, 'data');
  const flags = ['--no-watch', '--no-sample', '--data', data];
  let service = await started(launch(flags, { environment: { VEDETTE_KILL_AT: 'wal-written:1' } }));
  try {
    // One event is one write of the log; more of a request can come into two, of which the first is the last one here.
    await expect(send(service, 'a', 1)).rejects.toThrow();
    service = await started(launch(flags));
    await expect.poll(() => storedEvents(service), PATIENCE).toBe(1);
    expect(await alertIds(service)).toEqual([]);
    for (const status of [201, 409]) {
      expect(await send(service, 'a')).toEqual(Array.from({ length: EVENTS }, () => status));
      await expect.poll(() => storedEvents(service), PATIENCE).toBe(EVENTS);
      expect(await alertIds(service)).toHaveLength(ALERTS);
    }
    await ended(service.child, 'SIGKILL');

    const log = join(data, 'events', 'log');
    const newest = readdirSync(log).toSorted().at(-1) ?? '';
    truncateSync(join(log, newest), statSync(join(log, newest)).size - 1);
    service = await started(launch(flags));
    await expect.poll(() => storedEvents(service), PATIENCE).toBe(EVENTS - 1);
    const { readiness } = await ask<{ readiness: { notes: string[] } }>(service, '/api/system');
    expect(readiness.notes).toEqual([expect.stringMatching(/^One event that was acknowledged could not be found/)]);
    expect(await alertIds(service)).toHaveLength(ALERTS);
    expect((await send(service, 'a')).toSorted()).toEqual([201, 409, 409]);
    expect(await alertIds(service)).toHaveLength(ALERTS);
  } finally {
    await ended(service.child, 'SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
});
