import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import type { Event } from '../event/event.ts';
import { openStream } from '../format/stream.ts';
import { evaluate } from '../plan/predicate/evaluate.ts';
import { compileIndexPatterns } from '../rule/index-pattern.ts';
import { loadRules } from '../rule/load.ts';
import { compileMatcher, type MatcherRule } from './matcher.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const corpora = resolve(root, process.env.VEDETTE_CORPORA ?? '../shared/corpora');
/** Of each lane so many events, evenly taken. The reference takes about 0.1 s for an event and three thousand rules. */
const EVENTS = runs(2);

function eventsOf(folder: string, ending: string): readonly Event[] {
  const events: Event[] = [];
  for (const name of readdirSync(join(corpora, folder)).filter((each) => each.endsWith(ending))) {
    const bytes = readFileSync(join(corpora, folder, name));
    const lines = (ending === '.gz' ? gunzipSync(bytes) : bytes).toString().trim().split('\n');
    const step = Math.max(1, Math.floor(lines.length / EVENTS));
    const stream = openStream(
      { standsInForEndpoint: true, now: Date.now },
      { event: (event) => events.push(event), reject: () => {} },
    );
    const chosen = lines.filter((_, at) => at % step === step - 1).slice(0, EVENTS);
    for (const [at, line] of chosen.entries()) {
      stream.line({ bytes: Buffer.from(line), origin: { path: name, offset: at, line: at + 1 } });
    }
    stream.end();
  }
  return events;
}

async function rulesOf(folder: string): Promise<readonly MatcherRule[]> {
  const { rules } = await loadRules([join(corpora, folder)]);
  return rules.flatMap(({ plan, document }) =>
    plan.kind === 'event' ? [{ predicate: plan.predicate, reads: compileIndexPatterns(document.indexPatterns) }] : [],
  );
}

function expectAsReference(rules: readonly MatcherRule[], events: readonly Event[]): void {
  const matcher = compileMatcher(rules);
  for (const event of events) {
    const found: number[] = [];
    matcher.match(event, (rule) => found.push(rule));
    const expected = rules.flatMap(({ predicate, reads }, rule) =>
      reads(event.dataStreams) && evaluate(predicate, event) ? [rule] : [],
    );
    expect(found, Buffer.from(event.raw).toString()).toEqual(expected);
  }
}

describe.skipIf(!existsSync(corpora))(
  'matcher = reference on rules and events of others (skipped without them)',
  () => {
    it('with Sigma’s rules for Windows’ own logs on the captures and on synthetic lanes', {
      timeout: 120_000,
    }, async () => {
      const rules = await rulesOf('sigma/rules/windows/builtin');
      const events = [...eventsOf('windows-telemetry', '.gz'), ...eventsOf('bench', '.gz')];
      expect(events.length).toBeGreaterThan(20);
      expectAsReference(rules, events);
    });
  },
);
