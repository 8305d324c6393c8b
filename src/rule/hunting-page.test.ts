import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { requireCorpora } from '../../test/requirement.ts';
import { compileSigma } from '../language/sigma/sigma.ts';
import { ruleFormOf } from './forms.ts';
import { parseHuntingPage } from './hunting-page.ts';
import type { RuleDocument } from './rule.ts';
import { parseSentinelYaml } from './sentinel-yaml.ts';
import { parseSigmaYaml } from './sigma-yaml.ts';

const PAGE = readFileSync(new URL('../../test/golden/rule-forms/hunting-page.txt', import.meta.url), 'utf8');

const rulesOf = (text: string): readonly (RuleDocument | undefined)[] =>
  parseHuntingPage(text, 'page.txt').map(({ rule }) => rule);

/** `code «what is marked»` of each finding. */
const told = (text: string): string[] =>
  parseHuntingPage(text, 'page.txt').flatMap(({ diagnostics }) =>
    diagnostics.map(({ code, span }) => `${code} «${text.slice(span.start, span.end)}»`),
  );

/** The document that the product was begun with, which lies beside the corpora. */
const missionPage = (context: TestContext): string => {
  const path = join(requireCorpora(context, '..', 'mission'), 'hunting-page.txt');
  if (!existsSync(path)) context.skip('corpora: no mission folder beside them');
  return readFileSync(path, 'utf8');
};

/** The plan without the places it was written at. */
const meaning = (rule: RuleDocument | undefined): string =>
  JSON.stringify(compileSigma(rule?.query ?? '').plan, (key, value) => (key === 'span' ? undefined : value));

const SCENARIOS = [
  {
    title: 'Build Jobs',
    description: 'A build agent packs in memory for speed.',
    filter: "Leave out the agent's account:\nuser = build",
  },
  { title: 'Backups', description: 'A backup program tries itself out.' },
];

const PROSE =
  'Somebody who broke in packs what they want to take along in memory, where nobody looks.\nLook for it on servers, where few people pack anything by hand.';

const THREAT = [
  {
    tactic: { id: 'TA0009' },
    technique: [{ id: 'T1560', subtechnique: [{ id: 'T1560.001', name: 'Archive via Utility' }] }],
  },
];

describe('parseHuntingPage', () => {
  it('gives the Sigma rule with its indentation put back, and all of the page', () => {
    const [sigma] = rulesOf(PAGE);
    expect(sigma).toMatchObject({
      id: '4f3d2c1b-0a9e-4d8c-8b7a-695847362514',
      name: 'Archive In Shared Memory - Linux',
      language: 'sigma',
      description:
        'A program that packs files was started in /dev/shm.\nNothing of what it makes is left after a restart.\n',
      authors: ['Ada', 'Grace'],
      references: ['https://man7.org/linux/man-pages/man7/shm_overview.7.html'],
      tags: ['team.blue'],
      severity: 'low',
      riskScore: 21,
      threat: THREAT,
      falsePositives: ['Build jobs'],
      scenarios: SCENARIOS,
      source: { path: 'page.txt', form: 'hunting-page', text: PAGE },
      extra: { status: 'test', date: '2026-11-22', prose: PROSE },
    });
    expect(sigma).not.toHaveProperty('queryOffset');
    expect(sigma?.query).toBe(`logsource:
    product: linux
    category: process_creation
detection:
    selection_tool:
        - Image|endswith:
            - '/tar'
            - '/zip' # and its kin
        - Image|contains:
            - '/7z'
    selection_place:
        CurrentDirectory|startswith: '/dev/shm'
    condition: all of selection_*`);
  });

  it('gives the query with what the page states once for both', () => {
    const [sigma, query] = rulesOf(PAGE);
    expect(query).toEqual({
      id: '4f3d2c1b-0a9e-4d8c-8b7a-695847362514-kusto',
      name: 'Archive In Shared Memory - Linux',
      language: 'kusto',
      query: expect.stringMatching(/^imProcessCreate\n\| where [^\n]*\n\| where [^\n]*"\/dev\/shm"$/),
      queryOffset: PAGE.indexOf('imProcessCreate'),
      description: PROSE,
      authors: ['Ada', 'Grace'],
      references: sigma?.references,
      tags: ['team.blue'],
      severity: 'low',
      riskScore: 21,
      threat: sigma?.threat,
      indexPatterns: [],
      schedule: {},
      falsePositives: ['Build jobs'],
      scenarios: SCENARIOS,
      source: sigma?.source,
      extra: {},
    });
    expect(told(PAGE)).toEqual(['sigma-indentation-repaired «»', 'rule-id-derived «»']);
  });

  it('takes headings and fences of Markdown for what they are', () => {
    const page = `# A page\n\n${PAGE.replace('Detection Rule\n', '## Detection Rule\n\n```yaml\n')
      .replace('level: low\nKQL Query\n', 'level: low\n```\n\n## KQL Query\n\n```kql\n')
      .replace('Scenario: Build Jobs', '```\n\n### False positives\n\n- **Scenario**: Build Jobs')
      .replace('Description: A build', '**Description:** A build')}`;
    const [sigma, query] = rulesOf(page);
    const [plainSigma, plainQuery] = rulesOf(PAGE);
    expect(sigma?.query).toBe(plainSigma?.query);
    expect(query?.query).toBe(plainQuery?.query);
    expect(sigma?.scenarios).toEqual(SCENARIOS);
    expect(sigma?.extra.prose).toBe(`# A page\n\n${PROSE}`);
  });

  it('reads a Sigma rule that kept its indentation, and a page without a query or scenarios', () => {
    const page = `Prose.\nDetection Rule\n${rulesOf(PAGE)[0]?.query.replace(/^/, 'title: T\nid: i\n')}\n`;
    expect(parseHuntingPage(page, 'p').map(({ rule }) => rule?.id)).toEqual(['i']);
    expect(rulesOf(page)[0]).not.toHaveProperty('scenarios');
    expect(told(page)).toEqual([]);
    expect(told('Prose.')).toEqual(['rule-key-missing «»']);
  });

  it('keeps the query where the Sigma rule cannot be read, and points into the page', () => {
    const broken = PAGE.replace('selection_place:\n', 'place:\n');
    expect(told(broken)).toEqual(['sigma-indentation-ambiguous «place:»', 'rule-id-derived «»']);
    expect(rulesOf(broken).map((rule) => rule?.id)).toEqual([undefined, '4f3d2c1b-0a9e-4d8c-8b7a-695847362514-kusto']);
    expect(told(PAGE.replace('level: low', 'level: loud'))[0]).toBe('rule-value-type «loud»');
    expect(told(PAGE.replace(/^(title|id): .*$/gm, '$1:'))).toContain(
      `rule-key-missing «${rulesOf(PAGE)[1]?.query ?? ''}»`,
    );
    const [sigma] = parseHuntingPage(PAGE, 'page.txt');
    const at = sigma?.rule?.query.indexOf("'/7z'") ?? 0;
    const span = sigma?.locate.query({ start: at, end: at + 5 });
    expect(PAGE.slice(span?.start, span?.end)).toBe("'/7z'");
  });

  it('is told from its neighbours', () => {
    const form = (text: string) => ruleFormOf(text, 'pasted')?.form;
    expect(form(PAGE)).toBe('hunting-page');
    expect(form(rulesOf(PAGE)[0]?.query ?? '')).toBe('sigma-yaml');
    expect(form('Prose.\nScenario: none')).toBeUndefined();
  });

  it('loads the page that the product was begun with, to the detection, values and scenarios of the bundled rules', (context) => {
    const [sigma, query] = rulesOf(missionPage(context));
    const read = (path: string) => readFileSync(new URL(`../../rules/${path}`, import.meta.url), 'utf8');
    const [bundled] = parseSigmaYaml(read('sigma/proc_creation_lnx_python_webserver.yml'), 'x.yml');
    expect(meaning(sigma)).toBe(meaning(bundled?.rule));
    const [bundledQuery] = parseSentinelYaml(read('kusto/python_web_server.yaml'), 'x.yaml');
    expect(query?.query).toBe(bundledQuery?.rule?.query);
    for (const property of ['id', 'name', 'language', 'authors', 'references', 'tags'] as const) {
      expect(sigma?.[property], property).toEqual(bundled?.rule?.[property]);
    }
    for (const property of ['severity', 'riskScore', 'threat'] as const) {
      expect(sigma?.[property], property).toEqual(bundled?.rule?.[property]);
      expect(query?.[property], property).toEqual(bundled?.rule?.[property]);
      expect(bundledQuery?.rule?.[property], property).toEqual(bundled?.rule?.[property]);
    }
    expect(sigma?.extra).toMatchObject({ status: bundled?.rule?.extra.status, date: bundled?.rule?.extra.date });
    expect(bundledQuery?.rule?.scenarios).toEqual(bundled?.rule?.scenarios);
    const titles = bundled?.rule?.scenarios?.map(({ title }) => title);
    expect(titles).toHaveLength(4);
    for (const rule of [sigma, query]) {
      expect(rule?.scenarios?.map(({ title }) => title)).toEqual(titles);
      expect(
        rule?.scenarios?.every(({ description, filter }) => description !== undefined && filter !== undefined),
      ).toBe(true);
    }
  });
});
