/**
 * Sysmon's words for the registry, which Sigma's rules use, and those of other sources for the same.
 *
 *   `HKLM\System\CurrentControlSet\…` ──▶ `HKEY_LOCAL_MACHINE\…`, `…\ControlSet001\…`
 *   `DWORD (0x00000001)` ──▶ the number 1, of a type that ends in DWORD
 *
 * Sysmon shortens the hive and names the control set in use; Elastic Defend, Microsoft Defender and the audit log of
 * Windows give the set by its number, which is 1 unless a machine was repaired, and may write the hive out.
 */
import type { WildcardPart, WildcardPattern } from '../plan/predicate/node.ts';

const HIVES: ReadonlyMap<string, string> = new Map([
  ['hklm', 'HKEY_LOCAL_MACHINE'],
  ['hku', 'HKEY_USERS'],
  ['hkcr', 'HKEY_CLASSES_ROOT'],
  ['hkey_local_machine', 'HKLM'],
  ['hkey_users', 'HKU'],
  ['hkey_classes_root', 'HKCR'],
]);

/** Further patterns that ask for the same key; none where its text is written in one way only. */
export function registrySpellings(pattern: WildcardPattern): readonly WildcardPattern[] {
  const numbered = changed(pattern, (text) => text.replaceAll(/(?<=\\|^)CurrentControlSet(?=\\|$)/gi, 'ControlSet001'));
  const hives = [pattern, ...numbered].flatMap((each) => changed(each, otherHive));
  return [...numbered, ...hives];
}

/** The pattern with its texts changed; none where that changes nothing. */
function changed(pattern: WildcardPattern, change: (text: string) => string): readonly WildcardPattern[] {
  const parts = pattern.map((part): WildcardPart => (typeof part === 'object' ? { text: change(part.text) } : part));
  const same = parts.every((part, at) => {
    const before = pattern[at];
    return typeof part !== 'object' || typeof before !== 'object' || part.text === before.text;
  });
  return same ? [] : [Object.freeze(parts)];
}

/** A hive begins the path, and so a text that names one. */
function otherHive(text: string): string {
  const [, hive = '', rest = ''] = /^([a-z_]+)(\\.*)$/is.exec(text) ?? [];
  const other = HIVES.get(hive.toLowerCase());
  return other === undefined ? text : `${other}${rest}`;
}

export interface RegistryData {
  /** Of which the event has one; none where only the type is said. */
  readonly values: readonly string[];
  /** How the name of the type ends, in lower case: `REG_DWORD`, `Dword`. */
  readonly type: string;
}

/** What Sysmon's `Details` in lower case says of a number or of bytes; `undefined` for a text, which is itself. */
export function registryData(details: string): RegistryData | undefined {
  if (details === 'binary data') return { values: [], type: 'binary' };
  // `startswith: DWORD`: any number of that type.
  const [, begun] = /^([dq]word)(?: \((?:0x)?)?$/.exec(details) ?? [];
  if (begun !== undefined) return { values: [], type: begun };
  const [, dword] = /^dword \((0x[0-9a-f]{8})\)$/.exec(details) ?? [];
  if (dword !== undefined) return { values: [String(Number(dword)), dword], type: 'dword' };
  const [, high, low] = /^qword \(0x([0-9a-f]{8})-0x([0-9a-f]{8})\)$/.exec(details) ?? [];
  if (high === undefined || low === undefined) return undefined;
  return { values: [String(BigInt(`0x${high}${low}`)), `0x${high}${low}`], type: 'qword' };
}
