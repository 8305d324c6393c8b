import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../event/json.ts';
import { writeElasticExceptions } from './elastic-export.ts';
import { readAttachedExceptions, readElasticExceptions } from './elastic-list.ts';

const NOW = '2026-03-01T00:00:00.000Z';
const LIST = {
  _version: 'WzEsMV0=',
  created_at: '2026-01-01T00:00:00.000Z',
  created_by: 'elastic',
  description: 'Ours',
  id: 'b7c2',
  immutable: false,
  list_id: 'l1',
  name: 'Ours',
  namespace_type: 'single',
  os_types: [],
  tags: [],
  tie_breaker_id: 't',
  type: 'detection',
  updated_at: '2026-01-01T00:00:00.000Z',
  updated_by: 'elastic',
  version: 1,
};
const ITEM = {
  _version: 'WzIsMV0=',
  comments: [{ comment: 'checked', created_at: '2026-01-02T00:00:00.000Z', created_by: 'bo', id: 'c1' }],
  created_at: '2026-01-02T00:00:00.000Z',
  created_by: 'ana',
  description: 'Backups of our own',
  entries: [{ field: 'user.name', operator: 'included', type: 'match', value: 'backup' }],
  id: '9a',
  item_id: 'i1',
  list_id: 'l1',
  name: 'Backup',
  namespace_type: 'single',
  os_types: [],
  tags: ['x'],
  tie_breaker_id: 't2',
  type: 'simple',
  updated_at: '2026-01-03T00:00:00.000Z',
  updated_by: 'cy',
};
const SUMMARY = { exported_exception_list_count: 1, exported_exception_list_item_count: 1 };

const ndjson = (...objects: readonly object[]): string => objects.map((one) => `${JSON.stringify(one)}\n`).join('');
const read = (...objects: readonly object[]) => readElasticExceptions(ndjson(...objects), { now: NOW });
const entryOf = (entry: object) => {
  const { exceptions, problems } = read(LIST, { ...ITEM, entries: [entry] });
  const condition = exceptions[0]?.condition;
  return condition?.kind === 'entries' ? condition.entries[0] : problems[0]?.message;
};
const lines = (text: string): JsonObject[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('reading Elastic’s exception lists', () => {
  it('reads an item with everything that it says', () => {
    const rule = {
      rule_id: 'r1',
      name: 'R',
      exceptions_list: [{ id: 'b7c2', list_id: 'l1', namespace_type: 'single' }],
    };
    const { exceptions, lists, problems } = read(rule, LIST, { ...ITEM, expire_time: '2027-01-01T00:00:00Z' }, SUMMARY);
    expect(problems).toEqual([]);
    expect(lists).toEqual([]);
    expect(exceptions).toEqual([
      {
        id: 'i1',
        name: 'Backup',
        rules: ['r1'],
        condition: { kind: 'entries', entries: [{ field: 'user.name', operator: 'is', value: 'backup' }] },
        enabled: true,
        reason: 'Backups of our own',
        author: 'ana',
        created: ITEM.created_at,
        updated: ITEM.updated_at,
        expires: '2027-01-01T00:00:00Z',
        comments: [{ text: 'checked', author: 'bo', time: '2026-01-02T00:00:00.000Z' }],
        extra: { elastic: { list: LIST, item: { ...ITEM, expire_time: '2027-01-01T00:00:00Z' } } },
      },
    ]);
  });

  it.each([
    [
      { type: 'match', operator: 'excluded', value: 'x' },
      { operator: 'is_not', value: 'x' },
    ],
    [
      { type: 'match', operator: 'included', value: 5 },
      { operator: 'is', value: '5' },
    ],
    [
      { type: 'match_any', operator: 'included', value: ['a', 'b'] },
      { operator: 'is_one_of', values: ['a', 'b'] },
    ],
    [
      { type: 'match_any', operator: 'excluded', value: ['a'] },
      { operator: 'is_not_one_of', values: ['a'] },
    ],
    [{ type: 'exists', operator: 'included' }, { operator: 'exists' }],
    [{ type: 'exists', operator: 'excluded' }, { operator: 'does_not_exist' }],
    [
      { type: 'wildcard', operator: 'included', value: 'C:\\\\Users\\\\*\\\\x.exe' },
      { operator: 'matches', value: 'C:\\Users\\*\\x.exe' },
    ],
    [
      { type: 'wildcard', operator: 'excluded', value: '/tmp/?*' },
      { operator: 'does_not_match', value: '/tmp/?*' },
    ],
    [
      { type: 'wildcard', operator: 'included', value: 'a\\*b' },
      { operator: 'is', value: 'a*b' },
    ],
    [
      { type: 'list', operator: 'included', list: { id: 'ips.txt', type: 'ip' } },
      { operator: 'in_list', list: 'ips.txt' },
    ],
    [
      { type: 'list', operator: 'excluded', list: { id: 'ips.txt', type: 'ip' } },
      { operator: 'not_in_list', list: 'ips.txt' },
    ],
  ])('%j', (given, expected) => {
    expect(entryOf({ field: 'f.g', ...given })).toEqual({ field: 'f.g', ...expected });
  });

  it('reads nested entries and fields without case', () => {
    const below = { field: 'name.caseless', operator: 'included', type: 'match', value: 'X' };
    expect(entryOf({ field: 'file.Ext', type: 'nested', entries: [below] })).toEqual({
      field: 'file.Ext',
      operator: 'nested',
      entries: [{ field: 'name', operator: 'is', value: 'X', ignore_case: true }],
    });
  });

  it('takes a Windows path that was pasted without escapes as it stands, and says so', () => {
    const entries = [{ field: 'file.path', operator: 'included', type: 'wildcard', value: 'C:\\Temp\\*' }];
    const { exceptions, problems } = read(LIST, { ...ITEM, entries });
    expect(exceptions[0]?.condition).toMatchObject({ entries: [{ operator: 'matches', value: 'C:\\Temp\\*' }] });
    expect(problems[0]?.message).toContain('Elastic drops single ones');
  });

  it('takes operating systems for an entry', () => {
    const { exceptions } = read(LIST, { ...ITEM, os_types: ['linux', 'macos'] });
    expect(exceptions[0]?.condition).toMatchObject({
      entries: [{}, { field: 'host.os.type', operator: 'is_one_of', values: ['linux', 'macos'] }],
    });
  });

  it.each([
    [{ entries: [] }, 'has no entries'],
    [{ entries: [1] }, 'Entry 1 is no object'],
    [{ entries: [{ type: 'match', field: 'a', value: 'b' }] }, 'neither included nor excluded'],
    [{ entries: [{ type: 'regex', operator: 'included', field: 'a', value: 'b' }] }, 'of the type "regex"'],
    [{ entries: [{ type: 'match', operator: 'included', value: 'b' }] }, 'names no field'],
    [{ entries: [{ type: 'match', operator: 'included', field: 'a', value: {} }] }, 'which is no text'],
    [{ entries: [{ type: 'match_any', operator: 'included', field: 'a', value: [] }] }, 'no list of texts'],
    [{ entries: [{ type: 'wildcard', operator: 'included', field: 'a', value: 'a\\*b*' }] }, 'stands for itself'],
    [
      { entries: [{ type: 'match', operator: 'included', field: 'process.command_line.text', value: 'a' }] },
      'without .text',
    ],
    [{ entries: [{ type: 'list', operator: 'included', field: 'a', list: { id: 'b', type: 'binary' } }] }, '"binary"'],
    [{ entries: [{ type: 'list', operator: 'included', field: 'a' }] }, 'names no value list'],
    [{ entries: [{ type: 'nested', field: 'a', entries: [] }] }, 'is nested and has no entries'],
    [{ expire_time: 'soon' }, 'expire_time is no time'],
    [{ item_id: undefined }, 'has no item_id'],
    [{ list_id: undefined }, 'names no list'],
    [{ tags: ['policy:123'] }, 'one policy'],
  ])('refuses %j with its line', (changed, words) => {
    const { exceptions, problems } = read(LIST, { ...ITEM, ...changed });
    expect(exceptions).toEqual([]);
    expect(problems.find(({ line }) => line === 2)?.message).toContain(words);
  });

  it('refuses what steers the agent, what stands twice, and what is no item', () => {
    expect(read({ ...LIST, type: 'endpoint_trusted_apps' }, ITEM).problems[0]?.message).toContain('agent');
    expect(read(LIST, ITEM, ITEM).problems.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('Line 2 has an item of the same id'),
    );
    expect(readElasticExceptions('{"list_id":1}\nnonsense', { now: NOW }).problems).toHaveLength(2);
  });

  it('says where an item belongs to no rule', () => {
    const { exceptions, problems } = read(LIST, ITEM);
    expect(exceptions[0]?.rules).toEqual([]);
    expect(problems[0]).toMatchObject({ line: 2, message: expect.stringContaining('no rule here refers to') });
  });

  it('finds the exceptions that came with exported rules', () => {
    const refers = { exceptions_list: [{ list_id: 'l1', namespace_type: 'single' }] };
    const extra = { rule: refers, exceptions: [LIST, ITEM] };
    const { exceptions } = readAttachedExceptions(
      [
        { id: 'r1', extra },
        { id: 'r2', extra },
        { id: 'r3', extra: {} },
      ],
      NOW,
    );
    expect(exceptions.map(({ id, rules }) => [id, rules])).toEqual([['i1', ['r1', 'r2']]]);
  });
});

describe('writing Elastic’s exception lists', () => {
  const write = (...objects: readonly object[]) => writeElasticExceptions(read(...objects).exceptions, () => 'ip');

  it('writes what was read word for word', () => {
    const { text, leftOut } = write(LIST, ITEM);
    expect(leftOut).toEqual([]);
    expect(lines(text).slice(0, 2)).toEqual([LIST, ITEM]);
    expect(lines(text)[2]).toMatchObject({ exported_exception_list_count: 1, exported_exception_list_item_count: 1 });
  });

  it('keeps the rules for a second reading', () => {
    const rule = { rule_id: 'r1', exceptions_list: [LIST] };
    const { text } = write(rule, LIST, ITEM);
    expect(readElasticExceptions(text, { now: NOW }).exceptions[0]?.rules).toEqual(['r1']);
  });

  it('writes changed parts anew and leaves the rest', () => {
    const [exception] = read(LIST, { ...ITEM, os_types: ['windows'] }).exceptions;
    if (exception === undefined) throw new Error('not read');
    const entries = [{ field: 'file.path', operator: 'matches' as const, value: 'C:\\T*', ignore_case: true }];
    const changed = { ...exception, name: 'Other', condition: { kind: 'entries' as const, entries } };
    const [, item] = lines(writeElasticExceptions([changed], () => undefined).text);
    expect(item).toEqual({
      ...ITEM,
      name: 'Other',
      os_types: [],
      entries: [{ field: 'file.path.caseless', operator: 'included', type: 'wildcard', value: 'C:\\\\T*' }],
    });
  });

  it('leaves out what Elastic would apply more widely, and says why', () => {
    const [exception] = read(LIST, ITEM).exceptions;
    if (exception === undefined) throw new Error('not read');
    const query = { kind: 'query' as const, language: 'eql' as const, query: 'any where true' };
    const inList = { field: 'source.ip', operator: 'in_list' as const, list: 'none' };
    const { text, leftOut } = writeElasticExceptions(
      [
        { ...exception, enabled: false },
        { ...exception, windows: [] },
        { ...exception, step: 1 },
        { ...exception, condition: query },
        { ...exception, condition: { kind: 'entries', entries: [inList] } },
      ],
      () => undefined,
    );
    expect(lines(text)).toHaveLength(1);
    expect(leftOut.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('turned off'),
      expect.stringContaining('time windows'),
      expect.stringContaining('one step'),
      expect.stringContaining('query'),
      expect.stringContaining('"none", which is not here'),
    ]);
  });

  it('reads back whatever it wrote of exceptions made here', () => {
    const text = fc.string({ minLength: 1, unit: 'grapheme' });
    const field = fc.constantFrom('user.name', 'file.path', 'x.y');
    const entry = fc.oneof(
      fc.record({ field, operator: fc.constantFrom('is', 'is_not'), value: text, ignore_case: fc.constant(true) }),
      fc.record({ field, operator: fc.constantFrom('is_one_of'), values: fc.array(text, { minLength: 1 }) }),
      fc.record({ field, operator: fc.constantFrom('exists', 'does_not_exist') }),
      fc.record({ field, operator: fc.constantFrom('matches', 'does_not_match'), value: text.map((v) => `${v}\\*`) }),
      fc.record({ field, operator: fc.constantFrom('in_list', 'not_in_list'), list: text }),
    );
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 3 }), text, (entries, name) => {
        const exception = {
          ...{ id: 'mine', name, rules: ['r'], enabled: true, reason: name, author: 'a', created: NOW, updated: NOW },
          condition: { kind: 'entries' as const, entries: entries as never },
        };
        const { text: written } = writeElasticExceptions([exception], () => 'keyword');
        const { exceptions, problems } = readElasticExceptions(written, { now: NOW });
        expect(problems).toEqual([]);
        const { extra, ...back } = exceptions[0] ?? {};
        expect(back).toEqual(exception);
        expect(writeElasticExceptions(exceptions, () => 'keyword').text).toBe(written);
      }),
    );
  });
});
