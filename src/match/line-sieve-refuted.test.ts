import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import { and, exists, matchAny, not, or, wildcardPattern } from '../plan/predicate/node.ts';
import { LineSieve } from './line-sieve.ts';
import { found, settings, switches } from './sieved-lines.fixture.ts';

const FIELDS = ['winlog.event_data.Details', 'winlog.event_data.EventType', 'registry.path', 'process.executable'];

/** Texts whose bytes may stand in what JSON writes of a value without standing in the value, and some that say nothing. */
const pieces = fc.constantFrom(
  'services',
  'tservices',
  'nservices',
  '\n',
  '\t',
  '\\',
  '"',
  '/',
  ' = ',
  '-',
  'x',
  'é',
  'SERVICES.exe',
  'c:',
);
const value = fc.oneof(
  fc.array(pieces, { maxLength: 5 }).map((parts) => parts.join('')),
  fc.constantFrom('C:services.exe', 'c:\\services', 'cc:services'),
  fc.constantFrom('', '-', '{00000000-0000-0000-0000-000000000000}', 7, null, ['a services', 'b']),
);
const text = fc.oneof(
  fc.constantFrom('services', 'tservices', 'nservices', '\\services', ' services', 'services.exe', '= services'),
  fc.array(pieces, { minLength: 2, maxLength: 4 }).map((parts) => parts.join('')),
);

const line = fc
  .record(
    {
      Channel: fc.constant('Microsoft-Windows-Sysmon/Operational'),
      SourceName: fc.constant('Microsoft-Windows-Sysmon'),
      EventID: fc.constantFrom(13, 4103),
      TimeCreated: fc.constant('2026-01-31T23:59:59.5Z'),
      Image: value,
      TargetObject: value,
      Details: value,
      EventType: value,
      EventReceivedTime: fc.constant('2026-01-31 23:59:59'),
    },
    { requiredKeys: ['Channel', 'SourceName', 'EventID', 'TimeCreated', 'Details'] },
  )
  .map((record) => JSON.stringify(record));

const clause = fc
  .record({
    name: fc.constantFrom(...FIELDS),
    texts: fc.array(text, { minLength: 1, maxLength: 2 }),
    form: fc.constantFrom('anywhere', 'start', 'end', 'whole', 'equals', 'drive'),
    fold: fc.constantFrom('unicode' as const, 'ascii' as const, 'none' as const),
  })
  .map(({ name, texts, form, fold }) => (asked: string | undefined) => {
    const field = { name: asked ?? name, type: 'unknown' as const };
    if (form === 'equals') return matchAny(field, { kind: 'equals', anyOf: texts, fold }, NO_SPAN);
    const anyOf = texts.map((one) =>
      wildcardPattern([
        ...(form === 'anywhere' || form === 'end' ? (['*'] as const) : []),
        ...(form === 'drive' ? (['?', { text: `:${one}` }] as const) : [{ text: one }]),
        ...(form === 'anywhere' || form === 'start' ? (['*'] as const) : []),
      ]),
    );
    return matchAny(field, { kind: 'wildcard', anyOf, fold }, NO_SPAN);
  });

/** Of what nearly each line has, and cannot be beside a text. */
const rule = fc
  .record({
    name: fc.constantFrom(...FIELDS),
    some: fc.array(clause, { minLength: 1, maxLength: 3 }),
    isSplit: fc.boolean(),
    isOfOne: fc.constantFrom(true, true, false),
  })
  .map(({ name, some, isSplit, isOfOne }) => {
    // A text rules out a line by the field that is looked at anyway.
    const clauses = some.map((one) => one(isOfOne ? name : undefined));
    const negated = isSplit ? clauses.map((one) => not(one, NO_SPAN)) : [not(or(clauses, NO_SPAN), NO_SPAN)];
    return { predicate: and([exists({ name, type: 'unknown' }, NO_SPAN), ...negated], NO_SPAN), reads: () => true };
  });

it('loses no line of rules that a text rules out, however values are written', () => {
  fc.assert(
    fc.property(
      fc.array(rule, { minLength: 1, maxLength: 4 }),
      fc.array(line, { minLength: 1, maxLength: 8 }),
      switches,
      (rules, lines, without) => {
        const all = [...lines, ...lines, ...lines, ...lines.toReversed()];
        const sieve = new LineSieve(rules, settings, () => false, 1, without);
        expect(found(all, rules, sieve).told).toEqual(found(all, rules).told);
      },
    ),
    { numRuns: runs(150) },
  );
});
