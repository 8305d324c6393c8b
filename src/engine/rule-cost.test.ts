import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { costCommand } from '../cli/rule-cost.ts';
import { ruleCost } from './rule-cost.ts';

const rule = (id: string, condition: string) =>
  `title: Rule ${id}\nid: ${id}\nlogsource:\n  category: file_event\n  product: windows\ndetection:\n  sel:\n    ${condition}\n  condition: sel\n`;
const event = (name: string) =>
  JSON.stringify({
    EventID: 11,
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    SourceName: 'Microsoft-Windows-Sysmon',
    Hostname: 'pc',
    EventTime: '2025-01-02 03:04:05',
    ProcessId: 5,
    Image: 'C:\\a.exe',
    TargetFilename: name,
  });

describe('what rules cost', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vedette-cost-'));
    writeFileSync(join(folder, 'rare.yml'), rule('rare', "TargetFilename|endswith: 'secret.txt'"));
    writeFileSync(join(folder, 'always.yml'), rule('always', "TargetFilename|re: '[xy]$'"));
    writeFileSync(join(folder, 'never.yml'), rule('never', "TargetFilename: 'C:\\nothing'"));
    writeFileSync(join(folder, 'log.jsonl'), ['C:\\x', 'C:\\z', 'C:\\secret.txt', 'C:\\y'].map(event).join('\n'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const paths = () => ({ rules: [folder], logs: [join(folder, 'log.jsonl')] });

  it('is counted for each rule', async () => {
    const { events, rules, findings } = await ruleCost(paths());
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(events).toBe(4);
    const byId = Object.fromEntries(rules.map(({ id, candidates, matches }) => [id, [candidates, matches]]));
    expect(byId).toEqual({ rare: [1, 1], always: [4, 2], never: [0, 0] });
    expect(rules.at(-1)).toMatchObject({ id: 'never', milliseconds: 0, share: 0 });
    expect(rules.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  });

  it('is shown as a table, and one rule a line for programs', async () => {
    const ask = async (json: boolean) => {
      let text = '';
      const out = { write: (more: string) => (text += more) };
      expect(await costCommand({ ...paths(), json, top: 1, out, errors: out })).toBe(0);
      return text;
    };
    const table = await ask(false);
    expect(table).toMatch(/share +time +candidates +matches +rule\n/);
    expect(table).toContain('and 1 rule that cost less');
    expect(table).toContain('1 rule never evaluated');
    expect(
      (await ask(true))
        .trim()
        .split('\n')
        .map((line) => Object.keys(JSON.parse(line))),
    ).toHaveLength(3);
  });
});
