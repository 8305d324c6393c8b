/** What every state store does with suppression. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MOST_COUNTED_IDS, type SuppressionChange } from '../detect/suppression.ts';
import { newAlert } from './alert.fixture.ts';
import { SUPPRESSION_CLOSED_SETTING } from './sqlite-suppression.ts';
import type { NewAlert, StateStore } from './state-store.ts';

const HOUR = 3_600_000;
const CLOSED = { status: 'closed', reason: 'benign_positive', time: '2026-03-01T13:00:00.000Z' } as const;
const TERMS = [{ field: 'host.name', value: ['web-01'] }];
const change = (alertId: string, start: number, counted: SuppressionChange['counted'] = []): SuppressionChange => ({
  ruleId: 'rule-1',
  group: 'g',
  alertId,
  from: start,
  until: start + HOUR,
  start,
  end: Math.max(start, ...counted.map(({ time }) => time)),
  counted,
});
const alertOf = (id: string): NewAlert => {
  const { alert } = newAlert(id);
  const times = { start: new Date(0).toISOString(), end: new Date(0).toISOString() };
  return { alert: { ...alert, suppression: { terms: TERMS, ...times, docs_count: 0 } } };
};

export function testSuppression(name: string, open: () => StateStore): void {
  describe(`${name}, suppression`, () => {
    let store: StateStore;
    beforeEach(() => {
      store = open();
    });
    afterEach(() => store.close());
    const commit = (alerts: readonly NewAlert[], suppressed: readonly SuppressionChange[]) =>
      store.commit({ alerts, positions: [], runs: [], suppressed });

    it('counts matches on their alert, each once, and shows how many', () => {
      commit([alertOf('a')], [change('a', 0)]);
      const later = change('a', 0, [
        { id: 'b', time: 10 },
        { id: 'c', time: 20 },
      ]);
      commit([], [later]);
      commit([], [later]);
      expect(store.alert('a')?.alert.suppression).toEqual({
        terms: TERMS,
        start: '1970-01-01T00:00:00.000Z',
        end: '1970-01-01T00:00:00.020Z',
        docs_count: 2,
      });
      expect(store.alerts({}).alerts.map(({ suppressed }) => suppressed)).toEqual([2]);
      expect([store.isSuppressed('b'), store.isSuppressed('d')]).toEqual([true, false]);
      expect(store.hasAlert('b')).toBe(false);
    });

    it('finds the window of a time, else the next that begins soon', () => {
      commit([alertOf('a'), alertOf('b')], [change('a', HOUR), change('b', 3 * HOUR)]);
      const at = (time: number, ahead = 0) => store.suppressionWindow('rule-1', 'g', time, ahead)?.alertId;
      expect([at(HOUR), at(2 * HOUR - 1), at(2 * HOUR), at(0), at(3 * HOUR)]).toEqual([
        'a',
        'a',
        undefined,
        undefined,
        'b',
      ]);
      expect([at(1, HOUR), at(0, HOUR), at(2 * HOUR + 1, HOUR)]).toEqual(['a', undefined, 'b']);
      expect(store.suppressionWindow('rule-1', 'other', HOUR, 0)).toBeUndefined();
      expect(store.suppressionWindow('rule-2', 'g', HOUR, 0)).toBeUndefined();
    });

    it('says that a window is ended where its alert was closed, unless the setting is otherwise', () => {
      commit([alertOf('a')], [change('a', 0)]);
      const isEnded = () => store.suppressionWindow('rule-1', 'g', 1, 0)?.isEnded;
      expect(isEnded()).toBe(false);
      store.setStatus('a', CLOSED);
      expect(isEnded()).toBe(true);
      store.setSetting(SUPPRESSION_CLOSED_SETTING, 'goes-on');
      expect(isEnded()).toBe(false);
    });

    it('counts an alert on the one that another commit was quicker with', () => {
      commit([alertOf('a')], [change('a', 0)]);
      commit([alertOf('b')], [change('b', 5, [{ id: 'c', time: 6 }])]);
      expect(store.hasAlert('b')).toBe(false);
      expect(store.alert('a')?.alert.suppression?.docs_count).toBe(2);
      expect([store.isSuppressed('b'), store.isSuppressed('c')]).toEqual([true, true]);
    });

    it('keeps ids of the later ones only where there are very many', () => {
      const counted = Array.from({ length: MOST_COUNTED_IDS + 1 }, (_, time) => ({ id: `m${time}`, time }));
      commit([alertOf('a')], [change('a', 0, counted)]);
      const floor = store.suppressionWindow('rule-1', 'g', 1, 0)?.floor as number;
      expect(floor).toBe(counted.length - MOST_COUNTED_IDS / 2);
      expect([store.isSuppressed(`m${floor}`), store.isSuppressed(`m${floor - 1}`)]).toEqual([true, false]);
      expect(store.alert('a')?.alert.suppression?.docs_count).toBe(counted.length);
    });

    it('forgets it with the alert, and what comes after', () => {
      const { alert } = alertOf('a');
      commit([{ alert: { ...alert, sample: true } }], [change('a', 0, [{ id: 'b', time: 1 }])]);
      store.removeSample();
      expect([store.isSuppressed('b'), store.suppressionWindow('rule-1', 'g', 1, 0)]).toEqual([false, undefined]);
      commit([], [change('a', 0, [{ id: 'c', time: 2 }])]);
      expect(store.isSuppressed('c')).toBe(false);
    });
  });
}
