/** What every state store does with notes, steps, groups and incidents, whatever it keeps them in. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AlertParts, newAlert } from './alert.fixture.ts';
import { INCIDENT_GAP_SETTING } from './incident.ts';
import type { StateStore } from './state-store.ts';

const at = (minutes: number): string => new Date(Date.UTC(2026, 2, 1, 12) + minutes * 60_000).toISOString();
const TIME = at(0);

export function testTriageStore(name: string, open: () => StateStore): void {
  describe(`${name}, triage`, () => {
    let store: StateStore;
    beforeEach(() => {
      store = open();
    });
    afterEach(() => store.close());

    const put = (id: string, parts: AlertParts = {}): void =>
      store.commit({ alerts: [newAlert(id, parts)], positions: [], runs: [] });
    const members = (id: string): string => (store.triage.members(id) ?? []).map((alert) => alert.id).join('');
    const rows = (query = {}): string[] =>
      store
        .alerts({ fold: 'process', ...query })
        .alerts.map(({ id, folded }) => `${id}${folded?.alerts}/${folded?.rules}`);

    it('keeps notes in their order', () => {
      put('a');
      expect(store.triage.addNote('a', { text: 'seen **before**', by: 'ana', time: at(1) })).toBe(true);
      expect(store.triage.addNote('a', { text: 'asked bo', by: 'cy', time: at(2) })).toBe(true);
      expect(store.triage.addNote('none', { text: 'x', by: 'cy', time: at(2) })).toBe(false);
      expect(store.alert('a')?.notes).toEqual([
        { id: 1, text: 'seen **before**', by: 'ana', time: at(1) },
        { id: 2, text: 'asked bo', by: 'cy', time: at(2) },
      ]);
    });

    it('keeps who did which step first, and lets it be taken back', () => {
      put('a');
      expect(store.triage.setStep('a', 'Isolate the host', { by: 'ana', time: at(1) })).toBe(true);
      expect(store.triage.setStep('a', 'Isolate the host', { by: 'bo', time: at(2) })).toBe(true);
      store.triage.setStep('a', 'Reset the password', { by: 'bo', time: at(3) });
      expect(store.alert('a')?.steps_done).toEqual([
        { step: 'Isolate the host', by: 'ana', time: at(1) },
        { step: 'Reset the password', by: 'bo', time: at(3) },
      ]);
      expect(store.triage.setStep('a', 'Isolate the host')).toBe(true);
      expect(store.alert('a')?.steps_done.map(({ step }) => step)).toEqual(['Reset the password']);
      expect(store.triage.setStep('none', 'x', { by: 'bo', time: at(3) })).toBe(false);
      expect(store.triage.setStep('none', 'x')).toBe(false);
    });

    describe('groups', () => {
      const shell = {
        entity_id: 'sh',
        name: 'sh',
        command_line: 'sh -c "nc -l 1; python3 -m http.server"',
        start: TIME,
      };
      const wrapped = { commandLine: 'python3 -m http.server', entity: 'py', start: TIME, ancestry: [shell] };
      const wrapper = { commandLine: shell.command_line, entity: 'sh', start: TIME };
      const sibling = { commandLine: 'nc -l 1', entity: 'nc', start: TIME, ancestry: [shell] };

      it('holds alerts of one process, of several rules', () => {
        put('a', { entity: 'p', rule: 'r1', time: at(1) });
        put('b', { entity: 'p', rule: 'r2', time: at(2) });
        put('c', { entity: 'p', rule: 'r2', time: at(3) });
        put('d', { entity: 'other', time: at(4) });
        put('e', { time: at(5) });
        expect(members('b')).toBe('abc');
        expect(members('e')).toBe('e');
        expect(store.triage.members('none')).toBeUndefined();
        expect(rows()).toEqual(['e1/1', 'd1/1', 'a3/2']);
        expect(store.alerts({ process: 'p' }).total).toBe(3);
        expect(store.alerts({ process: '' }).total).toBe(0);
        expect(store.alert('b')?.folded).toBe(3);
        expect(store.alerts({}).total).toBe(5);
      });

      it('keeps processes of other hosts and the sample’s apart', () => {
        put('a', { entity: 'p' });
        put('b', { entity: 'p', host: 'other' });
        put('c', { entity: 'p', sample: true });
        expect(['a', 'b', 'c'].map(members)).toEqual(['a', 'b', 'c']);
      });

      it.each([
        ['a wrapper, then what it wraps', ['wrapper', 'wrapped']],
        ['what is wrapped, then the wrapper', ['wrapped', 'wrapper']],
        ['two that one wraps, then the wrapper, which joins them', ['wrapped', 'sibling', 'wrapper']],
        ['one of two, the wrapper, the other', ['sibling', 'wrapper', 'wrapped']],
      ])('holds %s', (_name, order) => {
        const parts: Record<string, AlertParts> = { wrapped, wrapper, sibling };
        for (const one of order) put(one, parts[one]);
        expect(
          store.triage
            .members('wrapper')
            ?.map(({ id }) => id)
            .sort(),
        ).toEqual([...order].sort());
        expect(store.alerts({ fold: 'process' }).total).toBe(1);
      });

      it('does not hold two that only have a wrapper in common that has no alert', () => {
        put('a', wrapped);
        put('b', sibling);
        expect(members('a')).toBe('a');
        expect(store.alerts({ fold: 'process' }).total).toBe(2);
      });

      it('is headed by the highest severity, then the earliest', () => {
        put('a', { entity: 'p', severity: 'low', time: at(1) });
        expect(rows()).toEqual(['a1/1']);
        put('b', { entity: 'p', severity: 'high', time: at(3) });
        put('c', { entity: 'p', severity: 'high', time: at(2) });
        expect(rows()).toEqual(['c3/1']);
        put('d', { entity: 'p', severity: 'low', time: at(0) });
        expect(rows()).toEqual(['c4/1']);
        expect(store.alerts({ fold: 'process' }).by_severity).toEqual({ high: 1 });
      });

      it('is headed by one that is not closed while there is one', () => {
        const close = (id: string) => store.setStatus(id, { status: 'closed', reason: 'benign_positive', time: TIME });
        put('a', { entity: 'p', severity: 'high', time: at(1) });
        put('b', { entity: 'p', severity: 'low', time: at(2) });
        put('c', { entity: 'p', severity: 'medium', time: at(3) });
        close('b');
        expect(rows()).toEqual(['a3/1']);
        close('a');
        expect(rows()).toEqual(['c3/1']);
        expect(store.alerts({ fold: 'process' }).by_severity).toEqual({ medium: 1 });
        close('c');
        expect(rows()).toEqual([]);
        expect(rows({ status: 'closed' })).toEqual(['a3/1']);
        put('d', { entity: 'p', severity: 'informational', time: at(4) });
        expect(rows()).toEqual(['d4/1']);
        store.setStatus('c', { status: 'acknowledged', time: TIME });
        expect(rows()).toEqual(['c4/1']);
        store.setStatus('a', { status: 'open', time: TIME });
        expect(rows({ status: 'open,acknowledged,closed' })).toEqual(['a4/1']);
        expect(members('d')).toBe('abcd');
      });

      it('is there when any of its alerts matches, and counted once', () => {
        put('a', { entity: 'p', severity: 'high', user: 'ana', time: at(1) });
        put('b', { entity: 'p', severity: 'low', user: 'root', time: at(2), reason: 'something odd' });
        put('c', { entity: 'q', severity: 'low', user: 'root', time: at(3) });
        expect(rows({ user: 'root' })).toEqual(['c1/1', 'a2/1']);
        expect(rows({ severity: 'low' })).toEqual(['c1/1', 'a2/1']);
        expect(rows({ q: 'odd' })).toEqual(['a2/1']);
        expect(rows({ from: at(2), to: at(3) })).toEqual(['a2/1']);
        const page = store.alerts({ fold: 'process', severity: 'low' });
        expect(page.total).toBe(2);
        expect(page.by_severity).toEqual({ high: 1, low: 1 });
        store.setStatus('a', { status: 'closed', reason: 'duplicate', time: TIME });
        expect(rows()).toEqual(['c1/1', 'b2/1']);
        expect(rows({ status: 'closed' })).toEqual(['b2/1']);
      });

      it('pages through without repeating or leaving out', () => {
        for (let n = 0; n < 20; n += 1) put(`x${n}`, { entity: `p${n % 7}`, time: at(n) });
        const whole = rows();
        expect(whole).toHaveLength(7);
        const paged: string[] = [];
        let cursor: string | undefined;
        do {
          const page = store.alerts({ fold: 'process', limit: 2, ...(cursor === undefined ? {} : { cursor }) });
          expect(page.total).toBe(7);
          paged.push(...page.alerts.map(({ id, folded }) => `${id}${folded?.alerts}/${folded?.rules}`));
          cursor = page.next;
        } while (cursor !== undefined);
        expect(paged).toEqual(whole);
      });
    });

    it('counts the alerts of processes, and those that are alike', () => {
      put('a', { entity: 'p', hash: 'h', user: 'ana', commandLine: 'nc -l' });
      put('b', { entity: 'p', hash: 'h', user: 'bo', commandLine: 'nc -l', host: 'WEB-01' });
      put('c', { entity: 'q', hash: 'other', user: 'ana', commandLine: 'x'.repeat(5_000) });
      expect([...store.triage.alertsByProcess('web-01', ['p', 'q', 'none', ''])]).toEqual([
        ['p', 2],
        ['q', 1],
      ]);
      expect(store.triage.alertsLike('hash', 'h', 100)).toBe(2);
      expect(store.triage.alertsLike('user', 'ana', 100)).toBe(2);
      expect(store.triage.alertsLike('user', 'ana', 1)).toBe(1);
      expect(store.triage.alertsLike('command', 'nc -l', 100)).toBe(2);
      expect(store.triage.alertsLike('command', 'x'.repeat(5_000), 100)).toBe(1);
      expect(store.triage.alertsLike('command', '', 100)).toBe(0);
    });

    describe('incidents', () => {
      const list = (query = {}): string[] =>
        store.triage
          .incidents({ status: 'all', ...query })
          .incidents.map(
            ({ host, from, to, alerts, open }) =>
              `${host} ${(Date.parse(from) - Date.parse(TIME)) / 60_000}–${(Date.parse(to) - Date.parse(TIME)) / 60_000} ${alerts}/${open}`,
          );

      it('hold alerts of one host with no gap over an hour', () => {
        put('a', { time: at(0) });
        put('b', { time: at(60) });
        put('c', { time: at(121) });
        put('d', { time: at(10), host: 'db-01' });
        expect(list()).toEqual(['web-01 121–121 1/1', 'web-01 0–60 2/2', 'db-01 10–10 1/1']);
        expect(store.alert('a')?.incident).toBe(store.alert('b')?.incident);
      });

      it('are joined by an alert that stands between, whose numbers go on working', () => {
        put('a', { time: at(0) });
        put('b', { time: at(100) });
        const [first, second] = [store.alert('a')?.incident ?? '', store.alert('b')?.incident ?? ''];
        expect(first).not.toBe(second);
        put('c', { time: at(50) });
        expect(list()).toEqual(['web-01 0–100 3/3']);
        expect(store.triage.incident(second)).toEqual(store.triage.incident(first));
        expect(store.alerts({ incident: second }).total).toBe(3);
        expect(store.triage.incident('999')).toBeUndefined();
        expect(store.triage.incident('x')).toBeUndefined();
      });

      it('do not grow beyond 24 hours', () => {
        for (let n = 0; n <= 30; n += 1) put(`a${n}`, { time: at(n * 50) });
        expect(list()).toEqual(['web-01 1450–1500 2/2', 'web-01 0–1400 29/29']);
      });

      it('say what they are about', () => {
        put('a', {
          time: at(0),
          rule: 'r1',
          ruleName: 'One',
          risk: 50,
          severity: 'medium',
          tactic: 'Execution',
          user: 'ana',
        });
        put('b', {
          time: at(5),
          rule: 'r1',
          ruleName: 'One',
          risk: 50,
          severity: 'medium',
          tactic: 'Execution',
          user: 'bo',
        });
        put('c', { time: at(11.5), rule: 'r2', ruleName: 'Two', risk: 20, tactic: 'Exfiltration', user: 'ana' });
        store.setStatus('c', { status: 'closed', reason: 'duplicate', time: TIME });
        const detail = store.triage.incident(store.alert('a')?.incident ?? '');
        expect(detail?.incident).toEqual({
          id: '1',
          host: 'web-01',
          from: at(0),
          to: at(11.5),
          alerts: 3,
          open: 2,
          severity: 'medium',
          risk_score: 60,
          rules: [
            { id: 'r1', name: 'One', alerts: 2 },
            { id: 'r2', name: 'Two', alerts: 1 },
          ],
          users: ['ana', 'bo'],
          tactics: ['Execution', 'Exfiltration'],
          reason: '2 rules alerted on web-01 within 12 minutes: One and Two.',
        });
        expect(detail?.alerts.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
      });

      it('follow the decisions', () => {
        put('a');
        const change = (status: 'open' | 'acknowledged' | 'closed'): void => {
          store.setStatus('a', {
            status,
            ...(status === 'closed' ? { reason: 'duplicate' as const } : {}),
            time: TIME,
          });
        };
        expect(list({ status: 'open' })).toHaveLength(1);
        change('acknowledged');
        expect(list({ status: 'open' })).toHaveLength(1);
        change('closed');
        change('closed');
        expect(list({ status: 'open' })).toEqual([]);
        expect(list({ status: 'closed' })).toEqual(['web-01 0–0 1/0']);
        change('open');
        expect(list({ status: 'open' })).toEqual(['web-01 0–0 1/1']);
      });

      it('are filtered and paged', () => {
        for (let n = 0; n < 9; n += 1) put(`a${n}`, { time: at(n * 100), host: n % 3 === 0 ? 'db-01' : 'web-01' });
        expect(list({ host: 'DB-01' })).toHaveLength(3);
        expect(list({ from: at(100), to: at(300) })).toEqual(['web-01 200–200 1/1', 'web-01 100–100 1/1']);
        const paged: string[] = [];
        let cursor: string | undefined;
        do {
          const page = store.triage.incidents({ limit: 4, ...(cursor === undefined ? {} : { cursor }) });
          expect(page.total).toBe(9);
          paged.push(...page.incidents.map(({ id }) => id));
          cursor = page.next;
        } while (cursor !== undefined);
        expect(new Set(paged).size).toBe(9);
      });

      it('take their gap from the setting', () => {
        store.setSetting(INCIDENT_GAP_SETTING, String(10 * 60_000));
        put('a', { time: at(0) });
        put('b', { time: at(11) });
        expect(list()).toHaveLength(2);
      });

      it('of the sample go with it, and never hold real alerts', () => {
        put('a', { sample: true, entity: 'p' });
        put('b', { entity: 'p' });
        expect(list()).toEqual(['web-01 0–0 1/1', 'web-01 0–0 1/1']);
        store.removeSample();
        expect(list()).toEqual(['web-01 0–0 1/1']);
        expect(store.alert('b')).toMatchObject({ folded: 1 });
      });
    });

    it('makes the same groups, and incidents that add up, in whatever order alerts come', () => {
      const alert = fc.record({ entity: fc.nat(6), parent: fc.nat(6), minute: fc.nat(400), severity: fc.nat(2) });
      const shapes = fc.uniqueArray(alert, { minLength: 1, maxLength: 12, selector: (one) => JSON.stringify(one) });
      const groupsOf = (alerts: readonly (readonly [string, AlertParts])[]): readonly string[] => {
        const one = open();
        try {
          for (const [id, parts] of alerts) one.commit({ alerts: [newAlert(id, parts)], positions: [], runs: [] });
          const incidents = one.triage.incidents({ status: 'all', limit: 100 }).incidents;
          expect(incidents.reduce((sum, incident) => sum + incident.alerts, 0)).toBe(alerts.length);
          for (const { id, alerts: count } of incidents) expect(one.triage.incident(id)?.alerts).toHaveLength(count);
          const heads = one.alerts({ fold: 'process' });
          return heads.alerts
            .map(({ id }) => `${id}: ${(one.triage.members(id) ?? []).map((member) => member.id).sort()}`)
            .sort();
        } finally {
          one.close();
        }
      };
      fc.assert(
        fc.property(shapes, fc.infiniteStream(fc.nat()), (given, order) => {
          const alerts = given.map(({ entity, parent, minute, severity }, n): readonly [string, AlertParts] => [
            `a${String(n).padStart(2, '0')}`,
            {
              entity: `p${entity}`,
              start: TIME,
              time: new Date(Date.parse(at(minute)) + n).toISOString(),
              severity: (['low', 'medium', 'high'] as const)[severity] ?? 'low',
              commandLine: 'nc -l',
              ancestry: [{ entity_id: `p${parent}`, name: 'sh', command_line: 'sh -c "nc -l"', start: TIME }],
            },
          ]);
          const shuffled = alerts
            .map((one) => ({ one, rank: order.next().value as number }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ one }) => one);
          expect(groupsOf(shuffled)).toEqual(groupsOf(alerts));
        }),
        { numRuns: 8 },
      );
    });
  });
}
