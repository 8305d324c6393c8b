import { expect, test } from 'vitest';
import { attackHref, attackLinks, webAddress } from './attack.ts';

test('ids become addresses, other text none', () => {
  expect(attackHref('TA0002')).toBe('https://attack.mitre.org/tactics/TA0002/');
  expect(attackHref('T1059')).toBe('https://attack.mitre.org/techniques/T1059/');
  expect(attackHref('T1059.006')).toBe('https://attack.mitre.org/techniques/T1059/006/');
  expect(attackHref('javascript:alert(1)')).toBeUndefined();
});

test('the most exact technique of each mapping, once', () => {
  const python = { id: 'T1059.006', name: 'Python' };
  const scripting = { id: 'T1059', name: 'Command and Scripting Interpreter', subtechnique: [python] };
  const execution = { framework: 'MITRE ATT&CK', tactic: { id: 'TA0002', name: 'Execution' }, technique: [scripting] };
  const movement = { framework: 'MITRE ATT&CK', tactic: { id: 'TA0008', name: 'Lateral Movement' }, technique: [] };
  expect(attackLinks([execution, execution, movement]).map(({ id }) => id)).toEqual(['T1059.006', 'TA0008']);
});

test('only web addresses are followed', () => {
  expect(webAddress('https://example.org/a?b')).toBe('https://example.org/a?b');
  expect(['javascript:alert(1)', 'data:text/html,x', '//example.org', 'https://a b'].map(webAddress)).toEqual(
    Array(4).fill(undefined),
  );
});
