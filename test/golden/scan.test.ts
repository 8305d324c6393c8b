/**
 * Whole behaviours, through the door a user uses: each folder holds what a scan is given and what it must give.
 *
 *   rule.toml, or rules (a path from the repository on; absent: Elastic's bundled rule) · events.* ·
 *   expected.json [{rule, offset, …fields}] · skip (a reason)
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { scan } from '../../src/engine/index.ts';
import { jsonAt } from '../../src/event/field-path.ts';

const home = fileURLToPath(new URL('scan', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const folders = readdirSync(home, { withFileTypes: true }).filter((entry) => entry.isDirectory());

interface Expected {
  readonly alerts: readonly { readonly rule: string; readonly offset: number; readonly [field: string]: unknown }[];
  readonly rejected: number;
}

describe('scan, golden folders', () => {
  it.for(folders.map(({ name }) => name))('%s', async (name, context) => {
    const folder = join(home, name);
    const skip = join(folder, 'skip');
    if (existsSync(skip)) context.skip(readFileSync(skip, 'utf8').trim());
    const events = readdirSync(folder).find((file) => file.startsWith('events.')) as string;
    const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Expected;
    const run = scan({ logs: [join(folder, events)], rules: [ruleOf(folder)] });
    const alerts = await run.alerts();
    const { rejects, findings } = await run.summary;
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(rejects.total).toBe(expected.rejected);
    expect(alerts).toHaveLength(expected.alerts.length);
    for (const [index, { rule: id, ...fields }] of expected.alerts.entries()) {
      const alert = alerts[index];
      const event = alert?.events[0] ?? {};
      expect(alert?.rule.id).toBe(id);
      for (const [field, value] of Object.entries(fields)) {
        expect(jsonAt(event, field === 'offset' ? 'log.offset' : field), field).toEqual(value);
      }
    }
  });
});

function ruleOf(folder: string): string {
  const [own, named] = [join(folder, 'rule.toml'), join(folder, 'rules')];
  if (existsSync(own)) return own;
  return join(root, existsSync(named) ? readFileSync(named, 'utf8').trim() : 'rules/elastic');
}
