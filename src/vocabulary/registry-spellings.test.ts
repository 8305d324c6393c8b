import { expect, test } from 'vitest';
import { documentSource, Event } from '../event/event.ts';
import { compileSigma } from '../language/sigma/sigma.ts';
import { evaluate } from '../plan/predicate/evaluate.ts';
import { registryData, registrySpellings } from './registry-spellings.ts';

const shown = (text: string) =>
  registrySpellings(['*', { text }]).map((pattern) =>
    pattern.map((part) => (typeof part === 'object' ? part.text : part)).join(''),
  );

test('a key is asked in every way in which sources write it', () => {
  expect(shown('\\Run')).toEqual([]);
  expect(shown('HKLM\\Run')).toEqual(['*HKEY_LOCAL_MACHINE\\Run']);
  expect(shown('hkey_users\\Run')).toEqual(['*HKU\\Run']);
  expect(shown('\\SYSTEM\\currentcontrolset\\Services')).toEqual(['*\\SYSTEM\\ControlSet001\\Services']);
  expect(shown('HKLM\\SYSTEM\\CurrentControlSet')).toEqual([
    '*HKLM\\SYSTEM\\ControlSet001',
    '*HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet',
    '*HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001',
  ]);
  expect(shown('\\MyCurrentControlSet\\x')).toEqual([]);
});

test('numbers and bytes are told from texts by the words for them', () => {
  expect(registryData('dword (0x00000d3d)')).toEqual({ values: ['3389', '0x00000d3d'], type: 'dword' });
  expect(registryData('qword (0x00000001-0x00000000)')).toEqual({
    values: ['4294967296', '0x0000000100000000'],
    type: 'qword',
  });
  expect(registryData('binary data')).toEqual({ values: [], type: 'binary' });
  expect(registryData('dword')).toEqual({ values: [], type: 'dword' });
  expect(registryData('words')).toBeUndefined();
});

test('a rule in Sysmon’s words finds what other sources say', () => {
  const { plan } = compileSigma(`
title: t
logsource: {product: windows, category: registry_set}
detection:
  s:
    TargetObject|startswith: 'HKLM\\System\\CurrentControlSet\\Services\\'
    Details: 'DWORD (0x00000004)'
  condition: s
`);
  if (plan?.kind !== 'event') throw new Error('no plan');
  const fires = (path: string, strings: string, type: string) =>
    evaluate(
      plan.predicate,
      new Event({
        time: { ms: 0, ticks: 0 },
        source: documentSource({
          event: { category: ['registry'], type: ['change'] },
          host: { os: { type: 'windows' } },
          registry: { path, data: { strings: [strings], type } },
        }),
        raw: new Uint8Array(),
        format: 'test',
        dataStreams: [],
      }),
    );
  expect(fires('HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Services\\x\\Start', '4', 'REG_DWORD')).toBe(true);
  expect(fires('HKLM\\SYSTEM\\CurrentControlSet\\Services\\x\\Start', '4', 'Dword')).toBe(true);
  expect(fires('HKLM\\SYSTEM\\CurrentControlSet\\Services\\x\\Start', '4', 'REG_SZ')).toBe(false);
  expect(fires('HKLM\\SYSTEM\\ControlSet002\\Services\\x\\Start', '4', 'REG_DWORD')).toBe(false);
});
