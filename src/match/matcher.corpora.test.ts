import { describe, expect, it } from 'vitest';
import { ecsDocuments, eventsOf, hasCorpora, IS_LONG, linesOf, rulesOf, sampled } from '../../test/corpora.ts';
import { runs } from '../../test/effort.ts';
import type { Event } from '../event/event.ts';
import { evaluate } from '../plan/predicate/evaluate.ts';
import { compileMatcher, type MatcherRule, type MatcherSwitches } from './matcher.ts';

/** Of each capture and lane so many events. The reference takes 0.1 s for one event and three thousand rules. */
const EVENTS = runs(2);

/** Each step left out in turn. */
const SWITCHES: readonly MatcherSwitches[] = [
  { withoutRoutes: true },
  { withoutWitnesses: true },
  { withoutKeywordFilter: true },
  { withoutMemory: true },
];

function expectAsReference(rules: readonly MatcherRule[], events: readonly Event[]): void {
  const matchers = sampled(SWITCHES).map((switches) => ({ switches, matcher: compileMatcher(rules, switches) }));
  for (const event of events) {
    const expected = rules.flatMap(({ predicate, reads }, rule) =>
      reads(event.dataStreams) && evaluate(predicate, event) ? [rule] : [],
    );
    for (const { switches, matcher } of matchers) {
      const found: number[] = [];
      matcher.match(event, (rule) => found.push(rule));
      expect(found, `${JSON.stringify(switches)} ${Buffer.from(event.raw).toString()}`).toEqual(expected);
    }
  }
}

describe.skipIf(!hasCorpora)(
  'matcher = reference on rules and events of others, with each step and without (skipped without them)',
  () => {
    it('Sigma’s rules on the captures and on synthetic lanes', async () => {
      const rules = await rulesOf(IS_LONG ? 'sigma/rules' : 'sigma/rules/windows/builtin');
      const events = eventsOf([...linesOf('windows-telemetry', EVENTS), ...linesOf('bench', EVENTS)]);
      expect(events.length).toBeGreaterThan(10);
      expectAsReference(rules, events);
    });

    it('Elastic’s rules on documents in ECS', async () => {
      const rules = await rulesOf(IS_LONG ? 'elastic/rules' : 'elastic/rules/cross-platform');
      const events = eventsOf([ecsDocuments(EVENTS)]);
      expect(events.length).toBeGreaterThan(10);
      expectAsReference(rules, events);
    });
  },
);
