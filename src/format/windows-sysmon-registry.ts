/**
 * What Sysmon says of the registry (ids 12 to 14) in ECS: the path taken apart, the data by kind.
 */
import type { Json, JsonObject } from '../event/json.ts';

/** `registry.*` of a `TargetObject` and its `Details`. */
export function registryOf(path: string | undefined, details: string | undefined): JsonObject | undefined {
  const data = details === undefined ? undefined : registryData(details);
  if (path === undefined) return data === undefined ? undefined : { data };
  const [root = '', ...key] = path.split('\\');
  const hive = HIVES.get(root.toUpperCase());
  return {
    path,
    ...(hive === undefined ? {} : { hive }),
    ...(hive === undefined || key.length === 0 ? {} : { key: key.join('\\') }),
    value: path.slice(path.lastIndexOf('\\') + 1),
    ...(data === undefined ? {} : { data }),
  };
}

/** `DWORD (0x00000001)`, `QWORD (0x00000000-0x00000001)`, `Binary Data`, or text; the numbers in decimal. */
function registryData(details: string): Record<string, Json> {
  const [, dword] = /^DWORD \((0x[0-9a-f]{8})\)$/i.exec(details) ?? [];
  if (dword !== undefined) return { strings: [String(Number(dword))], type: 'SZ_DWORD' };
  const [, high, low] = /^QWORD \((0x[0-9a-f]{8})-(0x[0-9a-f]{8})\)$/i.exec(details) ?? [];
  if (high !== undefined && low !== undefined) {
    return { strings: [((BigInt(high) << 32n) + BigInt(low)).toString()], type: 'SZ_QWORD' };
  }
  return { strings: [details], type: details === 'Binary Data' ? 'REG_BINARY' : 'REG_SZ' };
}

/** Names that `registryOf` makes. */
export function registryWords(): string {
  return `${[...HIVES.values()].join(' ')} SZ_DWORD SZ_QWORD REG_BINARY REG_SZ`;
}

const HIVES: ReadonlyMap<string, string> = new Map(
  [
    'HKEY_CLASSES_ROOT HKCR',
    'HKEY_CURRENT_CONFIG HKCC',
    'HKEY_CURRENT_USER HKCU',
    'HKEY_DYN_DATA HKDD',
    'HKEY_LOCAL_MACHINE HKLM',
    'HKEY_PERFORMANCE_DATA HKPD',
    'HKEY_USERS HKU',
  ].flatMap((pair) => {
    const [long = '', short = ''] = pair.split(' ');
    return [
      [long, short],
      [short, short],
    ] as const;
  }),
);
