import { expect, it } from 'vitest';
import { inspectText } from './inspect.ts';

const RULE = `title: A rule
id: 0c9d2f8e-5a0e-4b62-8e0b-7b1c9d1f9a11
status: test
references:
    - https://example.com/a
date: 2025-01-31
modified: 2025-02-01
related:
    - id: 0c9d2f8e-5a0e-4b62-8e0b-7b1c9d1f9a12
      type: similar
tags:
    - attack.execution
    - attack.t1059
    - cve.2021-44228
    - tlp.green
    - detection.threat-hunting
fields:
    - Image
logsource: {product: linux, category: process_creation}
detection:
    selection:
        Image: /bin/x
    condition: selection
level: low
`;

function told(change: readonly [string, string]): readonly string[] {
  expect(RULE).toContain(change[0]);
  const text = RULE.replace(change[0], change[1]);
  return inspectText(text, 'a.yml')
    .flatMap(({ findings }) => findings)
    .map(({ severity, code, line, column, end, message, hint }) => {
      const marked = (text.split('\n')[line - 1] ?? '').slice(
        column - 1,
        end.line === line ? end.column - 1 : undefined,
      );
      return `${severity} ${code} «${marked}» ${message}${hint === undefined ? '' : ` [${hint}]`}`;
    });
}

it('has nothing to say of a good rule', () => {
  expect(told(['title', 'title'])).toEqual([]);
  expect(told(['2025-02-01', '2025/02/01'])).toEqual([]);
});

it.each<[string, string, string]>([
  [
    'id: 0c9d2f8e-5a0e-4b62-8e0b-7b1c9d1f9a11',
    'id: mine',
    'warning sigma-id «mine» The id is no UUID. [For example: 0c9d2f8e-5a0e-4b62-8e0b-7b1c9d1f9a11]',
  ],
  [
    'A rule',
    'x'.repeat(257),
    `warning sigma-title «${'x'.repeat(257)}» The title has 257 characters; Sigma’s have at most 256. [Move the rest to the description.]`,
  ],
  [
    'status: test',
    'status: tset',
    'warning sigma-status «tset» status must be one of stable, test, experimental, deprecated, unsupported. [Did you mean test?]',
  ],
  ['2025-01-31', '2025-01-32', 'warning sigma-date «2025-01-32» date is no day: 2025-01-32. [Write it as 2025-08-31.]'],
  ['2025-01-31', '31.1.2025', 'warning sigma-date «31.1.2025» date is no day: 31.1.2025. [Write it as 2025-08-31.]'],
  [
    '2025-02-01',
    '2024-02-01',
    'warning sigma-date «2024-02-01» The rule was modified before it was written. [date is 2025-01-31.]',
  ],
  [
    'type: similar',
    'type: alike',
    'warning sigma-related «alike» type must be one of derived, obsolete, merged, renamed, similar. [For example: {id: 0c9d2f8e-5a0e-4b62-8e0b-7b1c9d1f9a11, type: similar}]',
  ],
  [
    '0c9d2f8e-5a0e-4b62-8e0b-7b1c9d1f9a12',
    'other',
    'warning sigma-related «other» The id of a related rule must be a UUID. [For example: {id: 0c9d2f8e-5a0e-4b62-8e0b-7b1c9d1f9a11, type: similar}]',
  ],
  [
    'https://example.com/a',
    'https://example.com/a\n    - https://example.com/a',
    'info sigma-repeated «- https://example.com/a» The reference https://example.com/a stands there twice.',
  ],
  ['cve.2021-44228', 'cve.log4j', 'warning sigma-tag «cve.log4j» cve.log4j is no CVE. [For example: cve.2021-44228]'],
  ['tlp.green', 'tlp.blue', 'warning sigma-tag «tlp.blue» tlp has red, amber, amber-strict, green, clear, white.'],
  [
    'tlp.green',
    'green',
    'warning sigma-tag «green» The tag green has no namespace. [A tag looks like attack.t1059 or cve.2021-44228.]',
  ],
  ['    - Image', '    - Image: x', 'warning rule-value-type «- Image: x» fields must be a list of texts.'],
  // ATT&CK.
  [
    'attack.t1059',
    'attack.t1086',
    'warning rule-attack-retired «attack.t1086» MITRE has revoked T1086 (PowerShell). [T1059.001 (PowerShell) took its place.]',
  ],
  [
    'attack.t1059',
    'attack.t1050',
    'warning rule-attack-retired «attack.t1050» MITRE has revoked T1050 (New Service). [T1543.003 (Windows Service) took its place.]',
  ],
  [
    'attack.t1059',
    'attack.t1685.001',
    'info rule-attack-newer «attack.t1685.001» attack.t1685.001 is probably newer than the data of MITRE ATT&CK here (2025-11-13).',
  ],
  [
    'attack.execution',
    'attack.stealth',
    'info rule-attack-newer «attack.stealth» attack.stealth is probably newer than the data of MITRE ATT&CK here (2025-11-13).',
  ],
  [
    'attack.execution',
    'attack.excution',
    'warning rule-attack-unknown «attack.excution» attack.excution is no tactic of MITRE ATT&CK (as of 2025-11-13). [Did you mean attack.execution?]',
  ],
  [
    'attack.t1059',
    'attack.t1000',
    'warning rule-attack-unknown «attack.t1000» attack.t1000 is no technique of MITRE ATT&CK (as of 2025-11-13).',
  ],
])('%.60s → %.60s', (from, to, expected) => {
  expect(told([from, to])).toContain(expected);
});
