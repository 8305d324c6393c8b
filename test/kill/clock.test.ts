/**
 * The clock of the machine is set back by an hour while the service runs, which is then killed and started again: each
 * event is stored once, each alert is there once, sequences over the kill among them, and the operator is told.
 */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scan } from '../../src/engine/index.ts';
import { bundledRulesFolder } from '../../src/rule/load.ts';
import { firstExecutionSince, makeAuditTraffic } from './audit-traffic.ts';
import { alertIds, ask, ended, launch, type RunningService, started, storedEvents } from './running-service.ts';
import { SEQUENCE_RULE } from './sequence-rule.ts';

const PART = 120;
/** What it takes, and as much as its beginning is put off. */
const PART_MS = 480_000;
/** Of the second part, after which the service is killed: a web server, whose listing comes later. */
const BEFORE_KILL = 88;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const PATIENCE = { timeout: 180_000, interval: 200 };
const preload = new URL('./moved-clock.ts', import.meta.url).href;

/** The part of the log that ends now by a clock so far from the machine's. */
function partBefore(movedMs: number): readonly string[] {
  return makeAuditTraffic(PART, firstExecutionSince(Date.now() + movedMs - PART_MS))
    .text.trimEnd()
    .split('\n');
}

it('a clock that is set back loses nothing and repeats nothing', { timeout: 900_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-clock-'));
  const [log, clock, rule] = ['audit.log', 'clock', 'sequence.toml'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(rule, SEQUENCE_RULE);
  const setClock = (movedMs: number) => writeFileSync(clock, String(movedMs));
  setClock(0);
  const flags = ['--no-watch', '--no-sample', '--data', join(folder, 'data'), '--follow', log];
  const start = async () =>
    await started(
      launch([...flags, '--rules', bundledRulesFolder(), rule], {
        node: ['--import', preload],
        environment: { VEDETTE_CLOCK_FILE: clock },
      }),
    );
  const stored = (service: RunningService) => () => storedEvents(service);
  const [before, after] = [partBefore(0), partBefore(-HOUR_MS)];
  writeFileSync(log, `${before.join('\n')}\n`);
  let service = await start();
  try {
    await expect.poll(stored(service), PATIENCE).toBe(PART);
    setClock(-HOUR_MS);
    // Four lines an execution, those of two beside each other.
    appendFileSync(log, `${after.slice(0, BEFORE_KILL * 4).join('\n')}\n`);
    await expect.poll(stored(service), PATIENCE).toBe(PART + BEFORE_KILL);
    const { readiness } = await ask<{ readiness: { notes: string[] } }>(service, '/api/system');
    expect(readiness.notes).toEqual([
      expect.stringMatching(/^The clock of this machine was set back by \d\d minutes\./),
    ]);
    await ended(service.child, 'SIGKILL');
    service = await start();
    appendFileSync(log, `${after.slice(BEFORE_KILL * 4).join('\n')}\n`);
    await expect.poll(stored(service), PATIENCE).toBe(2 * PART);
    const expected = (await scan({ logs: [log], rules: [bundledRulesFolder(), rule] }).alerts()).map(({ id }) => id);
    // Late events are looked at when two minutes have passed, and what may go on with them later.
    setClock(-HOUR_MS + 3 * MINUTE_MS);
    await expect.poll(() => alertIds(service), PATIENCE).toEqual(expected.sort());
    setClock(-HOUR_MS + 30 * MINUTE_MS);
    const open = async () => (await ask<{ gaps: unknown[] }>(service, '/api/gaps?state=open')).gaps;
    await expect.poll(open, PATIENCE).toEqual([]);
    expect(await alertIds(service)).toEqual(expected);
    expect(await storedEvents(service)).toBe(2 * PART);
  } finally {
    await ended(service.child, 'SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
});
