/**
 * What a message of sshd, sudo, su, PAM, login, logind or the account tools says, in the terms of Elastic's system.auth.
 *
 *   "Failed password for invalid user eve from 192.0.2.7 port 4711 ssh2"
 *     → authentication, ssh_login, failure, user eve, source 192.0.2.7:4711
 *
 * A message that none of the patterns knows says nothing here. Only its beginning is looked at, and every pattern is
 * anchored and bounded, so that no message takes long.
 */
import type { JsonObject } from '../event/json.ts';

export interface AuthFacts {
  readonly category?: readonly string[];
  readonly type?: readonly string[];
  readonly action?: string;
  readonly outcome?: 'success' | 'failure';
  readonly user?: AuthName | undefined;
  /** Whose rights are taken on. */
  readonly effective?: AuthName | undefined;
  readonly target?: AuthName | undefined;
  readonly group?: AuthName | undefined;
  readonly source?: { readonly address: string; readonly port?: string | undefined } | undefined;
  /** What sudo runs, and where. */
  readonly command?: { readonly line: string; readonly directory?: string | undefined };
  /** Under `system.auth`, as Elastic's integration names it. */
  readonly details?: JsonObject;
}

export interface AuthName {
  readonly name?: string;
  readonly id?: string;
}

/** So much of a message is looked at. */
const LONGEST = 4_096;

/**
 * Whether a word may be the first of a message that a pattern knows; of sudo's, who it is stands first. The tools for accounts
 * are known by their names (`isAccountTool`).
 */
export function opensAuthMessage(bytes: Uint8Array, start: number, end: number): boolean {
  const words = OPENINGS[bytes[start] as number];
  if (words === undefined) return false;
  for (const { text, isWhole } of words) {
    if (isWhole ? end - start !== text.length : end - start < text.length) continue;
    let at = 1;
    while (at < text.length && text[at] === bytes[start + at]) at += 1;
    if (at === text.length) return true;
  }
  return false;
}

export function isAccountTool(program: string | undefined): boolean {
  return program !== undefined && Object.hasOwn(TOOLS, program);
}

/** `undefined` where the message is none that is known. */
export function readAuthMessage(program: string | undefined, message: string): AuthFacts | undefined {
  const text = message.slice(0, LONGEST);
  for (const [pattern, read] of PATTERNS) {
    const match = pattern.exec(text);
    if (match !== null) return read(match, message);
  }
  return accountTool(program, text);
}

/** How the patterns begin, by first byte. */
const OPENINGS: readonly (readonly Opening[] | undefined)[] = openings(
  'Accepted Failed Postponed Invalid Illegal Did Connection Disconnected password FAILED ROOT LOGIN New Removed Session',
  'pam_ (to',
);

interface Opening {
  readonly text: Uint8Array;
  /** Or the start of one. */
  readonly isWhole: boolean;
}

function openings(words: string, starts: string): readonly (readonly Opening[] | undefined)[] {
  const byFirst: Opening[][] = [];
  const add = (word: string, isWhole: boolean) => {
    const first = word.charCodeAt(0);
    byFirst[first] = [...(byFirst[first] ?? []), { text: Buffer.from(word), isWhole }];
  };
  for (const word of words.split(' ')) add(word, true);
  for (const word of starts.split(' ')) add(word, false);
  return byFirst;
}

type Read = (match: RegExpExecArray, message: string) => AuthFacts;

const PATTERNS: readonly (readonly [RegExp, Read])[] = [
  [
    /^(Accepted|Failed|Postponed) (\S{1,64}) for (?:invalid user |illegal user )?(.{0,256}?) from (\S{1,255}) port (\d{1,5})(?: ssh\d?)?(?:: (.{0,512}))?/,
    ([, event = '', method = '', user, address = '', port, signature]) => ({
      ...(event === 'Postponed' ? { category: ['authentication'], type: ['info'] } : sshLogin(event === 'Accepted')),
      user: named(user),
      source: { address, port },
      details: { ssh: { event, method, ...(signature === undefined ? {} : { signature }) } },
    }),
  ],
  [
    /^(Invalid|Illegal) user (.{0,256}?) from (\S{1,255})(?: port (\d{1,5}))?$/,
    ([, event = '', user, address = '', port]) => ({
      ...sshLogin(false),
      user: named(user),
      source: { address, port },
      details: { ssh: { event } },
    }),
  ],
  [
    /^Did not receive identification string from (\S{1,255})(?: port (\d{1,5}))?/,
    ([, address = '', port]) => ({ source: { address, port }, details: { ssh: { dropped_ip: address } } }),
  ],
  [
    /^(?:Connection closed by|Connection reset by|Disconnected from)(?: (?:authenticating |invalid )?user (\S{1,256}))? (\S{1,255}) port (\d{1,5})/,
    ([, user, address = '', port]) => ({ user: named(user), source: { address, port } }),
  ],
  [
    /^\s{0,8}(\S{1,256}) : (?:([^=;]{1,256}) ; )?(?:TTY=([^;]{0,256}) ; )?PWD=(.{0,1024}?) ; USER=([^;]{0,256}) ;(?: GROUP=[^;]{0,256} ;)?(?: ENV=.{0,1024}? ;)? COMMAND=/,
    sudo,
  ],
  [/^pam_\w{1,32}\(([^:)]{1,64}):(session|auth|account|chauthtok)\): /, pam],
  [
    /^password check failed for user \((\S{1,256})\)/,
    ([, user]) => ({ ...failure('authentication_failure'), user: named(user) }),
  ],
  [
    /^(FAILED SU )?\(to (\S{1,256})\) (\S{1,256}) on (\S{1,64})/,
    ([, failed, effective, user]) => ({
      category: ['authentication', 'session'],
      type: failed === undefined ? ['start'] : ['info'],
      action: 'su',
      outcome: failed === undefined ? 'success' : 'failure',
      user: named(user),
      effective: named(effective),
    }),
  ],
  [
    /^(?:ROOT )?LOGIN ON (\S{1,64})(?: BY (\S{1,256}))?(?: FROM (\S{1,255}))?/,
    ([, , user = 'root', address]) => ({
      category: ['authentication', 'session'],
      type: ['start'],
      action: 'user_login',
      outcome: 'success',
      user: named(user),
      ...(address === undefined ? {} : { source: { address } }),
    }),
  ],
  [
    /^FAILED LOGIN (?:SESSION |\(\d{1,4}\) )?(?:on|FROM) '?([^\s']{1,255})'? FOR '?([^\s',]{1,256})'?/,
    ([, , user]) => ({
      category: ['authentication'],
      type: ['info'],
      action: 'user_login',
      outcome: 'failure',
      user: named(user),
    }),
  ],
  [
    /^New session (\S{1,64}) of user (\S{1,256}?)\.?$/,
    ([, , user]) => ({ ...session(true), outcome: 'success', user: named(user) }),
  ],
  [/^(?:Removed session|Session) (\S{1,64}?)(?: logged out\b.{0,100})?\.$/, () => session(false)],
];

function sshLogin(accepted: boolean): AuthFacts {
  return {
    category: accepted ? ['authentication', 'session'] : ['authentication'],
    type: ['info'],
    action: 'ssh_login',
    outcome: accepted ? 'success' : 'failure',
  };
}

function session(opened: boolean): AuthFacts {
  return {
    category: ['session'],
    type: [opened ? 'start' : 'end'],
    action: opened ? 'logged-on' : 'logged-off',
  };
}

function failure(action: string): AuthFacts {
  return { category: ['authentication'], type: ['info'], action, outcome: 'failure' };
}

/** The command is the rest of the message, however long. */
function sudo(match: RegExpExecArray, message: string): AuthFacts {
  const [whole, user, error, tty, directory, effective] = match;
  const line = message.slice(whole.length);
  return {
    category: error === undefined ? ['process'] : ['process', 'authentication'],
    type: [error === undefined ? 'start' : 'info'],
    outcome: error === undefined ? 'success' : 'failure',
    user: named(user),
    effective: named(effective),
    command: { line, directory },
    details: {
      sudo: {
        command: line,
        ...(error === undefined ? {} : { error }),
        ...(directory === undefined ? {} : { pwd: directory }),
        ...(tty === undefined ? {} : { tty }),
        ...(effective === undefined ? {} : { user: effective }),
      },
    },
  };
}

function pam(match: RegExpExecArray, message: string): AuthFacts {
  const text = message.slice(match[0].length, LONGEST);
  if (text.startsWith('authentication failure')) return pamFailure(text);
  const opened =
    /^session (opened|closed) for user ([^\s(]{1,256})(?:\(uid=(\d{1,10})\))?(?: by ([^\s(]{0,256})(?:\(uid=(\d{1,10})\))?)?/.exec(
      text,
    );
  if (opened !== null) {
    const [, what, user, uid, by, byUid] = opened;
    const owner = named(user, uid);
    const actor = named(by, by === undefined || by === '' ? undefined : byUid);
    return {
      ...session(what === 'opened'),
      outcome: 'success',
      user: actor ?? owner,
      effective: actor === undefined ? undefined : owner,
    };
  }
  const changed = /^password changed for (\S{1,256})/.exec(text);
  if (match[2] === 'chauthtok') {
    const user = named(changed?.[1]);
    return {
      category: ['iam'],
      type: ['user', 'change'],
      action: 'password-changed',
      outcome: changed === null ? 'failure' : 'success',
      user,
      target: user,
    };
  }
  if (match[2] === 'auth') {
    const user = /(?:for user|user) \[?([^\s\]]{1,256})/.exec(text)?.[1];
    return { category: ['authentication'], type: ['info'], user: named(user) };
  }
  return {};
}

/** `authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=eve`. */
function pamFailure(text: string): AuthFacts {
  const address = /\brhost=(\S{1,255})/.exec(text)?.[1];
  return {
    ...failure('authentication_failure'),
    user: named(/\buser=(\S{1,256})/.exec(text)?.[1]),
    ...(address === undefined ? {} : { source: { address } }),
  };
}

const TOOLS: Readonly<Record<string, readonly [string, string]>> = {
  useradd: ['user', 'creation'],
  adduser: ['user', 'creation'],
  userdel: ['user', 'deletion'],
  usermod: ['user', 'change'],
  groupadd: ['group', 'creation'],
  groupdel: ['group', 'deletion'],
  groupmod: ['group', 'change'],
  gpasswd: ['group', 'change'],
};

function accountTool(program: string | undefined, text: string): AuthFacts | undefined {
  const tool = program !== undefined && isAccountTool(program) ? TOOLS[program] : undefined;
  if (tool === undefined) return undefined;
  const created =
    /^new (user|group): name=([^,]{1,256})(?:, UID=(\d{1,10}))?(?:, GID=(\d{1,10}))?(?:, home=([^,]{0,512}), shell=([^,]{0,512}))?/.exec(
      text,
    );
  const [, kind, name, uid, gid, home, shell] = created ?? [];
  const member = /^add '([^']{1,256})' to (?:shadow )?group '([^']{1,256})'/.exec(text);
  const byWhom = /^user (\S{1,256}) (added|removed) by (\S{1,256}) (?:to|from) group (\S{1,256})$/.exec(text);
  const other = /'([^']{1,256})'/.exec(text)?.[1];
  const isGroup = kind === 'group' || (created === null && tool[0] === 'group');
  return {
    category: ['iam'],
    type: tool,
    outcome: text.includes('fail') ? 'failure' : 'success',
    ...(member === null ? {} : { action: 'group-member-added' }),
    ...(byWhom === null ? {} : { action: byWhom[2] === 'added' ? 'group-user-added' : 'group-user-removed' }),
    user: named(byWhom?.[3] ?? member?.[1] ?? (kind === 'user' ? name : isGroup ? undefined : other), uid),
    target: named(byWhom?.[1]),
    group: named(byWhom?.[4] ?? member?.[2] ?? (kind === 'group' ? name : isGroup ? other : undefined), gid),
    ...(home === undefined || shell === undefined ? {} : { details: { useradd: { home, shell } } }),
  };
}

function named(name: string | undefined, id?: string): AuthName | undefined {
  const has = name !== undefined && name !== '';
  if (!has && id === undefined) return undefined;
  return { ...(has ? { name } : {}), ...(id === undefined ? {} : { id }) };
}
