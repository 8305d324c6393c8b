/**
 * Made rules, as many as one likes, to see how the cost of an event grows with their number.
 *
 *   lanes ──events──▶ (category, field, value) that do occur ──a part of the value, or one that occurs nowhere──▶ rules
 *
 * A rule looks for one text in one field, in events of the category that it was seen in, at the end, at the beginning or
 * anywhere, as most real ones do. Most texts are changed into such as occur nowhere, so that a made rule is a candidate
 * about as often as a real one: nearly twice as often on the wevtutil capture, a third as often on the structured lane. The
 * bench tells candidates for every set.
 */
import { NO_SPAN } from '../src/diagnostic/span.ts';
import { openStream } from '../src/format/stream.ts';
import type { MatcherRule } from '../src/match/matcher.ts';
import { and, matchAny, not, type Predicate, wildcardPattern } from '../src/plan/predicate/node.ts';
import { eachLine } from './each-line.ts';
import { LANES } from './lanes.ts';
import { SETTINGS } from './read-settings.ts';
import { type SeededRandom, seededRandom } from './seeded-random.ts';

const FIELDS = [
  'process.executable',
  'process.command_line',
  'process.parent.executable',
  'file.path',
  'registry.path',
  'dll.path',
  'dns.question.name',
  'destination.ip',
  'winlog.event_data.ServiceName',
];
const EVENTS_OF_A_LANE = 400;
const [SHORTEST, LONGEST] = [5, 24];
/** One text in so many does occur. */
const SEEN_ONE_IN = 24;
const ALL_RULES = () => true;

interface Seen {
  readonly category: string;
  readonly field: string;
  readonly value: string;
}

export function madeRules(count: number): readonly MatcherRule[] {
  const random = seededRandom(7);
  const seen = seenInLanes();
  return Array.from({ length: count }, (_, number) => ({
    predicate: madeRule(random, random.pick(seen), number),
    reads: ALL_RULES,
  }));
}

function madeRule(random: SeededRandom, { category, field, value }: Seen, number: number): Predicate {
  const length = Math.min(value.length, SHORTEST + random.below(LONGEST - SHORTEST));
  const form = random.below(3);
  const at = form === 0 ? value.length - length : form === 1 ? 0 : random.below(value.length - length + 1);
  const part = value.slice(at, at + length);
  const isSeen = random.below(SEEN_ONE_IN) === 0;
  const text = isSeen ? part : `${part.slice(0, -3)}${number.toString(36)}q`;
  const pieces =
    form === 0
      ? ['*' as const, { text }]
      : form === 1
        ? [{ text }, '*' as const]
        : ['*' as const, { text }, '*' as const];
  return and(
    [
      matchAny(
        { name: 'event.category', type: 'keyword' },
        { kind: 'equals', anyOf: [category], fold: 'unicode' },
        NO_SPAN,
      ),
      matchAny(
        { name: field, type: 'keyword' },
        { kind: 'wildcard', anyOf: [wildcardPattern(pieces)], fold: 'unicode' },
        NO_SPAN,
      ),
      // What is found is left out again, as real rules do: no candidate is cheaper for that it never matches.
      not(
        matchAny(
          { name: field, type: 'keyword' },
          { kind: 'wildcard', anyOf: [wildcardPattern(['*', { text: part.slice(0, 2) }, '*'])], fold: 'unicode' },
          NO_SPAN,
        ),
        NO_SPAN,
      ),
    ],
    NO_SPAN,
  );
}

/** Each value once, in the order of the lanes. */
function seenInLanes(): readonly Seen[] {
  const seen = new Map<string, Seen>();
  for (const { name, load } of LANES) {
    const bytes = load();
    if (bytes === undefined) continue;
    let events = 0;
    const stream = openStream(SETTINGS, {
      event: (event) => {
        events += 1;
        const category = event.text('event.category');
        if (category === undefined) return;
        for (const field of FIELDS) {
          const value = event.text(field);
          if (value !== undefined && value.length >= SHORTEST)
            seen.set(`${category} ${field} ${value}`, { category, field, value });
        }
      },
      reject: () => {},
    });
    eachLine(bytes, (start, end) => {
      stream.line({ bytes: bytes.subarray(start, end), origin: { path: name, offset: start, line: start } });
      return events < EVENTS_OF_A_LANE;
    });
    stream.end();
  }
  return [...seen.values()];
}
