import { describe, expect, it } from 'vitest';
import { newAlert } from '../store/alert.fixture.ts';
import { type GuideSources, guideOf } from './guide.ts';

const { alert } = newAlert('a', { entity: 'e1' });

const sources = (count: () => Promise<number>, budgetMs?: number): GuideSources => ({
  store: { alerts: () => ({ alerts: [], total: 2, by_severity: {} }) as never },
  events: {
    count,
    search: () => Promise.reject(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
  },
  ...(budgetMs === undefined ? {} : { budgetMs }),
});

describe('an investigation guide', () => {
  it('says in words what took too long, and that asking again may count it', async () => {
    const late = () => Promise.reject(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    const guide = await guideOf(alert, undefined, sources(late));
    const asked = guide.steps.flatMap(({ questions }) => questions).filter(({ query }) => query.over === 'events');
    expect(asked.length).toBeGreaterThan(0);
    for (const { problem } of asked) expect(problem).toBe('Not counted: it took too long.');
    expect(guide.unfinished).toBe(true);
  });

  it('says so, too, of what it did not come to', async () => {
    const guide = await guideOf(
      alert,
      undefined,
      sources(async () => 1, 0),
    );
    const problems = guide.steps.flatMap(({ questions }) => questions.flatMap(({ problem }) => problem ?? []));
    expect(new Set(problems)).toEqual(new Set(['Not counted: the questions before it took all the time there is.']));
    expect(guide.unfinished).toBe(true);
  });
});
