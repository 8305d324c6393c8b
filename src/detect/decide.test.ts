import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertId } from './alert-id.ts';
import { decide, type Match } from './decide.ts';

const match = (id: string): Match => ({ alertId: id, events: [] });
const known = (...ids: string[]) => {
  const set = new Set(ids);
  return { isKnown: (id: string) => set.has(id) };
};

describe('decide', () => {
  it('creates up to the cap and counts what it cut', () => {
    const decision = decide({ cap: 2, created: 0 }, ['a', 'b', 'c'].map(match), known());
    expect(decision.created.map(({ alertId: id }) => id)).toEqual(['a', 'b']);
    expect(decision.funnel).toMatchObject({ matched: 3, created: 2, capped: 1, duplicate: 0 });
  });

  it('counts what the run created before towards the cap', () => {
    expect(decide({ cap: 2, created: 2 }, [match('a')], known()).funnel).toMatchObject({ created: 0, capped: 1 });
  });

  it('takes a known alert for a duplicate, even over the cap, and the same match twice for one', () => {
    const decision = decide({ cap: 1, created: 0 }, ['a', 'b', 'b', 'a'].map(match), known('a'));
    expect(decision.created.map(({ alertId: id }) => id)).toEqual(['b']);
    expect(decision.funnel).toMatchObject({ matched: 4, duplicate: 3, capped: 0, created: 1 });
  });

  it('lets exceptions come first: what they remove is no duplicate and takes no place', () => {
    const harmless = new Map([
      ['a', 'quiet hours'],
      ['b', 'loopback'],
      ['d', 'loopback'],
    ]);
    const exceptedBy = ({ alertId: id }: Match) => harmless.get(id);
    const decision = decide({ cap: 1, created: 0 }, ['a', 'a', 'b', 'c', 'd'].map(match), {
      ...known('a', 'b'),
      exceptedBy,
    });
    expect(decision.created.map(({ alertId: id }) => id)).toEqual(['c']);
    expect(decision.funnel).toMatchObject({ matched: 5, excepted: 4, duplicate: 0, capped: 0, created: 1 });
    expect([...decision.byException]).toEqual([
      ['quiet hours', 2],
      ['loopback', 2],
    ]);
  });

  it('always adds up, and deciding again creates nothing', () => {
    const ids = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });
    fc.assert(
      fc.property(ids, ids, ids, fc.nat(5), fc.nat(5), (matches, before, harmless, cap, created) => {
        const exceptedBy = ({ alertId: id }: Match) => ((harmless as readonly string[]).includes(id) ? id : undefined);
        const decision = decide({ cap, created }, matches.map(match), { ...known(...before), exceptedBy });
        const { matched, excepted, suppressed, duplicate, capped, created: made } = decision.funnel;
        expect(excepted + suppressed + duplicate + capped + made).toBe(matched);
        expect([...decision.byException.values()].reduce((sum, count) => sum + count, 0)).toBe(excepted);
        expect(decision.created).toHaveLength(made);
        const after = known(...before, ...decision.created.map(({ alertId: id }) => id));
        expect(decide({ cap: 99, created: 0 }, decision.created, after).funnel.created).toBe(0);
      }),
    );
  });
});

describe('alert id', () => {
  it('depends on the rule, the events and their order, and on nothing else', () => {
    expect(alertId('rule', ['a', 'b'])).toBe(alertId('rule', ['a', 'b']));
    const ids = [
      ['r', ['a', 'b']],
      ['r', ['b', 'a']],
      ['r', ['ab']],
      ['ra', ['b']],
      ['r', ['a', 'b', '']],
    ] as const;
    expect(new Set(ids.map(([rule, events]) => alertId(rule, events))).size).toBe(ids.length);
    expect(alertId('rule', ['a'])).toMatch(/^[0-9a-f]{40}$/);
  });
});
