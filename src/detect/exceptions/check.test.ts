import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../../test/any-text.ts';
import { runs } from '../../../test/effort.ts';
import type { ExceptionEntry } from '../exception.ts';
import { type CheckContext, checkException } from './check.ts';
import type { ExceptionDraft } from './draft.ts';

const NOW = Date.parse('2026-06-01T00:00:00Z');
const context: CheckContext = {
  lists: new Map([
    ['names', { type: 'keyword', size: 3 }],
    ['hosts', { type: 'ip', size: 3 }],
    ['empty', { type: 'keyword', size: 0 }],
    ['full', { type: 'wildcard', size: 9, overfull: 'It has more than 9 values' }],
  ]),
  rules: [
    { id: 'rule-one', name: 'Rule one' },
    { id: 'single', name: 'Single', steps: 1 },
    { id: 'pair', name: 'Pair', steps: 2 },
  ],
  fields: ['acme.field'],
  now: NOW,
};
const draft = (more: Partial<ExceptionDraft>): ExceptionDraft => ({
  name: 'x',
  rules: 'all',
  reason: 'known',
  condition: { kind: 'entries', entries: [{ field: 'process.name', operator: 'is', value: 'curl' }] },
  ...more,
});
const entry = (one: ExceptionEntry): ExceptionDraft => draft({ condition: { kind: 'entries', entries: [one] } });
const is = (field: string, value: string) => entry({ field, operator: 'is', value });
const matching = (value: string, field = 'process.name') => entry({ field, operator: 'matches', value });
type Case = [string, ExceptionDraft, string[]];
/** A web server's port and one more. */
const withPort = (beside: ExceptionEntry) =>
  draft({
    condition: {
      kind: 'entries',
      entries: [{ field: 'python.web_server.port', operator: 'is', value: '8000' }, beside],
    },
  });
const inList = (field: string, list: string) => entry({ field, operator: 'in_list', list });
const query = (text: string, language: 'eql' | 'kusto' | 'sigma' = 'eql') =>
  draft({ condition: { kind: 'query', language, query: text } });
/** `severity code at`, one a line. */
async function found(one: ExceptionDraft): Promise<readonly string[]> {
  const { findings } = await checkException(one, context);
  return findings.map(({ severity, code, at }) => `${severity} ${code} ${at}`);
}

const VALUE = 'condition.entries.0.value';
const FIELD = 'condition.entries.0.field';

describe('the check of an exception', () => {
  it.each<[string, ExceptionDraft, readonly string[]]>([
    ['nothing wrong', draft({}), []],
    ['no name', draft({ name: ' ' }), ['error exception-empty name']],
    ['a long name', draft({ name: 'x'.repeat(2_000) }), ['error exception-too-large name']],
    ['no rules', draft({ rules: [] }), ['error exception-empty rules']],
    ['an unknown rule', draft({ rules: ['rule-one', 'rule-onr'] }), ['warning exception-rule-unknown rules.1']],
    ['step 0', draft({ step: 0 }), ['error exception-step step']],
    ['no entries', draft({ condition: { kind: 'entries', entries: [] } }), ['error exception-empty condition.entries']],
    ['no field', is('', 'x'), [`error exception-empty ${FIELD}`]],
    ['an unknown field', is('process.nam', 'x'), [`warning exception-field-unknown ${FIELD}`]],
    ['a vendor field', is('winlog.event_data.Image', 'x'), []],
    ['a field that was seen', is('acme.field', 'x'), []],
    ['a parsed field', is('python.web_server.reach', 'loopback'), []],
    ['a field without case', is('process.name.caseless', 'x'), []],
    ['a group', is('process.io', 'x'), [`warning exception-field-group ${FIELD}`]],
    ['running text', is('message', 'x'), [`warning exception-field-text ${FIELD}`]],
    ['an empty value', is('process.name', ''), [`error exception-empty ${VALUE}`]],
    ['a long value', is('process.name', 'x'.repeat(20_000)), [`error exception-too-large ${VALUE}`]],
    ['a word for a number', is('process.pid', 'x'), [`error exception-value-type ${VALUE}`]],
    ['a number', is('process.pid', '4688'), []],
    ['a word for an address', is('source.ip', 'x'), [`error exception-value-type ${VALUE}`]],
    ['a range for an address', is('source.ip', '10.0.0.1-10.0.0.9'), [`error exception-value-type ${VALUE}`]],
    ['a network', is('source.ip', '10.0.0.0/8'), []],
    ['a word for a time', is('process.start', 'soon'), [`error exception-value-type ${VALUE}`]],
    ['a time', is('process.start', '2026-01-01T00:00:00Z'), []],
    ['a word for true', is('process.interactive', 'yes'), [`error exception-value-type ${VALUE}`]],
    ['a word for a fraction', is('host.cpu.usage', 'x'), [`error exception-value-type ${VALUE}`]],
    ['wildcards under is', is('process.name', 'cur*'), [`warning exception-wildcard-literal ${VALUE}`]],
    ['no wildcard under matches', matching('curl'), [`info exception-wildcard-none ${VALUE}`]],
    ['every value', matching('**'), [`warning exception-wildcard-every ${VALUE}`]],
    ['a Windows path', matching('C:\\Users\\*'), []],
    ['a network share', matching('\\\\server\\*'), []],
    ['doubled backslashes', matching('C:\\\\Users\\\\*'), [`warning exception-wildcard-backslash ${VALUE}`]],
    ['wildcards on addresses', matching('10.*', 'source.ip'), [`warning exception-value-type ${VALUE}`]],
    ['no such list', inList('process.name', 'name'), ['error exception-list-unknown condition.entries.0.list']],
    ['an empty list', inList('process.name', 'empty'), ['warning exception-list-empty condition.entries.0.list']],
    ['an overfull list', inList('process.name', 'full'), ['error exception-list-full condition.entries.0.list']],
    ['addresses for a number', inList('process.pid', 'hosts'), ['error exception-list-type condition.entries.0.list']],
    ['texts for an address', inList('source.ip', 'names'), ['warning exception-list-type condition.entries.0.list']],
    ['addresses for an address', inList('source.ip', 'hosts'), []],
    [
      'no values',
      entry({ field: 'process.name', operator: 'is_one_of', values: [] }),
      ['error exception-empty condition.entries.0.values'],
    ],
    [
      'one wrong value of several',
      entry({ field: 'process.pid', operator: 'is_one_of', values: ['1', 'x'] }),
      ['error exception-value-type condition.entries.0.values.1'],
    ],
    [
      'nothing nested',
      entry({ field: 'file.Ext.code_signature', operator: 'nested', entries: [] }),
      ['error exception-empty condition.entries.0.entries'],
    ],
    [
      'a nested value of the wrong type',
      entry({ field: 'process', operator: 'nested', entries: [{ field: 'pid', operator: 'is', value: 'x' }] }),
      ['error exception-value-type condition.entries.0.entries.0.value'],
    ],
    [
      'only what must not be',
      entry({ field: 'process.name', operator: 'is_not', value: 'x' }),
      ['warning exception-all-events condition.entries'],
    ],
    ['a port alone', is('python.web_server.port', '8000'), ['warning exception-port-alone condition.entries.0']],
    [
      'a port and a negation',
      draft({
        condition: {
          kind: 'entries',
          entries: [
            { field: 'python.web_server.port', operator: 'is', value: '8000' },
            { field: 'user.name', operator: 'is_not', value: 'root' },
          ],
        },
      }),
      ['warning exception-port-alone condition.entries.0'],
    ],
    [
      'a port and a user',
      draft({
        condition: {
          kind: 'entries',
          entries: [
            { field: 'python.web_server.port', operator: 'is', value: '8000' },
            { field: 'user.name', operator: 'is', value: 'ada' },
          ],
        },
      }),
      [],
    ],
    ...[
      { field: 'python.web_server.reach', operator: 'is', value: 'loopback' },
      { field: 'python.web_server.bind', operator: 'is_one_of', values: ['127.0.0.1', '::1'] },
      { field: 'process.parent.name', operator: 'is', value: 'cron' },
      { field: 'systemd.unit', operator: 'is', value: 'docs.service' },
      { field: 'python.web_server.directory', operator: 'matches', value: '/srv/*' },
    ].map((beside): Case => [`a port and ${JSON.stringify(beside)}`, withPort(beside as ExceptionEntry), []]),
    ...[
      { field: 'python.web_server.reach', operator: 'is', value: 'everyone' },
      { field: 'python.web_server.bind', operator: 'is_one_of', values: ['127.0.0.1', '0.0.0.0'] },
      { field: 'user.name', operator: 'exists' },
      { field: 'host.name', operator: 'is', value: 'web-07' },
      { field: 'process.name', operator: 'is', value: 'python3' },
    ].map(
      (beside): Case => [
        `a port and ${JSON.stringify(beside)}, which is no narrower`,
        withPort(beside as ExceptionEntry),
        ['warning exception-port-alone condition.entries.0'],
      ],
    ),
    ...[
      'process where python.web_server.port == 8000',
      'process where python.web_server.port > 1024 and host.name == "web-07"',
      'process where python.web_server.port == 8000 or user.name == "ada"',
      'process where python.web_server.port == 8000 and user.name != "root"',
      'process where python.web_server.port == 8000 and python.web_server.reach == "everyone"',
      'process where python.web_server.port == 8000 and user.name : "*"',
      'process where python.web_server.port + 1 == 8001',
    ].map((text): Case => [text, query(text), ['warning exception-port-alone condition.query']]),
    ...[
      'process where python.web_server.port == 8000 and user.name == "ada"',
      'process where python.web_server.port == 8000 and python.web_server.reach == "loopback"',
      'process where python.web_server.port == 8000 and (process.parent.name == "cron" or systemd.unit == "x.service")',
    ].map((text): Case => [text, query(text), []]),
    ...['any where true', 'process where true', 'process where user.name != "root"'].map(
      (text): Case => [text, query(text), ['warning exception-all-events condition.query']],
    ),
    ['a step that the sequence has', draft({ rules: ['pair'], step: 2 }), []],
    ['a step that it does not have', draft({ rules: ['pair'], step: 3 }), ['error exception-step step']],
    ['a step of single events', draft({ rules: ['single'], step: 2 }), ['error exception-step step']],
    ['a step that only one has', draft({ rules: ['single', 'pair'], step: 2 }), ['warning exception-step step']],
    ['no query', query(' '), ['error exception-empty condition.query']],
    ['a long query', query('x'.repeat(70_000)), ['error exception-too-large condition.query']],
    ['a query that is none', query('process where'), ['error eql-syntax condition.query']],
    [
      'a sequence',
      query('sequence by host.id [process where true] [file where true]'),
      ['error exception-query-kind condition.query'],
    ],
    [
      'rows that are counted',
      query('imProcessCreate | count', 'kusto'),
      ['error exception-query-kind condition.query'],
    ],
    [
      'a source that nothing gives',
      query('logsource: {product: rpc_firewall, category: application}\ndetection: {x: {a: b}, condition: x}', 'sigma'),
      ['warning exception-query-idle condition.query', 'info sigma-log-source-unserved condition.query'],
    ],
    ['an end that is no time', draft({ expires: 'soon' }), ['error exception-time expires']],
    ['an end that has passed', draft({ expires: '2026-01-01T00:00:00Z' }), ['warning exception-expired expires']],
    ['no windows', draft({ windows: [] }), ['error exception-empty windows']],
    [
      'no such zone',
      draft({ windows: [{ kind: 'cron', pattern: '0 9 * * *', lasts: '1h', zone: 'Mars/Olympus' }] }),
      ['error exception-time windows.0.zone'],
    ],
    [
      'a scenario that is not filled in',
      { ...is('user.name', '<user>'), scenario: 'python-web-server-admin' },
      [`error exception-open-place ${VALUE}`],
    ],
    ['angle brackets that are meant', is('process.command_line', 'echo <html>'), []],
  ])('%s', async (_, one, expected) => expect((await found(one)).toSorted()).toEqual(expected.toSorted()));

  it('offers the nearest name', async () => {
    const { findings } = await checkException(is('python.web_server.reech', 'x'), context);
    expect(findings[0]?.hint).toContain('python.web_server.reach');
  });

  it('says the exception in a sentence', async () => {
    const { sentence } = await checkException(
      draft({
        rules: ['rule-one'],
        expires: '2027-01-01T00:00:00Z',
        windows: [{ kind: 'weekly', days: [1, 2], from: '09:00', to: '17:00', zone: 'UTC' }],
        condition: {
          kind: 'entries',
          entries: [
            { field: 'user.name', operator: 'is_one_of', values: ['ada', 'bob'] },
            { field: 'process.executable', operator: 'matches', value: '/opt/*', ignore_case: true },
          ],
        },
      }),
      context,
    );
    expect(sentence).toBe(
      'No alert from “Rule one” where user.name is “ada” or “bob” and process.executable matches “/opt/*” in any case, Mondays and Tuesdays from 09:00 to 17:00 (UTC), for events before 2027-01-01T00:00:00Z.',
    );
  });

  it('never throws, whatever the texts are', async () => {
    const text = anyText({ maxLength: 20 });
    const one = fc.oneof(
      fc.record({ field: text, operator: fc.constant('is' as const), value: text }),
      fc.record({ field: text, operator: fc.constant('matches' as const), value: text }),
      fc.record({ field: text, operator: fc.constant('in_list' as const), list: text }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(one, { maxLength: 3 }), text, text, async (entries, pattern, zone) => {
        const windows = [{ kind: 'cron' as const, pattern, lasts: '1h', zone }];
        const { sentence } = await checkException(
          draft({ name: zone, expires: pattern, windows, condition: { kind: 'entries', entries } }),
          context,
        );
        expect(sentence).toMatch(/^No alert/);
      }),
      { numRuns: runs(15) },
    );
  });
});
