import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { requireCorpora } from '../../test/requirement.ts';
import { parseElasticPage } from './elastic-page.ts';
import { parseElasticToml } from './elastic-toml.ts';
import { inspectText } from './inspect.ts';

const PAGE = readFileSync(new URL('../../test/golden/rule-forms/elastic-page.md', import.meta.url), 'utf8');

const change = (from: string, to: string): string => {
  expect(PAGE).toContain(from);
  return PAGE.replace(from, to);
};

/** `code «what is marked» message` of each finding but the note about the id. */
const told = (text: string): string[] =>
  inspectText(text, 'page.md')
    .flatMap(({ findings }) => findings)
    .filter(({ code }) => code !== 'rule-id-derived')
    .map(({ code, line, column, end, message }) => {
      const written = text.split('\n')[line - 1] ?? '';
      return `${code} «${written.slice(column - 1, end.line === line ? end.column - 1 : undefined)}» ${message}`;
    });

/** The document that the product was begun with, which lies beside the corpora. */
const missionPage = (context: TestContext): string => {
  const path = join(requireCorpora(context, '..', 'mission'), 'elastic-rule-page.md');
  if (!existsSync(path)) context.skip('corpora: no mission folder beside them');
  return readFileSync(path, 'utf8');
};

describe('parseElasticPage', () => {
  it('puts everything that has a name into the document, and the rest into extra', () => {
    const { rule, diagnostics } = parseElasticPage(PAGE, 'page.md');
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([['rule-id-derived', 'info']]);
    const reference = (path: string) => `https://attack.mitre.org/${path}/`;
    expect(rule).toEqual({
      id: 'prebuilt-rule-1-0-0-archive-made-in-shared-memory',
      name: 'Archive Made in Shared Memory',
      version: 3,
      language: 'eql',
      query:
        'process where event.type == "start" and process.name in ("tar", "zip") and\n  process.working_directory == "/dev/shm"',
      queryOffset: PAGE.indexOf('process where'),
      description: 'Somebody packs files in a folder that lives in memory.\n\nNothing of it is left after a restart.',
      authors: ['Ada', 'Grace'],
      license: 'Apache-2.0',
      references: [
        'https://man7.org/linux/man-pages/man7/shm_overview.7.html',
        'https://attack.mitre.org/techniques/T1560/001/',
      ],
      tags: ['Domain: Endpoint', 'OS: Linux'],
      severity: 'medium',
      riskScore: 47,
      threat: [
        {
          framework: 'MITRE ATT&CK',
          tactic: { id: 'TA0009', name: 'Collection', reference: reference('tactics/TA0009') },
          technique: [
            {
              id: 'T1560',
              name: 'Archive Collected Data',
              reference: reference('techniques/T1560'),
              subtechnique: [
                { id: 'T1560.001', name: 'Archive via Utility', reference: reference('techniques/T1560/001') },
              ],
            },
            { id: 'T1074', name: 'Data Staged', reference: reference('techniques/T1074'), subtechnique: [] },
          ],
        },
        {
          framework: 'MITRE ATT&CK',
          tactic: { id: 'TA0005', name: 'Defense Evasion', reference: reference('tactics/TA0005') },
          technique: [],
        },
      ],
      indexPatterns: ['logs-endpoint.events.process*', 'logs-auditd_manager.auditd-*'],
      schedule: { interval: '5m', from: 'now-9m' },
      maxAlerts: 33,
      guide: expect.stringMatching(/^\*\*Triage and analysis\*\*\n[\s\S]*\* Look for where it went\.$/),
      falsePositives: ['Build jobs that use shared memory for speed.', 'Tests of backup programs.'],
      response: '* Keep the archive before it is gone.\n* Look for where it went.',
      setup: '**Setup**\n\nAny source of process starts will do.',
      source: { path: 'page.md', form: 'elastic-page', text: PAGE },
      extra: {
        frontMatter: expect.stringContaining('mapped_pages:'),
        'Searches indices from': expect.stringMatching(/^now-9m \(\{\{ref\}\}/),
        'Reviewed by': 'Blue Team',
      },
    });
  });

  it('reads lines that end as on Windows, and leaves out what the page does not give', () => {
    const text =
      '# N\r\n\r\n**Rule type**: eql\r\n**Risk score**: 21\r\n\r\n## Rule query\r\n```\r\nany where true\r\n```\r\n';
    const { rule } = parseElasticPage(text, 'page.md');
    expect(rule).toMatchObject({ id: 'n', name: 'N', riskScore: 21, query: 'any where true', references: [] });
    expect(
      Object.keys(rule ?? {})
        .sort()
        .join(' '),
    ).toBe(
      'authors extra falsePositives id indexPatterns language name query queryOffset references riskScore schedule source tags threat',
    );
  });

  it.each([
    ['# Archive', '## Archive', ['rule-key-missing «» The page has no title (“# Name [prebuilt-rule-…]”).']],
    [
      'type**: eql',
      'type**: threshold',
      [
        'rule-not-run «threshold» A documentation page leaves out what makes a threshold rule alert, so the rule is shown and not run.',
      ],
    ],
    [
      'type**: eql',
      'type**: osquery',
      ['rule-language-unsupported «osquery» The rule is of type osquery; Vedette runs rules of type eql and query.'],
    ],
    ['type**: eql', 'type**:', ['rule-key-missing «**Rule type**:» The page does not say the rule’s type.']],
    ['score**: 47', 'score**: 101', ['rule-value-type «101» Risk score must be a whole number from 0 to 100.']],
    [
      'score**: 47',
      'score**: 80',
      ['rule-risk-band «80» A risk score of 80 does not go with severity medium (22 to 47).'],
    ],
    [
      'Severity**: medium',
      'Severity**: urgent',
      ['rule-value-type «urgent» Severity must be one of low, medium, high, critical.'],
    ],
    ['every**: 5m', 'every**: often', ['rule-schedule-form «often» interval cannot be "often".']],
    [
      'Name: Collection',
      'Name: Collecting',
      ['rule-attack-name «Collecting» TA0009 is called Collection, not Collecting.'],
    ],
    ['    * ID: T1560.001\n', '', ['rule-value-type «Sub-technique:» A subtechnique needs Name and ID.']],
    ['T1074\n', 'T9999\n', ['rule-attack-unknown «T9999» T9999 is no technique of MITRE ATT&CK (as of 2025-11-13).']],
    ['```js\n', '```js\nany = 1 ', [expect.stringMatching(/^eql-syntax «=»/)]],
    [
      '## Rule query',
      '## Query',
      ['rule-key-missing «» The page has no query in a fenced block under “## Rule query”.'],
    ],
  ])('changing %j to %j tells of it in its place', (from, to, expected) => {
    expect(told(change(from, to)).slice(0, 1)).toEqual(expected);
  });

  it('does not take labels of the guide for the page’s own', () => {
    const { rule } = parseElasticPage(
      change('* See what', '**Severity**: critical\n\n**Note**: read\n\n* See what'),
      'p',
    );
    expect(rule?.severity).toBe('medium');
    expect(rule?.extra).not.toHaveProperty('Note');
  });

  it('loads the page that the product was begun with, to the values of the bundled rule', (context) => {
    const page = missionPage(context);
    const { rule } = parseElasticPage(page, 'page.md');
    expect(told(page)).toEqual([]);
    const bundled = new URL('../../rules/elastic/execution_python_webserver_spawned.toml', import.meta.url);
    const { rule: ours } = parseElasticToml(readFileSync(bundled, 'utf8'), 'x.toml');
    expect(rule?.query.trim()).toBe(ours?.query.trim());
    for (const property of [
      'name',
      'version',
      'language',
      'authors',
      'license',
      'references',
      'tags',
      'severity',
    ] as const) {
      expect(rule?.[property], property).toEqual(ours?.[property]);
    }
    for (const property of ['riskScore', 'threat', 'indexPatterns', 'schedule', 'maxAlerts'] as const) {
      expect(rule?.[property], property).toEqual(ours?.[property]);
    }
    expect(rule?.falsePositives).toHaveLength(5);
    expect(rule?.response).toMatch(/^\* Immediately isolate/);
  });
});
