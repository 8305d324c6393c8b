import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { checkRules } from '../rule/load.ts';
import { type ConvertCommandOptions, convertCommand } from './rule-convert.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SIGMA = join(ROOT, 'rules/sigma/proc_creation_lnx_python_webserver.yml');
const SAMPLE = join(ROOT, 'sample/web-07-audit.log');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-convert-'));
});

async function run(paths: readonly string[], options: Partial<ConvertCommandOptions> = {}) {
  const written = { out: '', errors: '' };
  const stream = (name: 'out' | 'errors') => ({
    isTTY: false,
    write(text: string) {
      written[name] += text;
    },
  });
  const exitCode = await convertCommand(paths, {
    to: 'eql',
    form: 'query',
    system: 'table',
    prove: [],
    json: false,
    out: stream('out'),
    errors: stream('errors'),
    ...options,
  });
  return { exitCode, ...written };
}

test.each(['kql-asim', 'kql-xdr', 'eql', 'lucene'] as const)(
  '%s says the same as the rule on the sample',
  async (to) => {
    const { exitCode, errors } = await run([SIGMA], { to, prove: [SAMPLE] });
    expect(errors).toContain('same on 183 events, of which 4 match');
    expect(exitCode).toBe(0);
  },
);

test('ES|QL says that it is not proved', async () => {
  const { exitCode, errors, out } = await run([SIGMA], { to: 'esql', prove: [SAMPLE] });
  expect(errors).toContain('not provable: ES|QL is written here, and not read.');
  expect(out).toMatch(/^FROM logs-\* METADATA/);
  expect(exitCode).toBe(0);
});

test('a query that no longer asks for the system differs on an event of another', async () => {
  const events = join(folder, 'windows.ndjson');
  const event = {
    '@timestamp': '2026-01-01T00:00:00Z',
    event: {
      id: 'w1',
      kind: 'event',
      category: ['process'],
      type: ['start'],
      module: 'endpoint',
      dataset: 'endpoint.events.process',
    },
    host: { os: { type: 'windows' } },
    agent: { type: 'endpoint' },
    data_stream: { dataset: 'endpoint.events.process', namespace: 'default', type: 'logs' },
    process: { executable: 'C:/tools/python3', command_line: 'python3 -m http.server' },
  };
  writeFileSync(events, `${JSON.stringify(event)}\n`);
  const kept = await run([SIGMA], { to: 'kql-asim', prove: [events], system: 'keep' });
  expect(kept).toMatchObject({ exitCode: 0, errors: expect.stringContaining('same on 1 event') });
  const left = await run([SIGMA], { to: 'kql-asim', prove: [events] });
  expect(left.errors).toContain('different: the query fires and the rule does not, first on');
  expect(left.exitCode).toBe(1);
});

test.each([
  ['kql-asim', 'rule.yaml'],
  ['kql-xdr', 'rule.yaml'],
  ['eql', 'rule.ndjson'],
  ['lucene', 'rule.ndjson'],
] as const)('a rule of %s is one that Vedette reads again, with its attribution', async (to, name) => {
  const { out } = await run([SIGMA], { to, form: 'rule' });
  expect(out).toContain('3f0f5957-04f8-4792-ad89-192b0303bde6');
  expect(out).toContain('Mohamed LAKRI');
  expect(out).toContain('DRL-1.1');
  if (to === 'kql-xdr') return;
  const file = join(folder, `${to}-${name}`);
  writeFileSync(file, out);
  const findings = await checkRules([file]);
  expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
});

test('a refusal has its reason, its place and an exit code', async () => {
  const file = join(folder, 'keywords.yml');
  writeFileSync(
    file,
    'title: Words\nid: 0b0f3c5c-54f3-4b2e-8d2c-0f1e8f3c7f11\nstatus: test\nlogsource:\n  product: linux\ndetection:\n  words:\n    - evil\n  condition: words\n',
  );
  const { exitCode, errors, out } = await run([file], { to: 'lucene' });
  expect(out).toBe('');
  expect(errors).toMatch(/keywords\.yml:8:5: error: Lucene’s query string cannot say/);
  expect(exitCode).toBe(1);
  const asJson = await run([file], { to: 'lucene', json: true });
  expect(JSON.parse(asJson.out)).toMatchObject({ name: 'Words', to: 'lucene', findings: [{ code: 'convert-clause' }] });
});

test('what cannot be read is told', async () => {
  const { exitCode, errors } = await run([join(folder, 'none.yml')]);
  expect(exitCode).toBe(2);
  expect(errors).toContain('none.yml');
});
