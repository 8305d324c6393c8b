/** Rules of Sentinel's whose query is over tables, as the service and backtests run them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Alert } from '../../detect/alert.ts';
import { NO_EXCEPTIONS } from '../../detect/exceptions/exception-set.ts';
import { inspectWhole, type LoadedRule } from '../../rule/inspect.ts';
import { newEvent } from '../../store/event.fixture.ts';
import { migrate } from '../../store/migrations.ts';
import { openSegments } from '../../store/open-event-store.ts';
import { sqliteStateStore } from '../../store/sqlite-state-store.ts';
import type { StateStore } from '../../store/state-store.ts';
import { backtest } from './backtest.ts';
import { runOverStore } from './run-over-store.ts';
import { RunScheduler } from './run-scheduler.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 2, 1);

interface Told {
  readonly query: string;
  readonly frequency?: string;
  readonly period?: string;
  readonly more?: string;
}

const COUNTING =
  'imProcessCreate | summarize Runs = count(), Last = max(TimeGenerated) by DvcHostname, ActorUsername | where Runs >= 2';

async function sentinelRule({ query, frequency = '1h', period = '1h', more = '' }: Told): Promise<LoadedRule> {
  const text = `id: 11111111-2222-3333-4444-555555555555
name: Many starts
kind: Scheduled
severity: Medium
queryFrequency: ${frequency}
queryPeriod: ${period}
${more.includes('triggerOperator') ? '' : 'triggerOperator: gt\ntriggerThreshold: 0\n'}tactics: [Execution]
query: '${query.replaceAll("'", "''")}'
${more}`;
  const [inspection] = await inspectWhole(text, 'a.yaml');
  if (inspection?.rule === undefined) throw new Error(JSON.stringify(inspection?.findings));
  return inspection.rule;
}

const folder = mkdtempSync(join(tmpdir(), 'vedette-run-tables-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('rules over tables', () => {
  let state: StateStore;
  let events: Awaited<ReturnType<typeof openSegments>>['store'];
  let now = START;
  let stores = 0;
  const schedulers: RunScheduler[] = [];

  beforeEach(async () => {
    const database = new DatabaseSync(':memory:');
    migrate(database);
    state = sqliteStateStore(database, ':memory:');
    stores += 1;
    ({ store: events } = await openSegments(join(folder, String(stores)), {
      limits: { keepMs: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY },
    }));
    now = START;
  });
  afterEach(async () => {
    for (const scheduler of schedulers.splice(0)) await scheduler.stop();
    await events.close();
    state.close();
  });

  /** Starts of processes, each so many minutes after the beginning. */
  const put = (minutes: readonly number[], host = 'web-01', name = 'python3') =>
    events.append(
      minutes.map((minute) =>
        newEvent(`${host}-${name}-${minute}`, { host, name, timeMs: START + Math.round(minute * MINUTE) }),
      ),
    );

  function scheduler(rules: readonly LoadedRule[]): RunScheduler {
    const made = new RunScheduler({
      store: state,
      now: () => now,
      lateness: 10_000,
      oldest: () => undefined,
      onCreated: () => {},
      thread: {
        run: async (job, { take }) => {
          const chosen = rules.filter(({ document }) => job.rules.includes(document.id));
          const means = { events, tables: events, ledger: state, exceptions: NO_EXCEPTIONS, now: () => now };
          return await runOverStore({ ...job, rules: chosen }, means, async (batch) => take(batch));
        },
        end: () => {},
      },
    });
    made.replaceRules(rules);
    schedulers.push(made);
    return made;
  }

  /** Lets so many minutes pass, in steps, as the service's clock does. */
  async function pass(made: RunScheduler, minutes: number, step = 10): Promise<void> {
    for (let passed = 0; passed < minutes; passed += step) {
      now += step * MINUTE;
      for (let more = true; more; ) {
        made.tick();
        more = made.status().underway !== undefined;
        await made.settled;
      }
    }
  }

  const alerts = (): readonly Alert[] =>
    [...state.alertsCreated(0, Date.UTC(2100, 0))].sort((a, b) => (a.original_time < b.original_time ? -1 : 1));
  const runs = () => state.runLog.records({ limit: 100 }).toReversed();

  it('run on schedule, alert, and are recorded', async () => {
    const rule = await sentinelRule({ query: COUNTING });
    expect(rule.tally?.kind).toBe('rows');
    const made = scheduler([rule]);
    made.tick();
    await put([5, 6, 65, 125, 126, 127]);
    await put([5], 'db-01');
    await pass(made, 190);
    expect(runs().map(({ kind, state: ended, events: read, funnel }) => [kind, ended, read, funnel.created])).toEqual([
      ['scheduled', 'succeeded', 3, 1],
      ['scheduled', 'succeeded', 1, 0],
      ['scheduled', 'succeeded', 3, 1],
    ]);
    const [first, second] = alerts();
    expect(first).toMatchObject({
      rule: { name: 'Many starts' },
      severity: 'medium',
      original_time: '2026-03-01T00:06:00.000Z',
      reason: 'The query gave DvcHostname web-01, ActorUsername ana, Runs 2, Last 2026-03-01T00:06:00.0000000Z',
      events: [{ host: { name: 'web-01' }, user: { name: 'ana' }, kusto: { Runs: 2 } }],
      query_result: {
        count: 1,
        rows: [['web-01', 'ana', 2, '2026-03-01T00:06:00.0000000Z']],
        window: { after: '2026-03-01T00:00:00.000Z', up_to: '2026-03-01T01:00:00.000Z' },
      },
    });
    expect(second?.query_result?.rows[0]?.[2]).toBe(3);
  });

  it('see nothing outside their window, and now() is its end', async () => {
    const query =
      'DeviceProcessEvents | where TimeGenerated > ago(2h) | extend Now = now() | where Now == datetime(2026-03-01T02:00:00Z) | project TimeGenerated, DeviceName, Now';
    const made = scheduler([await sentinelRule({ query, period: '1h' })]);
    made.tick();
    // The end of a window is in it, its beginning is not.
    await put([0, 30, 60, 90, 120, 121]);
    await pass(made, 190);
    const expected = ['2026-03-01T01:30:00.000Z', '2026-03-01T02:00:00.000Z'];
    expect(alerts().map(({ original_time }) => original_time)).toEqual(expected);
  });

  it('alert once on a row in windows that overlap, and again on a count in the next period', async () => {
    const rows = await sentinelRule({
      query: 'imProcessCreate | join kind=inner (imProcessCreate | summarize count() by DvcHostname) on DvcHostname',
      frequency: '20m',
      period: '1h',
    });
    const made = scheduler([rows]);
    made.tick();
    await put([25]);
    await pass(made, 110);
    expect(runs()).toHaveLength(5);
    expect(alerts()).toHaveLength(1);
    expect(runs().reduce((sum, { funnel }) => sum + funnel.duplicate, 0)).toBe(2);
  });

  it('alert on counts once a period', async () => {
    const made = scheduler([
      await sentinelRule({
        query: 'imProcessCreate | summarize Runs = count() by DvcHostname',
        frequency: '20m',
        period: '1h',
      }),
    ]);
    made.tick();
    await put([5, 65, 185]);
    await pass(made, 260);
    expect(alerts().map(({ query_result }) => query_result?.window.up_to)).toEqual([
      '2026-03-01T00:20:00.000Z',
      '2026-03-01T01:20:00.000Z',
      '2026-03-01T03:20:00.000Z',
    ]);
  });

  it.each([
    ['gt', 2, [1]],
    ['lt', 3, [2, 3]],
    ['eq', 0, [3]],
    ['ne', 2, [1, 3]],
  ])('alert on %s %i rows', async (operator, count, expected) => {
    const more = `triggerOperator: ${operator}\ntriggerThreshold: ${count}\neventGroupingSettings: {aggregationKind: SingleAlert}\n`;
    const rule = await sentinelRule({ query: 'imProcessCreate | where Process endswith "python3"', more });
    const made = scheduler([rule]);
    made.tick();
    await put([1, 2, 3, 61, 62]);
    await pass(made, 190);
    const hours = alerts().map(({ query_result }) => Date.parse(query_result?.window.up_to ?? '') - START);
    expect(hours.map((ms) => ms / HOUR)).toEqual(expected);
  });

  it('make one alert of all rows where they ask for it', async () => {
    const more = 'eventGroupingSettings: {aggregationKind: SingleAlert}\n';
    const made = scheduler([await sentinelRule({ query: COUNTING, more })]);
    made.tick();
    await put([1, 2]);
    await put([3, 4], 'db-01');
    await pass(made, 70);
    const [alert, ...others] = alerts();
    expect(others).toEqual([]);
    expect(alert?.query_result?.count).toBe(2);
    expect(alert?.events).toHaveLength(2);
    expect(alert?.shared).toMatchObject({ user: { name: 'ana' } });
  });

  it('take name, sentence, severity, tactics, details and entities from columns', async () => {
    const query = `imProcessCreate | summarize Runs = count() by DvcHostname
      | extend Bad = iff(Runs > 1, "High", "Nothing"), Stage = "Persistence, Impact", Who = "eve", From = "10.1.2.3", Hash = "${'a'.repeat(64)}", Kind = "SHA256"`.replaceAll(
      /\s+/g,
      ' ',
    );
    const more = `alertDetailsOverride:
  alertDisplayNameFormat: '{{Runs}} starts on {{ DvcHostname }}'
  alertDescriptionFormat: '{{DvcHostname}} started {{Runs}}, {{Missing}}.'
  alertSeverityColumnName: Bad
  alertTacticsColumnName: Stage
customDetails: {Starts: Runs, Nothing: Missing}
entityMappings:
  - entityType: Account
    fieldMappings: [{identifier: Name, columnName: Who}]
  - entityType: IP
    fieldMappings: [{identifier: Address, columnName: From}]
  - entityType: FileHash
    fieldMappings: [{identifier: Algorithm, columnName: Kind}, {identifier: Value, columnName: Hash}]
`;
    const made = scheduler([await sentinelRule({ query, more })]);
    made.tick();
    await put([1, 2]);
    await put([3], 'db-01');
    await pass(made, 70);
    const found = new Map(alerts().map((alert) => [alert.rule.name, alert]));
    expect(found.get('1 starts on db-01')?.severity).toBe('medium');
    expect(found.get('2 starts on web-01')).toMatchObject({
      reason: 'web-01 started 2, .',
      severity: 'high',
      threat: [{ tactic: { name: 'Persistence' } }, { tactic: { name: 'Impact' } }],
      custom_details: { Starts: [2], Nothing: [] },
      events: [
        {
          host: { name: 'web-01' },
          user: { name: 'eve' },
          source: { ip: '10.1.2.3' },
          file: { hash: { sha256: 'a'.repeat(64) } },
        },
      ],
    });
  });

  it('suppress all alerts of a rule for the time that it says', async () => {
    const made = scheduler([
      await sentinelRule({ query: COUNTING, more: 'suppressionEnabled: true\nsuppressionDuration: PT5H\n' }),
    ]);
    made.tick();
    await put([1, 2, 61, 62]);
    await put([3, 4, 63, 64], 'db-01');
    await pass(made, 130);
    // The rule rests after the run that alerted, which alerts on each of its rows.
    expect(alerts().map(({ events: [event] }) => event?.host)).toEqual([{ name: 'web-01' }, { name: 'db-01' }]);
    expect(runs().at(-1)?.funnel).toMatchObject({ matched: 2, suppressed: 2 });
  });

  it('are tried again when the query fails, and leave a gap', async () => {
    const rule = await sentinelRule({ query: 'externaldata (Name: string) ["https://example.org/a.csv"]' });
    const made = scheduler([rule]);
    made.tick();
    await pass(made, 190);
    expect(runs()[0]).toMatchObject({ state: 'failed', message: expect.stringMatching(/file/i) });
    expect(state.runLog.gaps({ state: 'open' })).toHaveLength(1);
  });

  it('find in a backtest what they find on schedule', async () => {
    const rule = await sentinelRule({ query: COUNTING, frequency: '20m', period: '1h' });
    const made = scheduler([rule]);
    made.tick();
    await put([-1, 1, 2, 15, 16, 44, 80, 100, 101, 102]);
    await put([3, 4, 50], 'db-01');
    await pass(made, 190);
    const report = await backtest(
      { rules: [rule], from: START, to: START + 3 * HOUR },
      { events, tables: events, exceptions: NO_EXCEPTIONS, now: () => now },
    );
    const ids = alerts().map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(3);
    expect(report.rules[0]?.alerts.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    expect(report.rules[0]?.warnings).toEqual([]);
  });

  it('see, near real time, what was stored in a minute', async () => {
    const text = `id: nrt
name: Starts
kind: NRT
severity: Low
query: imProcessCreate | summarize Runs = count(), First = min(TimeGenerated) by DvcHostname
`;
    const [inspection] = await inspectWhole(text, 'a.yaml');
    const rule = inspection?.rule as LoadedRule;
    expect(rule.document.schedule).toEqual({ interval: '1m', from: 'now-1m' });
    now = Math.floor(Date.now() / MINUTE) * MINUTE;
    const made = scheduler([rule]);
    made.tick();
    // Ten minutes before it is stored.
    await events.append([newEvent('early', { timeMs: Date.now() - 10 * MINUTE })]);
    await pass(made, 4, 1);
    expect(alerts()).toHaveLength(1);
  });

  it('name columns also in alerts of rules over one event, which run live', async () => {
    const more = `alertDetailsOverride: {alertDisplayNameFormat: '{{Verb}} {{TargetProcessName}}', alertSeverityColumnName: Level}
customDetails: {Line: CommandLine}
`;
    const query = 'imProcessCreate | extend Verb = strcat("Ran", ""), Level = "High"';
    const rule = await sentinelRule({ query, more });
    expect(rule.tally).toBeUndefined();
    await put([1]);
    const report = { alerts: [] as Alert[] };
    const means = { events, ledger: state, exceptions: NO_EXCEPTIONS, now: () => now };
    await runOverStore({ rules: [rule], from: START, to: START + HOUR }, means, async (batch) => {
      report.alerts.push(...batch.alerts.map(({ alert }) => alert));
    });
    expect(report.alerts).toMatchObject([
      {
        rule: { name: 'Ran /usr/bin/python3' },
        severity: 'high',
        custom_details: { Line: ['python3 -m http.server 8000'] },
      },
    ]);
  });
});
