import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import type { Event } from '../event/event.ts';
import { openStream } from '../format/stream.ts';
import { evaluate } from '../plan/predicate/evaluate.ts';
import { and, matchAnywhere, not, type Predicate, wildcardPattern } from '../plan/predicate/node.ts';
import { compileMatcher } from './matcher.ts';

/** Words that stand in values, made by a format, split by escapes and quotes, or nowhere. */
const WORDS = [
  'mimikatz',
  'reg save',
  'success',
  'process',
  'sysmon',
  'operational',
  'whoami',
  'straße',
  'wmi.exe',
  '"quoted"',
  'information',
  'krun',
];
const text = fc.oneof(
  fc.constantFrom(...WORDS, 'MIMIKATZ', 'a\\mimikatz.exe', 'cmd /c "who"ami', 'mimi\tkatz', '\u212arun', '-', ''),
  fc.string({ maxLength: 6 }),
);
const winlog = fc.record({
  event_id: fc.constantFrom(1, 3, 4624, 4688, 7045),
  channel: fc.constantFrom('Microsoft-Windows-Sysmon/Operational', 'Security', 'System'),
  provider_name: fc.constantFrom('Microsoft-Windows-Sysmon', 'Microsoft-Windows-Security-Auditing', 'other'),
  computer_name: text,
  level: text,
  task: text,
  keywords: fc.array(fc.constantFrom('Audit Success', 'Classic'), { maxLength: 2 }),
  event_data: fc.dictionary(
    fc.constantFrom('Image', 'CommandLine', 'Hashes', 'ServiceName', 'param2', 'UtcTime'),
    text,
  ),
});
const times = { '@timestamp': fc.constant('2026-01-31T23:59:59.5Z'), message: text };
const document = fc.oneof(
  fc.record({
    ...times,
    process: fc.record({ name: text, args: fc.array(text, { maxLength: 2 }) }),
    'user.name': text,
  }),
  fc.record({ ...times, winlog }),
);
const hex = (value: string) => Buffer.from(value).toString('hex').toUpperCase();
/** Of the audit system, as auditd writes it and as laurel does. */
const audit = fc.tuple(text, text, fc.boolean()).map(([one, other, isLaurel]) => {
  if (!isLaurel)
    return `type=USER_CMD msg=audit(1.2:3): pid=7 msg='cwd="/x" cmd=${hex(`${one} ${other}`)} acct="${hex(one)}" res=success'`;
  const call = { arch: '0xc000003e', syscall: 59, success: 'yes', exit: -13, comm: encodeURIComponent(one), items: 2 };
  return JSON.stringify({ ID: '1.2:3', SYSCALL: call, EXECVE: { ARGV: [one, other] }, CWD: { cwd: 'reg' } });
});
const other = fc.tuple(document, fc.boolean(), fc.boolean()).map(([one, isHit, isEscaped]) => {
  const json = JSON.stringify(isHit ? { _index: 'logs-a', _id: 'k', _source: one } : one);
  return isEscaped ? json.replace(/m(?=imi)/g, '\\u006d') : json;
});
const line = fc.oneof({ weight: 2, arbitrary: other }, audit);
const search = fc
  .tuple(fc.constantFrom(...WORDS, 'eacces', 'x86_64', '59'), fc.constantFrom<'*' | undefined>('*', undefined))
  .map(
    ([word, before]): Predicate =>
      matchAnywhere(
        {
          kind: 'wildcard',
          anyOf: [wildcardPattern([...(before === undefined ? [] : [before]), { text: word }, '*'])],
          fold: 'unicode',
        },
        NO_SPAN,
      ),
  );
const keyword = fc.oneof(
  search,
  fc.tuple(search, search).map(([one, another]) => and([one, not(another, NO_SPAN)], NO_SPAN)),
);

it('a search for keywords that looks at the bytes first finds what the reference finds', () => {
  const found = (lines: readonly string[]): Event[] => {
    const events: Event[] = [];
    const sink = { event: (event: Event) => events.push(event), reject: () => {} };
    const stream = openStream({ standsInForEndpoint: true, now: () => 0, hostName: 'reg save' }, sink);
    for (const [at, one] of lines.entries()) {
      stream.line({ bytes: Buffer.from(one), origin: { path: 'log', offset: at, line: at + 1 } });
    }
    stream.end();
    return events;
  };
  let promised = 0;
  fc.assert(
    fc.property(
      fc.array(keyword, { minLength: 1, maxLength: 3 }),
      fc.array(line, { minLength: 1, maxLength: 6 }),
      (predicates, lines) => {
        const rules = predicates.map((predicate) => ({ predicate, reads: () => true }));
        const matchers = [{}, { withoutKeywordFilter: true }].map((switches) => compileMatcher(rules, switches));
        const events = found(lines);
        expect(events).toHaveLength(lines.length);
        for (const event of events) {
          if ((event.words() ?? event.texts()) !== undefined) promised += 1;
          const expected = predicates.flatMap((predicate, rule) => (evaluate(predicate, event) ? [rule] : []));
          for (const matcher of matchers) {
            const matched: number[] = [];
            matcher.match(event, (rule) => matched.push(rule));
            expect(matched).toEqual(expected);
          }
        }
      },
    ),
    { numRuns: runs(200) },
  );
  expect(promised).toBeGreaterThan(runs(200) / 2);
});
