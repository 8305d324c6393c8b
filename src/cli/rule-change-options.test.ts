import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { addRuleChangeOptions, readRuleChanges } from './rule-change-options.ts';

async function changesOf(...argv: readonly string[]) {
  let told = '';
  const command = addRuleChangeOptions(new Command()).exitOverride();
  command.configureOutput({ writeErr: () => {} });
  command.parse([...argv], { from: 'user' });
  return { changes: await readRuleChanges(command.opts(), { write: (text) => (told += text) }), told };
}

it('takes placeholders from the command line, which count more than those of files', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-options-'));
  const file = join(folder, 'ours.yml');
  try {
    writeFileSync(file, 'Servers: db-*\nAdmins: root\n');
    const argv = ['--placeholder', 'Servers=web-*, app=1', '--placeholder', '%Users%=ada', '--placeholders', file];
    const { changes, told } = await changesOf(...argv, '--pipeline', 'p.yml');
    expect(told).toBe('');
    expect(changes?.pipelines).toEqual(['p.yml']);
    expect(Object.fromEntries(changes?.placeholders ?? [])).toEqual({
      Servers: ['web-*', 'app=1'],
      Admins: ['root'],
      Users: ['ada'],
    });
    writeFileSync(file, '[]');
    expect(await changesOf('--placeholders', file)).toEqual({
      changes: undefined,
      told: expect.stringContaining('ours.yml:1:1: error: Placeholders are a map'),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it.each(['Servers', '=x', 'a b=c'])('refuses --placeholder %j', async (written) => {
  await expect(changesOf('--placeholder', written)).rejects.toThrow('Write name=value');
});
