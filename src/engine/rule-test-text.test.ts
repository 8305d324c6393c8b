import { describe, expect, it } from 'vitest';
import { testRuleText } from './rule-test-text.ts';

const sigma = (id: string) =>
  `title: T\nid: ${id}\nlogsource: {product: linux, category: process_creation}\ndetection: {s: {Image|endswith: /nc}, condition: s}\nlevel: low\n`;
const EVENT =
  '{event: {category: [process], type: [start]}, host: {os: {type: linux}}, process: {executable: /usr/bin/nc}}';
const test = (more: string) => `cases: [{name: one, expect: 1, ${more}}]\n`;

const findings = async (tests: string, text = sigma('a')) =>
  (await testRuleText({ text, tests })).findings.map(
    ({ file, line, code, message }) => `${file}:${line} ${code} ${message}`,
  );

describe('testRuleText', () => {
  it('tests each rule of a text, or the one that is named', async () => {
    const text = `${sigma('a')}---\n${sigma('b')}`;
    const both = await testRuleText({ text, tests: test(`events: [${EVENT}]`) });
    expect(both).toMatchObject({ passed: 2, failed: 0, rules: 2, findings: [] });
    expect(both.results.map(({ file, rule }) => `${file} ${rule.id}`)).toEqual(['tests a', 'tests b']);
    const one = await testRuleText({ text, tests: `rule: b\n${test('events: [{process: {name: x}}]')}` });
    expect(one).toMatchObject({ passed: 0, failed: 1, rules: 1 });
    expect(one.results[0]?.differences[0]).toMatchObject({ message: 'Expected 1 alert; none came.' });
  });

  it('reads no file', async () => {
    expect(await findings(test('files: [/etc/passwd]'))).toEqual([
      'tests:1 test-form The case “one” names files; here events and exceptions stand in the text.',
    ]);
    expect(await findings(test(`events: [${EVENT}], exceptions: [/etc/passwd]`))).toEqual([
      'tests:1 test-form The case “one” names files; here events and exceptions stand in the text.',
    ]);
    expect(await findings(`\nrule: /etc/passwd\n${test(`events: [${EVENT}]`)}`)).toEqual([
      'tests:2 test-form The rule is the text beside the tests; here no file is read.',
    ]);
  });

  it('says what is wrong with either text', async () => {
    const events = `events: [${EVENT}]`;
    expect(await findings(test(events), sigma('a').replace('endswith', 'endwith'))).toEqual([
      expect.stringMatching(/^-:4 sigma-modifier-unknown/),
    ]);
    expect(await findings('case: 1')).toEqual([
      expect.stringMatching(/^tests:1 test-form There is no key `case`/),
      expect.stringMatching(/^tests:1 test-form `cases`/),
    ]);
    expect(await findings(`rule: c\n${test(events)}`)).toEqual([
      'tests:1 test-rule The text holds no rule with the id "c".',
    ]);
  });

  it('ends when the time is up', async () => {
    const report = await testRuleText({ text: sigma('a'), tests: test(`events: [${EVENT}]`) }, {}, 0);
    expect(report).toMatchObject({ results: [], findings: [{ code: 'test-slow' }] });
  });
});
