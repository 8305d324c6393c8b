import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStateStore } from '../store/open-state-store.ts';
import { historyCommand, reloadCommand } from './rule-history.ts';

test('prints the revisions of a rule with what changed, newest first', async () => {
  const data = mkdtempSync(join(tmpdir(), 'vedette-history-'));
  try {
    const store = openStateStore(data);
    const of = (text: string, more = {}) => ({
      ruleId: 'a',
      hash: text,
      time: `time of ${text[0]}`,
      path: '/a.toml',
      text,
      ...more,
    });
    store.rules.addRevisions([of('1\nx\n'), of('2\nx\n', { commit: '0123456789abcdef', author: 'ana' })]);
    store.close();
    const said = { out: '', errors: '' };
    const options = {
      data,
      out: { write: (text: string) => (said.out += text) },
      errors: { write: (text: string) => (said.errors += text) },
    };
    expect(await historyCommand('a', { ...options, json: false })).toBe(0);
    expect(said.out).toBe(
      'Revision 2\n  time of 2  ana  0123456789ab  /a.toml\n  @@ -1 +1 @@\n  -1\n  +2\n   x\n\nRevision 1\n  time of 1  /a.toml\n\n',
    );
    said.out = '';
    expect(await historyCommand('a', { ...options, json: true })).toBe(0);
    expect(
      said.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).revision),
    ).toEqual([2, 1]);
    expect(await historyCommand('b', { ...options, json: false })).toBe(1);
    expect(await reloadCommand(options)).toBe(2);
    expect(said.errors).toContain('No revision');
  } finally {
    rmSync(data, { recursive: true });
  }
});
