/** Rules that run over alerts: what they see, what they lead to, and that they never run in a circle. */
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import type { Alert } from '../../detect/alert.ts';
import { NO_EXCEPTIONS } from '../../detect/exceptions/exception-set.ts';
import { documentSource, Event } from '../../event/event.ts';
import { inspectText, type LoadedRule } from '../../rule/inspect.ts';
import { migrate } from '../../store/migrations.ts';
import { sqliteStateStore } from '../../store/sqlite-state-store.ts';
import { Detector } from '../detector.ts';
import { runOverStore } from './run-over-store.ts';
import { runsOnSchedule } from './run-scheduler.ts';
import { freshEvents } from './three-ways.fixture.ts';

const START = Date.UTC(2026, 2, 1);

const rule = (id: string, index: string, query: string, more = ''): LoadedRule => {
  const head = `[rule]\nname = "${id}"\nrule_id = "${id}"\nrisk_score = 21\nseverity = "low"\nindex = [${index}]\n${more}`;
  const [inspection] = inspectText(`${head}type = "query"\nlanguage = "kuery"\nquery = '${query}'\n`, 'r.toml');
  if (inspection?.rule === undefined) throw new Error(JSON.stringify(inspection?.findings));
  return inspection.rule;
};
const ALERTS = '".alerts-security.*"';
const block = rule('block', '', 'process.name: ls', 'building_block_type = "default"\n');
const one = rule('one', ALERTS, 'kibana.alert.rule.name: block and process.name: ls');
const all = rule('all', ALERTS, 'event.kind: signal');

const event = () =>
  new Event({
    time: { ms: START, ticks: 0 },
    source: documentSource({ process: { name: 'ls' }, host: { name: 'web-07' }, event: { id: 'e1', kind: 'event' } }),
    raw: new Uint8Array(),
    format: 'json',
    dataStreams: [],
  });

it('see alerts as events, and lead to alerts that say what they came of', async () => {
  const inState = new DatabaseSync(':memory:');
  migrate(inState);
  const state = sqliteStateStore(inState, ':memory:');
  const events = freshEvents();
  let now = START + 1_000;
  const detector = new Detector({ rules: [block, one, all], now: () => now, lateness: 0 });
  detector.observe(event());
  const live = detector.drain(state);
  expect(live.alerts.map(({ alert }) => [alert.rule.id, alert.building_block])).toEqual([['block', true]]);
  state.commit({ ...live, positions: [] });
  expect([block, one, all].map(runsOnSchedule)).toEqual([false, true, true]);

  const run = async (which: LoadedRule): Promise<readonly Alert[]> => {
    now += 1_000;
    const means = { events, alerts: state, ledger: state, exceptions: NO_EXCEPTIONS, now: () => now };
    const made: Alert[] = [];
    const range = { rules: [which], from: START, to: START + 300_000, slot: START };
    await runOverStore(range, means, async (batch) => {
      state.commit({ ...batch, positions: [] });
      made.push(...batch.alerts.map(({ alert }) => alert));
    });
    return made;
  };
  const [first, ...others] = await run(one);
  expect(others).toEqual([]);
  const source = live.alerts[0]?.alert.id;
  expect(first).toMatchObject({
    depth: 2,
    ancestors: [{ id: source, type: 'signal', depth: 1, rule: 'block' }],
    events: [{ process: { name: 'ls' }, event: { kind: 'signal' }, kibana: { alert: { uuid: source } } }],
  });
  expect((await run(all)).map(({ depth, ancestors }) => [depth, ancestors?.map(({ rule: id }) => id)])).toEqual([
    [2, ['block']],
    [3, ['block', 'one']],
  ]);
  // Its own alerts, and those that they led to, are left out.
  expect(await run(all)).toEqual([]);
  expect(await run(one)).toEqual([]);

  // Building blocks are there for rules, and shown to who asks.
  expect(
    state
      .alerts({})
      .alerts.map(({ rule: { id } }) => id)
      .sort(),
  ).toEqual(['all', 'all', 'one']);
  expect(state.alerts({}).total).toBe(3);
  expect(state.alerts({ building_block: 'true' }).alerts).toMatchObject([
    { rule: { id: 'block' }, building_block: true },
  ]);
  expect(state.alerts({ building_block: 'any' }).total).toBe(4);
  expect(state.alerts({ fold: 'process' }).total).toBe(3);
  expect(state.counts().open).toBe(3);
  state.close();
  await events.close();
});
