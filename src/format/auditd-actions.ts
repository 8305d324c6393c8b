/**
 * What an audit event that is no execution is called in ECS: `event.action`, `event.category`, `event.type`, after
 * go-libaudit's normalisations (the words auditbeat and Elastic's auditd integration use). A type that is not listed
 * keeps its own name, in lower case, and no category.
 */
export interface AuditAction {
  readonly action: string;
  readonly category: readonly string[];
  readonly type: readonly string[];
}

const RECORD_ACTIONS: Readonly<Record<string, AuditAction>> = {
  ADD_GROUP: act('added-group-account-to', 'iam', 'group', 'creation'),
  ADD_USER: act('added-user-account', 'iam', 'user', 'creation'),
  ANOM_ABEND: act('crashed-program', 'process', 'end'),
  CONFIG_CHANGE: act('changed-audit-configuration', ['process', 'configuration'], 'change'),
  CRED_ACQ: act('acquired-credentials', 'authentication', 'info'),
  CRED_DISP: act('disposed-credentials', 'authentication', 'info'),
  CRED_REFR: act('refreshed-credentials', 'authentication', 'info'),
  CRYPTO_KEY_USER: act('negotiated-crypto-key', 'process', 'info'),
  CRYPTO_SESSION: act('started-crypto-session', 'process', 'info'),
  DEL_GROUP: act('deleted-group-account-from', 'iam', 'group', 'deletion'),
  DEL_USER: act('deleted-user-account', 'iam', 'user', 'deletion'),
  LOGIN: act('changed-login-id-to', 'authentication', 'start'),
  NETFILTER_CFG: act('loaded-firewall-rule-to', 'configuration', 'change'),
  SERVICE_START: act('started-service', 'process', 'start'),
  SERVICE_STOP: act('stopped-service', 'process', 'end'),
  USER_ACCT: act('was-authorized', 'authentication', 'info'),
  USER_AUTH: act('authenticated', 'authentication', 'info'),
  USER_CHAUTHTOK: act('changed-password', 'iam', 'user', 'change'),
  USER_CMD: act('ran-command', 'process', 'start'),
  USER_END: act('ended-session', 'session', 'end'),
  USER_ERR: act('error', 'authentication', 'info'),
  USER_LOGIN: act('logged-in', 'authentication', 'start'),
  USER_LOGOUT: act('logged-out', 'authentication', 'end'),
  USER_START: act('started-session', 'session', 'start'),
};

const SYSCALL_ACTIONS: Readonly<Record<string, AuditAction>> = {
  accept: act('accepted-connection-from', 'network', 'connection', 'start'),
  connect: act('connected-to', 'network', 'connection', 'start'),
  exit_group: act('exit_group', 'process', 'end'),
  listen: act('listen-for-connections', 'network', 'start'),
  mount: act('mounted', 'file', 'creation'),
  rename: act('renamed', 'file', 'change'),
  renameat: act('renamed', 'file', 'change'),
  renameat2: act('renamed', 'file', 'change'),
  unlink: act('deleted', 'file', 'deletion'),
  unlinkat: act('deleted', 'file', 'deletion'),
};

/** `undefined` for a record type that has no word of its own. */
export function recordAction(type: string): AuditAction | undefined {
  return Object.hasOwn(RECORD_ACTIONS, type) ? RECORD_ACTIONS[type] : undefined;
}

/** A call that is not listed is something a process did: its own name, `process`, `info`. */
export function syscallAction(name: string): AuditAction {
  return (Object.hasOwn(SYSCALL_ACTIONS, name) ? SYSCALL_ACTIONS[name] : undefined) ?? act(name, 'process', 'info');
}

function act(action: string, category: string | readonly string[], ...type: string[]): AuditAction {
  return { action, category: typeof category === 'string' ? [category] : category, type };
}
