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
import { compileMatcher, type MatcherRule, type MatcherSwitches } from './matcher.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const corpora = resolve(root, process.env.VEDETTE_CORPORA ?? '../shared/corpora');
/** The long test takes all rules; of each capture and lane so many events, evenly taken. The reference takes 0.1 s for one event and three thousand rules. */
const IS_LONG = runs(1) > 1;
const EVENTS = runs(2);

/** Each step left out in turn. */
const SWITCHES: readonly MatcherSwitches[] = [
  {},
  { withoutRoutes: true },
  { withoutWitnesses: true },
  { withoutKeywordFilter: true },
  { withoutMemory: true },
];

function linesOf(folder: string): readonly (readonly string[])[] {
  return readdirSync(join(corpora, folder))
    .filter((name) => name.endsWith('.gz'))
    .map((name) => {
      const lines = gunzipSync(readFileSync(join(corpora, folder, name)))
        .toString()
        .trim()
        .split('\n');
      const step = Math.max(1, Math.floor(lines.length / EVENTS));
      return lines.filter((_, at) => at % step === step - 1).slice(0, EVENTS);
    });
}

function eventsOf(files: readonly (readonly string[])[]): readonly Event[] {
  const events: Event[] = [];
  for (const [number, lines] of files.entries()) {
    const sink = { event: (event: Event) => events.push(event), reject: () => {} };
    const stream = openStream({ standsInForEndpoint: true, now: Date.now }, sink);
    for (const [at, line] of lines.entries()) {
      stream.line({ bytes: Buffer.from(line), origin: { path: String(number), offset: at, line: at + 1 } });
    }
    stream.end();
  }
  return events;
}

/** Elastic Defend's own documents, and what is read of the captures, as documents in ECS. */
function ecsDocuments(): readonly string[] {
  const folder = join(corpora, 'vendor/elastic_defend');
  const own = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const documents = own.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as object);
  const read = eventsOf(linesOf('windows-telemetry')).map((event) => event.document());
  return [...documents, ...read].map((document) => JSON.stringify(document));
}

async function rulesOf(folder: string): Promise<readonly MatcherRule[]> {
  const { rules } = await loadRules([join(corpora, folder)]);
  return rules.flatMap(({ plan, document }) =>
    plan.kind === 'event' ? [{ predicate: plan.predicate, reads: compileIndexPatterns(document.indexPatterns) }] : [],
  );
}

function expectAsReference(rules: readonly MatcherRule[], events: readonly Event[]): void {
  const matchers = SWITCHES.map((switches) => compileMatcher(rules, switches));
  for (const event of events) {
    const expected = rules.flatMap(({ predicate, reads }, rule) =>
      reads(event.dataStreams) && evaluate(predicate, event) ? [rule] : [],
    );
    for (const [at, matcher] of matchers.entries()) {
      const found: number[] = [];
      matcher.match(event, (rule) => found.push(rule));
      expect(found, `${JSON.stringify(SWITCHES[at])} ${Buffer.from(event.raw).toString()}`).toEqual(expected);
    }
  }
}

describe.skipIf(!existsSync(corpora))(
  'matcher = reference on rules and events of others, with each step and without (skipped without them)',
  () => {
    it('Sigma’s rules on the captures and on synthetic lanes', async () => {
      const rules = await rulesOf(IS_LONG ? 'sigma/rules' : 'sigma/rules/windows/builtin');
      const events = eventsOf([...linesOf('windows-telemetry'), ...linesOf('bench')]);
      expect(events.length).toBeGreaterThan(10);
      expectAsReference(rules, events);
    });

    it('Elastic’s rules on documents in ECS', async () => {
      const rules = await rulesOf(IS_LONG ? 'elastic/rules' : 'elastic/rules/cross-platform');
      const events = eventsOf([ecsDocuments()]);
      expect(events.length).toBeGreaterThan(10);
      expectAsReference(rules, events);
    });
  },
);
