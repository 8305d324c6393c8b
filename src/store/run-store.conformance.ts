/** What every store does with runs, gaps and requests. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EMPTY_FUNNEL } from '../detect/decide.ts';
import { newAlert } from './alert.fixture.ts';
import type { NewGap } from './run-store.ts';
import type { StateStore } from './state-store.ts';

const RUN = { ruleId: 'a', kind: 'scheduled', from: 0, to: 300_000, started: 310_000 } as const;
const GAP: NewGap = { ruleId: 'a', from: 100, to: 200, reason: 'down', detected: 1_000 };
const FUNNEL = { ...EMPTY_FUNNEL, matched: 3, created: 2, capped: 1 };
const ENDED = { ended: 311_000, funnel: FUNNEL, events: 42, warnings: [] } as const;

export function testRunStore(name: string, open: () => StateStore): void {
  describe(`${name}: runs`, () => {
    let store: StateStore;
    beforeEach(() => {
      store = open();
    });
    afterEach(() => store.close());
    const finish = (finished: Parameters<StateStore['commit']>[0]['finished']) =>
      store.commit({ alerts: [], positions: [], runs: [], finished });

    it('gives a run back as it began and as it ended, with the alerts of the same commit', () => {
      const id = store.runLog.begin({ ...RUN, request: 9 });
      expect(store.runLog.record(id)).toEqual({
        ...RUN,
        id,
        request: 9,
        state: 'running',
        funnel: EMPTY_FUNNEL,
        events: 0,
        warnings: [],
      });
      const warnings = [{ code: 'run-capped', message: 'One match was cut off.' }] as const;
      const finished = { id, ...ENDED, state: 'partial', warnings, message: 'so', covered: 300_000 } as const;
      store.commit({ alerts: [newAlert('x')], positions: [], runs: [], finished: [finished] });
      expect(store.runLog.record(id)).toEqual({
        ...RUN,
        id,
        request: 9,
        state: 'partial',
        ended: ENDED.ended,
        funnel: FUNNEL,
        events: 42,
        message: 'so',
        warnings,
      });
      expect(store.runLog.covered('a')).toBe(300_000);
      expect(store.hasAlert('x')).toBe(true);
      expect(store.runLog.record(id + 1)).toBeUndefined();
    });

    it('lists runs, newest first, by rule, kind, state and request, page by page', () => {
      const ids = ['a', 'b', 'a'].map((ruleId, at) => store.runLog.begin({ ...RUN, ruleId, request: at }));
      finish([{ id: ids[0] as number, ...ENDED, state: 'failed' }]);
      const listed = (query: Parameters<typeof store.runLog.records>[0]) =>
        store.runLog.records(query).map(({ id }) => ids.indexOf(id));
      expect(listed({})).toEqual([2, 1, 0]);
      expect(listed({ rule: 'a' })).toEqual([2, 0]);
      expect(listed({ state: 'failed' })).toEqual([0]);
      expect(listed({ kind: 'manual' })).toEqual([]);
      expect(listed({ request: 1 })).toEqual([1]);
      expect(listed({ before: ids[2] as number, limit: 1 })).toEqual([1]);
    });

    it('tells runs that an earlier process left unfinished', () => {
      const id = store.runLog.begin(RUN);
      expect(store.runLog.stopInterrupted(400_000)).toBe(1);
      expect(store.runLog.record(id)).toMatchObject({ state: 'stopped', ended: 400_000 });
      expect(store.runLog.stopInterrupted(400_000)).toBe(0);
    });

    it('remembers from run to run, and forgets', () => {
      const id = store.runLog.begin(RUN);
      finish([
        {
          id,
          ...ENDED,
          state: 'succeeded',
          memory: new Map([
            ['k', '1'],
            ['l', '2'],
          ]),
        },
      ]);
      finish([
        {
          id,
          ...ENDED,
          state: 'succeeded',
          memory: new Map([
            ['k', undefined],
            ['l', '3'],
          ]),
        },
      ]);
      expect(store.runLog.memory('a')).toEqual(new Map([['l', '3']]));
      expect(store.runLog.memory('b')).toEqual(new Map());
    });

    it('joins gaps of one rule and reason that touch, while they are open', () => {
      const first = store.runLog.addGap(GAP);
      expect(store.runLog.addGap({ ...GAP, from: 200, to: 300 })).toBe(first);
      const apart = store.runLog.addGap({ ...GAP, from: 400, to: 500 });
      const other = store.runLog.addGap({ ...GAP, reason: 'paused' });
      const ofOther = store.runLog.addGap({ ...GAP, ruleId: 'b' });
      expect(new Set([first, apart, other, ofOther]).size).toBe(4);
      expect(store.runLog.addGap({ ...GAP, from: 250, to: 450 })).toBe(first);
      expect(store.runLog.gap(first)).toEqual({ ...GAP, id: first, from: 100, to: 500, state: 'open', tries: 0 });
      expect(store.runLog.gap(apart)).toBeUndefined();
      store.runLog.setGap(first, { tried: true });
      const run = store.runLog.begin(RUN);
      finish([{ id: run, ...ENDED, state: 'succeeded', gap: first }]);
      expect(store.runLog.gap(first)).toMatchObject({ state: 'filled', tries: 1, run });
      expect(store.runLog.addGap(GAP)).not.toBe(first);
      store.runLog.setGap(other, { state: 'gone' });
      expect(store.runLog.gaps({ state: 'gone' }).map(({ id }) => id)).toEqual([other]);
      expect(store.runLog.gaps({ rule: 'b' }).map(({ id }) => id)).toEqual([ofOther]);
      expect(store.runLog.gaps({ before: apart, limit: 5 }).map(({ id }) => id)).toEqual([first]);
    });

    it('leaves to a gap of its own what comes while another is filled, and what the run did not come to', () => {
      const filling = store.runLog.addGap(GAP);
      store.runLog.setGap(filling, { tried: true });
      store.commit({ alerts: [], positions: [], runs: [], gaps: [{ ...GAP, from: 150, to: 160 }] });
      const meanwhile = store.runLog.gaps()[0]?.id ?? filling;
      expect(meanwhile).not.toBe(filling);
      const run = store.runLog.begin({ ...RUN, from: 100, to: 170 });
      finish([{ id: run, ...ENDED, state: 'succeeded', gap: filling }]);
      expect(store.runLog.gap(filling)).toMatchObject({ from: 100, to: 170, state: 'filled', run });
      const { detected, reason } = GAP;
      const { ended } = ENDED;
      expect(store.runLog.gaps({ state: 'open' })).toEqual([
        { id: meanwhile + 1, ruleId: 'a', from: 170, to: 200, detected: ended, reason, state: 'open', tries: 0 },
        { id: meanwhile, ruleId: 'a', from: 150, to: 160, detected, reason, state: 'open', tries: 0 },
      ]);
    });

    it('keeps what waits in the order in which it was asked for', () => {
      const asked = { kind: 'manual', from: 0, to: 10, uncapped: true, reason: 'ana asked', requested: 5 } as const;
      const one = store.runLog.request(asked);
      const two = store.runLog.request({ ...asked, rules: ['a', 'b'], uncapped: false, kind: 'fill', gap: 3 });
      expect(store.runLog.requests()).toEqual([
        { id: one, ...asked },
        { id: two, ...asked, rules: ['a', 'b'], uncapped: false, kind: 'fill', gap: 3 },
      ]);
      expect(store.runLog.removeRequest(one)).toBe(true);
      expect(store.runLog.removeRequest(one)).toBe(false);
      expect(store.runLog.requests().map(({ id }) => id)).toEqual([two]);
    });

    it('knows how far a rule has come', () => {
      expect(store.runLog.covered('a')).toBeUndefined();
      store.runLog.setCovered('a', 100);
      store.runLog.setCovered('a', 200);
      expect(store.runLog.covered('a')).toBe(200);
    });

    it('lists the slots of live rules, newest first, and those with matches cut off', () => {
      const slot = (ruleId: string, at: number, capped: number) => ({
        ruleId,
        slot: at,
        funnel: { ...EMPTY_FUNNEL, matched: capped + 1, created: 1, capped },
      });
      const runs = [slot('a', 0, 0), slot('a', 300_000, 5), slot('b', 600_000, 0)];
      store.commit({ alerts: [], positions: [], runs });
      expect(store.runLog.slots()).toEqual([...runs].reverse());
      expect(store.runLog.slots({ capped: true })).toEqual([runs[1]]);
      expect(store.runLog.slots({ rule: 'a', before: 300_000 })).toEqual([runs[0]]);
      expect(store.runLog.slots({ since: 600_000 })).toEqual([runs[2]]);
    });
  });
}
