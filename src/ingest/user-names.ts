/**
 * Names of this machine's numeric user ids, from passwd(5).
 *
 * Only local accounts: asking the name services (LDAP, SSSD) would need a program or an addon, and can block.
 */
import { readFileSync, statSync } from 'node:fs';

/** The file is looked at again so often, for users that were added since. */
const FRESH_MS = 10_000;

/** A lookup that follows changes of the file; ids it does not know have no name. */
export function userNames(file = '/etc/passwd', now: () => number = Date.now): (uid: string) => string | undefined {
  let names: ReadonlyMap<string, string> = new Map();
  let looked = Number.NEGATIVE_INFINITY;
  let version = '';
  return (uid) => {
    if (Math.abs(now() - looked) >= FRESH_MS) {
      looked = now();
      try {
        const { mtimeMs, size, ino } = statSync(file);
        const found = `${mtimeMs} ${size} ${ino}`;
        if (found !== version) {
          names = parsePasswd(readFileSync(file, 'utf8'));
          version = found;
        }
      } catch {
        // Without the file the names known so far stay.
      }
    }
    return names.get(uid);
  };
}

/** User id → name; the first entry of an id counts, as getpwuid(3) has it. */
export function parsePasswd(text: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [name, , uid] = line.split(':');
    if (name === undefined || name === '' || name.startsWith('#') || uid === undefined || !/^\d+$/.test(uid)) continue;
    if (!names.has(uid)) names.set(uid, name);
  }
  return names;
}
