/**
 * The disk is full, and then read-only, under a running service: what it acknowledged is there once, with its alerts, what it
 * did not is taken when it is sent again, and what is wrong is said in words.
 */
import { expect, it } from 'vitest';
import { requireOwnDisk } from '../requirement.ts';
import { alertIds, ended, launch, type RunningService, started, storedEvents } from './running-service.ts';
import { serversOn } from './web-servers.ts';

const EVENTS = 5;
/** Two of the bundled rules read what Elastic Defend sends. */
const RULES = 2;

/** The answer's status, and those of its events. */
async function send({ address }: RunningService, name: string): Promise<readonly number[]> {
  const headers = { 'content-type': 'application/x-ndjson' };
  const response = await fetch(`${address}/_bulk`, { method: 'POST', headers, body: serversOn(name, EVENTS) });
  const { items = [] } = (await response.json()) as { items?: { create: { status: number } }[] };
  return [response.status, ...items.map(({ create }) => create.status)];
}

const PATIENCE = { timeout: 180_000, interval: 200 };
const taken = [200, ...Array.from({ length: EVENTS }, () => 201)];
const known = [200, ...Array.from({ length: EVENTS }, () => 409)];

it('a full disk, then a read-only one, loses nothing acknowledged', { timeout: 900_000 }, async (context) => {
  const disk = await requireOwnDisk(context, 24);
  const start = () => launch(['--no-watch', '--no-sample', '--data', `${disk.path}/data`], { before: disk.inside });
  let service = await started(start());
  const inWords = (words: string) => ({ code: 2, words: expect.stringContaining(words) });
  try {
    expect(await send(service, 'before')).toEqual(taken);

    let gone = ended(service.child);
    await disk.fill();
    // What is there already may have room for a little.
    let answer = await send(service, 'full');
    for (let more = 0; answer[0] === 200 && more < 40; more += 1) answer = await send(service, `full-${more}`);
    expect(answer).toEqual([503]);
    expect(await gone).toEqual(inWords('the disk is full'));
    await disk.free();
    service = await started(start());
    expect(await send(service, 'before')).toEqual(known);
    expect([taken, known]).toContainEqual(await send(service, 'full'));

    gone = ended(service.child);
    await disk.fail();
    expect(await send(service, 'read-only')).toEqual([503]);
    expect(await gone).toEqual(inWords('disk I/O error'));
    expect(await ended(start())).toEqual(inWords('read-only'));
    await disk.repair();
    service = await started(start());
    expect(await send(service, 'read-only')).toEqual(taken);
    for (const name of ['before', 'full', 'read-only']) expect(await send(service, name)).toEqual(known);
    const alerts = await alertIds(service);
    await expect.poll(async () => RULES * (await storedEvents(service)), PATIENCE).toBe(alerts.length);
  } finally {
    await ended(service.child, 'SIGKILL');
    await disk.close();
  }
});
