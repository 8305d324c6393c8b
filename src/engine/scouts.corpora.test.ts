import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { scan } from './index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const corpora = resolve(root, process.env.VEDETTE_CORPORA ?? '../shared/corpora');
const captures = join(corpora, 'windows-telemetry');
/** In the long test all of them. */
const IS_LONG = runs(1) > 1;
const ONE = 'cmd_wevtutil_modify_security_eventlog_path.ndjson.gz';
const RULES = IS_LONG ? ['rules/windows'] : ['rules/windows/process_access'];
const folder = mkdtempSync(join(tmpdir(), 'vedette-scouts-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Scouts read what is not compressed. */
function unpack(): void {
  for (const name of IS_LONG ? readdirSync(captures) : [ONE]) {
    if (name.endsWith('.ndjson.gz')) {
      writeFileSync(join(folder, name.slice(0, -'.gz'.length)), gunzipSync(readFileSync(join(captures, name))));
    }
  }
}

it.skipIf(!existsSync(corpora))(
  'a scan with scouts finds in captures what it finds alone, in the same order',
  async () => {
    unpack();
    const scanned = async (threads: number) => {
      const rules = RULES.map((path) => join(corpora, 'sigma', path));
      const one = scan({ logs: [folder], rules, threads });
      const alerts = await one.alerts();
      const { events, unrouted, rejects, funnel } = await one.summary;
      return {
        alerts: alerts.map(({ id, rule, original_time }) => [id, rule.id, original_time]),
        counts: { events, unrouted, rejects: rejects.total, funnel },
      };
    };
    const alone = await scanned(1);
    expect(alone.counts.events).toBeGreaterThan(1_000);
    expect(await scanned(2)).toEqual(alone);
  },
);
