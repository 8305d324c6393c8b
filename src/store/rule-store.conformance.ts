/** What every store does with changes made here to rules, and with their revisions. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MOST_REVISIONS, type NewRevision } from './rule-store.ts';
import type { StateStore } from './state-store.ts';

const revisionOf = (ruleId: string, text: string): NewRevision => ({
  ruleId,
  text,
  hash: `hash of ${text}`,
  time: '2026-03-01T12:00:00.000Z',
  path: '/rules/a.toml',
});

export function testRuleStore(name: string, open: () => StateStore): void {
  describe(`${name}: rules`, () => {
    let store: StateStore;
    beforeEach(() => {
      store = open();
    });
    afterEach(() => store.close());

    it('keeps values changed here by rule and key, and forgets them', () => {
      const severity = { key: 'severity', value: 'high', base: 'low', time: 't', by: 'ana' } as const;
      store.rules.setOverlay('a', { key: 'severity', value: 'low' });
      store.rules.setOverlay('a', severity);
      store.rules.setOverlay('a', { key: 'max_alerts', value: 7, base: null });
      store.rules.setOverlay('b', { key: 'enabled', value: false, base: true });
      expect(store.rules.overlays().get('a')).toEqual([{ key: 'max_alerts', value: 7, base: null }, severity]);
      store.rules.removeOverlay('a', 'severity');
      store.rules.removeOverlay('b', 'enabled');
      expect([...store.rules.overlays().keys()]).toEqual(['a']);
    });

    it('numbers revisions by rule, and gives the texts back', () => {
      const long = `é${'x'.repeat(9_000)}`;
      store.rules.addRevisions([revisionOf('a', 'one'), revisionOf('b', 'other')]);
      store.rules.addRevisions([{ ...revisionOf('a', long), repository: 'r', commit: 'c', author: 'ana' }]);
      expect(store.rules.revisions('a').map(({ revision, commit }) => [revision, commit])).toEqual([
        [2, 'c'],
        [1, undefined],
      ]);
      expect(store.rules.revision('a', 2)?.text).toBe(long);
      expect(store.rules.revision('a', 3)).toBeUndefined();
      expect([...store.rules.newestRevisions().values()].map(({ ruleId, revision }) => [ruleId, revision])).toEqual([
        ['a', 2],
        ['b', 1],
      ]);
    });

    it('tells where the newest text stands now', () => {
      store.rules.addRevisions([revisionOf('a', 'one'), revisionOf('a', 'two')]);
      store.rules.moveRevision('a', { path: '/elsewhere.toml', commit: 'c' });
      expect(store.rules.newestRevisions().get('a')).toMatchObject({
        revision: 2,
        path: '/elsewhere.toml',
        commit: 'c',
      });
      expect(store.rules.revision('a', 1)?.path).toBe('/rules/a.toml');
    });

    it('keeps the newest of many', () => {
      const all = Array.from({ length: MOST_REVISIONS + 2 }, (_, at) => revisionOf('a', String(at)));
      store.rules.addRevisions(all);
      const kept = store.rules.revisions('a').map(({ revision }) => revision);
      expect([kept.length, kept[0], kept.at(-1)]).toEqual([MOST_REVISIONS, MOST_REVISIONS + 2, 3]);
    });
  });
}
