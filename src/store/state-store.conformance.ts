/** What every state store does, whatever it keeps its state in. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CorrelationRow } from '../correlate/correlator.ts';
import { type AlertParts, newAlert } from './alert.fixture.ts';
import { ALERT_SORTS } from './alert-order.ts';
import type { AlertQuery } from './alert-query.ts';
import { SAMPLE_SOURCE, type StateStore } from './state-store.ts';

const FUNNEL = { matched: 5, excepted: 1, suppressed: 1, duplicate: 1, capped: 1, created: 1 };
const ALL = 'open,acknowledged,closed';

export function testStateStore(name: string, open: () => StateStore): void {
  describe(name, () => {
    let store: StateStore;
    beforeEach(() => {
      store = open();
    });
    afterEach(() => store.close());

    const put = (id: string, parts: AlertParts = {}): void =>
      store.commit({ alerts: [newAlert(id, parts)], positions: [], runs: [] });
    const ids = (query: AlertQuery = {}): string[] => store.alerts(query).alerts.map((alert) => alert.id);

    it('gives an alert back as it was stored', () => {
      const given = newAlert('a', { raw: new Uint8Array([0, 255, 10]) });
      store.commit({ alerts: [given], positions: [], runs: [] });
      expect(store.alert('a')).toEqual({
        alert: given.alert,
        status: 'open',
        history: [],
        notes: [],
        steps_done: [],
        folded: 1,
        incident: '1',
        raw: given.raw,
      });
      expect(store.hasAlert('a')).toBe(true);
      expect(store.hasAlert('b')).toBe(false);
      expect(store.alert('b')).toBeUndefined();
    });

    it('gives large raw bytes back as they came', () => {
      const raw = new Uint8Array(100_000).map((_, at) => at % 251);
      put('a', { raw });
      expect(store.alert('a')?.raw).toEqual(raw);
    });

    it('shows what a list needs', () => {
      put('a', { sample: true });
      expect(store.alerts({}).alerts).toEqual([
        {
          id: 'a',
          time: '2026-03-01T12:00:00.000Z',
          created: '2026-03-01T12:00:01.000Z',
          severity: 'low',
          risk_score: 21,
          reason: 'ana started python3 -m http.server 8000 on web-01',
          status: 'open',
          rule: {
            id: 'rule-1',
            name: 'Web server started with Python',
            language: 'eql',
            author: ['Vedette'],
            reference: [],
          },
          host: 'web-01',
          user: 'ana',
          process: 'python3',
          command_line: 'python3 -m http.server 8000',
          sample: true,
          incident: '1',
        },
      ]);
    });

    it('leaves out what the event does not say', () => {
      const { alert } = newAlert('a');
      store.commit({ alerts: [{ alert: { ...alert, events: [{}] } }], positions: [], runs: [] });
      const [summary] = store.alerts({}).alerts;
      expect(summary).not.toHaveProperty('host');
      expect(summary).not.toHaveProperty('user');
      expect(summary).not.toHaveProperty('process');
      expect(summary).not.toHaveProperty('command_line');
      expect(summary).not.toHaveProperty('incident');
      expect(ids({ sort: 'host' })).toEqual(['a']);
    });

    it('leaves an alert that it has as it is', () => {
      put('a', { reason: 'first' });
      store.setStatus('a', { status: 'acknowledged', time: '2026-03-02T00:00:00.000Z' });
      put('a', { reason: 'second' });
      expect(store.alert('a')).toMatchObject({ alert: { reason: 'first' }, status: 'acknowledged' });
      expect(store.alerts({}).total).toBe(1);
      expect(store.alerts({ q: 'second' }).total).toBe(0);
    });

    it('keeps positions, and adds up the counters of runs', () => {
      const runs = [{ ruleId: 'r', slot: 300_000, funnel: FUNNEL }];
      store.commit({ alerts: [], positions: [{ source: 'audit', position: '1' }], runs });
      store.commit({ alerts: [], positions: [{ source: 'audit', position: '2' }], runs });
      expect(store.position('audit')).toBe('2');
      expect(store.position('other')).toBeUndefined();
      expect(store.runCounters('r', 300_000)).toEqual({
        matched: 10,
        excepted: 2,
        suppressed: 2,
        duplicate: 2,
        capped: 2,
        created: 2,
      });
      expect(store.runCounters('r', 0).matched).toBe(0);
    });

    it('keeps what sequences remember, a row a key, as it was last written', () => {
      const commit = (changed: readonly CorrelationRow[], removed: readonly CorrelationRow[] = []) =>
        store.commit({ alerts: [], positions: [], runs: [], correlation: { changed, removed } });
      const a = { plan: 'live rule-1 abc', key: '', state: '{"n":1}' };
      const b = { plan: 'live rule-2 abc', key: '1:x', state: '\u0000é' };
      const sample = { plan: 'sample rule-1 abc', key: '1:x', state: '{}' };
      commit([a, b, sample]);
      expect(store.correlationRows()).toHaveLength(3);
      commit([{ ...a, state: '{"n":2}' }], [b]);
      store.removeSample();
      expect(store.correlationRows()).toEqual([{ ...a, state: '{"n":2}' }]);
    });

    it('commits all or nothing', () => {
      const broken = newAlert('b');
      const alerts = [newAlert('a'), { alert: { ...broken.alert, original_time: 'yesterday' } }];
      const correlation = { changed: [{ plan: 'p', key: 'k', state: '{}' }], removed: [] };
      const broke = { alerts, positions: [{ source: 's', position: '1' }], runs: [], correlation };
      expect(() => store.commit(broke)).toThrow(TypeError);
      expect(store.correlationRows()).toEqual([]);
      expect(store.alerts({}).total).toBe(0);
      expect(store.position('s')).toBeUndefined();
      put('c');
      expect(ids()).toEqual(['c']);
    });

    it('keeps the status with its history', () => {
      put('a');
      const t = (n: number): string => `2026-03-02T00:00:0${n}.000Z`;
      expect(store.setStatus('a', { status: 'acknowledged', by: 'ana', time: t(1) })).toBe(true);
      const closing = { status: 'closed', reason: 'benign_positive', comment: 'a test', time: t(2) } as const;
      expect(store.setStatus('a', closing)).toBe(true);
      expect(store.alert('a')).toMatchObject({
        status: 'closed',
        close_reason: 'benign_positive',
        comment: 'a test',
        history: [
          { time: t(1), status: 'acknowledged', by: 'ana' },
          { time: t(2), status: 'closed', close_reason: 'benign_positive', comment: 'a test' },
        ],
      });
      expect(store.setStatus('a', { status: 'open', time: t(3) })).toBe(true);
      expect(store.alert('a')).not.toHaveProperty('close_reason');
      expect(store.alert('a')?.history).toHaveLength(3);
      expect(store.setStatus('none', { status: 'open', time: t(4) })).toBe(false);
    });

    it('counts by status and by rule', () => {
      put('a', { rule: 'x', severity: 'high' });
      put('b', { rule: 'x', sample: true });
      put('c', { rule: 'y' });
      put('d', { rule: 'y' });
      store.setStatus('a', { status: 'closed', reason: 'duplicate', time: '2026-03-02T00:00:00.000Z' });
      store.setStatus('c', { status: 'acknowledged', time: '2026-03-02T00:00:00.000Z' });
      expect(store.counts()).toEqual({ open: 2, acknowledged: 1, closed: 1, sample: 1 });
      expect([...store.alertsByRule()]).toEqual([
        ['x', 2],
        ['y', 2],
      ]);
    });

    it('removes the sample with its read position, and nothing else', () => {
      put('a', { sample: true });
      put('b');
      store.setStatus('a', { status: 'acknowledged', time: '2026-03-02T00:00:00.000Z' });
      const positions = [SAMPLE_SOURCE, 'audit'].map((source) => ({ source, position: '1' }));
      store.commit({ alerts: [], positions, runs: [] });
      expect(store.removeSample()).toBe(1);
      expect(store.removeSample()).toBe(0);
      expect(store.alerts({ status: ALL, q: 'python' }).alerts.map((alert) => alert.id)).toEqual(['b']);
      expect(store.position(SAMPLE_SOURCE)).toBeUndefined();
      expect(store.position('audit')).toBe('1');
      put('a', { sample: true });
      expect(store.alert('a')).toMatchObject({ status: 'open', history: [] });
    });

    it('keeps settings', () => {
      expect(store.setting('k')).toBeUndefined();
      store.setSetting('k', 'v');
      store.setSetting('k', 'w');
      expect(store.setting('k')).toBe('w');
    });

    describe('asked for alerts', () => {
      beforeEach(() => {
        const minute = (n: number): string => `2026-03-01T12:0${n}:00.000Z`;
        put('a', { time: minute(1), severity: 'low', host: 'beta', user: 'Ana', rule: 'r1', ruleName: 'Zip' });
        put('b', { time: minute(2), severity: 'critical', host: 'alpha', user: 'bo', rule: 'r2', ruleName: 'arp' });
        put('c', { time: minute(3), severity: 'low', host: 'beta', user: 'bo', rule: 'r1', ruleName: 'Zip' });
        put('d', { time: minute(4), severity: 'high', host: 'Gamma', user: 'cy', rule: 'r3', ruleName: 'Mount' });
      });

      it.each([
        ['', 'dcba'],
        ['sort=time', 'abcd'],
        ['sort=-time', 'dcba'],
        ['sort=severity', 'cadb'],
        ['sort=-severity', 'bdca'],
        ['sort=host', 'bcad'],
        ['sort=-host', 'dcab'],
        ['sort=user', 'acbd'],
        ['sort=-user', 'dcba'],
        ['sort=rule', 'bdca'],
        ['sort=-rule', 'cadb'],
        ['severity=low', 'ca'],
        ['severity=high,critical', 'db'],
        ['rule=r1', 'ca'],
        ['host=beta', 'ca'],
        ['host=BETA', 'ca'],
        ['user=bo&host=beta', 'c'],
        ['from=2026-03-01T12:02:00Z', 'dcb'],
        ['to=2026-03-01T12:02:00Z', 'a'],
        ['from=2026-03-01T13:02:00%2B01:00&to=2026-03-01T12:04:00Z', 'cb'],
        ['status=closed', ''],
        [`status=${ALL}`, 'dcba'],
        ['fold=process', 'dcba'],
        ['fold=process&host=beta&sort=time', 'ac'],
        ['q=beta', 'ca'],
        ['q=BETA zi', 'ca'],
        ['q=et a', 'ca'],
        ['q=zi', 'ca'],
        ['q=%25', ''],
        ['q=_', ''],
        ['q="', ''],
        ['q=be*', ''],
        ['q=gamma OR beta', ''],
      ])('%s → %s', (text, expected) => {
        const query = Object.fromEntries(new URLSearchParams(text)) as AlertQuery;
        expect(ids(query).join('')).toBe(expected);
        expect(store.alerts(query).total).toBe(expected.length);
        const bars = store.histogram(query, 10).counts;
        expect(bars.reduce((sum, n) => sum + n, 0)).toBe(expected.length);
      });

      it('counts what matches in each severity, whatever the page', () => {
        const page = store.alerts({ limit: 1 });
        expect(page.total).toBe(4);
        expect(page.by_severity).toEqual({ critical: 1, high: 1, low: 2 });
      });

      it.each(ALERT_SORTS)('pages through sort=%s without repeating or leaving out', (sort) => {
        for (const id of 'efghij') put(id, { host: id < 'h' ? 'beta' : 'alpha' });
        const whole = ids({ sort });
        expect(whole).toHaveLength(10);
        for (const limit of [1, 3, 9, 10]) {
          const paged: string[] = [];
          let cursor: string | undefined;
          do {
            const page = store.alerts({ sort, limit, ...(cursor === undefined ? {} : { cursor }) });
            expect(page.total).toBe(10);
            paged.push(...page.alerts.map((alert) => alert.id));
            cursor = page.next;
          } while (cursor !== undefined);
          expect(paged).toEqual(whole);
        }
      });

      it('goes on where a page ended when alerts came in between', () => {
        const first = store.alerts({ limit: 2 });
        put('new', { time: '2026-03-01T12:09:00.000Z' });
        expect(ids({ limit: 2, cursor: first.next ?? '' })).toEqual(['b', 'a']);
      });

      it('counts over time in bars of a round width', () => {
        expect(store.histogram({}, 10)).toEqual({
          from: '2026-03-01T12:01:00.000Z',
          to: '2026-03-01T12:04:30.000Z',
          bucket_ms: 30_000,
          counts: [1, 0, 1, 0, 1, 0, 1],
        });
        expect(
          store.histogram({ from: '2026-03-01T12:02:00Z', to: '2026-03-01T12:06:00Z', severity: 'low' }, 4),
        ).toEqual({
          from: '2026-03-01T12:02:00.000Z',
          to: '2026-03-01T12:06:00.000Z',
          bucket_ms: 60_000,
          counts: [0, 1, 0, 0],
        });
        expect(store.histogram({ status: 'closed' }, 10).counts).toEqual([]);
      });
    });

    it('finds text in any script and case, and survives odd bytes', () => {
      put('a', { commandLine: 'cp ÄRGER.txt Δοκιμή "50%_x\\y\'" \0 \ud800 🛡️ -', reason: 'x'.repeat(50_000) });
      for (const q of ['ärger', 'A\u0308RGER', 'δοκιμή', '50%_x\\y\'"', '🛡️', '\0', '🛡', '-']) {
        expect(store.alerts({ q }).total, q).toBe(1);
      }
      expect(store.alerts({}).alerts[0]?.reason.length).toBeLessThanOrEqual(2_000);
      expect(store.alert('a')?.alert.reason).toHaveLength(50_000);
    });
  });
}
