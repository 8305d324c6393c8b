/** What a reader expects of one rule in every dialect, word for word. */
import { expect, test } from 'vitest';
import { NO_SPAN } from '../diagnostic/span.ts';
import { compileSigma } from '../language/sigma/sigma.ts';
import { emitEql } from './eql.ts';
import { emitEsql } from './esql.ts';
import { emitKqlAsim } from './kql-asim.ts';
import { emitKqlXdr } from './kql-xdr.ts';
import { emitLucene } from './lucene.ts';

const RULE = `
title: Python WebServer Execution - Linux
logsource:
  product: linux
  category: process_creation
detection:
  selection_img:
    - Image|endswith:
        - '/python'
        - '/python2'
        - '/python3'
    - Image|contains:
        - '/python2.'
        - '/python3.'
  selection_module:
    CommandLine|contains:
      - 'http.server'
      - 'SimpleHTTPServer'
  condition: all of selection_*
`;

const { plan } = compileSigma(RULE);
if (plan === undefined) throw new Error('the rule does not compile');

test('the KQL of the hunting page, clause for clause', () => {
  const { query, diagnostics } = emitKqlAsim(plan.predicate, NO_SPAN, { system: 'table' });
  expect(query).toBe(
    `imProcessCreate
| where ((TargetProcessName endswith "/python" or TargetProcessName endswith "/python2" or TargetProcessName endswith "/python3") or (TargetProcessName contains "/python2." or TargetProcessName contains "/python3.")) and (TargetProcessCommandLine contains "http.server" or TargetProcessCommandLine contains "SimpleHTTPServer")`,
  );
  expect(diagnostics.map(({ code }) => code)).toEqual(['convert-system']);
});

test('with the system asked for', () => {
  const { query, diagnostics } = emitKqlAsim(plan.predicate, NO_SPAN, { system: 'keep' });
  expect(query).toContain('| where DvcOs =~ "linux" and ((TargetProcessName');
  expect(diagnostics).toEqual([]);
});

test('Defender XDR', () => {
  const { query } = emitKqlXdr(plan.predicate, NO_SPAN, { system: 'table' });
  expect(query).toMatch(/^DeviceProcessEvents\n\| where \(\(FolderPath endswith "\/python" or /);
});

test('EQL', () => {
  expect(emitEql(plan, NO_SPAN).query).toBe(
    'process where host.os.type == "linux" and event.type == "start" and (process.executable : ("*/python", "*/python2", "*/python3") or process.executable : ("*/python2.*", "*/python3.*")) and process.command_line : ("*http.server*", "*SimpleHTTPServer*")',
  );
});

test('ES|QL', () => {
  expect(emitEsql(plan.predicate, ['logs-*'], NO_SPAN).query).toBe(
    `FROM logs-* METADATA _id, _index, _version
| WHERE host.os.type == "linux" AND event.category : "process" AND event.type : "start" AND ((TO_LOWER(process.executable) LIKE "*/python" OR TO_LOWER(process.executable) LIKE "*/python2" OR TO_LOWER(process.executable) LIKE "*/python3") OR (TO_LOWER(process.executable) LIKE "*/python2.*" OR TO_LOWER(process.executable) LIKE "*/python3.*")) AND (TO_LOWER(process.command_line) LIKE "*http.server*" OR TO_LOWER(process.command_line) LIKE "*simplehttpserver*")`,
  );
});

test('Lucene', () => {
  expect(emitLucene(plan.predicate, NO_SPAN).query).toContain(
    'process.command_line:(/.*[hH][tT][tT][pP]\\.[sS][eE][rR][vV][eE][rR].*/ OR /.*[sS]',
  );
});
