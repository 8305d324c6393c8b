import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { compileEql } from '../language/eql/eql.ts';
import type { Predicate } from '../plan/predicate/node.ts';
import { EVENT_TIME, newEvent } from '../store/event.fixture.ts';
import { EVENT_FILE, EVENT_MIGRATIONS } from '../store/event-schema.ts';
import type { EventStore } from '../store/event-store.ts';
import { migrate } from '../store/migrations.ts';
import { sqliteEventStore } from '../store/sqlite-event-store.ts';
import type { EventSearch, SearchCondition, SearchOptions } from './event-search.ts';
import { LONGEST_SEARCH_MS, searchStore } from './store-search.ts';

describe('searching stored events', () => {
  let store: EventStore;
  let search: EventSearch;
  beforeEach(() => {
    const database = new DatabaseSync(':memory:');
    migrate(database, undefined, EVENT_MIGRATIONS, EVENT_FILE);
    store = sqliteEventStore(database, ':memory:');
    const soon = searchStore(() => store);
    // What is not about a deadline must not meet one, however busy the machine.
    search = {
      ...soon,
      search: (query, condition, options) =>
        soon.search(query, condition, { deadlineMs: LONGEST_SEARCH_MS, ...options }),
    };
  });
  afterEach(() => store.close());

  const eql = (text: string): SearchCondition => ({ kind: 'eql', text });
  const idsOf = async (condition: SearchCondition, options?: SearchOptions) =>
    (await search.search({}, condition, options)).events.map(({ id }) => id);
  const many = (count: number) =>
    Array.from({ length: count }, (_, n) =>
      newEvent(`${n}`, { timeMs: EVENT_TIME + n, name: n % 10 === 0 ? 'nc' : 'ls', host: `h${n % 3}` }),
    );

  it('gives events newest first, counts on, and goes on where it left', async () => {
    await store.append(many(1_000));
    const first = await search.search({}, eql('process where process.name : "NC"'), { limit: 3, countUpTo: 50 });
    expect(first).toMatchObject({ found: 50, diagnostics: [] });
    expect(first.events.map(({ id }) => id)).toEqual(['990', '980', '970']);
    const next = await search.search({ cursor: first.next as string }, eql('process where process.name : "NC"'), {
      limit: 200,
    });
    expect(next.events.map(({ id }) => id).slice(0, 2)).toEqual(['960', '950']);
    expect(next.found).toBe(97);
    expect(next).not.toHaveProperty('next');
    expect(next).not.toHaveProperty('stoppedAt');
    expect(await idsOf(eql('file where true'))).toEqual([]);
  });

  it('gives nothing more to come where all was shown, and counts without showing', async () => {
    await store.append(many(30));
    const all = await search.search({}, eql('process where process.name == "nc"'), { limit: 3 });
    expect(all.events).toHaveLength(3);
    expect(all).not.toHaveProperty('next');
    const counted = await search.search({}, eql('any where true'), { limit: 0, countUpTo: 10 });
    expect(counted).toMatchObject({ events: [], found: 10 });
  });

  it('reads only what exact values leave', async () => {
    await store.append(many(300));
    const { read, found } = await search.search({}, eql('process where host.name == "h1" and process.name == "nc"'));
    expect(read).toBe(found);
    expect(found).toBe(10);
  });

  it('stops at its deadline, says where, and goes on from there', async () => {
    await store.append(many(3_000));
    const seen: string[] = [];
    let cursor: string | undefined;
    let stops = 0;
    do {
      const query = cursor === undefined ? {} : { cursor };
      const result = await search.search(query, eql('process where process.name : "nc"'), {
        // A busy machine gets no further than an event at a time.
        deadlineMs: stops < 5 ? 5 : 60_000,
        limit: 500,
      });
      seen.push(...result.events.map(({ id }) => id));
      if (result.stoppedAt !== undefined) stops += 1;
      cursor = result.next;
    } while (cursor !== undefined);
    expect(stops).toBeGreaterThan(0);
    expect(seen).toHaveLength(300);
    expect(new Set(seen).size).toBe(300);
  });

  it('ends when it is cancelled, and lets others have their turn', async () => {
    await store.append(many(3_000));
    const ending = new AbortController();
    const long = search.search({}, eql('process where process.name : "none"'), { signal: ending.signal });
    expect(await search.count({})).toBe(3_000);
    ending.abort();
    await expect(long).rejects.toThrow('aborted');
  });

  it('holds a rule’s index patterns to the streams of the event', async () => {
    await store.append([
      newEvent('a'),
      { ...newEvent('b'), dataStreams: ['logs-other-default'] },
      { ...newEvent('c'), dataStreams: [] },
    ]);
    const predicate = compileEql('process where true').plan as unknown as { predicate: Predicate };
    const condition = { kind: 'predicate' as const, predicate: predicate.predicate };
    expect(await idsOf({ ...condition, indexPatterns: ['logs-endpoint.events.*'] })).toEqual(['c', 'a']);
    expect(await idsOf(condition)).toEqual(['c', 'b', 'a']);
  });

  it('refuses what is no event query, reading nothing', async () => {
    await store.append([newEvent('a')]);
    for (const text of ['process where', 'sequence [any where true] [any where true]', 'any where true | tail 1', '']) {
      const { diagnostics, read } = await search.search({}, eql(text));
      expect(diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
      expect(read).toBe(0);
    }
  });

  it('is empty where nothing is stored yet', async () => {
    const empty = searchStore(() => undefined);
    expect(await empty.query({})).toEqual({ events: [], cursors: [] });
    expect(await empty.search({}, eql('any where true'))).toMatchObject({ events: [], found: 0 });
    expect(await empty.count({})).toBe(0);
    expect(await empty.hostsWith('user.name', 'x')).toBe(0);
    expect(await empty.event('x')).toBeUndefined();
    expect(await empty.status()).toEqual({ events: 0, bytes: 0, hosts: 0, arrival: 0 });
  });

  it('finds with exact values looked up what it finds without', async () => {
    const value = fc.constantFrom('ana', 'Ana', 'bob', '4', '4.0', '');
    const document = fc.record(
      {
        user: fc.record({ name: fc.oneof(value, fc.array(value, { maxLength: 2 }), fc.constant(4)) }),
        host: fc.record({ name: value }),
        event: fc.record({ category: fc.oneof(fc.constantFrom('process', 'file'), fc.constant(['process', 'file'])) }),
      },
      { requiredKeys: [] },
    );
    const clause = fc.tuple(fc.constantFrom('user.name', 'host.name'), fc.constantFrom('==', '!=', ':'), value);
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { maxLength: 6 }),
        fc.constantFrom('process', 'file', 'any'),
        fc.array(clause, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(' and ', ' or '),
        async (documents, category, clauses, join) => {
          round += 1;
          while (await store.prune(EVENT_TIME + 1e12));
          await store.append(
            documents.map((one, n) => newEvent(`${round}-${n}`, { document: one, timeMs: EVENT_TIME + n })),
          );
          const condition = clauses.map(([field, operator, text]) => `${field} ${operator} "${text}"`).join(join);
          const looked = await idsOf(eql(`${category} where ${condition}`));
          // Negated twice, nothing in it can be looked up.
          const any = category === 'any' ? '' : `event.category : "${category}" and `;
          expect(looked).toEqual(await idsOf(eql(`any where not (not (${any}(${condition})))`)));
        },
      ),
      { numRuns: runs(40) },
    );
  });
});
