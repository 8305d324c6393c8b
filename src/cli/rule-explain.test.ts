import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { explainCommand } from './rule-explain.ts';

const RULES = fileURLToPath(new URL('../../rules/', import.meta.url));
const ELASTIC = join(RULES, 'elastic/execution_python_webserver_spawned.toml');
const SIGMA = join(RULES, 'sigma/proc_creation_lnx_python_webserver.yml');
const KUSTO = join(RULES, 'kusto/python_web_server.yaml');

const folder = mkdtempSync(join(tmpdir(), 'vedette-explain-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const EVENT = {
  '@timestamp': '2026-03-01T10:00:00Z',
  event: { category: ['process'], type: ['start'], action: 'exec' },
  data_stream: { type: 'logs', dataset: 'endpoint.events.process', namespace: 'default' },
  host: { name: 'web-07', os: { type: 'linux' } },
  user: { name: 'ada' },
  process: {
    name: 'python3',
    executable: '/usr/bin/python3',
    args: ['python3', '-m', 'http.server', '--bind', '127.0.0.1'],
    command_line: 'python3 -m http.server --bind 127.0.0.1',
  },
};
const { process: PROCESS, data_stream: STREAM } = EVENT;
const nameless = { ...PROCESS, name: undefined, executable: undefined };

const EXCEPTION = {
  exceptions: [
    {
      name: 'Bound to loopback',
      rules: 'all',
      reason: 'Nobody else reaches it.',
      condition: { entries: [{ field: 'python.web_server.reach', operator: 'is', value: 'loopback' }] },
    },
  ],
};

async function explained(rule: string, event: object, { json = false, isExcepted = false } = {}) {
  const events = join(folder, 'events.ndjson');
  const exceptions = join(folder, 'exceptions.json');
  writeFileSync(events, `${JSON.stringify(event)}\n`);
  writeFileSync(exceptions, JSON.stringify(EXCEPTION));
  const written = { out: '', errors: '' };
  const stream = (to: 'out' | 'errors') => ({
    write: (text: string) => {
      written[to] += text;
    },
  });
  await explainCommand([rule], {
    events: [events],
    matches: false,
    limit: 20,
    json,
    exceptions: isExcepted ? [exceptions] : [],
    out: stream('out'),
    errors: stream('errors'),
  });
  return written;
}

describe.each([
  ['EQL', ELASTIC],
  ['Sigma', SIGMA],
  ['Kusto', KUSTO],
])('vedette rule explain, of a rule in %s', (_, rule) => {
  it('says what held, and whose rule it is', async () => {
    const { out, errors } = await explained(rule, EVENT);
    expect(out).toContain('✓ fires');
    const { rule: whose } = JSON.parse((await explained(rule, EVENT, { json: true })).out);
    expect(whose.author.length).toBeGreaterThan(0);
    expect(out).toContain([whose.name, whose.author.join(', '), whose.license].join(' · '));
    for (const reference of whose.reference) expect(out).toContain(`see ${reference}`);
    expect(errors).toContain(`“${whose.name}” fires on 1 of 1 event.`);
  });

  it.each([
    [
      'a missing field',
      { ...EVENT, process: nameless },
      /^ {2}The event has no process\.(?:name|executable); wanted: /m,
    ],
    [
      'a wrong category',
      { ...EVENT, event: { ...EVENT.event, category: ['network'] } },
      /^ {2}event\.category is “network”; wanted: “process”\./m,
    ],
  ])('names %s as the nearest reason', async (_, event, reason) => {
    const { out } = await explained(rule, event);
    expect(out).toContain('✗ does not fire');
    expect(out).toMatch(reason);
  });

  it('names the exception that removes it', async () => {
    expect((await explained(rule, EVENT, { isExcepted: true })).out).toContain(
      '  The exception “Bound to loopback” removes it.',
    );
  });
});

// Sigma and Kusto compare without case, and read no data streams.
describe('vedette rule explain, of an Elastic rule', () => {
  it('names other case, and the data stream that the rule does not read', async () => {
    const shouted = { ...EVENT, host: { ...EVENT.host, os: { type: 'Linux' } } };
    expect((await explained(ELASTIC, shouted)).out).toContain(
      'it differs from “linux” only in the case of its letters.',
    );
    const elsewhere = { ...EVENT, data_stream: { ...STREAM, dataset: 'nginx.access' } };
    expect((await explained(ELASTIC, elsewhere)).out).toContain('the event is in logs-nginx.access-default.');
  });
});
