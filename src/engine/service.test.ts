import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startService } from './service.ts';

const folder = mkdtempSync(join(tmpdir(), 'vedette-service-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the working thread says what its sources bring', async () => {
  const log = join(folder, 'auth.log');
  const rules = join(folder, 'rule.toml');
  writeFileSync(log, '');
  writeFileSync(
    rules,
    '[rule]\nname = "Any"\nrule_id = "a"\ntype = "eql"\nlanguage = "eql"\nquery = "any where true"\n',
  );
  const dataFolder = join(folder, 'data');
  const service = await startService({ dataFolder, rules: [rules], sample: false, watch: false, follow: [log] });
  try {
    appendFileSync(log, 'Jan  1 00:00:07 web-2 sshd[7]: Failed password for eve from 192.0.2.7 port 9 ssh2\nwhat\n');
    const name = `file:${log}`;
    await expect
      .poll(() => service.source(name))
      .toMatchObject({
        name,
        events: 1,
        formats: { top: [{ name: 'syslog', count: 1 }] },
        rate: { last_minute: 1 },
        recent: [{ format: 'syslog', document: { host: { hostname: 'web-2' } } }],
      });
    expect((await service.sources()).map((source) => source.name)).toEqual([name]);
    expect(await service.source('other')).toBeUndefined();
  } finally {
    await service.stop();
  }
});

test('while a rule is off, by its file or here, lies a gap', async () => {
  const file = join(folder, 'switched.toml');
  const write = (more: string) =>
    writeFileSync(
      file,
      `[rule]\nname = "Any"\nrule_id = "switched"\ntype = "eql"\nlanguage = "eql"\nquery = "any where true"\n${more}`,
    );
  write('');
  const dataFolder = join(folder, 'switched');
  const service = await startService({ dataFolder, rules: [file], sample: false, watch: false });
  const gaps = () => service.store.runLog.gaps({ rule: 'switched' }).map(({ reason, state }) => [reason, state]);
  try {
    // It answers when it has read the rules for the first time.
    await service.sources();
    write('enabled = false\n');
    await service.reloadRules();
    expect(service.rules.entries.map(({ enabled }) => enabled)).toEqual([false]);
    expect(gaps()).toEqual([]);
    write('');
    await service.reloadRules();
    expect(gaps()).toEqual([['disabled', 'open']]);
    const before = service.store.runLog.gaps()[0]?.to ?? 0;
    await service.overlayRule('switched', { enabled: false });
    await expect.poll(() => Date.now()).toBeGreaterThan(before + 1);
    await service.overlayRule('switched', { enabled: true });
    expect(gaps().every(([reason]) => reason === 'disabled')).toBe(true);
    expect(service.store.runLog.gaps()[0]?.to).toBeGreaterThan(before);
  } finally {
    await service.stop();
  }
});

test('a rule that is switched off in its file while nothing runs leaves a gap at the next start', async () => {
  const file = join(folder, 'off-meanwhile.toml');
  const write = (more: string) =>
    writeFileSync(
      file,
      `[rule]\nname = "Any"\nrule_id = "meanwhile"\ntype = "eql"\nlanguage = "eql"\nquery = "any where true"\n${more}`,
    );
  const settings = { dataFolder: join(folder, 'meanwhile'), rules: [file], sample: false, watch: false };
  const run = async <T>(look: (service: Awaited<ReturnType<typeof startService>>) => T): Promise<T> => {
    const service = await startService(settings);
    try {
      await service.sources();
      return look(service);
    } finally {
      await service.stop();
    }
  };
  write('');
  const began = Date.now();
  await run(() => {});
  write('enabled = false\n');
  const [first, ...others] = await run(({ store }) => store.runLog.gaps());
  expect(others).toEqual([]);
  expect(first).toMatchObject({ ruleId: 'meanwhile', reason: 'disabled', state: 'open' });
  expect(first?.from).toBeGreaterThanOrEqual(began);
  expect(first?.to).toBeGreaterThan(first?.from ?? 0);
  write('');
  const gaps = await run(({ store }) => store.runLog.gaps());
  expect(gaps).toMatchObject([{ id: first?.id, from: first?.from, reason: 'disabled' }]);
  expect(gaps[0]?.to).toBeGreaterThan(first?.to ?? 0);
});
