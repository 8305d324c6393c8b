/** Rules that name people's own tables, functions and watchlists, through every door that runs rules over tables. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { newEvent } from '../../store/event.fixture.ts';
import { openEventStore } from '../../store/open-event-store.ts';
import { openStateStore } from '../../store/open-state-store.ts';
import { backtest } from '../backtest.ts';
import { compileOptions, loadChosenRules } from '../chosen-rules.ts';
import { LiveRules } from '../live-rules.ts';
import { Previews } from '../previews.ts';
import { testRuleText } from '../rule-test-text.ts';
import { runScan } from '../scan.ts';
import { houseSchema } from '../tables/house-schema.ts';
import type { RunBatch } from './run-range.ts';
import { RunThread } from './run-thread.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 2, 1, 12);
const FREQUENCY = 15 * MINUTE;
const NOW = new Date(START).toISOString();

const RULE = `id: 5a1c3f0e-7b52-4e0a-9a55-0d7f3f0b6c11
name: Starts on sites that are watched
kind: Scheduled
severity: Medium
queryFrequency: 15m
queryPeriod: 15m
triggerOperator: gt
triggerThreshold: 0
tactics: [Execution]
entityMappings:
  - entityType: Host
    fieldMappings:
      - {identifier: HostName, columnName: DvcHostname}
query: |
  let blocked = (_GetWatchlist('blocked') | project SearchKey);
  let sites = _GetWatchlist('Sites') | where Site == 'HQ' | project Host;
  StartsOf(sites)
  | where ActorUsername !in (blocked)
  | join kind=inner Assets on $left.DvcHostname == $right.Host
  | summarize Starts = count(), Last = max(TimeGenerated), Owner = take_any(Owner) by DvcHostname
`;
const FILES: Readonly<Record<string, string>> = {
  'kusto/tables/Assets.yaml': 'columns: {Host: string, Owner: string}\nrows: assets.csv\n',
  'kusto/tables/assets.csv': 'Host,Owner\nweb-01,ana\nweb-02,ben\n',
  'kusto/watchlists/Sites.csv': 'Host,Site\nweb-01,HQ\nweb-02,HQ\nweb-03,Elsewhere\n',
  'kusto/functions/StartsOf.kql': '(hosts: (Host: string)) { imProcessCreate | where DvcHostname in (hosts) }',
  'kusto/functions/1.kql': 'print 1',
  'rule.yaml': RULE,
};

const folder = mkdtempSync(join(tmpdir(), 'vedette-own-names-'));
const rule = join(folder, 'rule.yaml');
const own = join(folder, 'kusto');
const logs = join(folder, 'events.ndjson');
const RECORDS = [
  newEvent('a', { host: 'web-01', user: 'ana', timeMs: START + MINUTE }),
  newEvent('b', { host: 'web-02', user: 'mallory', timeMs: START + 2 * MINUTE }),
  newEvent('c', { host: 'web-03', user: 'ana', timeMs: START + 3 * MINUTE }),
];

beforeAll(async () => {
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const lines = RECORDS.map(({ timeMs, document }) =>
    JSON.stringify({ '@timestamp': new Date(timeMs).toISOString(), ...document }),
  );
  writeFileSync(logs, `${lines.join('\n')}\n`);
  const state = openStateStore(folder);
  state.exceptions.saveList({ id: 'blocked', name: 'blocked', type: 'keyword' }, NOW);
  state.exceptions.addValues('blocked', ['mallory'], NOW);
  state.close();
  const { store } = await openEventStore(folder);
  await store.append(RECORDS);
  await store.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hosts = (alerts: readonly { readonly host?: string }[]) => alerts.map(({ host }) => host);

describe('a rule over names of one’s own', () => {
  it('is refused without them', async () => {
    const { findings } = await loadChosenRules([rule]);
    expect(findings.map(({ message }) => message)).toContain('There is no function “StartsOf”.');
  });

  it('runs in a scan, with the watchlists of the folder', async () => {
    const { findings, problems, funnel } = await runScan({ logs: [logs], rules: [rule], own }, () => {});
    expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([
      expect.objectContaining({ code: 'kusto-own', severity: 'warning' }),
    ]);
    expect(problems).toEqual([]);
    expect(funnel.created).toBe(2);
  });

  it('runs in a backtest and a preview, with the value lists', async () => {
    const range = { from: START, to: START + FREQUENCY };
    const report = await backtest({ rules: [rule], data: folder, ...range });
    expect(hosts(report.rules[0]?.alerts ?? [])).toEqual(['web-01']);
    const previews = new Previews({ dataFolder: folder });
    const names = houseSchema(folder)();
    const begun = await previews.start({ text: RULE, ...range }, { names });
    expect(begun?.findings).toEqual([]);
    const done = await vi.waitFor(
      () => {
        const state = previews.state(begun?.preview ?? 0);
        if (state?.state !== 'done') throw new Error(JSON.stringify(state));
        return state;
      },
      { timeout: 180_000 },
    );
    expect(hosts(done.report.rules[0]?.alerts ?? [])).toEqual(['web-01']);
    previews.close();
  });

  it('runs in the thread of the service, which sees lists as they are', async () => {
    const thread = new RunThread({ dataFolder: folder, rules: [rule] });
    const run = async () => {
      const taken: RunBatch[] = [];
      const job = {
        rules: ['5a1c3f0e-7b52-4e0a-9a55-0d7f3f0b6c11'],
        from: START,
        to: START + FREQUENCY,
        uncapped: false,
        slot: START,
        rulesRevision: 1,
        exceptionsRevision: 1,
      };
      const { byRule } = await thread.run(job, { take: (batch) => taken.push(batch) });
      const [result] = byRule.values();
      expect(result?.warnings).toEqual([]);
      return taken.flatMap(({ alerts }) => alerts.map(({ alert }) => alert.custom_details ?? alert.reason));
    };
    try {
      expect(await run()).toHaveLength(1);
      const state = openStateStore(folder);
      state.exceptions.removeValues('blocked', ['mallory'], NOW);
      state.close();
      expect(await run()).toHaveLength(2);
    } finally {
      thread.end();
      const state = openStateStore(folder);
      state.exceptions.addValues('blocked', ['mallory'], NOW);
      state.close();
    }
  });

  it('is tested with its events', async () => {
    const { options } = await compileOptions({ own });
    const tests = `cases:
  - name: two sites
    events:
${RECORDS.map(({ timeMs, document }) => `      - ${JSON.stringify({ '@timestamp': new Date(timeMs).toISOString(), ...document })}`).join('\n')}
    expect: 2
`;
    const report = await testRuleText({ text: RULE, tests }, { ...options, own });
    expect(report.findings).toEqual([]);
    expect(report.results.map(({ differences }) => differences)).toEqual([[]]);
  });

  it('follows the files of the service', async () => {
    const store = openStateStore(folder);
    const { promise: changed, resolve } = Promise.withResolvers<void>();
    const settings = { dataFolder: folder, rules: [rule] };
    const live = new LiveRules({
      settings,
      store,
      now: () => 0,
      log: { info: () => {}, warn: () => {} },
      changed: resolve,
    });
    try {
      const [first] = await live.start();
      expect(first?.tally?.kind).toBe('rows');
      expect(live.book.loose).toEqual([expect.objectContaining({ code: 'kusto-own' })]);
      await live.reload();
      expect(live.book.entries[0]?.rule).toBe(first);
      writeFileSync(
        join(own, 'functions/StartsOf.kql'),
        '(hosts: (Host: string)) { imFileEvent | where Dvc in (hosts) }',
      );
      await changed;
      expect(live.book.entries[0]?.rule).not.toBe(first);
    } finally {
      live.close();
      store.close();
    }
  });
});
