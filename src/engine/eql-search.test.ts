import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../event/json.ts';
import { eqlAnswer } from './eql-answer.ts';
import { type EqlSearchOptions, searchEql } from './eql-search.ts';
import { hunt } from './index.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-eql-search-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function ask(query: string, documents: readonly JsonObject[], options: EqlSearchOptions = {}) {
  const log = join(folder, 'events.ndjson');
  writeFileSync(log, documents.map((document) => `${JSON.stringify(document)}\n`).join(''));
  const search = await searchEql({ query, over: [log], ...options });
  if (search.read === undefined) return { codes: search.diagnostics.map(({ code }) => code), ids: [], hits: undefined };
  const { hits } = eqlAnswer(search.kind, search.matches, 1, false);
  const events = hits.sequences?.map((sequence) => sequence.events) ?? hits.events?.map((event) => [event]) ?? [];
  return { codes: [], ids: events.map((each) => each.map(({ _source }) => _source.n ?? '-').join(' ')), hits };
}

const at = (id: string, second: number, category: string, more: JsonObject = {}): JsonObject => ({
  n: id,
  '@timestamp': `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z`,
  event: { id: `id-${id}`, category: [category] },
  ...more,
});

describe('an EQL search', () => {
  const events = [
    at('c', 3, 'network', { process: { pid: 7 } }),
    at('a', 1, 'process', { process: { pid: 7 } }),
    at('b', 2, 'process', { process: { pid: 8 } }),
  ];

  it('answers events in the order of time, the first or the last of them', async () => {
    expect((await ask('any where true', events)).ids).toEqual(['a', 'b', 'c']);
    expect((await ask('any where true', events, { size: 2 })).ids).toEqual(['a', 'b']);
    expect((await ask('any where true', events, { size: 2, order: 'tail' })).ids).toEqual(['b', 'c']);
    expect((await ask('any where true | tail 2 | head 1', events, { size: 9 })).ids).toEqual(['b']);
  });

  it('answers sequences with their keys, and shows a missing event as Elasticsearch does', async () => {
    const query =
      'sequence by process.pid with maxspan=5s [process where true] ![file where true] [network where true]';
    const { hits } = await ask(query, events);
    expect(hits).toMatchObject({
      total: { value: 1, relation: 'eq' },
      sequences: [
        {
          join_keys: [7],
          events: [
            { _id: 'id-a', _source: { process: { pid: 7 } } },
            { _index: '', _id: '', _source: {}, missing: true },
            { _id: 'id-c' },
          ],
        },
      ],
    });
  });

  it('sees only what its filter lets through', async () => {
    const options = { filter: 'any where process.pid == 7' };
    expect((await ask('process where true', events, options)).ids).toEqual(['a']);
    expect((await ask('process where true', events, { filter: 'any where' })).codes).toEqual(['eql-syntax']);
    const sequence = { filter: 'sequence [any where true] [any where true]' };
    expect((await ask('process where true', events, sequence)).codes).toEqual(['hunt-option']);
  });

  it('reads events that are not ECS, by the fields it is told', async () => {
    const documents = [
      { n: '3', when: 2_000_000_000_001, kind: 'stop', count: 2, addr: '10.0.0.1' },
      { n: '2', when: 2_000_000_000_001, kind: 'start', count: 1, addr: '10.0.0.1' },
      { n: '1', when: 2_000_000_000_000, kind: 'start', count: 9, addr: '::ffff:10.0.0.1' },
    ];
    const options = {
      timestampField: 'when',
      tiebreakerField: 'count',
      fields: { when: 'date', count: 'long', addr: 'ip', 'event.category': 'alias:kind' },
    };
    const query = 'sequence by addr [start where true] [start where true] [stop where true]';
    expect((await ask(query, documents, options)).ids).toEqual(['1 2 3']);
    const { fields: _, ...named } = options;
    expect((await ask('stop where true', documents, { ...named, eventCategoryField: 'kind' })).ids).toEqual(['3']);
    expect((await ask(query, documents, { fields: { addr: 'adress' } })).codes).toContain('hunt-option');
  });

  it('sees a vendor’s record as it stands where the hunt names its fields', async () => {
    const record = (n: string, pid: number, ms: string) => ({
      n,
      event_type_full: 'process_event',
      event_type: 'process',
      unique_pid: pid,
      '@timestamp': ms,
    });
    const records = [record('2', 8, '20'), record('1', 7, '3'), record('3', 7, '1504126051000')];
    const query = 'sequence by unique_pid [process where unique_pid > 6] [process where @timestamp > 19]';
    const fields = { unique_pid: 'long', 'event.category': 'alias:event_type' };
    expect((await ask(query, records, { fields })).ids).toEqual(['1 3']);
    expect((await ask('process where true', records, { eventCategoryField: 'event_type' })).ids).toEqual([
      '1',
      '2',
      '3',
    ]);
    // As the format reads it, where its own names are asked for.
    expect(
      (await ask('process where endgame.unique_pid == 7', records, { filter: 'any where true' })).ids,
    ).toHaveLength(2);
  });

  it('gives several samples of a key where asked to', async () => {
    const query = 'sample by event.category [any where process.pid == 7] [any where process.pid == 8]';
    const documents = ['a', 'b', 'c'].map((id, n) => at(id, n, 'process', { process: { pid: n === 0 ? 7 : 8 } }));
    expect((await ask(query, documents)).ids).toEqual(['a b']);
    expect((await ask(query, documents, { maxSamplesPerKey: 5 })).ids).toEqual(['a b', 'a c']);
  });
});

it('a hunt gives sequences too', async () => {
  const log = join(folder, 'hunted.ndjson');
  writeFileSync(
    log,
    [at('a', 1, 'process'), at('b', 2, 'file')].map((document) => `${JSON.stringify(document)}\n`).join(''),
  );
  const found = await hunt({ query: 'sequence [process where true] [file where true]', language: 'eql', over: [log] });
  expect(found).toMatchObject({
    events: [],
    diagnostics: [],
    sequences: [{ events: [{ _id: 'id-a' }, { _id: 'id-b' }] }],
  });
});

it('a hunt with pipes gives the first and last events by time, and knows the fields of its mapping', async () => {
  const log = join(folder, 'unordered.ndjson');
  const documents = [at('late', 9, 'file'), at('early', 1, 'file', { process: { mine: 1 } }), at('mid', 5, 'file')];
  writeFileSync(log, documents.map((document) => `${JSON.stringify(document)}\n`).join(''));
  const ids = async (query: string, options: { limit?: number; eql?: EqlSearchOptions } = {}) =>
    (await hunt({ query, language: 'eql', over: [log], ...options })).events.map((event) => event.n);
  expect(await ids('any where true | head 2')).toEqual(['early', 'mid']);
  expect(await ids('any where true | tail 2')).toEqual(['mid', 'late']);
  expect(await ids('any where true | tail 2', { limit: 1 })).toEqual(['mid']);
  expect(await ids('any where true', { limit: 0 })).toEqual([]);
  expect(await ids('any where process.mine == 1')).toEqual([]);
  expect(await ids('any where process.mine == 1', { eql: { fields: { 'process.mine': 'long' } } })).toEqual(['early']);
});
