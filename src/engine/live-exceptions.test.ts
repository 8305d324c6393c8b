import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import type { Exception } from '../detect/exception.ts';
import type { ExceptionSet } from '../detect/exceptions/exception-set.ts';
import { migrate } from '../store/migrations.ts';
import { sqliteStateStore } from '../store/sqlite-state-store.ts';
import { readListInThread } from './exception-thread.ts';
import { ListTooLarge } from './list-reader.ts';
import { adoptRuleExceptions, LiveExceptions } from './live-exceptions.ts';
import { startService } from './service.ts';

const NOW = '2026-03-01T00:00:00.000Z';
const SILENT = { debug: () => {}, warn: () => {} };
const folder = mkdtempSync(join(tmpdir(), 'vedette-live-exceptions-'));
afterAll(() => rmSync(folder, { recursive: true }));

function emptyStore() {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  return sqliteStateStore(database, ':memory:').exceptions;
}

const about = (id: string, condition: Exception['condition']): Exception => ({
  ...{ id, name: id, rules: 'all', enabled: true, reason: '', author: 'a', created: NOW, updated: NOW },
  condition,
});
const byUser = (id: string, value: string) =>
  about(id, { kind: 'entries', entries: [{ field: 'user.name', operator: 'is', value }] });

describe('what the live thread decides by', () => {
  it('is what is in the store when it was last made ready, lists and all', async () => {
    const store = emptyStore();
    const sets: ExceptionSet[] = [];
    const live = new LiveExceptions(store, { replaceExceptions: (set) => sets.push(set) }, SILENT);
    store.save([byUser('1', 'ana'), { ...byUser('2', 'bo'), enabled: false }], { by: 'a', time: NOW });
    store.saveList({ id: 'l', name: 'l', type: 'keyword' }, NOW);
    store.addValues(
      'l',
      Array.from({ length: 60_000 }, (_, n) => `user-${n}`),
      NOW,
    );
    const inList = { field: 'user.name', operator: 'in_list', list: 'l' } as const;
    store.save([about('3', { kind: 'entries', entries: [inList] })], { by: 'a', time: NOW });
    await Promise.all([live.load(), live.load(), live.load()]);
    expect(sets.length).toBeLessThanOrEqual(2);
    expect(sets.at(-1)).toMatchObject({ size: 2, refused: [] });
  });

  it('takes over the exceptions of a rule once', () => {
    const store = emptyStore();
    const entries = [{ field: 'user.name', operator: 'included', type: 'match', value: 'ana' }];
    const item = { item_id: 'i1', list_id: 'l1', name: 'I', entries };
    const extra = { rule: { exceptions_list: [{ list_id: 'l1' }] }, exceptions: [item] };
    expect(adoptRuleExceptions([{ id: 'r1', extra }], store, NOW)).toMatchObject([{ id: 'i1', rules: ['r1'] }]);
    store.remove('i1', { by: 'ana', time: NOW });
    expect(adoptRuleExceptions([{ id: 'r1', extra }], store, NOW)).toEqual([]);
    expect(store.all()).toEqual([]);
  });
});

describe('a list read in a thread', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);

  it('comes sorted, in slices, whatever the pieces of its text', async () => {
    const read = await readListInThread('keyword', [bytes('b\nä'.slice(0, 3)), bytes('\n\na\nb')]);
    const slices: string[][] = [];
    for await (const slice of read.slices) slices.push([...slice]);
    expect({ ...read, slices }).toEqual({
      count: 3,
      repeated: 1,
      refused: [],
      refusedInAll: 0,
      slices: [['a', 'b', 'ä']],
    });
  });

  it('is refused when it is too large', async () => {
    const pieces = Array.from({ length: 257 }, () => new Uint8Array(1024 * 1024).fill(120));
    await expect(readListInThread('keyword', pieces)).rejects.toThrow(ListTooLarge);
  });
});

it('an exception removes matches from the next event on, in the running service', async () => {
  const log = join(folder, 'auth.log');
  const rules = join(folder, 'rule.toml');
  const query = 'query = "any where true"\n';
  writeFileSync(log, '');
  writeFileSync(rules, `[rule]\nname = "Any"\nrule_id = "a"\ntype = "eql"\nlanguage = "eql"\n${query}`);
  const settings = { dataFolder: join(folder, 'data'), rules: [rules], sample: false, watch: false, follow: [log] };
  const service = await startService(settings);
  try {
    // Of today: older events are not kept beside the alerts.
    const [, month, day] = new Date().toDateString().split(' ');
    const failed = (host: string, n: number) =>
      `${month} ${String(Number(day)).padStart(2)} 00:00:0${n} ${host} sshd[7]: Failed password for eve from 192.0.2.${n} port 9 ssh2\n`;
    appendFileSync(log, failed('web-1', 1) + failed('web-2', 2));
    await expect.poll(() => service.store.counts().open).toBe(2);
    const entries = [{ field: 'host.hostname', operator: 'is', value: 'web-2' }] as const;
    const draft = { name: 'web-2', rules: ['a'], condition: { kind: 'entries', entries }, reason: 'A test.' } as const;
    expect(await service.exceptions.preview(draft, 4_000)).toMatchObject({
      alerts: { count: 1, examined: 2 },
      events: { count: 1, examined: 2, matched: 2 },
    });
    const saved = await service.exceptions.add(draft, 'ana');
    if (!('saved' in saved)) throw new Error('refused');
    appendFileSync(log, failed('web-2', 3) + failed('web-1', 4));
    await expect.poll(() => service.store.counts().open).toBe(3);
    const { id } = saved.saved.exception;
    expect(await service.exceptions.get(id)).toMatchObject({ removed: 1 });
    const runs = service.exceptions.runs('a', 10).flatMap((run) => run.removed_by);
    expect(runs).toEqual([{ id, name: 'web-2', removed: 1 }]);
    await service.exceptions.remove(id, 'ana');
    appendFileSync(log, failed('web-2', 5));
    await expect.poll(() => service.store.counts().open).toBe(4);
  } finally {
    await service.stop();
  }
});
