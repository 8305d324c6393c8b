import { expect, test } from 'vitest';
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
  expect(registryData('dword')).toBeUndefined();
});
