/**
 * What an audit event is called in ECS, and who did what to what: after go-libaudit's normalisations, the words that
 * auditbeat and Elastic's auditd integration use. A record type that is not listed keeps its own name, in lower case,
 * and no category; a call that is not listed is something a process did.
 *
 * An event with a record of its own beside a SYSCALL (NETFILTER_CFG) has the categories and types of both.
 */
export interface AuditAction {
  readonly action: string;
  readonly category: readonly string[];
  readonly type: readonly string[];
  /** `alert` for anomalies. */
  readonly kind?: string;
  readonly object: AuditObject;
  /** Raw fields that name who acted, the first that is there; absent: the login id and the user. */
  readonly actor?: { readonly primary: readonly string[]; readonly secondary: readonly string[] };
  /** Raw fields that say by what means, the first that is there; absent: the program. */
  readonly how?: readonly string[];
  readonly people?: People;
}

export interface AuditObject {
  readonly what?: string;
  /** Raw fields, the first that is there; for files and sockets the path and the address. */
  readonly primary: readonly string[];
  readonly secondary: readonly string[];
  /** Of a file: the number of the PATH record that is meant, if there are so many. */
  readonly path?: number;
}

/**
 * Which users `user`, `user.effective`, `user.target` and `group` are; absent: `user` is the process's. `session`: who
 * is logged in acts as the account. `login`: the login id before and after. `account`, `password`, `group`: who is
 * logged in, as the process's user, changes an account, a password, or a group.
 */
export type People = 'session' | 'login' | 'account' | 'password' | 'group';

/** Calls whose SOCKADDR is where something comes from, and where it goes to. */
export const RECEIVING: ReadonlySet<string> = new Set(['accept', 'accept4', 'recvfrom', 'recvmsg', 'recvmmsg']);
export const SENDING: ReadonlySet<string> = new Set(['connect', 'sendto', 'sendmsg', 'sendmmsg']);

/** `undefined` for a record type that has no word of its own. */
export function recordAction(type: string): AuditAction | undefined {
  return Object.hasOwn(RECORDS, type) ? RECORDS[type] : undefined;
}

/** A call that is not listed is something a process did: its own name, `process`, `info`. */
export function syscallAction(name: string): AuditAction {
  return SYSCALLS.get(name) ?? entry(name, 'process', 'info');
}

function entry(action: string, category: string, type: string, more: Partial<AuditAction> = {}): AuditAction {
  return { action, category: words(category), type: words(type), object: object(), ...more };
}

function object(what?: string, primary = '', secondary = '', path?: number): AuditObject {
  return {
    primary: words(primary),
    secondary: words(secondary),
    ...(what === undefined ? {} : { what }),
    ...(path === undefined ? {} : { path }),
  };
}

function words(text: string): readonly string[] {
  return text === '' ? [] : text.split(' ');
}

/** What programs say of a user's session: the terminal and where from. */
function session(action: string, category: string, type: string, more: Partial<AuditAction> = {}): AuditAction {
  return entry(action, category, type, {
    actor: { primary: ['auid'], secondary: ['acct', 'id', 'uid'] },
    object: object('user-session', 'terminal', 'addr hostname'),
    how: ['exe', 'terminal'],
    ...more,
  });
}

const login = (action: string, type = 'info', category = 'authentication') =>
  session(action, category, type, { people: 'session' });
const account = (action: string, type: string, people?: People) =>
  entry(action, 'iam', type, { object: object('account', 'id acct'), ...(people === undefined ? {} : { people }) });
const host = (action: string, type = 'info', primary = '', secondary = '', what = 'virtual-machine') =>
  entry(action, 'host', type, { object: object(what, primary, secondary) });
const daemon = (action: string, type: string, category = 'process') =>
  entry(action, category, type, { object: object('service') });
const config = (action: string, type: string, what: string, primary = '') =>
  entry(action, 'configuration', type, { object: object(what, primary) });
const anomaly = (action: string, category: string, type: string, more: Partial<AuditAction> = {}) =>
  entry(action, category, type, { kind: 'alert', ...more });
const suspiciousLogin = (action: string) =>
  session(action, 'intrusion_detection', 'info', { kind: 'alert', people: 'session' });

const CLOCK = entry('changed-system-time', 'host', 'change', { object: object('system') });
const MODULE = entry('loaded-kernel-module', 'driver', 'start', { object: object('file', 'name') });

const RECORDS: Readonly<Record<string, AuditAction>> = {
  ACCT_LOCK: account('locked-account', 'user info', 'account'),
  ACCT_UNLOCK: account('unlocked-account', 'user info', 'account'),
  ADD_GROUP: account('added-group-account-to', 'group creation', 'group'),
  ADD_USER: account('added-user-account', 'user creation', 'account'),
  ANOM_ABEND: anomaly('crashed-program', 'process intrusion_detection', 'end info', {
    object: object('process', 'comm exe', 'pid'),
    how: ['sig'],
  }),
  ANOM_EXEC: anomaly('attempted-execution-of-forbidden-program', 'process intrusion_detection', 'start', {
    object: object('process', 'cmd'),
    how: ['terminal'],
  }),
  ANOM_LINK: anomaly('used-suspicious-link', 'intrusion_detection', 'info'),
  ANOM_LOGIN_FAILURES: suspiciousLogin('failed-log-in-too-many-times-to'),
  ANOM_LOGIN_LOCATION: suspiciousLogin('attempted-log-in-from-unusual-place-to'),
  ANOM_LOGIN_SESSIONS: suspiciousLogin('opened-too-many-sessions-to'),
  ANOM_LOGIN_TIME: suspiciousLogin('attempted-log-in-during-unusual-hour-to'),
  ANOM_PROMISCUOUS: anomaly('changed-promiscuous-mode-on-device', 'intrusion_detection', 'info change', {
    object: object('network-device', 'dev'),
  }),
  ANOM_RBAC_INTEGRITY_FAIL: anomaly('tested-file-system-integrity-of', 'intrusion_detection', 'info', {
    object: object('filesystem', 'hostname'),
  }),
  CHGRP_ID: entry('changed-group', 'process', 'change'),
  CHUSER_ID: entry('changed-user-id', 'process', 'change'),
  CONFIG_CHANGE: entry('changed-audit-configuration', 'process configuration', 'change', {
    object: object('audit-config', 'op key audit_enabled audit_pid audit_backlog_limit audit_failure'),
  }),
  CRED_ACQ: login('acquired-credentials'),
  CRED_DISP: login('disposed-credentials'),
  CRED_REFR: login('refreshed-credentials'),
  CRYPTO_KEY_USER: session('negotiated-crypto-key', 'process', 'info', {
    actor: { primary: ['auid'], secondary: ['acct', 'id', 'uid'] },
    object: object('user-session', 'fp', 'addr hostname'),
  }),
  CRYPTO_LOGIN: entry('crypto-officer-logged-in', '', ''),
  CRYPTO_LOGOUT: entry('crypto-officer-logged-out', 'process', 'info'),
  CRYPTO_SESSION: session('started-crypto-session', 'process', 'info', {
    object: object('user-session', 'addr', 'rport'),
  }),
  DAC_CHECK: entry('access-result', '', ''),
  DAEMON_ABORT: daemon('aborted-auditd-startup', 'end'),
  DAEMON_ACCEPT: daemon('remote-audit-connected', 'connection start', 'network'),
  DAEMON_CLOSE: daemon('remote-audit-disconnected', 'connection end', 'network'),
  DAEMON_CONFIG: daemon('changed-auditd-configuration', 'change', 'process configuration'),
  DAEMON_END: daemon('shutdown-audit', 'end'),
  DAEMON_ERR: daemon('audit-error', 'info'),
  DAEMON_RECONFIG: daemon('reconfigured-auditd', 'info', 'process configuration'),
  DAEMON_RESUME: daemon('resumed-audit-logging', 'change'),
  DAEMON_ROTATE: daemon('rotated-audit-logs', 'change'),
  DAEMON_START: daemon('started-audit', 'start'),
  DEL_GROUP: account('deleted-group-account-from', 'group deletion', 'group'),
  DEL_USER: account('deleted-user-account', 'user deletion', 'account'),
  FEATURE_CHANGE: config('changed-audit-feature', 'change', 'system', 'feature'),
  FS_RELABEL: entry('relabeled-filesystem', '', '', { object: object('mac-config') }),
  GRP_AUTH: login('authenticated-to-group'),
  GRP_CHAUTHTOK: session('changed-group-password', 'iam', 'group change', {
    object: object('user-session', 'acct'),
    people: 'group',
  }),
  GRP_MGMT: account('modified-group-account', 'group change', 'group'),
  KERNEL: entry('initialized-audit-subsystem', 'process', 'info'),
  KERN_MODULE: MODULE,
  LABEL_LEVEL_CHANGE: entry('modified-level-of', '', '', { object: object('printer', 'printer') }),
  LABEL_OVERRIDE: entry('overrode-label-of', '', '', { object: object('mac-config') }),
  LOGIN: entry('changed-login-id-to', 'authentication', 'start', {
    actor: { primary: ['old_auid', 'old-auid'], secondary: ['uid'] },
    object: object('user-session', 'new-auid new_auid auid'),
    people: 'login',
  }),
  MAC_CHECK: entry('mac-permission', '', ''),
  MAC_CONFIG_CHANGE: config('changed-selinux-boolean', 'change', 'mac-config', 'bool'),
  MAC_POLICY_LOAD: config('loaded-selinux-policy', 'access', 'mac-config'),
  MAC_STATUS: config('changed-selinux-enforcement', 'change', 'mac-config', 'enforcing'),
  NETFILTER_CFG: config('loaded-firewall-rule-to', 'change', 'firewall', 'table'),
  ROLE_ASSIGN: account('assigned-user-role-to', 'user change'),
  ROLE_MODIFY: entry('modified-role', 'iam', 'change'),
  ROLE_REMOVE: account('removed-user-role-from', 'user change'),
  SECCOMP: entry('violated-seccomp-policy', '', '', { object: object('process', 'syscall') }),
  SELINUX_ERR: entry('caused-mac-policy-error', '', '', { object: object('system') }),
  SERVICE_START: entry('started-service', 'process', 'start', { object: object('service', 'unit') }),
  SERVICE_STOP: entry('stopped-service', 'process', 'end', { object: object('service', 'unit') }),
  SOFTWARE_UPDATE: entry('package-updated', 'package', 'info', { object: object('package', 'sw') }),
  SYSTEM_BOOT: host('booted-system', 'start', '', '', 'system'),
  SYSTEM_RUNLEVEL: host('changed-to-runlevel', 'change', 'new-level', '', 'system'),
  SYSTEM_SHUTDOWN: host('shutdown-system', 'end', '', '', 'system'),
  TEST: entry('sent-test', 'process', 'info'),
  TIME_ADJNTPVAL: CLOCK,
  TIME_INJOFFSET: CLOCK,
  TTY: entry('typed', '', '', { object: object('keystrokes', 'data'), how: ['comm', 'exe'] }),
  USER: entry('sent-message', '', '', { object: object(undefined, 'addr') }),
  USER_ACCT: login('was-authorized'),
  USER_AUTH: login('authenticated'),
  USER_AVC: entry('access-permission', '', ''),
  USER_CHAUTHTOK: session('changed-password', 'iam', 'user change', { people: 'password' }),
  USER_CMD: entry('ran-command', 'process', 'start', { object: object('process', 'cmd') }),
  USER_END: login('ended-session', 'end', 'session'),
  USER_ERR: login('error'),
  USER_LOGIN: login('logged-in', 'start'),
  USER_LOGOUT: login('logged-out', 'end'),
  USER_MAC_CONFIG_CHANGE: config('changed-mac-configuration', 'change', 'mac-config'),
  USER_MAC_POLICY_LOAD: config('loaded-mac-policy', 'access', 'mac-config'),
  USER_MGMT: session('modified-user-account', 'iam', 'user change', { people: 'password' }),
  USER_ROLE_CHANGE: session('changed-role-to', '', '', { object: object('user-session', 'selected-context') }),
  USER_SELINUX_ERR: entry('access-error', '', ''),
  USER_START: login('started-session', 'start', 'session'),
  USER_TTY: entry('typed', '', '', { object: object('keystrokes', 'data'), how: ['comm', 'exe'] }),
  USYS_CONFIG: config('changed-configuration', 'change', 'system', 'op'),
  VIRT_CONTROL: host('issued-vm-control', 'info', 'op', 'vm'),
  VIRT_CREATE: host('created-vm-image'),
  VIRT_DESTROY: host('deleted-vm-image'),
  VIRT_INTEGRITY_CHECK: host('checked-integrity-of'),
  VIRT_MACHINE_ID: host('assigned-vm-id', 'info', 'vm'),
  VIRT_MIGRATE_IN: host('migrated-vm-from'),
  VIRT_MIGRATE_OUT: host('migrated-vm-to'),
  VIRT_RESOURCE: host('assigned-vm-resource', 'info', 'resrc', 'vm'),
};

/** An AVC is SELinux's or AppArmor's. */
export const SELINUX_DENIAL: AuditAction = entry('violated-selinux-policy', '', '', {
  actor: { primary: ['scontext'], secondary: ['uid'] },
  object: object(undefined, 'tcontext', 'tclass'),
});
export const APPARMOR_DENIAL: AuditAction = entry('violated-apparmor-policy', '', '', {
  object: object('policy', 'operation', 'requested_mask denied_mask capname'),
});

const file = (action: string, type: string, path?: number, what = 'file') =>
  entry(action, 'file', type, { object: object(what, '', '', path) });
const socket = (action: string, type: string) => entry(action, 'network', type, { object: object('socket') });
const process = (action: string, type: string, more: Partial<AuditAction> = {}) =>
  entry(action, 'process', type, { object: object('process', 'cmd exe comm', 'pid'), ...more });

const SYSCALLS: ReadonlyMap<string, AuditAction> = new Map(
  (
    [
      ['creat', file('opened-file', 'creation')],
      ['fallocate truncate ftruncate', file('opened-file', 'change')],
      ['open openat openat2 readlink readlinkat', file('opened-file', 'info')],
      ['read', file('read-file', 'info')],
      ['write', file('wrote-to-file', 'change')],
      [
        'setxattr fsetxattr lsetxattr removexattr fremovexattr lremovexattr',
        file('changed-file-attributes-of', 'change'),
      ],
      ['chmod fchmod fchmodat fchmodat2', file('changed-file-permissions-of', 'change')],
      ['chown fchown fchownat lchown', file('changed-file-ownership-of', 'change')],
      ['finit_module init_module', MODULE],
      ['delete_module', entry('unloaded-kernel-module', 'driver', 'end', { object: object('file') })],
      ['mkdir mkdirat', file('created-directory', 'creation', 1)],
      ['mount', file('mounted', 'creation', 1, 'filesystem')],
      ['rename renameat renameat2', file('renamed', 'change', 2)],
      [
        'access faccessat faccessat2 fstatat newfstatat stat stat64 fstat lstat getxattr lgetxattr fgetxattr',
        file('checked-metadata-of', 'info'),
      ],
      ['statfs fstatfs', file('checked-filesystem-metadata-of', 'info', undefined, 'filesystem')],
      ['symlink symlinkat', file('symlinked', 'creation')],
      ['link linkat', file('linked', 'creation')],
      ['umount umount2', file('unmounted', 'deletion', undefined, 'filesystem')],
      ['rmdir unlink unlinkat', file('deleted', 'deletion')],
      ['utime utimes futimesat futimens utimensat', file('changed-timestamp-of', 'info')],
      ['mknod mknodat', file('make-device', 'creation')],
      ['execve execveat', entry('executed', 'process', 'start', { object: object('file') })],
      ['listen', socket('listen-for-connections', 'start')],
      ['accept accept4', socket('accepted-connection-from', 'connection start')],
      ['bind', socket('bound-socket', 'start')],
      ['connect', socket('connected-to', 'connection start')],
      ['recv recvfrom recvmsg recvmmsg', socket('received-from', 'connection info')],
      ['send sendto sendmsg sendmmsg', socket('sent-to', 'connection info')],
      ['exit_group', entry('exit_group', 'process', 'end')],
      ['kill tkill tgkill', process('killed-pid', 'end')],
      [
        'setuid seteuid setfsuid setreuid setgid setegid setfsgid setregid setresuid setresgid',
        process('changed-identity-of', 'change', { how: ['syscall'] }),
      ],
      ['settimeofday clock_settime stime adjtimex clock_adjtime', CLOCK],
      ['sethostname setdomainname', entry('changed-system-name', 'host', 'change', { object: object('system') })],
      ['mmap mmap2 brk', entry('allocated-memory', 'process', 'info', { object: object('memory') })],
      [
        'sched_setparam sched_setscheduler sched_setattr',
        process('adjusted-scheduling-policy-of', 'change', { how: ['syscall'] }),
      ],
    ] as const
  ).flatMap(([names, action]) => words(names).map((name) => [name, action] as const)),
);
