import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import type { Event } from '../event/event.ts';
import type { SievedLine } from '../format/format.ts';
import { concernsProcesses } from '../format/known-process.ts';
import { openStream } from '../format/stream.ts';
import { compileIndexPatterns } from '../rule/index-pattern.ts';
import { loadRules } from '../rule/load.ts';
import { LineSieve } from './line-sieve.ts';
import { compileMatcher } from './matcher.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const corpora = resolve(root, process.env.VEDETTE_CORPORA ?? '../shared/corpora');
const LINES = runs(350);
const settings = { standsInForEndpoint: true, now: () => 0, hostName: 'here' };

describe.skipIf(!existsSync(corpora))('sieve of lines, on rules and captures of others (skipped without them)', () => {
  it('loses no match of Sigma’s rules for the registry and processes', async () => {
    const folders = ['registry', 'process_access'];
    const { rules } = await loadRules(folders.map((folder) => join(corpora, 'sigma/rules/windows', folder)));
    const entries = rules.flatMap(({ plan, document }) =>
      plan.kind === 'event' ? [{ predicate: plan.predicate, reads: compileIndexPatterns(document.indexPatterns) }] : [],
    );
    const matcher = compileMatcher(entries);
    for (const capture of ['cmd_wevtutil_modify_security_eventlog_path', 'covenant_dcom_iertutil_dll_hijack']) {
      const bytes = gunzipSync(readFileSync(join(corpora, 'windows-telemetry', `${capture}.ndjson.gz`)));
      const lines = bytes.toString().trim().split('\n');
      const step = Math.max(1, Math.floor(lines.length / LINES));
      const chosen = lines.filter((_, at) => at % step === 0);
      const read = (sieve?: LineSieve) => {
        const found: string[] = [];
        let passed = 0;
        const sink = {
          event: (event: Event) => {
            matcher.match(event, (rule: number) => found.push(`${event.origin?.line} ${rule}`));
          },
          sieved: (line: SievedLine) => {
            for (const rule of line.matching()) found.push(`${line.event().origin?.line} ${rule}`);
          },
          reject: () => found.push('reject'),
          passed: () => {
            passed += 1;
          },
        };
        const stream = openStream(settings, sink, sieve);
        for (const [at, line] of chosen.entries()) {
          stream.line({ bytes: Buffer.from(line), origin: { path: capture, offset: at, line: at } });
        }
        stream.end();
        return { told: { found, formats: [...stream.formats] }, passed };
      };
      const sieved = read(new LineSieve(entries, settings, concernsProcesses, 8));
      expect(sieved.told).toEqual(read().told);
      expect(sieved.passed).toBeGreaterThan(chosen.length / 4);
    }
  });
});
