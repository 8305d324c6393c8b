/**
 * Tests of rules through the library: files in, results out.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testRules } from './rule-tests.ts';

const RULE = `
[rule]
author = ["Vedette"]
description = "A test."
language = "eql"
license = "Apache-2.0"
name = "Netcat"
risk_score = 21
rule_id = "netcat"
severity = "low"
type = "eql"
index = ["logs-endpoint.events.*"]
query = '''process where process.name == "nc" and process.args == "-l"'''
`;
const SEQUENCE = RULE.replace('"netcat"', '"then"').replace(
  /query = .*/,
  `query = '''sequence by host.name with maxspan=1m [process where process.name == "nc"] [network where destination.port == 443]'''`,
);
const NC = 'event: {category: [process]}, process: {name: nc, args: [nc, -l]}';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-rule-tests-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** What differs in the only case, with why. */
async function differences(events: string, expected: string, more = '') {
  file('nc.toml', RULE);
  file('nc.test.yml', `cases: [{name: one, events: [${events}], expect: ${expected}${more}}]`);
  const { results, findings } = await testRules({ paths: [folder] });
  expect(findings).toEqual([]);
  expect(results).toHaveLength(1);
  return results[0]?.differences;
}

describe('testRules', () => {
  it('runs what lies in a folder, rules named by file, by id and by lying beside', async () => {
    file('rules/nc.toml', RULE);
    file('rules/nc.test.yml', `cases: [{name: beside, events: [{${NC}}], expect: 1}]`);
    file('tests/path.test.yaml', `rule: ../rules/nc.toml\ncases: [{name: path, events: [{${NC}}], expect: none}]`);
    file('tests/id.test.yml', `rule: netcat\ncases: [{name: id, events: [{${NC}}, {${NC}}], expect: 2}]`);
    file('tests/info.yml', 'not: a test');
    const progress: number[] = [];
    const report = await testRules({ paths: [folder], onProgress: ({ done }) => progress.push(done) });
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ rules: 1, passed: 2, failed: 1 });
    expect(report.results.map(({ name, passed, alerts }) => [name, passed, alerts])).toEqual([
      ['beside', true, 1],
      ['id', true, 2],
      ['path', false, 1],
    ]);
    expect(progress).toEqual([1, 2, 3]);
    const one = await testRules({ paths: [join(folder, 'rules/nc.toml')] });
    expect(one.results.map(({ name }) => name)).toEqual(['beside']);
  });

  it('gives the same in threads', async () => {
    file('nc.toml', RULE);
    file('a.test.yml', `rule: netcat\ncases: [{name: a, events: [{${NC}}], expect: 1}]`);
    file('b.test.yml', `rule: netcat\ncases: [{name: b, events: [{${NC}}], expect: {alerts: none, explain: x}}]`);
    const plain = ({ results }: Awaited<ReturnType<typeof testRules>>) =>
      results.map((result) => ({ ...result, milliseconds: 0 }));
    const [here, there] = [
      await testRules({ paths: [folder], threads: 0 }),
      await testRules({ paths: [folder], threads: 2 }),
    ];
    expect(plain(there)).toEqual(plain(here));
  });

  it('says what stood in the way of an alert', async () => {
    expect(await differences('{event: {category: [process]}, process: {name: NC, args: [-l]}}', '1')).toEqual([
      {
        message: 'Expected 1 alert; none came.',
        why: [expect.stringMatching(/^The event: /), expect.stringMatching(/^process\.name is “NC”/)],
      },
    ]);
    const several = `{event: {category: [file]}}, {event: {category: [process]}, process: {name: nc, args: [x]}}`;
    expect((await differences(several, 'at least 2'))?.[0]).toEqual({
      message: 'Expected at least 2 alerts; none came.',
      why: [expect.stringMatching(/^Of 2 events the nearest miss: /), expect.stringMatching(/^process\.args is/)],
    });
  });

  it('says what made a rule alert that was to stay silent', async () => {
    expect(await differences(`{${NC}}`, 'none')).toEqual([
      {
        message: 'Expected no alert; 1 came.',
        why: [expect.stringMatching(/because .*process\.name is “nc”; process\.args is “-l”\.$/)],
      },
    ]);
  });

  it('holds each thing that is asked of an alert to what came', async () => {
    const wanted = `{alerts: 1, severity: high, risk_score: 99, sentence: nobody, events: 2, join_keys: [a],
      evidence: {process.name: [nc, x], user.name: y}, fields: {process.name: nc, process.pid: 7}}`;
    expect((await differences(`{${NC}}`, wanted))?.map(({ message }) => message)).toEqual([
      'Expected the severity of the alert to be “high”; it is “low”.',
      'Expected the risk score of the alert to be 99; it is 21.',
      expect.stringMatching(/^Expected the sentence of the alert to say “nobody”; it is “/),
      'Expected the number of events of the alert to be 2; it is 1.',
      'Expected the join keys of the alert to be “a”; it is “”.',
      'Expected process.name “x” to be evidence of the alert; there is “nc”.',
      'Expected user.name “y” to be evidence of the alert; there is none.',
      'Expected process.pid of the alert to be “7”; there is none.',
    ]);
    expect(await differences(`{${NC}}`, '{alerts: [{severity: low}]}')).toEqual([]);
    expect(await differences(`{${NC}}, {${NC}}`, '{alerts: [{severity: low}, {severity: high}]}')).toMatchObject([
      { message: 'Expected the severity of alert 2 to be “high”; it is “low”.' },
    ]);
  });

  it('asks why nothing came, so that a test does not pass for another reason', async () => {
    const windows = '{event: {category: [process]}, process: {name: cmd, args: [-l]}}';
    expect(await differences(windows, '{alerts: none, explain: process.name}')).toEqual([]);
    expect((await differences(windows, '{alerts: none, explain: process.args}'))?.[0]?.message).toBe(
      'No alert came, as expected, but for another reason than “process.args”.',
    );
    const stream = `{'@timestamp': 2026-01-01T00:00:00Z, data_stream: {type: logs, dataset: x, namespace: y}, ${NC}}`;
    expect(await differences(stream, '{alerts: none, explain: The rule reads logs-endpoint.events.*}')).toEqual([]);
  });

  it('applies exceptions, of the test and of the case', async () => {
    const exception = `{condition: {kind: entries, entries: [{field: process.name, operator: is, value: nc}]}, name: known}`;
    const more = `, exceptions: [${exception}]`;
    expect(await differences(`{${NC}}`, '{excepted: known}', more)).toEqual([]);
    expect(await differences(`{${NC}}`, '{excepted: 1}', more)).toEqual([]);
    expect(await differences(`{${NC}}`, '{alerts: 1, excepted: other}', more)).toEqual([
      { message: 'Expected 1 alert; none came.', why: [expect.any(String), 'The exception “known” removes it.'] },
      {
        message: 'Expected the exception “other” to remove a match; it removed none.',
        why: ['“known” removed 1.'],
      },
    ]);
    expect(await differences(`{${NC}}`, '{alerts: 1, excepted: 1}')).toMatchObject([
      { message: 'Expected exceptions to remove 1; they removed 0.' },
    ]);
    expect((await differences(`{${NC}}`, '1', ', exceptions: [{name: x}, none.yaml]'))?.map((d) => d.message)).toEqual([
      expect.stringMatching(/^An exception is not applied: /),
      expect.stringMatching(/^An exception is not applied: It cannot be read/),
    ]);
  });

  it('fails where nothing was read, whatever is expected', async () => {
    expect((await differences('"gibberish"', 'none'))?.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Record 1 cannot be read/),
    ]);
    expect((await differences('', 'none'))?.map(({ message }) => message)).toEqual([
      'No event was read, so nothing was tested.',
    ]);
  });

  it('tests sequences over ordered events, and says which step lacks its event', async () => {
    file('then.toml', SEQUENCE);
    const at = (second: number, rest: string) =>
      `{'@timestamp': 2026-01-01T00:00:${String(second).padStart(2, '0')}Z, host: {name: h1}, ${rest}}`;
    const start = at(1, NC);
    const connection = (port: number) => at(5, `event: {category: [network]}, destination: {port: ${port}}`);
    const wanted = '{alerts: 1, events: 2, join_keys: [h1], fields: {destination.port: 443}}';
    file(
      'then.test.yml',
      `cases:
  - {name: together, events: [${start}, ${connection(443)}], expect: ${wanted}}
  - {name: another port, events: [${start}, ${connection(80)}], expect: 1}
  - {name: reason, events: [${start}, ${connection(80)}], expect: {alerts: none, explain: destination.port}}`,
    );
    const { results } = await testRules({ paths: [join(folder, 'then.test.yml')] });
    expect(results.map(({ passed }) => passed)).toEqual([true, false, true]);
    expect(results[1]?.differences[0]?.why.join('\n')).toMatch(/destination\.port is “80”; wanted: “443”/);
  });

  it('reads SigmaHQ’s regression data', async () => {
    const id = '11111111-2222-4333-8444-555555555555';
    file(
      'rules/linux/x.yml',
      `title: X\nid: ${id}\nlogsource: {product: linux, category: process_creation}\ndetection: {s: {Image|endswith: /nc}, condition: s}\n`,
    );
    const info = (count: string, path = `regression_data/rules/linux/x/${id}.evtx`) =>
      `id: a\nrule_metadata:\n    - id: ${id}\n      title: X\nregression_tests_info:\n    - name: Positive Detection Test\n      type: evtx\n      ${count}\n      path: ${path}\n`;
    const event = JSON.stringify(
      {
        event: { category: ['process'], type: ['start'] },
        host: { os: { type: 'linux' } },
        process: { executable: '/bin/nc' },
      },
      undefined,
      2,
    );
    file(`regression_data/rules/linux/x/${id}.json`, `${event}\n${event}\n`);
    file('regression_data/rules/linux/x/info.yml', info('match_count: 2'));
    file(`regression_data/rules/linux/y/${id}.json`, event);
    file('regression_data/rules/linux/y/info.yml', info('provider: none'));
    file('regression_data/rules/linux/z/info.yml', info('match_count: 3', 'gone.evtx'));
    const { results, findings } = await testRules({ paths: [folder] });
    expect(findings).toEqual([]);
    expect(results.map(({ passed, line }) => [passed, line])).toEqual([
      [true, 6],
      [true, 6],
      [false, 6],
    ]);
    expect(results[2]?.differences.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^There is no file .*gone\.json\.$/),
      'Expected at least 3 matches; none came.',
    ]);
    file('regression_data/rules/linux/z/info.yml', 'regression_tests_info: [{}]\n');
    expect((await testRules({ paths: [folder] })).findings.map(({ code, message }) => [code, message])).toEqual([
      ['test-form', '`rule_metadata` has to be there, with at least one item.'],
      ['test-form', '`path` is missing.'],
    ]);
  });

  it('says which tests cannot be run, and why, where it stands', async () => {
    file('several.ndjson', '{"a": 1}\n{"b": 1}\n');
    file('broken.toml', RULE.replace('"nc"', '='));
    file('a.test.yml', 'cases: [{name: a, events: [{}], expect: 1}]');
    file('broken.test.yml', 'cases: [{name: a, events: [{}], expect: 1}]');
    file('several.test.yml', 'cases: [{name: a, events: [{}], expect: 1}]');
    file('unknown.test.yml', '\nrule: nowhere\ncases: [{name: a, events: [{}], expect: 1}]');
    file('missing.test.yml', 'rule: none.toml\ncases: [{name: a, events: [{}], expect: 1}]');
    file('form.test.yml', 'cases: 1');
    writeFileSync(join(folder, 'latin.test.yml'), Buffer.from([0xff]));
    const paths = [folder, join(folder, 'none'), file('alone.toml', RULE)];
    const { results, findings } = await testRules({ paths });
    expect(results).toEqual([]);
    expect(findings.map(({ file: at, line, code }) => `${at.slice(folder.length + 1)}:${line} ${code}`)).toEqual([
      'form.test.yml:1 test-form',
      'latin.test.yml:1 test-unreadable',
      'none:1 test-unreadable',
      'alone.toml:1 test-none',
      'a.test.yml:1 test-rule',
      'broken.test.yml:1 test-rule',
      'missing.test.yml:1 test-rule',
      'several.test.yml:1 test-rule',
      'unknown.test.yml:2 test-rule',
    ]);
    const message = (name: string) => findings.find(({ file: at }) => at.endsWith(`/${name}.test.yml`))?.message;
    expect(message('broken')).toMatch(/^The rule does not run: .*broken\.toml:\d+:\d+: /);
    expect(message('missing')).toMatch(/There is no such file/);
    expect(message('several')).toBe('The file holds several rules.');
    expect(message('unknown')).toBe('No rule has the id "nowhere".');
  });

  it('tests correlations, beside the rules that they name or by their id', async () => {
    const base =
      'title: Netcat\nname: netcat\nid: nc\nlogsource: {product: linux, category: process_creation}\ndetection: {s: {Image|endswith: /nc}, condition: s}\n';
    const several =
      'title: Many\nid: many\ncorrelation: {type: event_count, rules: [netcat], group-by: [User], timespan: 5m, condition: {gte: 2}}\n';
    const start = (second: number, user: string, name = 'nc') =>
      `{'@timestamp': 2026-01-01T00:00:0${second}Z, event: {category: [process], type: [start]}, host: {os: {type: linux}}, user: {name: ${user}}, process: {executable: /bin/${name}}}`;
    file('many.yml', `${base}---\n${several}`);
    const cases = `cases:
  - {name: two, events: [${start(1, 'a')}, ${start(2, 'a')}], expect: 1}
  - {name: of two users, events: [${start(1, 'a')}, ${start(2, 'b')}], expect: 1}
  - {name: of another program, events: [${start(1, 'a', 'ls')}], expect: 1}`;
    file('many.test.yml', cases);
    const { results, findings } = await testRules({ paths: [join(folder, 'many.yml')] });
    expect(findings).toEqual([]);
    expect(results.map(({ rule, passed }) => `${rule.id} ${passed}`)).toEqual([
      'many true',
      'many false',
      'many false',
    ]);
    expect(results.map(({ differences }) => differences[0]?.why.join('\n'))).toEqual([
      undefined,
      expect.stringMatching(/At most 1 event; it asks for at least 2 events within 5 min\.$/),
      expect.stringMatching(/process\.executable is “\/bin\/ls”/),
    ]);
    rmSync(join(folder, 'many.yml'));
    file('base.yml', base);
    file('correlation.yml', several);
    file('many.test.yml', `rule: many\n${cases}`);
    expect(await testRules({ paths: [folder] })).toMatchObject({ passed: 1, failed: 2, findings: [] });
  });

  it('applies pipelines, and tests nothing without one that cannot be read', async () => {
    file(
      'mine.yml',
      'title: T\nid: mine\nlogsource: {product: linux, category: process_creation}\ndetection: {s: {MyName: nc}, condition: s}\n',
    );
    const start = '{event: {category: [process], type: [start]}, host: {os: {type: linux}}, process: {name: nc}}';
    const test = file('mine.test.yml', `cases: [{name: a, events: [${start}], expect: 1}]`);
    const mapping = 'transformations: [{type: field_name_mapping, mapping: {MyName: process.name}}]\n';
    const pipelines = [file('pipes/p.yml', `name: p\npriority: 1\n${mapping}`)];
    expect(await testRules({ paths: [test] })).toMatchObject({ passed: 0, failed: 1 });
    expect(await testRules({ paths: [test], pipelines })).toMatchObject({ passed: 1, failed: 0, findings: [] });
    const id = file('pipes/id.test.yml', `rule: mine\ncases: [{name: a, events: [${start}], expect: 1}]`);
    expect(await testRules({ paths: [id], rules: [folder], pipelines })).toMatchObject({ passed: 1, findings: [] });
    const broken = [file('pipes/q.yml', 'transformations: 1\n')];
    const report = await testRules({ paths: [test], pipelines: broken });
    expect(report.results).toEqual([]);
    expect(report.findings[0]).toMatchObject({ severity: 'error', code: expect.stringMatching(/^pipeline-/) });
  });

  it('says that a rule is idle', async () => {
    file(
      'idle.yml',
      'title: T\nid: idle\nlogsource: {product: acme, service: door}\ndetection: {s: {query: x}, condition: s}\n',
    );
    file('idle.test.yml', 'cases: [{name: a, events: [{query: x}], expect: 1}]');
    const { results } = await testRules({ paths: [folder] });
    expect(results[0]?.differences[0]?.why[0]).toMatch(/^The rule is idle: No format gives events of product: acme/);
  });
});
