/** Live = over files = over stored events, for events that come no later than is waited for (DESIGN, decision 11). */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentSource, Event } from '../../event/event.ts';
import type { LoadedRule } from '../../rule/inspect.ts';
import { loadRules } from '../../rule/load.ts';
import { LATENESS_MS } from '../detector.ts';
import { type Arrivals, freshEvents, live, overFiles, overStore } from './three-ways.fixture.ts';

const START = Date.UTC(2026, 0, 1);

const eql = (name: string, query: string): string => `
[metadata]
maturity = "production"
[rule]
author = ["Vedette"]
description = "A test."
from = "now-9m"
interval = "5m"
language = "eql"
license = "Apache-2.0"
name = "${name}"
risk_score = 21
rule_id = "${name}"
severity = "low"
type = "eql"
query = '''
${query}
'''
`;

const COUNTED = `
title: Many listings
id: 8e2c3f5a-5f0e-4c6b-9d54-0a1b2c3d4e5f
name: listing
logsource: { category: process_creation, product: linux }
detection: { selection: { Image|endswith: /ls }, condition: selection }
---
title: Three listings
id: 8e2c3f5a-5f0e-4c6b-9d54-0a1b2c3d4e60
correlation: { type: event_count, rules: [listing], group-by: [User], timespan: 30s, condition: { gte: 3 } }
`;

const folder = mkdtempSync(join(tmpdir(), 'vedette-ways-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let rules: readonly LoadedRule[] = [];
beforeAll(async () => {
  writeFileSync(join(folder, 'event.toml'), eql('event', 'process where process.name == "python3"'));
  const steps = '[process where process.name == "python3"] [process where process.name == "ls"]';
  writeFileSync(join(folder, 'sequence.toml'), eql('sequence', `sequence by user.name with maxspan=25s ${steps}`));
  const missing = '[process where process.name == "python3"] ![process where process.name == "ls"]';
  writeFileSync(join(folder, 'missing.toml'), eql('missing', `sequence by user.name with maxspan=20s ${missing}`));
  writeFileSync(join(folder, 'count.yml'), COUNTED);
  ({ rules } = await loadRules([folder]));
  expect(rules.map(({ plan }) => plan.kind).sort()).toEqual(['event', 'event', 'sequence', 'sequence', 'window']);
});

interface Told {
  /** Seconds. */
  readonly at: number;
  readonly name: string;
  readonly user: string;
  /** How much later it comes, in milliseconds. */
  readonly late: number;
}

function arrivalsOf(told: readonly Told[]): Arrivals {
  return told
    .map(({ at, name, user, late }, number) => {
      const ms = START + at * 1_000;
      const event = () =>
        new Event({
          time: { ms, ticks: 0 },
          source: documentSource({
            '@timestamp': new Date(ms).toISOString(),
            event: { id: `e${number}`, category: ['process'], type: ['start'], sequence: number },
            host: { name: 'web-07', os: { type: 'linux' } },
            user: { name: user },
            process: { name, executable: `/usr/bin/${name}`, pid: 100 + number, args: [name] },
          }),
          raw: new Uint8Array(),
          format: 'json',
          dataStreams: ['logs-endpoint.events.process-default'],
        });
      return { event, at: ms + late };
    })
    .sort((a, b) => a.at - b.at);
}

const anyTold: fc.Arbitrary<Told> = fc.record({
  at: fc.integer({ min: 0, max: 120 }),
  name: fc.constantFrom('python3', 'ls', 'cat'),
  user: fc.constantFrom('ana', 'ben'),
  late: fc.integer({ min: 0, max: LATENESS_MS - 1_000 }),
});

describe('rules find the same', () => {
  it('over files, live and over stored events, in whatever order events come within the lateness', async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyTold, { maxLength: 40 }), async (told) => {
        const arrivals = arrivalsOf(told);
        const store = freshEvents();
        const expected = overFiles(rules, arrivals);
        found += expected.length;
        expect(await live(rules, arrivals, store)).toEqual(expected);
        expect(await overStore(rules, store, { from: START, to: START + 1_000_000 })).toEqual(expected);
        await store.close();
      }),
      { numRuns: 60 },
    );
    expect(found).toBeGreaterThan(100);
  });

  it('over ranges that lie side by side as over the whole, for rules over events and sequences', async () => {
    const ordered = rules.filter(({ plan }) => plan.kind !== 'window');
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyTold, { maxLength: 30 }),
        fc.array(fc.integer({ min: 1, max: 130 }), { maxLength: 4 }),
        async (told, cuts) => {
          const store = freshEvents();
          const expected = await live(ordered, arrivalsOf(told), store);
          const edges = [0, ...[...cuts].sort((a, b) => a - b), 1_000].map((seconds) => START + seconds * 1_000);
          const found: string[] = [];
          for (const [at, from] of edges.slice(0, -1).entries()) {
            const to = edges[at + 1] as number;
            if (from < to) found.push(...(await overStore(ordered, store, { from, to })));
          }
          expect(found.sort()).toEqual(expected);
          await store.close();
        },
      ),
      { numRuns: 40 },
    );
  });
});
