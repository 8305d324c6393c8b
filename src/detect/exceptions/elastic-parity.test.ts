/**
 * Elastic's exception semantics for rules over single events, case by case: one line an entry, an event, and whether the
 * match is removed.
 *
 * Sources: [doc] Elastic Security 9, "Add and manage exceptions" and "Create and manage value lists"; [filter] what the
 * detection engine makes of an item: a `must_not` of a bool filter with `match_phrase` (is), one `match_phrase` a value
 * (is one of), `exists`, `wildcard` and `terms` (in list) queries, negated entries as `must_not` within; [es] how
 * Elasticsearch answers these queries on a missing field, on null and on an array, and compares by mapping type.
 */
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../event/json.ts';
import type { ExceptionEntry } from '../exception.ts';
import { eventOf, exceptionOf, removes } from './exception.fixture.ts';
import { compileList } from './value-list.ts';

const lists = new Map([
  ['names', compileList('keyword', ['curl', 'wget'])],
  ['texts', compileList('text', ['curl'])],
  ['hosts', compileList('ip', ['10.0.0.1', '2001:db8::1'])],
  ['nets', compileList('ip_range', ['10.0.0.0/8', '192.168.0.1-192.168.0.9'])],
  ['paths', compileList('wildcard', ['C:\\Users\\*\\a.exe'])],
  ['ports', compileList('keyword', ['8000'])],
  ['nothing', compileList('keyword', [])],
]);

/** `operator value` on one field whose value in the event is given; `undefined` for a field that is missing. */
type Case = readonly [
  entry: Omit<ExceptionEntry, 'field'> & { readonly [key: string]: unknown },
  value: Json | undefined,
  removed: boolean,
  source: string,
];

function check(field: string, cases: readonly Case[]): void {
  it.each(cases)('%j on %j: %s %s', async (entry, value, removed) => {
    const exception = exceptionOf([{ field, ...entry } as ExceptionEntry]);
    const document: JsonObject = value === undefined ? {} : { [field]: value };
    expect(await removes(exception, [eventOf(document)], lists)).toBe(removed);
  });
}

const is = (value: string) => ({ operator: 'is', value }) as const;
const isNot = (value: string) => ({ operator: 'is_not', value }) as const;
const isOneOf = (...values: string[]) => ({ operator: 'is_one_of', values }) as const;
const isNotOneOf = (...values: string[]) => ({ operator: 'is_not_one_of', values }) as const;
const matches = (value: string) => ({ operator: 'matches', value }) as const;
const doesNotMatch = (value: string) => ({ operator: 'does_not_match', value }) as const;
const inList = (list: string) => ({ operator: 'in_list', list }) as const;
const notInList = (list: string) => ({ operator: 'not_in_list', list }) as const;
const present = { operator: 'exists' } as const;
const absent = { operator: 'does_not_exist' } as const;

describe('a keyword', () => {
  check('process.name', [
    [is('curl'), 'curl', true, '[doc]'],
    [is('curl'), 'CURL', false, '[doc] case counts'],
    [is('curl'), 'curl.exe', false, '[es] the whole value'],
    [is('cur*'), 'curl', false, '[doc] wildcards only under matches'],
    [is('cur*'), 'cur*', true, '[es]'],
    [is('curl'), ['wget', 'curl'], true, '[es] any value of an array'],
    [is('curl'), undefined, false, '[es]'],
    [is('curl'), null, false, '[es]'],
    [is('curl'), [], false, '[es]'],
    [is('4688'), 4688, true, '[es] a keyword holds its number’s text'],
    [isNot('curl'), 'wget', true, '[filter]'],
    [isNot('curl'), 'curl', false, '[filter]'],
    [isNot('curl'), undefined, true, '[doc] a negated entry holds where the field is missing'],
    [isNot('curl'), null, true, '[es]'],
    [isNot('curl'), [], true, '[es]'],
    [isNot('curl'), ['wget', 'curl'], false, '[es] the negation of any'],
    [isOneOf('curl', 'wget'), 'wget', true, '[doc]'],
    [isOneOf('curl', 'wget'), ['ls', 'wget'], true, '[es]'],
    [isOneOf('curl', 'wget'), 'Wget', false, '[doc] case counts'],
    [isOneOf('curl', 'wget'), undefined, false, '[es]'],
    [isNotOneOf('curl', 'wget'), 'ls', true, '[filter]'],
    [isNotOneOf('curl', 'wget'), 'wget', false, '[filter]'],
    [isNotOneOf('curl', 'wget'), ['ls', 'wget'], false, '[es]'],
    [isNotOneOf('curl', 'wget'), undefined, true, '[doc]'],
    [present, 'curl', true, '[doc]'],
    [present, '', true, '[es] an empty text is a value'],
    [present, undefined, false, '[es]'],
    [present, null, false, '[es] null is no value'],
    [present, [], false, '[es]'],
    [present, [null], false, '[es]'],
    [absent, undefined, true, '[doc]'],
    [absent, null, true, '[es]'],
    [absent, 'curl', false, '[doc]'],
    [inList('names'), 'curl', true, '[doc]'],
    [inList('names'), 'CURL', false, '[doc] lists of keywords are exact'],
    [inList('names'), ['ls', 'wget'], true, '[es]'],
    [inList('names'), undefined, false, '[es]'],
    [inList('texts'), 'curl', true, '[doc]'],
    [inList('nothing'), 'curl', false, '[es]'],
    [notInList('names'), 'ls', true, '[filter]'],
    [notInList('names'), 'curl', false, '[filter]'],
    [notInList('names'), ['ls', 'curl'], false, '[es]'],
    [notInList('names'), undefined, true, '[doc]'],
    [notInList('nothing'), 'curl', true, '[es]'],
  ]);
});

describe('wildcards', () => {
  check('process.executable', [
    [matches('/usr/*/curl'), '/usr/bin/curl', true, '[doc]'],
    [matches('/usr/*/curl'), '/usr/local/bin/curl', true, '[es] * crosses slashes'],
    [matches('/usr/bin/cur?'), '/usr/bin/curl', true, '[doc]'],
    [matches('/usr/bin/cur?'), '/usr/bin/cur', false, '[es] ? is one character'],
    [matches('/usr/bin'), '/usr/bin/curl', false, '[es] the whole value'],
    [matches('/USR/*'), '/usr/bin/curl', false, '[doc] case counts'],
    [matches('*'), 'x', true, '[es]'],
    [matches('*'), undefined, false, '[es]'],
    [matches('/opt/*'), ['/usr/bin/x', '/opt/x'], true, '[es]'],
    [doesNotMatch('/usr/*'), '/opt/x', true, '[filter]'],
    [doesNotMatch('/usr/*'), '/usr/x', false, '[filter]'],
    [doesNotMatch('/usr/*'), undefined, true, '[doc]'],
    [doesNotMatch('/usr/*'), ['/opt/x', '/usr/x'], false, '[es]'],
  ]);
});

describe('values by the type of the field', () => {
  describe('long', () =>
    check('process.pid', [
      [is('4688'), 4688, true, '[es]'],
      [is('4688'), '4688', true, '[es] coerced'],
      [is('0004688'), 4688, true, '[es] a number'],
      [is('9223372036854775807'), '9223372036854775807', true, '[es] exact'],
      [is('9223372036854775806'), '9223372036854775807', false, '[es] exact'],
      [isOneOf('1', '2'), 2, true, '[es]'],
      [inList('ports'), 8000, true, '[doc]'],
    ]));
  describe('ip', () =>
    check('source.ip', [
      [is('10.0.0.1'), '10.0.0.1', true, '[es]'],
      [is('10.0.0.0/8'), '10.9.8.7', true, '[es] a term query on an ip field takes a network'],
      [is('2001:db8:0:0::1'), '2001:db8::1', true, '[es] by address'],
      [is('10.0.0.1'), '::ffff:10.0.0.1', true, '[es] mapped addresses are the IPv4 ones'],
      [isNot('10.0.0.0/8'), '11.0.0.1', true, '[es]'],
      [inList('hosts'), '10.0.0.1', true, '[doc]'],
      [inList('hosts'), '2001:0db8::0001', true, '[es] by address'],
      [inList('hosts'), '10.0.0.2', false, '[doc]'],
      [inList('nets'), '10.1.2.3', true, '[doc] networks'],
      [inList('nets'), '192.168.0.5', true, '[doc] dash ranges'],
      [inList('nets'), '192.168.0.10', false, '[doc]'],
      [inList('nets'), ['8.8.8.8', '10.0.0.1'], true, '[es]'],
      [notInList('nets'), '8.8.8.8', true, '[filter]'],
      [notInList('nets'), undefined, true, '[doc]'],
      [inList('nets'), 'no address', false, '[es]'],
    ]));
  describe('boolean and date', () => {
    check('process.interactive', [
      [is('true'), true, true, '[es]'],
      [is('true'), 'true', true, '[es] coerced'],
      [is('true'), false, false, '[es]'],
    ]);
    check('process.start', [
      [is('2026-01-05T00:00:00Z'), '2026-01-05T01:00:00+01:00', true, '[es] by time'],
      [is('2026-01-05T00:00:00Z'), '2026-01-05T00:00:00.001Z', false, '[es]'],
    ]);
  });
});

describe('an item', () => {
  const both: readonly ExceptionEntry[] = [
    { field: 'process.name', ...is('curl') },
    { field: 'user.name', ...is('ada') },
  ];
  it.each([
    [{ process: { name: 'curl' }, user: { name: 'ada' } }, true],
    [{ process: { name: 'curl' }, user: { name: 'eve' } }, false],
    [{ process: { name: 'curl' } }, false],
  ])('ANDs its entries [doc]: %j %s', async (document, removed) =>
    expect(await removes(exceptionOf(both), [eventOf(document)])).toBe(removed),
  );

  const nested: readonly ExceptionEntry[] = [
    {
      field: 'file.Ext.code_signature',
      operator: 'nested',
      entries: [
        { field: 'subject_name', ...is('Good Corp') },
        { field: 'trusted', ...is('true') },
      ],
    },
  ];
  const signed = (...signatures: JsonObject[]) => ({ file: { Ext: { code_signature: signatures } } });
  it.each([
    [signed({ subject_name: 'Good Corp', trusted: true }), true],
    [signed({ subject_name: 'Bad', trusted: true }, { subject_name: 'Good Corp', trusted: false }), false],
    [signed({ subject_name: 'Bad' }, { subject_name: 'Good Corp', trusted: true }), true],
    [{ file: { Ext: { code_signature: { subject_name: 'Good Corp', trusted: true } } } }, true],
    [{}, false],
  ])('asks one object of a nested field for all its entries [doc]: %j %s', async (document, removed) =>
    expect(await removes(exceptionOf(nested), [eventOf(document)])).toBe(removed),
  );

  it('reads the caseless form of a field as Elastic’s endpoint does [doc]', async () => {
    const entry: ExceptionEntry = { field: 'process.name.caseless', ...is('curl.exe') };
    expect(await removes(exceptionOf([entry]), [eventOf({ process: { name: 'CURL.EXE' } })])).toBe(true);
  });

  it('holds for a sequence where it holds for any of its events [doc]', async () => {
    const [a, b] = ['curl', 'wget'].map((name) => eventOf({ process: { name } }));
    const exception = exceptionOf([{ field: 'process.name', ...is('wget') }]);
    expect(await removes(exception, [a, b])).toBe(true);
    expect(await removes(exception, [a, undefined])).toBe(false);
  });
});

/** Where Elastic's semantics are what users complain about, ours differ, and docs/exceptions.md says so. */
describe('what differs from Elastic', () => {
  describe('a backslash is a backslash', () =>
    check('process.executable', [
      [matches('C:\\Users\\*\\a.exe'), 'C:\\Users\\ada\\a.exe', true, 'Elastic: \\U escapes, never matches'],
      [matches('C:\\\\Users\\\\*'), 'C:\\Users\\ada', false, 'Elastic: this is how it has to be written'],
      [inList('paths'), 'C:\\Users\\ada\\a.exe', true, 'Elastic: lists have no wildcards'],
    ]));
  describe('case may be ignored', () =>
    check('process.name', [
      [{ ...is('curl'), ignore_case: true }, 'CURL', true, 'Elastic: only in the endpoint’s lists'],
      [{ ...matches('Ö*'), ignore_case: true }, 'ö1', true, ''],
      [{ ...isNotOneOf('curl'), ignore_case: true }, 'CURL', false, ''],
      [{ ...inList('names'), ignore_case: true }, 'CURL', true, 'Elastic: never for lists'],
    ]));
  it('list entries may stand beside others', async () => {
    const exception = exceptionOf([
      { field: 'process.name', ...inList('names') },
      { field: 'user.name', ...is('ada') },
    ]);
    const event = (user: string) => eventOf({ process: { name: 'curl' }, user: { name: user } });
    expect(await removes(exception, [event('ada')], lists)).toBe(true);
    expect(await removes(exception, [event('eve')], lists)).toBe(false);
  });
  describe('running text is compared as a whole', () =>
    check('message', [
      [is('login failed'), 'login failed for ada', false, 'Elastic: a phrase in analysed text'],
      [matches('*login failed*'), 'login failed for ada', true, ''],
    ]));
  it('an exception may name the step of a sequence', async () => {
    const [a, b] = ['curl', 'wget'].map((name) => eventOf({ process: { name } }));
    const exception = exceptionOf([{ field: 'process.name', ...is('wget') }], { step: 1 });
    expect(await removes(exception, [a, b])).toBe(false);
    expect(await removes({ ...exception, step: 2 }, [a, b])).toBe(true);
    expect(await removes({ ...exception, step: 2 }, [b, undefined])).toBe(false);
    expect(await removes({ ...exception, step: 3 }, [b])).toBe(false);
  });
});
