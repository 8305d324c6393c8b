/** Invented rules in the forms that rules come in: what the fixture of the API serves. */
import { ruleFormOf } from '../../src/rule/forms.ts';
import type { Finding, RuleDetail, RuleDocument } from '../../src/serve/api.ts';

/** What the service says of a rule, but for its alerts. */
export type FixtureRule = Omit<RuleDetail, 'alerts'>;

const GUIDE = `## Triage

A web server started by hand lets anyone who reaches the port read the folder.

- Which **folder** is served, and what lies in it?
- Who connected? See \`ss -tnp\` on the host, or the [manual](https://docs.python.org/3/library/http.server.html).

| Port | Usual for |
|------|-----------|
| 8000 | \`http.server\` without a port |
| 8080 | [another way](javascript:alert(2)) |

<img src="https://tracker.example/x.png"><script>alert(1)</script>

[not a web address](javascript:alert(1))
`;

function eql(index: number, name: string, severity: string, risk: number, query: string): string {
  return `[metadata]
creation_date = "2026/01/15"
integration = ["endpoint"]
maturity = "production"

[rule]
author = ["Example Authors"]
description = """
Identifies a program that is started in a way attackers favour. Invented for the tests.
"""
false_positives = ["Developers who share a folder for a moment."]
from = "now-9m"
index = ["logs-endpoint.events.*", "logs-crowdstrike.fdr*"]
language = "eql"
license = "Apache-2.0"
name = "${name}"
note = '''
${GUIDE}'''
references = ["https://www.example.org/rules/web-server", "a printed book"]
risk_score = ${risk}
rule_id = "00000000-0000-4000-8000-00000000000${index}"
setup = "Send process starts of Linux hosts."
severity = "${severity}"
tags = ["Domain: Endpoint", "OS: Linux"]
timestamp_override = "event.ingested"
type = "eql"
version = 102
query = '''
${query}
'''

[[rule.threat]]
framework = "MITRE ATT&CK"

[rule.threat.tactic]
id = "TA0002"
name = "Execution"
reference = "https://attack.mitre.org/tactics/TA0002/"

[[rule.threat.technique]]
id = "T1059"
name = "Command and Scripting Interpreter"
reference = "https://attack.mitre.org/techniques/T1059/"

[[rule.threat.technique.subtechnique]]
id = "T1059.006"
name = "Python"
reference = "https://attack.mitre.org/techniques/T1059/006/"
`;
}

function sigma(index: number, name: string, level: string, detection: string): string {
  return `title: ${name}
id: 00000000-0000-4000-8000-00000000000${index}
status: experimental
description: |
  Identifies a program that is started in a way attackers favour. Invented for the tests.
references:
  - https://www.example.org/rules/${index}
author: Example Authors
date: 2026-01-15
tags:
  - attack.command-and-control
  - attack.t1105
logsource:
  category: process_creation
  product: linux
detection:
${detection}
falsepositives:
  - Set-up of a machine
level: ${level}
`;
}

const TEXTS: readonly (readonly [path: string, text: string])[] = [
  [
    'rules/linux/web_server.toml',
    eql(
      0,
      'Web Server Spawned via Python',
      'medium',
      47,
      `process where host.os.type == "linux" and event.type == "start" and
  // python itself, or a shell that starts it
  (
    (process.name like "python*" and process.args in ("http.server", "SimpleHTTPServer")) or
    (process.name in ("bash", "dash", "sh") and process.command_line like~ "*python* -m http.server*")
  )`,
    ),
  ],
  [
    'rules/linux/fetched_script.yml',
    sigma(
      1,
      'Script Fetched into a Temporary Folder',
      'high',
      `  selection:
    Image|endswith:
      - /curl
      - /wget
    CommandLine|contains:
      - ' -o /tmp/'
      - ' -O /tmp/' # wget
  filter_backup:
    User: backup
  condition: selection and not filter_backup`,
    ),
  ],
  [
    'rules/linux/ssh_key.toml',
    eql(
      2,
      'SSH Key Added by a Web Process',
      'critical',
      92,
      `process where host.os.type == "linux" and process.args : "*/.ssh/authorized_keys"`,
    ),
  ],
  [
    'rules/linux/base64.yml',
    sigma(
      3,
      'Base64 Decoded into a File',
      'low',
      `  selection:
    Image|endswith: /base64
    CommandLine|contains: ' -d'
  unused:
    User: root
  condition: selection`,
    ),
  ],
  [
    'rules/azure/archive.yaml',
    `id: 00000000-0000-4000-8000-000000000004
name: Archive Written to a Served Folder
description: An archive is written where a web server finds it. Invented for the tests.
severity: Informational
queryFrequency: 15m
queryPeriod: 20m
triggerOperator: gt
triggerThreshold: 0
tactics:
  - Collection
relevantTechniques:
  - T1560.001
query: |
  imProcessCreate
  | where TargetProcessName endswith "/tar" // and its like
  | where TargetProcessCommandLine has_any ("exports", "www") and TimeGenerated > ago(20m)
  | project TimeGenerated, DvcHostname, TargetProcessCommandLine
version: 1.0.2
kind: Scheduled
`,
  ],
];

export const FIXTURE_RULES: readonly RuleDocument[] = TEXTS.map(([path, text]) => {
  const parsed = ruleFormOf(text, path)?.parse(text, path)[0];
  if (parsed?.rule === undefined) throw new Error(`${path}: ${JSON.stringify(parsed?.diagnostics)}`);
  return parsed.rule;
});

/** As loaded: every rule on, one with warnings, one that an error keeps from running. */
export function fixtureRules(): FixtureRule[] {
  return FIXTURE_RULES.map((document, index) => ({
    ...asLoaded(document, index === 3 ? [UNUSED] : index === 4 ? [UNSUPPORTED] : []),
    added: index === 4,
  }));
}

export function asLoaded(document: RuleDocument, findings: readonly Finding[]): FixtureRule {
  const { id, name, language, severity, riskScore, threat } = document;
  const count = (wanted: string) => findings.filter((finding) => finding.severity === wanted).length;
  return {
    id,
    name,
    language,
    ...(severity === undefined ? {} : { severity }),
    ...(riskScore === undefined ? {} : { risk_score: riskScore }),
    threat,
    enabled: true,
    paused: false,
    added: true,
    errors: count('error'),
    warnings: count('warning'),
    document,
    findings,
    fields: [],
    overlay: [],
    origin: { path: document.source.path },
  };
}

const UNUSED: Finding = {
  file: 'rules/linux/base64.yml',
  rule: {},
  code: 'sigma-identifier-unused',
  severity: 'warning',
  message: 'The condition does not name “unused”.',
  hint: 'Name it in the condition, or take it out.',
  ...placed(3, 'unused:', 'unused'),
};

const UNSUPPORTED: Finding = {
  file: 'rules/azure/archive.yaml',
  rule: {},
  code: 'kusto-unsupported',
  severity: 'error',
  message: 'The operator has_any is not evaluated here. Invented for the tests.',
  hint: 'Write the words as several conditions, linked by or.',
  ...placed(4, 'has_any', 'has_any'),
};

function placed(index: number, at: string, word: string): Pick<Finding, 'line' | 'column' | 'end'> {
  const lines = (TEXTS[index]?.[1] ?? '').split('\n');
  const line = lines.findIndex((each) => each.includes(at)) + 1;
  const column = (lines[line - 1] ?? '').indexOf(at) + 1;
  return { line, column, end: { line, column: column + word.length } };
}
