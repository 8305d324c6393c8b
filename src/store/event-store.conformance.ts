/** What every event store does, whatever it keeps its events in. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EVENT_TIME, newEvent } from './event.fixture.ts';
import type { EventQuery, EventStore } from './event-store.ts';

/** The store that `open` gives keeps a day of events. */
export function testEventStore(name: string, open: () => Promise<EventStore>): void {
  describe(name, () => {
    let store: EventStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    const ids = async (query: EventQuery = {}): Promise<string[]> =>
      (await store.query(query)).events.map(({ id }) => id);
    const at = (ms: number) => EVENT_TIME + ms;

    it('gives an event back as it was stored', async () => {
      const plain = newEvent('a', { ticks: 1234, sample: true });
      const placed = {
        ...newEvent('at:/var/log/x.log:7:ff', {
          document: { text: '\ud800 übel', n: 1.5, o: { __proto__: null, p: [{}] } },
        }),
        origin: { path: '/var/log/x.log', offset: 7, line: 2 },
      };
      await store.append([plain, placed]);
      expect(await store.event('a')).toMatchObject(plain);
      expect(await store.event(placed.id)).toMatchObject(placed);
      expect(await store.event('b')).toBeUndefined();
    });

    it('takes the text of a document that is written out already', async () => {
      const event = newEvent('a');
      await store.append([{ ...event, json: JSON.stringify(event.document) }]);
      expect(await store.event('a')).toMatchObject(event);
    });

    it('leaves an event that it has as it is, also within one call', async () => {
      await store.append([newEvent('a', { user: 'first' }), newEvent('a', { user: 'second' })]);
      await store.append([newEvent('a', { user: 'third' }), newEvent('b')]);
      expect(await ids({ where: { 'user.name': 'first' } })).toEqual(['a']);
      expect(await store.known(['b', 'c', 'a'])).toEqual(new Set(['a', 'b']));
      expect(await store.known([])).toEqual(new Set());
      expect(await store.count({})).toBe(2);
      expect((await store.status()).events).toBe(2);
    });

    it('lists newest first, or oldest first, to 100 ns', async () => {
      await store.append([newEvent('b', { timeMs: at(1), ticks: 2 }), newEvent('a', { timeMs: at(1), ticks: 1 })]);
      await store.append([newEvent('d', { timeMs: at(2) }), newEvent('c', { timeMs: at(-5), ticks: 9_999 })]);
      expect(await ids()).toEqual(['d', 'b', 'a', 'c']);
      expect(await ids({ order: 'oldest' })).toEqual(['c', 'a', 'b', 'd']);
      expect(await ids({ from: at(1), to: at(2) })).toEqual(['b', 'a']);
      expect(await store.count({ from: at(1) })).toBe(3);
      expect(await store.count({ from: at(1) }, 2)).toBe(2);
    });

    it('finds by each value of a field, exactly, and by category', async () => {
      await store.append([
        newEvent('a', { document: { user: { name: ['ana', 'root'] }, event: { category: ['process', 'file'] } } }),
        newEvent('b', { document: { 'user.name': 'Ana', event: { category: 'file' } }, timeMs: at(1) }),
        newEvent('c', { document: { user: [{ name: 'ana' }, { name: 7 }] }, timeMs: at(2) }),
      ]);
      expect(await ids({ where: { 'user.name': 'ana' } })).toEqual(['c', 'a']);
      expect(await ids({ where: { 'user.name': 'root' } })).toEqual(['a']);
      expect(await ids({ where: { 'user.name': 'Ana' } })).toEqual(['b']);
      expect(await ids({ where: { 'user.name': '7' } })).toEqual(['c']);
      expect(await ids({ where: { 'process.name': 'ana' } })).toEqual([]);
      expect(await ids({ category: 'file' })).toEqual(['b', 'a']);
      expect(await ids({ category: 'file', where: { 'user.name': 'ana' } })).toEqual(['a']);
    });

    it('knows when and in which order events came, whatever their time', async () => {
      expect((await store.status()).arrival).toBe(0);
      await store.append([newEvent('late', { timeMs: at(9) }), newEvent('a')]);
      const { arrival } = await store.status();
      const [first, second] = (await store.query({ order: 'newest' })).events;
      expect(first?.arrival).toBeLessThan(second?.arrival as number);
      expect(second?.arrival).toBe(arrival);
      expect(first?.ingestedMs).toBeGreaterThan(0);
      await store.append([newEvent('b', { timeMs: at(-1), user: 'bob' }), newEvent('a')]);
      expect(await ids({ arrivedAfter: arrival })).toEqual(['b']);
      expect(await ids({ arrivedAfter: arrival, where: { 'user.name': 'ana' } })).toEqual([]);
      expect(await store.count({ arrivedAfter: arrival, category: 'process' })).toBe(1);
      const ingestedMs = first?.ingestedMs ?? 0;
      expect(await store.count({ ingestedFrom: ingestedMs })).toBe(3);
      expect(await store.count({ ingestedFrom: ingestedMs + 3_600_000 })).toBe(0);
      expect(await ids({ ingestedFrom: ingestedMs + 3_600_000, where: { 'user.name': 'ana' } })).toEqual([]);
    });

    it('scans a range oldest first, and can be left', async () => {
      const many = Array.from({ length: 1_203 }, (_, n) => newEvent(`e${n}`, { timeMs: at((n * 7) % 1_203) }));
      await store.append(many);
      const times: number[] = [];
      for await (const { timeMs } of store.scan({ from: at(1), to: at(1_202) })) times.push(timeMs);
      expect(times).toEqual(Array.from({ length: 1_201 }, (_, n) => at(n + 1)));
      let seen = 0;
      for await (const { id } of store.scan({ where: { 'user.name': 'ana' } })) {
        expect(id).toMatch(/^e/);
        seen += 1;
        if (seen === 3) break;
      }
      expect(seen).toBe(3);
    });

    it('counts hosts', async () => {
      await store.append([
        newEvent('a', { host: 'one' }),
        newEvent('b', { host: 'one' }),
        newEvent('c', { host: 'two' }),
        newEvent('d', { host: 'three', user: 'bob' }),
        newEvent('e', { document: { user: { name: 'ana' } } }),
      ]);
      expect(await store.hostsWith('user.name', 'ana')).toBe(2);
      expect(await store.hostsWith('user.name', 'eve')).toBe(0);
      expect(await store.hosts()).toBe(3);
    });

    it('pages through any query without repeating or leaving out, whatever is appended meanwhile', async () => {
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
      await fc.assert(
        fc.asyncProperty(
          fc.array(event, { maxLength: 12 }),
          query,
          fc.integer({ min: 1, max: 4 }),
          async (events, asked, limit) => {
            round += 1;
            await store.prune(EVENT_TIME + 400 * 24 * 3_600_000);
            await store.append(events.map((fields, index) => newEvent(`${round}-${index}`, fields)));
            const all = await store.query({ ...asked, limit: 1_000 });
            const paged: string[] = [];
            let cursor: string | undefined;
            do {
              const page = await store.query({ ...asked, limit, ...(cursor === undefined ? {} : { cursor }) });
              expect(page.cursors).toHaveLength(page.events.length);
              paged.push(...page.events.map(({ id }) => id));
              cursor = page.next;
            } while (cursor !== undefined);
            expect(paged).toEqual(all.events.map(({ id }) => id));
            expect(await store.count(asked)).toBe(paged.length);
            expect(new Set(paged).size).toBe(paged.length);
            if (all.cursors[0] !== undefined) {
              const rest = await store.query({ ...asked, limit: 1_000, cursor: all.cursors[0] });
              expect(rest.events.map(({ id }) => id)).toEqual(paged.slice(1));
            }
          },
        ),
        { numRuns: 15 },
      );
    });

    it('removes what is a day old, by the event’s own time', async () => {
      const day = 24 * 3_600_000;
      await store.append([
        newEvent('old', { timeMs: at(-day - 1), host: 'gone' }),
        newEvent('new', { timeMs: at(-day) }),
      ]);
      while (await store.prune(EVENT_TIME));
      expect(await ids()).toEqual(['new']);
      expect(await store.status()).toMatchObject({ events: 1, oldest: at(-day), newest: at(-day), pruned: 1 });
      expect(await store.hosts()).toBe(1);
      expect(await store.hostsWith('host.name', 'gone')).toBe(0);
      expect(await store.event('old')).toBeUndefined();
      await store.append([newEvent('old', { timeMs: at(1) })]);
      expect(await ids()).toEqual(['old', 'new']);
    });

    it('removes the sample and nothing else', async () => {
      await store.append([newEvent('a', { sample: true, host: 'sample' }), newEvent('b')]);
      expect(await store.removeSample()).toBe(1);
      expect(await store.removeSample()).toBe(0);
      expect(await ids()).toEqual(['b']);
      expect(await ids({ where: { 'host.name': 'sample' } })).toEqual([]);
      await store.append([newEvent('c', { sample: true })]);
      expect(await store.event('c')).toMatchObject(newEvent('c', { sample: true }));
    });

    it('appends all or none', async () => {
      const broken = newEvent('b', { timeMs: 0.5 });
      await expect(store.append([newEvent('a'), broken])).rejects.toThrow();
      expect(await ids()).toEqual([]);
      expect((await store.status()).events).toBe(0);
      await store.append([newEvent('a')]);
      expect(await store.event('a')).toMatchObject(newEvent('a'));
    });

    it('is empty at first', async () => {
      expect(await store.query({})).toEqual({ events: [], cursors: [] });
      expect(await store.status()).toMatchObject({ events: 0, pruned: 0 });
      expect(await store.status()).not.toHaveProperty('oldest');
      expect(await store.prune(EVENT_TIME)).toBe(false);
    });
  });
}
