/** Runs over stored events as the service makes them: what is due, what is found, what is recorded. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EMPTY_FUNNEL } from '../../detect/decide.ts';
import { NO_EXCEPTIONS } from '../../detect/exceptions/exception-set.ts';
import type { RunWarning } from '../../detect/run-record.ts';
import type { LoadedRule } from '../../rule/inspect.ts';
import { loadRules } from '../../rule/load.ts';
import { newEvent } from '../../store/event.fixture.ts';
import { EVENT_FILE, EVENT_MIGRATIONS } from '../../store/event-schema.ts';
import type { EventStore } from '../../store/event-store.ts';
import { migrate } from '../../store/migrations.ts';
import { sqliteEventStore } from '../../store/sqlite-event-store.ts';
import { sqliteStateStore } from '../../store/sqlite-state-store.ts';
import type { StateStore } from '../../store/state-store.ts';
import { runOverStore } from './run-over-store.ts';
import { RunScheduler, type RunSchedulerOptions } from './run-scheduler.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 2, 1);

const rule = (id: string, query: string, more = ''): string => `
[metadata]
maturity = "production"
[rule]
author = ["Vedette"]
description = "A test."
from = "now-9m"
interval = "5m"
language = "eql"
license = "Apache-2.0"
name = "${id}"
risk_score = 21
rule_id = "${id}"
severity = "low"
type = "eql"
${more}
query = '''
${query}
'''
`;

const folder = mkdtempSync(join(tmpdir(), 'vedette-runs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let rules: readonly LoadedRule[] = [];
beforeAll(async () => {
  writeFileSync(
    join(folder, 'single.toml'),
    rule('single', 'process where process.name == "python3"', 'max_signals = 2'),
  );
  const steps = '[process where process.name == "python3"] [process where process.name == "ls"]';
  writeFileSync(join(folder, 'pair.toml'), rule('pair', `sequence by host.name with maxspan=20m ${steps}`));
  ({ rules } = await loadRules([folder]));
  expect(rules).toHaveLength(2);
});

describe('runs over stored events', () => {
  let state: StateStore;
  let events: EventStore;
  let now: number;
  let failing: Error | undefined;
  let created: string[];
  const open: (() => void)[] = [];
  const schedulers: RunScheduler[] = [];

  beforeEach(() => {
    const inState = new DatabaseSync(':memory:');
    migrate(inState);
    state = sqliteStateStore(inState, ':memory:');
    const inEvents = new DatabaseSync(':memory:');
    migrate(inEvents, undefined, EVENT_MIGRATIONS, EVENT_FILE);
    events = sqliteEventStore(inEvents, ':memory:');
    open.push(() => state.close());
    now = START + 600 * MINUTE;
    failing = undefined;
    created = [];
  });
  afterEach(async () => {
    for (const scheduler of schedulers.splice(0)) await scheduler.stop();
    for (const close of open.splice(0)) close();
  });

  const put = (id: string, name: string, minutes: number) =>
    events.append([newEvent(id, { name, timeMs: START + minutes * MINUTE })]);

  function scheduler(given: Partial<RunSchedulerOptions> = {}, loaded = rules): RunScheduler {
    const made = new RunScheduler({
      store: state,
      now: () => now,
      lateness: 10_000,
      oldest: () => undefined,
      onCreated: (ids) => created.push(...ids),
      thread: {
        run: async (job, { take, signal }) => {
          if (failing !== undefined) throw failing;
          const chosen = loaded.filter(({ document }) => job.rules.includes(document.id));
          const remembered = (id: string) => state.runLog.memory(id);
          const means = { events, ledger: state, exceptions: NO_EXCEPTIONS, remembered, now: () => now };
          return await runOverStore({ ...job, rules: chosen }, { ...means, ...(signal && { signal }) }, async (batch) =>
            take(batch),
          );
        },
        end: () => {},
      },
      ...given,
    });
    made.replaceRules(loaded);
    schedulers.push(made);
    return made;
  }

  const ask = (from: number, to: number, more: { rules?: string[]; uncapped?: boolean } = {}) =>
    state.runLog.request({
      kind: 'manual',
      from: START + from * MINUTE,
      to: START + to * MINUTE,
      uncapped: false,
      reason: 'ana asked for it.',
      requested: now,
      ...more,
    });

  async function runAll(one: RunScheduler): Promise<void> {
    for (let tries = 0; tries < 20; tries += 1) {
      one.tick();
      await one.settled;
    }
  }
  const records = () =>
    state.runLog
      .records()
      .map(({ ruleId, kind, state: ended, funnel }) => [ruleId, kind, ended, funnel.created, funnel.duplicate]);

  it('alert on a range once, however often it is run', async () => {
    await put('a', 'python3', 1);
    await put('b', 'ls', 11);
    const one = scheduler();
    const request = ask(0, 60);
    await runAll(one);
    expect(records().sort()).toEqual([
      ['pair', 'manual', 'partial', 1, 0],
      ['single', 'manual', 'partial', 1, 0],
    ]);
    expect(state.runLog.records()[0]?.warnings.map(({ code }) => code)).toEqual(['run-past-retention']);
    expect(state.runLog.requests()).toEqual([]);
    expect(created).toHaveLength(2);
    ask(0, 60);
    await runAll(one);
    expect(state.runLog.records({ limit: 2 }).map(({ funnel }) => [funnel.matched, funnel.duplicate])).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(created).toHaveLength(2);
    expect(state.runLog.records({ request })).toHaveLength(2);
  });

  it('find a sequence that began before the range, and leave out what ends outside of it', async () => {
    await put('0', 'sh', -60);
    await put('a', 'python3', 1);
    await put('b', 'ls', 11);
    await put('c', 'python3', 21);
    const one = scheduler();
    ask(10, 20);
    await runAll(one);
    expect(records().sort()).toEqual([
      ['pair', 'manual', 'succeeded', 1, 0],
      ['single', 'manual', 'succeeded', 0, 0],
    ]);
    expect(state.runLog.slots({ rule: 'pair' })).toMatchObject([{ slot: START + 10 * MINUTE, funnel: { created: 1 } }]);
  });

  it('keep to the rule’s cap, say so, and create the rest when they are asked to', async () => {
    await put('0', 'sh', -60);
    for (const id of ['a', 'b', 'c', 'd', 'e']) await put(id, 'python3', 1);
    const told: unknown[] = [];
    const one = scheduler({ onEnded: (...ended) => told.push(ended) });
    ask(0, 5, { rules: ['single'] });
    await runAll(one);
    expect(told).toEqual([['manual', 'partial', [{ id: 'single', funnel: state.runLog.records()[0]?.funnel }]]]);
    const [capped] = state.runLog.records();
    expect(capped).toMatchObject({ state: 'partial', funnel: { matched: 5, created: 2, capped: 3 } });
    expect(capped?.warnings).toEqual([
      { code: 'run-capped', message: '3 matches were cut off by the rule’s maximum of 2 alerts an interval.' },
    ]);
    ask(0, 5, { rules: ['single'], uncapped: true });
    await runAll(one);
    expect(state.runLog.records()[0]).toMatchObject({ funnel: { matched: 5, created: 3, duplicate: 2 } });
    expect(new Set(created).size).toBe(5);
  });

  it('fill gaps that settled, once; those that people wanted stay until they are asked for', async () => {
    await put('0', 'sh', -60);
    await put('a', 'python3', 1);
    const gap = { ruleId: 'single', from: START, to: START + 2 * MINUTE, detected: now } as const;
    const late = state.runLog.addGap({ ...gap, reason: 'late' });
    const paused = state.runLog.addGap({ ...gap, reason: 'paused' });
    const one = scheduler();
    await runAll(one);
    expect(records()).toEqual([]);
    now += MINUTE;
    await runAll(one);
    expect(records()).toEqual([['single', 'late', 'succeeded', 1, 0]]);
    expect(state.runLog.gap(late)).toMatchObject({ state: 'filled', run: state.runLog.records()[0]?.id });
    expect(state.runLog.gap(paused)).toMatchObject({ state: 'open' });
    const { from, to } = gap;
    const fill = { kind: 'fill', rules: ['single'], from, to, uncapped: false, reason: 'ana', requested: now } as const;
    state.runLog.request({ ...fill, gap: paused });
    await runAll(one);
    expect(state.runLog.gap(paused)).toMatchObject({ state: 'filled' });
  });

  it('fill what there is of a gap that grows and grows, and the rest when it is there', async () => {
    await put('0', 'sh', -60);
    await put('a', 'python3', 601);
    await put('b', 'python3', 601.5);
    const one = scheduler();
    const grow = (minute: number) => {
      now = START + minute * MINUTE;
      state.runLog.addGap({ ruleId: 'single', from: now, to: now + MINUTE, detected: now, reason: 'late' });
    };
    for (const minute of [600, 601]) {
      grow(minute);
      await runAll(one);
    }
    expect(records()).toEqual([]);
    grow(602);
    await runAll(one);
    expect(records()).toEqual([['single', 'late', 'succeeded', 2, 0]]);
    now += 2 * MINUTE;
    await runAll(one);
    expect(state.runLog.gaps({ state: 'open' })).toEqual([]);
    expect(records()).toHaveLength(2);
  });

  it('look once more at slots that are done where the clock is set back', async () => {
    const [counting] = rules.map((one) => ({ ...one, tally: { kind: 'threshold', groupBy: [], atLeast: 1 } as const }));
    const asked: number[] = [];
    const thread = {
      run: async ({ to }: { to: number }) => {
        asked.push((to - START) / MINUTE);
        return { events: 0, byRule: new Map() };
      },
      end: () => {},
    };
    const one = scheduler({ thread }, [counting as LoadedRule]);
    await runAll(one);
    now += 12 * MINUTE;
    await runAll(one);
    expect(asked).toEqual([605, 610]);
    now -= 8 * MINUTE;
    await runAll(one);
    now += 8 * MINUTE;
    await runAll(one);
    expect(asked).toEqual([605, 610, 605, 610]);
  });

  it('leave a gap open of which something cannot be decided yet', async () => {
    let warnings: readonly RunWarning[] = [{ code: 'run-undecided', message: 'Not yet.' }];
    const thread = {
      run: async () => ({ events: 0, byRule: new Map([['single', { funnel: EMPTY_FUNNEL, warnings }]]) }),
      end: () => {},
    };
    const gap = { ruleId: 'single', from: START, to: START + MINUTE, detected: now, reason: 'paused' } as const;
    const id = state.runLog.addGap(gap);
    const one = scheduler({ thread });
    const { from, to } = gap;
    const fill = { kind: 'fill', rules: ['single'], from, to, uncapped: false, reason: 'ana', requested: now } as const;
    state.runLog.request({ ...fill, gap: id });
    await runAll(one);
    expect(records()).toEqual([['single', 'fill', 'partial', 0, 0]]);
    expect(state.runLog.gap(id)).toMatchObject({ state: 'open' });
    warnings = [];
    state.runLog.request({ ...fill, gap: id });
    await runAll(one);
    expect(state.runLog.gap(id)).toMatchObject({ state: 'filled' });
  });

  it('try a gap three times, then leave it open; one whose events are gone is told so', async () => {
    failing = new Error('The disk is gone.');
    const gap = { ruleId: 'single', from: START, to: START + 2 * MINUTE, reason: 'memory', detected: 0 } as const;
    const id = state.runLog.addGap(gap);
    const one = scheduler();
    await runAll(one);
    expect(state.runLog.gap(id)).toMatchObject({ state: 'open', tries: 3 });
    expect(state.runLog.records()).toHaveLength(3);
    expect(state.runLog.records()[0]).toMatchObject({ state: 'failed', message: 'The disk is gone.' });
    const young = state.runLog.addGap({ ...gap, reason: 'late', detected: now });
    const gone = scheduler({ oldest: () => START + MINUTE * 3 });
    await runAll(gone);
    expect(state.runLog.gap(id)).toMatchObject({ state: 'gone' });
    // Its events may only just have been stored.
    expect(state.runLog.gap(young)).toMatchObject({ state: 'open' });
  });

  it('that are cancelled are recorded as stopped; those that the end of the service cut short wait again', async () => {
    await put('a', 'python3', 1);
    const stuck = { run: (_: unknown, { signal }: { signal?: AbortSignal }) => never(signal), end: () => {} };
    const one = scheduler({ thread: stuck });
    const request = ask(0, 60, { rules: ['single'] });
    one.tick();
    expect(one.status().underway).toMatchObject({ kind: 'manual', rules: 1, request });
    expect(one.cancel(request)).toBe(true);
    await one.settled;
    expect(state.runLog.records()[0]).toMatchObject({ state: 'stopped', message: 'Stopped by hand.' });
    expect(one.cancel(request)).toBe(false);
    const again = ask(0, 60, { rules: ['single'] });
    one.tick();
    await one.stop();
    expect(state.runLog.requests().map(({ id }) => id)).toEqual([again]);
    await runAll(scheduler());
    expect(created).toHaveLength(1);
  });

  it('of rules on schedule follow each other without a hole; a window that fails again and again becomes a gap', async () => {
    await put('0', 'sh', -60);
    await put('a', 'python3', 602);
    const onSchedule = rules.map((one) => ({ ...one, tally: { kind: 'threshold', groupBy: [], atLeast: 1 } as const }));
    const asked: [number, number][] = [];
    const one = scheduler(
      {
        thread: {
          run: async ({ from, to }) => {
            if (failing !== undefined) throw failing;
            asked.push([(from - START) / MINUTE, (to - START) / MINUTE]);
            return { events: 0, byRule: new Map() };
          },
          end: () => {},
        },
      },
      onSchedule.slice(0, 1),
    );
    const [id] = onSchedule.map(({ document }) => document.id);
    await runAll(one);
    now += 12 * MINUTE;
    await runAll(one);
    expect(asked).toEqual([
      [596, 605],
      [601, 610],
    ]);
    expect(state.runLog.covered(id as string)).toBe(START + 610 * MINUTE);
    failing = new Error('No.');
    for (let minute = 0; minute < 60; minute += 1) {
      now += MINUTE;
      one.tick();
      await one.settled;
    }
    const gaps = state.runLog.gaps();
    expect(gaps.length).toBeGreaterThan(0);
    expect(gaps[0]).toMatchObject({ reason: 'failed', from: START + 610 * MINUTE });
    expect(state.runLog.covered(id as string)).toBe(gaps[0]?.to);
  });

  it('of a rule whose time is always up leave most of it to others', async () => {
    await put('0', 'sh', -60);
    const onSchedule = rules.map((one) => ({ ...one, tally: { kind: 'threshold', groupBy: [], atLeast: 1 } as const }));
    const minutes: Record<string, number[]> = { pair: [], single: [] };
    const thread: RunSchedulerOptions['thread'] = {
      run: async ({ rules: [id = ''] }) => {
        minutes[id]?.push((now - START) / MINUTE);
        if (id === 'pair') now += 5 * MINUTE;
        if (id === 'pair') throw new Error('It took longer than 300 seconds.');
        return { events: 0, byRule: new Map() };
      },
      end: () => {},
    };
    const one = scheduler({ thread, fillsGaps: false }, onSchedule);
    await runAll(one);
    while (now < START + 720 * MINUTE) {
      now += MINUTE;
      one.tick();
      await one.settled;
    }
    expect(minutes.pair?.length).toBeGreaterThan(3);
    expect((minutes.pair?.length ?? 0) * 5).toBeLessThan(40);
    // Each of its windows, none much later than the longest run of the other.
    expect(minutes.single?.length).toBeGreaterThan(20);
    const pauses = minutes.single?.slice(1).map((at, before) => at - (minutes.single?.[before] ?? 0)) ?? [];
    expect(Math.max(...pauses)).toBeLessThan(12);
  });
});

describe('rules that count', () => {
  it('remember from run to run, and after a restart, what they have alerted on', async () => {
    const file = join(folder, 'many.toml');
    const count = rule('many', 'process.name: ls')
      .replaceAll('"eql"', '"kuery"')
      .replace('type = "kuery"', 'type = "threshold"');
    writeFileSync(file, `${count}\n[rule.threshold]\nfield = ["host.name"]\nvalue = 2\n`);
    const { rules: counting } = await loadRules([file]);
    expect(counting).toHaveLength(1);
    const inState = new DatabaseSync(':memory:');
    migrate(inState);
    const state = sqliteStateStore(inState, ':memory:');
    const inEvents = new DatabaseSync(':memory:');
    migrate(inEvents, undefined, EVENT_MIGRATIONS, EVENT_FILE);
    const events = sqliteEventStore(inEvents, ':memory:');
    let now = START;
    const start = () => {
      const remembered = (id: string) => state.runLog.memory(id);
      const means = { events, ledger: state, exceptions: NO_EXCEPTIONS, remembered, now: () => now };
      const one = new RunScheduler({
        store: state,
        now: () => now,
        lateness: 0,
        oldest: () => undefined,
        onCreated: () => {},
        thread: {
          run: (job, { take }) => runOverStore({ ...job, rules: counting }, means, async (batch) => take(batch)),
          end: () => {},
        },
      });
      one.replaceRules(counting);
      return one;
    };
    const until = async (one: RunScheduler, minute: number) => {
      for (; now < START + minute * MINUTE; now += MINUTE / 2) {
        one.tick();
        await one.settled;
      }
    };
    const put = (id: string, minute: number) =>
      events.append([newEvent(id, { name: 'ls', timeMs: START + minute * MINUTE })]);
    const created = () =>
      state.runLog.records({ limit: 10 }).map(({ funnel: { matched, created: made } }) => [matched, made]);

    const first = start();
    await until(first, 1);
    await put('a', 2);
    await put('b', 3);
    await until(first, 8);
    expect(created()).toEqual([[1, 1]]);
    expect(state.runLog.memory('many').size).toBe(1);
    await first.stop();
    await put('c', 6);
    const second = start();
    await until(second, 13);
    // Three of one host lie in the second window, two of which have led to an alert.
    expect(created()).toEqual([
      [0, 0],
      [1, 1],
    ]);
    await put('d', 14);
    await until(second, 30);
    expect(created()[0]).toEqual([0, 0]);
    expect(state.counts().open).toBe(2);
    // What lies before the look-back is forgotten.
    await until(second, 60);
    expect(state.runLog.memory('many').size).toBe(0);
    await second.stop();
    state.close();
    await events.close();
  });
});

function never(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
}
