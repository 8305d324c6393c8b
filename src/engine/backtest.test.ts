import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { NO_EXCEPTIONS } from '../detect/exceptions/exception-set.ts';
import { loadRules } from '../rule/load.ts';
import { openEventStore } from '../store/open-event-store.ts';
import { openStateStore } from '../store/open-state-store.ts';
import { backtest } from './backtest.ts';
import { MemoryLedger } from './detector.ts';
import { type PreviewState, Previews } from './previews.ts';
import { runOverStore } from './runs/run-over-store.ts';

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const rule = (name: string, more = '') => `[rule]
author = ["Ada"]
description = "A test."
interval = "5m"
language = "eql"
name = "${name}"
risk_score = 21
rule_id = "shells"
severity = "low"
type = "eql"
query = '''
process where process.name == "${name}"
'''
${more}
`;
const event = (number: number, name: string) => ({
  '@timestamp': new Date(START + number * MINUTE).toISOString(),
  event: { id: `e${number}`, category: ['process'], type: ['start'] },
  host: { name: 'web-07', os: { type: 'linux' } },
  user: { name: number < 4 ? 'ana' : 'ben' },
  process: { name, executable: `/usr/bin/${name}`, pid: 100 + number, args: [name] },
});

const folder = mkdtempSync(join(tmpdir(), 'vedette-backtest-test-'));
const data = join(folder, 'data');
const logs = join(folder, 'events.ndjson');
const sh = join(folder, 'sh.toml');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  mkdirSync(data);
  const documents = [0, 1, 2, 6, 7, 8].map((number) => event(number, 'sh'));
  writeFileSync(logs, documents.map((document) => `${JSON.stringify(document)}\n`).join(''));
  writeFileSync(sh, rule('sh'));
  const state = openStateStore(data);
  const { store } = await openEventStore(data);
  await store.append(
    documents.map((document, number) => ({
      id: document.event.id,
      timeMs: Date.parse(document['@timestamp']),
      ticks: 0,
      format: 'json',
      dataStreams: ['logs-endpoint.events.process-default'],
      standsInFor: [],
      document,
      sample: false,
      arrival: number,
    })),
  );
  const { rules } = await loadRules([sh]);
  const range = { rules, from: START, to: START + 60 * MINUTE };
  const means = { events: store, ledger: new MemoryLedger(), exceptions: NO_EXCEPTIONS, now: Date.now };
  await runOverStore(range, means, async (batch) => state.commit({ ...batch, positions: [] }));
  await store.close();
  state.close();
});

const BY_USER = '[rule.alert_suppression]\ngroup_by = ["user.name"]\nduration = "1h"';

describe('a backtest', () => {
  it('finds what exists where nothing was changed, and starts from nothing', async () => {
    const { rules, events } = await backtest({ rules: [sh], data, againstExisting: true });
    expect(events).toBe(6);
    expect(rules).toHaveLength(1);
    expect(rules[0]).toMatchObject({
      funnel: { matched: 6, created: 6, duplicate: 0 },
      cap: 100,
      interval: 5 * MINUTE,
      runs: 2,
      difference: { created: 0, gone: 0, same: 6, isCut: false },
    });
    expect(rules[0]?.bars.counts.map(({ matched }) => matched)).toEqual([3, 3]);
  });

  it('tells what a change would add and take away, and what is suppressed by it', async () => {
    const changed = join(folder, 'changed.toml');
    writeFileSync(
      changed,
      rule('sh', `max_signals = 2\n${BY_USER}`).replace('name == "sh"', 'name == "sh" and process.pid != 100'),
    );
    const { rules } = await backtest({ rules: [changed], data, againstExisting: true });
    expect(rules[0]?.funnel).toEqual({ matched: 5, excepted: 0, suppressed: 3, duplicate: 0, capped: 0, created: 2 });
    expect(rules[0]?.difference).toMatchObject({ created: 0, gone: 4, same: 2, suppressed: 3 });
    expect(rules[0]?.alerts.map(({ suppressed }) => suppressed)).toEqual([1, 2]);
  });

  it('finds the same over files as over what is stored, also with a range', async () => {
    const range = { from: START + MINUTE, to: START + 7 * MINUTE };
    const stored = await backtest({ rules: [sh], data, ...range });
    const read = await backtest({ rules: [sh], logs: [logs], ...range });
    expect(read.rules[0]?.funnel).toEqual(stored.rules[0]?.funnel);
    expect(read.rules[0]?.funnel.created).toBe(3);
    expect(read.rules[0]?.bars).toEqual(stored.rules[0]?.bars);
  });
});

describe('a backtest of a rule that is not over events alone', () => {
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  it('looks at alerts up to now, since they are made after their events', async () => {
    const overAlerts = rule('sh', 'index = [".alerts-security.alerts-default"]').replace('"shells"', '"over"');
    const path = write('over.toml', overAlerts.replace('process.name', 'kibana.alert.rule.name'));
    const { rules } = await backtest({ rules: [path], data });
    expect(rules[0]?.funnel).toMatchObject({ matched: 6, created: 6 });
    const { rules: overLogs, problems } = await backtest({ rules: [path], logs: [logs] });
    expect(overLogs[0]?.funnel.matched).toBe(0);
    expect(problems).toMatchObject([{ code: 'ingest-no-alerts', message: expect.stringContaining('“sh”') }]);
  });

  it('is held against alerts of building blocks, too', async () => {
    const block = write('block.toml', rule('sh', 'building_block_type = "default"').replace('"shells"', '"block"'));
    const { rules: loaded } = await loadRules([block]);
    const state = openStateStore(data);
    const { store } = await openEventStore(data);
    const means = { events: store, ledger: new MemoryLedger(), exceptions: NO_EXCEPTIONS, now: Date.now };
    await runOverStore({ rules: loaded, from: START, to: START + 60 * MINUTE }, means, async (batch) =>
      state.commit({ ...batch, positions: [] }),
    );
    await store.close();
    state.close();
    const { rules } = await backtest({ rules: [block], data, againstExisting: true });
    expect(rules[0]?.difference).toMatchObject({ created: 0, gone: 0, same: 6 });
  });

  it('compares events of files with indicators of a folder', async () => {
    const indicators = join(folder, 'indicators');
    mkdirSync(indicators);
    writeFileSync(join(indicators, 'bad.csv'), 'threat.indicator.name\nben\n');
    const mapping =
      'threat_mapping = [{entries = [{field = "user.name", type = "mapping", value = "threat.indicator.name"}]}]';
    const text = rule('sh', `threat_query = "*:*"\nthreat_index = ["*"]\n${mapping}`)
      .replace('type = "eql"', 'type = "threat_match"')
      .replace('language = "eql"', 'language = "kuery"')
      .replace(/query = '''[^']*'''/, 'query = "user.name: *"');
    const path = write('known.toml', text);
    const { rules, findings, problems } = await backtest({ rules: [path], logs: [logs], indicators });
    expect([findings.filter(({ severity }) => severity === 'error'), problems]).toEqual([[], []]);
    expect(rules[0]?.funnel).toMatchObject({ matched: 3, created: 3 });
  });

  it('refuses a range that ends before it begins', async () => {
    await expect(backtest({ rules: [sh], data, from: START + 1, to: START })).rejects.toThrow('ends before it begins');
  });
});

describe('previews', () => {
  const ended = (previews: Previews, id: number): Promise<PreviewState | undefined> =>
    vi.waitFor(
      () => {
        const state = previews.state(id);
        expect(['waiting', 'running']).not.toContain(state?.state);
        return state;
      },
      { timeout: 180_000 },
    );
  const range = { from: START, to: START + 60 * MINUTE };

  it('run a text, one after the other, and keep what came of it', async () => {
    const previews = new Previews({ dataFolder: data });
    const [first, second] = [
      await previews.start({ text: rule('sh'), ...range }, {}),
      await previews.start({ text: rule('sh', BY_USER), ...range }, {}),
    ];
    expect(previews.state(second?.preview ?? 0)).toEqual({ state: 'waiting' });
    expect(await ended(previews, first?.preview ?? 0)).toMatchObject({
      report: { rules: [{ funnel: { created: 6 }, difference: { same: 6 } }] },
    });
    expect(await ended(previews, second?.preview ?? 0)).toMatchObject({
      report: { rules: [{ funnel: { created: 2 } }] },
    });
    expect(previews.cancel(second?.preview ?? 0)).toBe(true);
    expect(previews.state(second?.preview ?? 0)).toBeUndefined();
    previews.close();
  });

  it('tell what a text would cost beside the rules that run', async () => {
    const rules = join(folder, 'running');
    mkdirSync(rules);
    writeFileSync(
      join(rules, 'any.toml'),
      rule('sh')
        .replace(/query = '''[^']*'''/, "query = 'any where user.name != null'")
        .replace('"shells"', '"any"'),
    );
    writeFileSync(join(rules, 'shells.toml'), rule('sh'));
    const previews = new Previews({ dataFolder: data, rules: [rules] });
    const begun = await previews.start({ text: rule('sh'), what: 'cost', ...range }, {});
    const state = await ended(previews, begun?.preview ?? 0);
    if (state?.state !== 'measured') throw new Error(JSON.stringify(state));
    const { cost } = state;
    expect(cost).toMatchObject({ isCut: false, others: 1, evaluated: 2, onInterval: [] });
    expect(cost.rules).toMatchObject([{ id: 'shells', matches: 6 }]);
    expect(cost.dearest.map(({ rank }) => rank)).toEqual([1, 2]);
    expect(cost.dearest.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    expect(cost.events).toBe(6);
    previews.close();
  });

  it('say what is wrong with a text, stop when asked, and take no longer than they may', async () => {
    const previews = new Previews({ dataFolder: data }, { timeMs: 1 });
    const broken = await previews.start({ text: 'process where', ...range }, {});
    expect(broken).toMatchObject({ findings: [{ severity: 'error' }] });
    expect(broken?.preview).toBeUndefined();
    const late = await previews.start({ text: rule('sh'), ...range }, {});
    expect(await ended(previews, late?.preview ?? 0)).toMatchObject({ state: 'failed' });
    const stopped = await previews.start({ text: rule('sh'), ...range }, {});
    expect(previews.cancel(stopped?.preview ?? 0)).toBe(true);
    expect(previews.cancel(stopped?.preview ?? 0)).toBe(false);
    previews.close();
  });
});
