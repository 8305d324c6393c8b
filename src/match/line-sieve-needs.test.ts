import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import { and, exists, matchAny, not, or, type Predicate, wildcardPattern } from '../plan/predicate/node.ts';
import { LineSieve } from './line-sieve.ts';
import { found, settings, switches } from './sieved-lines.fixture.ts';

/** Few, so that a rule of several conditions holds of some lines. */
const text = fc.constantFrom('alpha', 'beta', 'alphabet', 'Alpha', 'be', '7', '-', '');
const value = fc.oneof(text, text, fc.tuple(text, text), fc.constantFrom(7, true, null));
const dataset = fc.constantFrom('one.a', 'one.b');
const ecs = fc.record(
  {
    '@timestamp': fc.constantFrom('2026-02-01T00:00:00Z', '2026-02-01T00:00:01.5Z'),
    data_stream: fc.record({ type: fc.constant('logs'), dataset, namespace: fc.constant('default') }),
    event: fc.record({ category: fc.constantFrom('host', 'file'), code: text }),
    labels: fc.record({ a: value, b: value, c: value }, { requiredKeys: ['a'] }),
    user: fc.record({ name: text }),
  },
  { requiredKeys: ['@timestamp', 'event', 'labels'] },
);
const sysmon = fc.record(
  {
    EventID: fc.constantFrom(3, 11),
    Channel: fc.constant('Microsoft-Windows-Sysmon/Operational'),
    SourceName: fc.constant('Microsoft-Windows-Sysmon'),
    TimeCreated: fc.constant('2026-02-01T00:00:00Z'),
    Image: text.map((name) => `C:\\beta\\${name}`),
    User: fc.tuple(text, text).map((parts) => parts.join('\\')),
    TargetFilename: text.map((name) => `C:\\${name}.beta`),
    Hashes: text.map((hash) => `IMPHASH=${hash}`),
  },
  { requiredKeys: ['EventID', 'Channel', 'SourceName', 'TimeCreated', 'Image'] },
);

const FIELDS = [
  ...['labels.a', 'labels.a', 'labels.b', 'labels.c', 'user.name', 'user.domain', 'event.code', 'event.category'],
  ...['process.name', 'process.executable', 'file.path', 'file.extension', 'process.pe.imphash', '@timestamp'],
];
const clause = fc
  .tuple(fc.constantFrom(...FIELDS), text, fc.constantFrom('is', 'has', 'start', 'end', 'any'))
  .map(([name, text, how]): Predicate => {
    const field = { name, type: 'keyword' } as const;
    if (how === 'any') return exists(field, NO_SPAN);
    if (how === 'is') return matchAny(field, { kind: 'equals', anyOf: [text], fold: 'unicode' }, NO_SPAN);
    const pattern = [...(how === 'start' ? [] : ['*' as const]), { text }, ...(how === 'end' ? [] : ['*' as const])];
    return matchAny(field, { kind: 'wildcard', anyOf: [wildcardPattern(pattern)], fold: 'unicode' }, NO_SPAN);
  });
const maybeNot = fc
  .tuple(clause, fc.constantFrom(false, false, true))
  .map(([one, isNot]) => (isNot ? not(one, NO_SPAN) : one));
const all = fc.array(maybeNot, { minLength: 1, maxLength: 4 }).map((parts) => and(parts, NO_SPAN));
const predicate = fc.oneof(
  { weight: 2, arbitrary: all },
  { weight: 1, arbitrary: fc.array(all, { minLength: 2, maxLength: 3 }).map((some) => or(some, NO_SPAN)) },
  {
    weight: 1,
    arbitrary: fc.tuple(maybeNot, all, all).map(([one, ...some]) => and([one, or(some, NO_SPAN)], NO_SPAN)),
  },
);
const readsAll = () => true;
const readsA = (streams: readonly string[]) => streams.some((stream) => stream.includes('one.a'));
const rule = fc.record({ predicate, reads: fc.constantFrom(readsAll, readsAll, readsA) });

it('loses no line of rules of several conditions, whichever of them is told first', () => {
  let matched = 0;
  fc.assert(
    fc.property(
      fc.array(rule, { minLength: 1, maxLength: 2 }),
      fc.oneof(fc.array(ecs, { minLength: 2, maxLength: 8 }), fc.array(sysmon, { minLength: 2, maxLength: 8 })),
      switches,
      (rules, objects, without) => {
        const lines = objects.map((object) => JSON.stringify(object));
        const all = [...lines, ...lines, ...lines.toReversed(), ...lines, ...lines];
        const read = found(all, rules);
        matched += read.told.matches.length > 0 ? 1 : 0;
        const sieve = new LineSieve(rules, settings, () => false, 1, without);
        expect(found(all, rules, sieve).told).toEqual(read.told);
      },
    ),
    { numRuns: runs(100) },
  );
  // About a quarter.
  expect(matched).toBeGreaterThan(runs(100) / 50);
});
