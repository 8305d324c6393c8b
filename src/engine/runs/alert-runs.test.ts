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

const rule = (id: string, index: string, query: string, more = '', after = ''): LoadedRule => {
  const head = `[rule]\nname = "${id}"\nrule_id = "${id}"\nrisk_score = 21\nseverity = "low"\nindex = [${index}]\n${more}`;
  const [inspection] = inspectText(`${head}type = "query"\nlanguage = "kuery"\nquery = '${query}'\n${after}`, 'r.toml');
  if (inspection?.rule === undefined) throw new Error(JSON.stringify(inspection?.findings));
  return inspection.rule;
};
const BY_HOST = '[rule.alert_suppression]\ngroup_by = ["host.name"]\n';
const ALERTS = '".alerts-security.*"';
const block = rule('block', '', 'process.name: ls', 'building_block_type = "default"\n');
const one = rule('one', ALERTS, 'kibana.alert.rule.name: block and process.name: ls');
const all = rule('all', ALERTS, 'event.kind: signal');

const event = (id = 'e1', host = 'web-07') =>
  new Event({
    time: { ms: START, ticks: 0 },
    source: documentSource({ process: { name: 'ls' }, host: { name: host }, event: { id, kind: 'event' } }),
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

it('suppress what is alike among alerts, once, however often they run', async () => {
  const inState = new DatabaseSync(':memory:');
  migrate(inState);
  const state = sqliteStateStore(inState, ':memory:');
  const events = freshEvents();
  let now = START + 1_000;
  const detector = new Detector({ rules: [block], now: () => now, lateness: 0 });
  const alertOn = (id: string, host: string) => {
    detector.observe(event(id, host));
    state.commit({ ...detector.drain(state), positions: [] });
  };
  const onHost = rule('on-host', ALERTS, 'kibana.alert.rule.name: block', '', `${BY_HOST}duration = "1h"\n`);
  const perRun = rule('per-run', ALERTS, 'kibana.alert.rule.name: block', '', BY_HOST);
  const run = async (which: LoadedRule, minute: number) => {
    now += 1_000;
    const means = { events, alerts: state, ledger: state, exceptions: NO_EXCEPTIONS, now: () => now };
    const slot = START + minute * 60_000;
    const { byRule } = await runOverStore(
      { rules: [which], from: slot, to: slot + 300_000, slot },
      means,
      async (batch) => state.commit({ ...batch, positions: [] }),
    );
    return byRule.get(which.document.id)?.funnel;
  };
  const told = (id: string) =>
    state
      .alerts({ rule: id })
      .alerts.map(({ host, suppressed }) => `${host} +${suppressed ?? 0}`)
      .sort();

  for (const [id, host] of [
    ['e1', 'web-07'],
    ['e2', 'web-07'],
    ['e3', 'web-08'],
  ] as const)
    alertOn(id, host);
  expect(await run(onHost, 0)).toMatchObject({ matched: 3, suppressed: 1, created: 2 });
  expect(await run(onHost, 0)).toMatchObject({ matched: 3, duplicate: 3 });
  expect(await run(perRun, 0)).toMatchObject({ matched: 3, suppressed: 1, created: 2 });
  now = START + 301_000;
  alertOn('e4', 'web-07');
  expect(await run(onHost, 5)).toMatchObject({ matched: 1, suppressed: 1 });
  expect(await run(perRun, 5)).toMatchObject({ matched: 1, created: 1 });
  expect(told('on-host')).toEqual(['web-07 +2', 'web-08 +0']);
  expect(told('per-run')).toEqual(['web-07 +0', 'web-07 +1', 'web-08 +0']);
  state.close();
  await events.close();
});
