/** What every event store does, whatever it keeps its events in. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EVENT_TIME, newEvent } from './event.fixture.ts';
import type { EventQuery, EventStore } from './event-store.ts';

/** The store that `open` gives keeps a day of events. */
export function testEventStore(name: string, open: () => EventStore): void {
  describe(name, () => {
    let store: EventStore;
    beforeEach(() => {
      store = open();
    });
    afterEach(() => store.close());

    const ids = (query: EventQuery = {}): string[] => store.query(query).events.map(({ id }) => id);
    const at = (ms: number) => EVENT_TIME + ms;

    it('gives an event back as it was stored', () => {
      const plain = newEvent('a', { ticks: 1234, sample: true });
      const placed = {
        ...newEvent('at:/var/log/x.log:7:ff', {
          document: { text: '\ud800 übel', n: 1.5, o: { __proto__: null, p: [{}] } },
        }),
        origin: { path: '/var/log/x.log', offset: 7, line: 2 },
      };
      store.append([plain, placed]);
      expect(store.event('a')).toEqual(plain);
      expect(store.event(placed.id)).toEqual(placed);
      expect(store.event('b')).toBeUndefined();
    });

    it('takes the text of a document that is written out already', () => {
      const event = newEvent('a');
      store.append([{ ...event, json: JSON.stringify(event.document) }]);
      expect(store.event('a')).toEqual(event);
    });

    it('leaves an event that it has as it is, also within one call', () => {
      store.append([newEvent('a', { user: 'first' }), newEvent('a', { user: 'second' })]);
      store.append([newEvent('a', { user: 'third' }), newEvent('b')]);
      expect(ids({ where: { 'user.name': 'first' } })).toEqual(['a']);
      expect(store.count({})).toBe(2);
      expect(store.status().events).toBe(2);
    });

    it('lists newest first, or oldest first, to 100 ns', () => {
      store.append([newEvent('b', { timeMs: at(1), ticks: 2 }), newEvent('a', { timeMs: at(1), ticks: 1 })]);
      store.append([newEvent('d', { timeMs: at(2) }), newEvent('c', { timeMs: at(-5), ticks: 9_999 })]);
      expect(ids()).toEqual(['d', 'b', 'a', 'c']);
      expect(ids({ order: 'oldest' })).toEqual(['c', 'a', 'b', 'd']);
      expect(ids({ from: at(1), to: at(2) })).toEqual(['b', 'a']);
      expect(store.count({ from: at(1) })).toBe(3);
      expect(store.count({ from: at(1) }, 2)).toBe(2);
    });

    it('finds by each value of a field, exactly, and by category', () => {
      store.append([
        newEvent('a', { document: { user: { name: ['ana', 'root'] }, event: { category: ['process', 'file'] } } }),
        newEvent('b', { document: { 'user.name': 'Ana', event: { category: 'file' } }, timeMs: at(1) }),
        newEvent('c', { document: { user: [{ name: 'ana' }, { name: 7 }] }, timeMs: at(2) }),
      ]);
      expect(ids({ where: { 'user.name': 'ana' } })).toEqual(['c', 'a']);
      expect(ids({ where: { 'user.name': 'root' } })).toEqual(['a']);
      expect(ids({ where: { 'user.name': 'Ana' } })).toEqual(['b']);
      expect(ids({ where: { 'user.name': '7' } })).toEqual(['c']);
      expect(ids({ where: { 'process.name': 'ana' } })).toEqual([]);
      expect(ids({ category: 'file' })).toEqual(['b', 'a']);
      expect(ids({ category: 'file', where: { 'user.name': 'ana' } })).toEqual(['a']);
    });

    it('counts hosts', () => {
      store.append([
        newEvent('a', { host: 'one' }),
        newEvent('b', { host: 'one' }),
        newEvent('c', { host: 'two' }),
        newEvent('d', { host: 'three', user: 'bob' }),
        newEvent('e', { document: { user: { name: 'ana' } } }),
      ]);
      expect(store.hostsWith('user.name', 'ana')).toBe(2);
      expect(store.hostsWith('user.name', 'eve')).toBe(0);
      expect(store.hosts()).toBe(3);
    });

    it('pages through any query without repeating or leaving out, whatever is appended meanwhile', () => {
      const event = fc.record({
        timeMs: fc.integer({ min: EVENT_TIME, max: EVENT_TIME + 5 }),
        ticks: fc.constantFrom(0, 1, 9_999),
        host: fc.constantFrom('one', 'two'),
        user: fc.constantFrom('ana', 'bob'),
      });
      const query = fc.record(
        {
          order: fc.constantFrom('newest' as const, 'oldest' as const),
          from: fc.integer({ min: EVENT_TIME, max: EVENT_TIME + 3 }),
          to: fc.integer({ min: EVENT_TIME + 2, max: EVENT_TIME + 6 }),
          where: fc.record(
            { 'host.name': fc.constantFrom('one', 'two'), 'user.name': fc.constantFrom('ana', 'bob') },
            { requiredKeys: [] },
          ),
        },
        { requiredKeys: [] },
      );
      let round = 0;
      fc.assert(
        fc.property(
          fc.array(event, { maxLength: 12 }),
          query,
          fc.integer({ min: 1, max: 4 }),
          (events, asked, limit) => {
            round += 1;
            store.prune(EVENT_TIME + 400 * 24 * 3_600_000);
            store.append(events.map((fields, index) => newEvent(`${round}-${index}`, fields)));
            const all = store.query({ ...asked, limit: 1_000 });
            const paged: string[] = [];
            let cursor: string | undefined;
            do {
              const page = store.query({ ...asked, limit, ...(cursor === undefined ? {} : { cursor }) });
              expect(page.cursors).toHaveLength(page.events.length);
              paged.push(...page.events.map(({ id }) => id));
              cursor = page.next;
            } while (cursor !== undefined);
            expect(paged).toEqual(all.events.map(({ id }) => id));
            expect(store.count(asked)).toBe(paged.length);
            expect(new Set(paged).size).toBe(paged.length);
            if (all.cursors[0] !== undefined) {
              const rest = store.query({ ...asked, limit: 1_000, cursor: all.cursors[0] });
              expect(rest.events.map(({ id }) => id)).toEqual(paged.slice(1));
            }
          },
        ),
        { numRuns: 40 },
      );
    });

    it('removes what is a day old, by the event’s own time', () => {
      const day = 24 * 3_600_000;
      store.append([newEvent('old', { timeMs: at(-day - 1), host: 'gone' }), newEvent('new', { timeMs: at(-day) })]);
      while (store.prune(EVENT_TIME));
      expect(ids()).toEqual(['new']);
      expect(store.status()).toMatchObject({ events: 1, oldest: at(-day), newest: at(-day), pruned: 1 });
      expect(store.hosts()).toBe(1);
      expect(store.hostsWith('host.name', 'gone')).toBe(0);
      expect(store.event('old')).toBeUndefined();
      store.append([newEvent('old', { timeMs: at(1) })]);
      expect(ids()).toEqual(['old', 'new']);
    });

    it('removes the sample and nothing else', () => {
      store.append([newEvent('a', { sample: true, host: 'sample' }), newEvent('b')]);
      expect(store.removeSample()).toBe(1);
      expect(store.removeSample()).toBe(0);
      expect(ids()).toEqual(['b']);
      expect(ids({ where: { 'host.name': 'sample' } })).toEqual([]);
      store.append([newEvent('c', { sample: true })]);
      expect(store.event('c')).toEqual(newEvent('c', { sample: true }));
    });

    it('appends all or none', () => {
      const broken = newEvent('b', { timeMs: 0.5 });
      expect(() => store.append([newEvent('a'), broken])).toThrow();
      expect(ids()).toEqual([]);
      expect(store.status().events).toBe(0);
      store.append([newEvent('a')]);
      expect(store.event('a')).toEqual(newEvent('a'));
    });

    it('is empty at first', () => {
      expect(store.query({})).toEqual({ events: [], cursors: [] });
      expect(store.status()).toMatchObject({ events: 0, pruned: 0 });
      expect(store.status()).not.toHaveProperty('oldest');
      expect(store.prune(EVENT_TIME)).toBe(false);
    });
  });
}
