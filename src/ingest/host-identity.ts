/**
 * Who this machine is, for sources that say nothing of a host.
 */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

export interface HostIdentity {
  readonly name: string;
  /** machine-id(5): 32 hex digits, one for each installation. Absent where the system has none. */
  readonly id?: string;
}

const MACHINE_ID_FILES = ['/etc/machine-id', '/var/lib/dbus/machine-id'];

export function hostIdentity(files: readonly string[] = MACHINE_ID_FILES): HostIdentity {
  for (const file of files) {
    const id = readOrEmpty(file).trim();
    if (/^[0-9a-f]{32}$/.test(id)) return { name: hostname(), id };
  }
  return { name: hostname() };
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
