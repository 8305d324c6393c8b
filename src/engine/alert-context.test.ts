import { describe, expect, it } from 'vitest';
import { newAlert } from '../store/alert.fixture.ts';
import { alertContext, type ContextSources } from './alert-context.ts';
import type { AskOptions } from './event-search.ts';

const { alert } = newAlert('a', { entity: 'e1' });
const triage = { alertsByProcess: () => new Map(), alertsLike: () => 1 };

/** An answer that never comes, until it is given up. */
const never = ({ signal }: AskOptions = {}): Promise<never> =>
  new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));

const searching = (parts: Partial<Record<keyof ContextSources['events'], unknown>>) =>
  parts as unknown as ContextSources['events'];

describe('what stands around an alert', () => {
  it('says that the time was up, and shows what the alert itself knows', async () => {
    const events = searching({
      status: async () => ({ hosts: 3, oldest: Date.UTC(2026, 0, 1) }),
      query: (_: unknown, options?: AskOptions) => never(options),
      count: (_: unknown, __: unknown, options?: AskOptions) => never(options),
      hostsWith: (_: unknown, __: unknown, options?: AskOptions) => never(options),
    });
    const context = await alertContext(alert, { events, triage, budgetMs: 5 });
    expect(context).toMatchObject({
      problem: 'The stored events could not be asked: they took too long.',
      stored_from: '2026-01-01T00:00:00.000Z',
      likeness: [],
    });
    expect(context.tree.processes.map(({ relation }) => relation)).toContain('self');
  });

  it('keeps what was counted where the tree could not be read', async () => {
    const events = searching({
      status: async () => ({ hosts: 3 }),
      query: () => Promise.reject(new Error('A segment cannot be read.')),
      count: async () => 4,
      hostsWith: async () => 1,
    });
    const { problem, likeness } = await alertContext(alert, { events, triage });
    expect(problem).toBe('The stored events could not be asked: A segment cannot be read.');
    expect(likeness.map(({ what, events: count, rarity }) => [what, count, rarity])).toEqual([
      ['user', 4, 'only here'],
      ['command', 4, 'only here'],
    ]);
  });
});
