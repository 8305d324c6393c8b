import { describe, expect, it } from 'vitest';
import { ecsDocuments, hasCorpora, IS_LONG, linesIn, rulesOf, sampled } from '../../test/corpora.ts';
import { runs } from '../../test/effort.ts';
import type { Event } from '../event/event.ts';
import type { SievedLine } from '../format/format.ts';
import { concernsProcesses } from '../format/known-process.ts';
import { openStream } from '../format/stream.ts';
import { LineSieve } from './line-sieve.ts';
import { compileMatcher, type MatcherRule } from './matcher.ts';
import { EACH_SWITCH } from './sieved-lines.fixture.ts';

/** Of each capture. */
const LINES = runs(300);
const DOCUMENTS = runs(40);
const LINES_BEFORE_PLAN = 2;
const settings = { standsInForEndpoint: true, now: () => 0, hostName: 'here' };

/** With nothing left out more is known of lines than of that share. */
function expectAsMatcher(rules: readonly MatcherRule[], lines: readonly string[], share: number): void {
  const matcher = compileMatcher(rules);
  const read = (sieve?: LineSieve) => {
    const found: string[] = [];
    let known = 0;
    const sink = {
      event: (event: Event) => {
        matcher.match(event, (rule: number) => found.push(`${event.origin?.line} ${rule}`));
      },
      sieved: (line: SievedLine) => {
        known += 1;
        for (const rule of line.matching()) found.push(`${line.event().origin?.line} ${rule}`);
      },
      reject: () => found.push('reject'),
      passed: () => {
        known += 1;
      },
    };
    const stream = openStream(settings, sink, sieve);
    for (const [at, line] of lines.entries()) {
      stream.line({ bytes: Buffer.from(line), origin: { path: 'log', offset: at, line: at } });
    }
    stream.end();
    return { told: { found, formats: [...stream.formats] }, known };
  };
  const wanted = read();
  for (const without of sampled(EACH_SWITCH)) {
    const sieved = read(new LineSieve(rules, settings, concernsProcesses, LINES_BEFORE_PLAN, without));
    expect(sieved.told, JSON.stringify(without)).toEqual(wanted.told);
    if (Object.keys(without).length === 0) expect(sieved.known).toBeGreaterThan(lines.length * share);
  }
}

describe.skipIf(!hasCorpora)(
  'sieve of lines, on rules and lines of others, with each step and without (skipped without them)',
  () => {
    it('loses no match of Sigma’s rules for the registry and processes', async () => {
      const folders = IS_LONG ? [''] : ['/windows/registry', '/windows/process_access'];
      const rules = await rulesOf(...folders.map((folder) => `sigma/rules${folder}`));
      for (const capture of ['cmd_wevtutil_modify_security_eventlog_path', 'covenant_dcom_iertutil_dll_hijack'])
        expectAsMatcher(rules, linesIn(`windows-telemetry/${capture}.ndjson.gz`, LINES), 1 / 2);
    });

    it('loses no match of Elastic’s rules on documents in ECS', async () => {
      const rules = await rulesOf(IS_LONG ? 'elastic/rules' : 'elastic/rules/cross-platform');
      const documents = ecsDocuments(DOCUMENTS);
      expectAsMatcher(rules, [...documents, ...documents, ...documents], 1 / 2);
    });
  },
);
