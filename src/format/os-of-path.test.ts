import { expect, test } from 'vitest';
import { osOfPath } from './os-of-path.ts';

test.for([
  ['C:\\Windows\\a.exe', 'windows'],
  ['\\Device\\HarddiskVolume1\\a.exe', 'windows'],
  ['%SystemRoot%\\a.exe', 'windows'],
  ['/usr/bin/a', 'linux'],
  ['/Applications/A.app/Contents/MacOS/a', 'macos'],
  ['a.exe', undefined],
  [undefined, undefined],
] as const)('%s: %s', ([path, os]) => {
  expect(osOfPath(path)).toBe(os);
});
