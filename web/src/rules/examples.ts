/** Short rules to start from, one for each language, in the forms their authors know. */
import type { QueryLanguage } from '../../../src/serve/api.ts';

export const EXAMPLES: readonly { readonly language: QueryLanguage; readonly text: string }[] = [
  {
    language: 'eql',
    text: `[metadata]
creation_date = "2026/01/15"
maturity = "production"

[rule]
author = ["You"]
description = """
A download tool writes into a temporary folder.
"""
from = "now-9m"
index = ["logs-endpoint.events.process*"]
language = "eql"
license = "Apache-2.0"
name = "Download into a Temporary Folder"
risk_score = 47
rule_id = "5b0d6a52-6d2f-4a55-9f3e-0c8f3b6c1e01"
severity = "medium"
type = "eql"
query = '''
process where host.os.type == "linux" and event.type == "start" and
  process.name in ("curl", "wget") and
  process.args : ("/tmp/*", "/var/tmp/*", "/dev/shm/*")
'''

[[rule.threat]]
framework = "MITRE ATT&CK"

[rule.threat.tactic]
id = "TA0011"
name = "Command and Control"
reference = "https://attack.mitre.org/tactics/TA0011/"

[[rule.threat.technique]]
id = "T1105"
name = "Ingress Tool Transfer"
reference = "https://attack.mitre.org/techniques/T1105/"
`,
  },
  {
    language: 'kuery',
    text: `[metadata]
creation_date = "2026/01/15"
maturity = "production"

[rule]
author = ["You"]
description = """
A scheduled task of the system is written by hand.
"""
from = "now-9m"
index = ["logs-endpoint.events.file*"]
language = "kuery"
license = "Apache-2.0"
name = "Cron File Written by an Editor"
risk_score = 21
rule_id = "5b0d6a52-6d2f-4a55-9f3e-0c8f3b6c1e04"
severity = "low"
type = "query"
query = '''
event.category: file and event.type: (creation or change) and
  file.path: (/etc/cron.d/* or /etc/crontab) and
  process.name: (vi or vim or nano or emacs)
'''

[[rule.threat]]
framework = "MITRE ATT&CK"

[rule.threat.tactic]
id = "TA0003"
name = "Persistence"
reference = "https://attack.mitre.org/tactics/TA0003/"

[[rule.threat.technique]]
id = "T1053"
name = "Scheduled Task/Job"
reference = "https://attack.mitre.org/techniques/T1053/"
`,
  },
  {
    language: 'sigma',
    text: `title: Shell Started by a Web Server
id: 5b0d6a52-6d2f-4a55-9f3e-0c8f3b6c1e02
status: experimental
description: A web server starts a shell, as a web shell does.
author: You
date: 2026-01-15
tags:
  - attack.persistence
  - attack.t1505.003
logsource:
  category: process_creation
  product: linux
detection:
  selection_parent:
    ParentImage|endswith:
      - /nginx
      - /apache2
      - /httpd
  selection_shell:
    Image|endswith:
      - /sh
      - /bash
      - /dash
  condition: all of selection_*
falsepositives:
  - Administration panels that run scripts
level: high
`,
  },
  {
    language: 'kusto',
    text: `id: 5b0d6a52-6d2f-4a55-9f3e-0c8f3b6c1e03
name: Account Added by Command Line
description: A user account is added with a command-line tool.
severity: Low
queryFrequency: 5m
queryPeriod: 10m
triggerOperator: gt
triggerThreshold: 0
tactics:
  - Persistence
relevantTechniques:
  - T1136.001
query: |
  imProcessCreate
  | where TargetProcessName has_any ("useradd", "adduser")
  | where TargetProcessCommandLine !has "--help"
  | project TimeGenerated, DvcHostname, ActorUsername, TargetProcessCommandLine
version: 1.0.0
kind: Scheduled
`,
  },
];
