/** Live = over files = over stored events, for events that come no later than is waited for (DESIGN, decision 11). */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runs } from '../../../test/effort.ts';
import { documentSource, Event } from '../../event/event.ts';
import type { LoadedRule } from '../../rule/inspect.ts';
import { loadRules } from '../../rule/load.ts';
import { LATENESS_MS } from '../detector.ts';
import { type Arrivals, Found, freshEvents, live, overFiles, overStore } from './three-ways.fixture.ts';

const START = Date.UTC(2026, 0, 1);

const eql = (name: string, query: string, more = ''): string => `
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
${more}
`;

/** By run, and by window. */
const PER_RUN = '[rule.alert_suppression]\ngroup_by = ["user.name"]';
const PER_WINDOW = `${PER_RUN}\nduration = "20s"`;
const BY_STEP = '[rule.alert_suppression]\ngroup_by = [{ field = "process.name", step = 2 }]\nduration = "40s"';

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
let suppressing: readonly LoadedRule[] = [];
beforeAll(async () => {
  writeFileSync(join(folder, 'event.toml'), eql('event', 'process where process.name == "python3"'));
  const steps = '[process where process.name == "python3"] [process where process.name == "ls"]';
  writeFileSync(join(folder, 'sequence.toml'), eql('sequence', `sequence by user.name with maxspan=25s ${steps}`));
  const missing = '[process where process.name == "python3"] ![process where process.name == "ls"]';
  writeFileSync(join(folder, 'missing.toml'), eql('missing', `sequence by user.name with maxspan=20s ${missing}`));
  writeFileSync(join(folder, 'count.yml'), COUNTED);
  ({ rules } = await loadRules([folder]));
  const event = 'process where process.name == "python3"';
  const apart = mkdtempSync(join(folder, 'suppressing-'));
  writeFileSync(join(apart, 'run.toml'), eql('run', event, PER_RUN));
  writeFileSync(join(apart, 'time.toml'), eql('time', event, PER_WINDOW));
  const two = 'sequence by user.name with maxspan=25s [process where process.name == "python3"] [process where true]';
  writeFileSync(join(apart, 'step.toml'), eql('step', two, BY_STEP));
  writeFileSync(
    join(apart, 'absent.toml'),
    eql('absent', `sequence by user.name with maxspan=20s ${missing}`, PER_WINDOW),
  );
  ({ rules: suppressing } = await loadRules([apart]));
  expect(suppressing.flatMap(({ document }) => document.suppression ?? [])).toHaveLength(4);
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
      { numRuns: runs(60) },
    );
    // Between 70 and 120 of half the runs.
    expect(found).toBeGreaterThan(runs(20));
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
      { numRuns: runs(40) },
    );
  });

  it('and suppress the same, where events come in their order', async () => {
    let suppressed = 0;
    const inOrder = fc
      .array(anyTold, { minLength: 15, maxLength: 40 })
      .map((told) => told.map((one) => ({ ...one, late: 0 })));
    await fc.assert(
      fc.asyncProperty(inOrder, async (told) => {
        const arrivals = arrivalsOf(told);
        const store = freshEvents();
        const expected = overFiles(suppressing, arrivals);
        suppressed += expected.filter((line) => !line.endsWith('+0')).length;
        expect(await live(suppressing, arrivals, store)).toEqual(expected);
        expect(await overStore(suppressing, store, { from: START, to: START + 1_000_000 })).toEqual(expected);
        await store.close();
      }),
      { numRuns: runs(60) },
    );
    expect(suppressed).toBeGreaterThan(runs(100));
  });

  it('and count nothing twice over what ran live, in whatever order events came', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyTold, { maxLength: 30 }), async (told) => {
        const arrivals = arrivalsOf(told);
        const store = freshEvents();
        const found = new Found();
        const before = await live(suppressing, arrivals, store, found);
        expect(await overStore(suppressing, store, { from: START, to: START + 1_000_000 }, found)).toEqual(before);
        const plain = suppressing.map((rule) => {
          const { suppression: _, ...document } = rule.document;
          return { ...rule, document };
        });
        expect(found.matches).toBe(overFiles(plain, arrivals).length);
        await store.close();
      }),
      { numRuns: runs(40) },
    );
  });
});
