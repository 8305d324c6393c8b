/**
 * Names of the system calls that matter here, for logs without ENRICHED names (asm/unistd.h of each architecture), and
 * of the architectures (linux/audit.h). `arch=` names the call's ABI, not the machine's.
 */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  c000003e: 'x86_64',
  '40000003': 'i386',
  c00000b7: 'aarch64',
  '40000028': 'arm',
  c0000015: 'ppc64le',
  '80000016': 's390x',
  c00000f3: 'riscv64',
};

const SYSCALLS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  x86_64: {
    '1': 'write',
    '2': 'open',
    '41': 'socket',
    '42': 'connect',
    '43': 'accept',
    '44': 'sendto',
    '49': 'bind',
    '50': 'listen',
    '56': 'clone',
    '57': 'fork',
    '58': 'vfork',
    '59': 'execve',
    '60': 'exit',
    '62': 'kill',
    '82': 'rename',
    '87': 'unlink',
    '101': 'ptrace',
    '105': 'setuid',
    '106': 'setgid',
    '165': 'mount',
    '175': 'init_module',
    '176': 'delete_module',
    '231': 'exit_group',
    '257': 'openat',
    '263': 'unlinkat',
    '264': 'renameat',
    '313': 'finit_module',
    '316': 'renameat2',
    '319': 'memfd_create',
    '321': 'bpf',
    '322': 'execveat',
    '435': 'clone3',
    // The x32 ABI numbers its own calls.
    '1073742344': 'execve',
    '1073742369': 'execveat',
  },
  i386: { '1': 'exit', '11': 'execve', '252': 'exit_group', '358': 'execveat' },
  aarch64: { '93': 'exit', '94': 'exit_group', '203': 'connect', '221': 'execve', '281': 'execveat' },
  arm: { '1': 'exit', '11': 'execve', '248': 'exit_group', '387': 'execveat' },
  ppc64le: { '1': 'exit', '11': 'execve', '234': 'exit_group', '362': 'execveat' },
  s390x: { '1': 'exit', '11': 'execve', '248': 'exit_group', '354': 'execveat' },
  riscv64: { '93': 'exit', '94': 'exit_group', '221': 'execve', '281': 'execveat' },
};

/** `undefined` for an architecture that is not listed. */
export function architectureName(arch: string): string | undefined {
  return own(ARCHITECTURES, arch.toLowerCase());
}

/** `undefined` for a call that is not listed; without an architecture x86_64 is assumed. */
export function syscallName(arch: string | undefined, number: string): string | undefined {
  const names = own(SYSCALLS, arch === undefined ? 'x86_64' : (architectureName(arch) ?? ''));
  return names === undefined ? undefined : own(names, number);
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
