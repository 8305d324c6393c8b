import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import { matchAny, not, type Predicate, wildcardPattern } from '../plan/predicate/node.ts';
import { LineSieve } from './line-sieve.ts';
import { found, settings, switches } from './sieved-lines.fixture.ts';

const LONG = `C:\\Tools\\run.exe -e ${'QUJD'.repeat(80)}`;
const name = fc.constantFrom('HostApplication', ' Host  Application ', '\tHostApplication', 'Host');
const separator = fc.constantFrom('=', ' = ', '=\t', '');
const value = fc.constantFrom(
  LONG,
  `${LONG}x`,
  'run.exe',
  'C:\\r',
  '\t"run" \\',
  'a   b',
  'x=HostApplication=y',
  '',
  'RUN.exe\t ',
);
const text = fc
  .array(fc.tuple(name, separator, value), { minLength: 1, maxLength: 3 })
  .chain((lines) => fc.constantFrom('\r\n', '\n').map((between) => lines.map((parts) => parts.join('')).join(between)));

/** Of one shape, so that they are planned together. */
const lines = fc
  .record({ isClassic: fc.boolean(), isNamed: fc.boolean(), isWhole: fc.constantFrom(false, false, false, true) })
  .chain(({ isClassic, isNamed, isWhole }) =>
    fc.array(
      fc.tuple(text, text, value, fc.constantFrom(false, false, true)).map(([first, second, whole, isOdd]) => {
        const log = isClassic
          ? { EventID: 800, Channel: 'Windows PowerShell', Message: first }
          : { EventID: 4103, Channel: 'Microsoft-Windows-PowerShell/Operational', ContextInfo: first };
        const named = isNamed ? { param2: second, param3: '' } : {};
        const record = {
          EventTime: '2026-01-18 11:29:03',
          ...log,
          ...named,
          ...(isWhole ? { HostApplication: whole } : {}),
        };
        const json = JSON.stringify(record);
        return isOdd ? json.replace('run', 'r\\u0075n').replace('\\n', '\\u000a') : json;
      }),
      { minLength: 8, maxLength: 16 },
    ),
  );

const piece = fc.constantFrom('run.exe', 'exe', '   ', '"run" \\', 'C:\\r', '\\r', LONG, 'hostapplication', 'QUJDx');
const rule = fc.tuple(piece, fc.nat(3), fc.boolean()).map(([part, form, isNot]): Predicate => {
  const pieces = [...(form & 1 ? ['*' as const] : []), { text: part }, ...(form & 2 ? ['*' as const] : [])];
  const clause = matchAny(
    { name: 'process.command_line', type: 'keyword' },
    { kind: 'wildcard', anyOf: [wildcardPattern(pieces)], fold: 'unicode' },
    NO_SPAN,
  );
  return isNot ? not(clause, NO_SPAN) : clause;
});

it('tells the same of lines of PowerShell’s context with the sieve and without', () => {
  let passed = 0;
  fc.assert(
    fc.property(lines, fc.array(rule, { minLength: 1, maxLength: 3 }), switches, (some, predicates, without) => {
      const rules = predicates.map((predicate) => ({ predicate, reads: () => true }));
      const sieved = found(some, rules, new LineSieve(rules, settings, () => false, 1, passed > 0 ? without : {}));
      expect(sieved.told).toEqual(found(some, rules).told);
      passed += sieved.passed;
    }),
    { numRuns: runs(250) },
  );
  expect(passed).toBeGreaterThan(0);
});
