import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostIdentity } from './host-identity.ts';
import { parsePasswd, userNames } from './user-names.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-users-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('parsePasswd', () => {
  it('names each id by its first entry, and skips what is no entry', () => {
    const text =
      'root:x:0:0:root:/root:/bin/bash\n# note\n\ntoor:x:0:0::/:\nada:x:1001:1001::/home/ada:/bin/sh\n+::\nbad:x:-1\n';
    expect([...parsePasswd(text)]).toEqual([
      ['0', 'root'],
      ['1001', 'ada'],
    ]);
  });
});

describe('userNames', () => {
  it('learns of users that are added, and keeps what it knows when the file is gone', () => {
    const file = join(folder, 'passwd');
    writeFileSync(file, 'ada:x:1001:1001::/:\n');
    let now = 0;
    const nameOf = userNames(file, () => now);
    expect([nameOf('1001'), nameOf('1002')]).toEqual(['ada', undefined]);
    writeFileSync(file, 'ada:x:1001:1001::/:\ngrace:x:1002:1002::/:\n');
    expect(nameOf('1002')).toBeUndefined();
    now += 10_000;
    expect(nameOf('1002')).toBe('grace');
    rmSync(file);
    now += 10_000;
    expect(nameOf('1002')).toBe('grace');
  });
});

describe('hostIdentity', () => {
  it('takes the first machine id that is one', () => {
    const [broken, good] = [join(folder, 'broken'), join(folder, 'good')];
    writeFileSync(broken, 'uninitialized\n');
    writeFileSync(good, '0123456789abcdef0123456789abcdef\n');
    expect(hostIdentity([join(folder, 'none'), broken, good]).id).toBe('0123456789abcdef0123456789abcdef');
    expect(hostIdentity([broken])).toEqual({ name: expect.any(String) });
  });
});
