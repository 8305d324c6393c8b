import { describe, expect, it } from 'vitest';
import { inspectText } from './inspect.ts';

const RULE = `[rule]
from = "now-9m"
index = ["logs-*"]
interval = "5m"
language = "eql"
max_signals = 100
name = "A rule"
query = "any where true"
risk_score = 47
rule_id = "i"
severity = "medium"
type = "eql"

[[rule.threat]]
framework = "MITRE ATT&CK"
[rule.threat.tactic]
id = "TA0002"
name = "Execution"
[[rule.threat.technique]]
id = "T1059"
name = "Command and Scripting Interpreter"
[[rule.threat.technique.subtechnique]]
id = "T1059.006"
name = "Python"
`;

/** `severity code «what is marked» message [hint]` of each finding that checking gives. */
const told = (text: string): string[] =>
  inspectText(text, 'a.toml')
    .flatMap(({ findings }) => findings)
    .filter(({ message }) => !message.endsWith('cannot be run yet.'))
    .map(({ severity, code, line, column, end, message, hint }) => {
      const marked = (text.split('\n')[line - 1] ?? '').slice(
        column - 1,
        end.line === line ? end.column - 1 : undefined,
      );
      return `${severity} ${code} «${marked}» ${message}${hint === undefined ? '' : ` [${hint}]`}`;
    });

const change = (...pairs: readonly (readonly [string, string])[]): string =>
  pairs.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, RULE);

describe('checkRule', () => {
  it('has nothing to say of a good rule', () => {
    expect(told(RULE)).toEqual([]);
  });

  it.each<[string, string, string]>([
    [
      'risk_score = 47',
      'risk_score = 73',
      'warning rule-risk-band «73» A risk score of 73 does not go with severity medium (22 to 47). [Severity high takes 73; or change the score.]',
    ],
    [
      'risk_score = 47',
      'risk_score = 21',
      'warning rule-risk-band «21» A risk score of 21 does not go with severity medium (22 to 47). [Severity low takes 21; or change the score.]',
    ],
    [
      '"5m"',
      '"5 minutes"',
      'error rule-schedule-form «"5 minutes"» interval cannot be "5 minutes". [Write a whole number above zero and s, m, h or d, like "5m".]',
    ],
    [
      '"5m"',
      '"0m"',
      'error rule-schedule-form «"0m"» interval cannot be "0m". [Write a whole number above zero and s, m, h or d, like "5m".]',
    ],
    [
      '"now-9m"',
      '"9m"',
      'error rule-schedule-form «"9m"» from cannot be "9m". [Write now- and a whole number and s, m, h or d, like "now-9m".]',
    ],
    [
      '"5m"',
      '"10m"',
      'warning rule-schedule-hole «"now-9m"» The rule runs every 10m and looks at 9m of events: 1m of each interval are never read. [Look back at least from now-11m.]',
    ],
    [
      'from = "now-9m"\n',
      'to = "now-5m"\n',
      'warning rule-schedule-hole «"5m"» The rule runs every 5m and looks at 1m of events: 4m of each interval are never read. [Look back at least from now-11m.]',
    ],
    [
      '"now-9m"',
      '"now-5m"',
      'info rule-schedule-tight «"now-5m"» The window overlaps the run before by nothing: events that arrive late are missed. [Elastic recommends at least a minute: from = "now-6m".]',
    ],
    [
      '"now-9m"',
      '"now-330s"',
      'info rule-schedule-tight «"now-330s"» The window overlaps the run before by 30s: events that arrive late are missed. [Elastic recommends at least a minute: from = "now-6m".]',
    ],
    [
      '= 100',
      '= 1001',
      'warning rule-max-alerts-high «1001» max_signals of 1001 is more than Elastic creates in one run. [Use at most 1000.]',
    ],
    [
      '["logs-*"]',
      '["-logs-*"]',
      'warning rule-index-nothing «["-logs-*"]» Every index pattern begins with "-", so the rule reads no event. [Put the pattern that "-" takes away from before it, for example "logs-*".]',
    ],
    [
      'type = "eql"',
      'type = "eql"\nalert_suppression = {group_by = []}',
      'error rule-suppression-form «[]» group_by must be a list of 1 to 5 names of fields.',
    ],
    [
      'type = "eql"',
      'type = "eql"\nevent_category_override = 1',
      'error rule-value-type «1» event_category_override is the name of a field. [Write "event.type".]',
    ],
    [
      '[rule]',
      '[metadata]\nmaturity = "deprecated"\n[rule]',
      'info rule-deprecated «"deprecated"» The author has retired this rule.',
    ],
    [
      '"TA0002"',
      '"TA0999"',
      'warning rule-attack-unknown «"TA0999"» TA0999 is no tactic of MITRE ATT&CK (as of 2025-11-13). [An id looks like TA0002.]',
    ],
    [
      '"T1059"',
      '"t1O59"',
      'warning rule-attack-unknown «"t1O59"» t1O59 is no technique of MITRE ATT&CK (as of 2025-11-13). [Did you mean T1059?]',
    ],
    ['"Execution"', '"Executing"', 'warning rule-attack-name «"Executing"» TA0002 is called Execution, not Executing.'],
    ['"Python"', '"Perl"', 'warning rule-attack-name «"Perl"» T1059.006 is called Python, not Perl.'],
  ])('changing %j to %j', (from, to, finding) => {
    expect(told(change([from, to]))[0]).toBe(finding);
  });

  it('knows what MITRE took back, what serves a tactic, and what belongs to a technique', () => {
    expect(told(change(['"T1059.006"\nname = "Python"', '"T1086"\nname = "PowerShell"']))).toEqual([
      'warning rule-attack-retired «"T1086"» MITRE has revoked T1086 (PowerShell). [T1059.001 (PowerShell) took its place.]',
      'warning rule-attack-parent «"T1086"» T1086 is no sub-technique of T1059.',
    ]);
    expect(told(change(['"TA0002"\nname = "Execution"', '"TA0008"\nname = "Lateral Movement"']))).toEqual([
      'warning rule-attack-tactic «"T1059"» T1059 (Command and Scripting Interpreter) does not serve Lateral Movement. [It serves Execution (TA0002).]',
      'warning rule-attack-tactic «"T1059.006"» T1059.006 (Python) does not serve Lateral Movement. [It serves Execution (TA0002).]',
    ]);
  });

  it('leaves other frameworks alone', () => {
    expect(told(change(['"MITRE ATT&CK"', '"MITRE ATLAS"'], ['"TA0002"', '"AML.TA0005"']))).toEqual([]);
  });

  it('tells all of a rule’s mistakes at once', () => {
    const codes = told(change(['name = "A rule"\n', ''], ['47', '99'], ['"5m"', '"1h"'])).map(
      (line) => line.split(' ')[1],
    );
    expect(codes).toEqual(['rule-key-missing', 'rule-schedule-hole', 'rule-risk-band']);
  });

  it('cuts the list where a file is nothing but mistakes', () => {
    const keys = Array.from({ length: 50_000 }, (_, n) => `nonsense_${n} = 1`).join('\n');
    const findings = told(`${change(['47', '101'])}\n[rule.x]\n[metadata]\n${keys}`);
    expect(findings.length).toBe(201);
    expect(findings.some((line) => line.startsWith('error rule-value-type'))).toBe(true);
    expect(findings.some((line) => line.includes('rule-findings-cut'))).toBe(true);
  });
});
