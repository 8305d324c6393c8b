/** What every store does with exceptions, value lists and what exceptions removed. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Exception } from '../detect/exception.ts';
import { newAlert } from './alert.fixture.ts';
import type { Signature } from './exception-store.ts';
import type { StateStore } from './state-store.ts';

const FUNNEL = { matched: 5, excepted: 3, suppressed: 0, duplicate: 1, capped: 0, created: 1 };

export function newException(id: string, parts: Partial<Exception> = {}): Exception {
  return {
    id,
    name: `Exception ${id}`,
    rules: ['rule-1'],
    condition: { kind: 'entries', entries: [{ field: 'user.name', operator: 'is', value: 'ana' }] },
    enabled: true,
    reason: 'Tests of our own.',
    author: 'ana',
    created: '2026-03-01T12:00:00.000Z',
    updated: '2026-03-01T12:00:00.000Z',
    ...parts,
  };
}

const signed = (second: number, by = 'ana'): Signature => ({ by, time: `2026-03-02T00:00:0${second}.000Z` });
const NOW = '2026-03-02T00:00:00.000Z';

export function testExceptionStore(name: string, open: () => StateStore): void {
  describe(`${name}: exceptions`, () => {
    let store: StateStore;
    beforeEach(() => {
      store = open();
    });
    afterEach(() => store.close());

    it('gives exceptions back as they were saved, by name', () => {
      const [a, b] = [newException('1', { name: 'beta' }), newException('2', { name: 'Alpha', extra: { x: [1] } })];
      store.exceptions.save([a, b], signed(1));
      expect(store.exceptions.all()).toEqual([b, a]);
      expect(store.exceptions.get('2')).toEqual(b);
      expect(store.exceptions.get('3')).toBeUndefined();
    });

    it('keeps who made, changed and removed one, and when', () => {
      const [first, second] = [newException('1'), newException('1', { enabled: false })];
      store.exceptions.save([first], signed(1));
      store.exceptions.save([second], signed(2, 'bo'));
      expect(store.exceptions.all()).toEqual([second]);
      expect(store.exceptions.remove('1', signed(3, 'cy'))).toBe(true);
      expect(store.exceptions.remove('1', signed(4))).toBe(false);
      expect(store.exceptions.all()).toEqual([]);
      expect(store.exceptions.history('1')).toEqual([
        { ...signed(1), change: 'created', exception: first },
        { ...signed(2, 'bo'), change: 'changed', exception: second },
        { ...signed(3, 'cy'), change: 'removed', exception: second },
      ]);
      expect(store.exceptions.history('2')).toEqual([]);
    });

    it('adds up what exceptions remove, by run and in all', () => {
      const run = (slot: number, ...byException: [string, number][]) =>
        store.commit({
          alerts: [],
          positions: [],
          runs: [{ ruleId: 'r', slot, funnel: FUNNEL, byException: new Map(byException) }],
        });
      run(600_000, ['e1', 2], ['e2', 1]);
      run(600_000, ['e1', 3]);
      run(300_000, ['e1', 1]);
      run(900_000);
      expect(store.exceptions.removals()).toEqual(
        new Map([
          ['e1', { removed: 6, lastSlot: 600_000 }],
          ['e2', { removed: 1, lastSlot: 600_000 }],
        ]),
      );
      const runs = store.exceptions.runs('r', 2);
      expect(runs.map(({ slot, byException }) => [slot, [...byException]])).toEqual([
        [900_000, []],
        [
          600_000,
          [
            ['e1', 5],
            ['e2', 1],
          ],
        ],
      ]);
      expect(runs[0]?.funnel).toEqual(FUNNEL);
      expect(store.exceptions.runs('other', 10)).toEqual([]);
    });

    it('counts a removal in the commit of its alerts, or not at all', () => {
      const runs = [{ ruleId: 'r', slot: 0, funnel: FUNNEL, byException: new Map([['e1', 2]]) }];
      const broken = { alert: { original_time: 'yesterday' } } as never;
      expect(() => store.commit({ alerts: [broken], positions: [], runs })).toThrow();
      expect(store.exceptions.removals().size).toBe(0);
    });

    it('walks through alerts of whatever status, newest first', () => {
      const minute = (n: number): string => `2026-03-01T12:0${n}:00.000Z`;
      const alerts = [
        newAlert('a', { time: minute(1), rule: 'r1' }),
        newAlert('b', { time: minute(3), rule: 'r2' }),
        newAlert('c', { time: minute(2), rule: 'r1' }),
        newAlert('d', { time: minute(2), rule: 'r1' }),
      ];
      store.commit({ alerts, positions: [], runs: [] });
      store.setStatus('c', { status: 'closed', reason: 'duplicate', time: NOW });
      const walk = (rule?: string): string[] => {
        const ids: string[] = [];
        for (let page = store.exceptions.alerts(rule, 2); page.length > 0; ) {
          ids.push(...page.map(({ alert }) => alert.id));
          page = store.exceptions.alerts(rule, 2, page.at(-1)?.position);
        }
        return ids;
      };
      expect(walk()).toEqual(['b', 'd', 'c', 'a']);
      expect(walk('r1')).toEqual(['d', 'c', 'a']);
      expect(walk('r3')).toEqual([]);
      expect(store.exceptions.alerts('r2', 1)[0]).toMatchObject({ alert: alerts[1]?.alert, summary: { id: 'b' } });
    });

    it('makes lists, renames them, and keeps their type', () => {
      store.exceptions.saveList({ id: 'b', name: 'Scanners', type: 'ip', description: 'ours' }, NOW);
      store.exceptions.saveList({ id: 'a', name: 'users', type: 'keyword' }, NOW);
      const later = '2026-03-03T00:00:00.000Z';
      store.exceptions.saveList({ id: 'b', name: 'All scanners', type: 'keyword' }, later);
      expect(store.exceptions.lists()).toEqual([
        { id: 'b', name: 'All scanners', type: 'ip', size: 0, created: NOW, updated: later },
        { id: 'a', name: 'users', type: 'keyword', size: 0, created: NOW, updated: NOW },
      ]);
      expect(store.exceptions.list('c')).toBeUndefined();
    });

    it('adds values once each, takes them out, and pages through them', () => {
      store.exceptions.saveList({ id: 'l', name: 'l', type: 'keyword' }, NOW);
      expect(store.exceptions.addValues('l', ['c', 'a', 'c', 'ä'], NOW)).toEqual({ added: 3, known: 1 });
      expect(store.exceptions.addValues('l', ['a', 'b'], NOW)).toEqual({ added: 1, known: 1 });
      expect(store.exceptions.list('l')?.size).toBe(4);
      expect(store.exceptions.values('l', 10)).toEqual(['a', 'b', 'c', 'ä']);
      expect(store.exceptions.values('l', 2, 'a')).toEqual(['b', 'c']);
      expect(store.exceptions.removeValues('l', ['b', 'nothing'], NOW)).toBe(1);
      expect(store.exceptions.list('l')?.size).toBe(3);
      expect(store.exceptions.addValues('none', ['a'], NOW)).toBeUndefined();
      expect(store.exceptions.removeValues('none', ['a'], NOW)).toBeUndefined();
      expect(store.exceptions.values('none', 1)).toEqual([]);
    });

    it('removes a list at once and its values little by little', () => {
      const many = Array.from({ length: 5_000 }, (_, n) => `v${n}`);
      store.exceptions.saveList({ id: 'l', name: 'l', type: 'keyword' }, NOW);
      store.exceptions.addValues('l', many, NOW);
      expect(store.exceptions.removeList('l')).toBe(true);
      expect(store.exceptions.removeList('l')).toBe(false);
      store.exceptions.saveList({ id: 'l', name: 'l', type: 'keyword' }, NOW);
      store.exceptions.addValues('l', ['new'], NOW);
      let steps = 0;
      while (store.exceptions.sweep()) steps += 1;
      expect(steps).toBe(3);
      expect(store.exceptions.values('l', 10)).toEqual(['new']);
    });
  });
}
